// What a sweep came to: how often each expectation held, the percentiles of each figure, and the worst runs with the command
// that replays each.
import { renderTable } from '../../executor/terminal/table.ts';
import { replayCommand } from '../replay/again.ts';
import type { SweepResult } from './job.ts';
import { quantileOf, shareOf } from './quantile.ts';

export interface SweepHeader {
  readonly type: 'sweep';
  readonly format: 1;
  readonly scenario: string;
  readonly file: string;
  /** How many runs there are in all shards. */
  readonly runs: number;
  /** Of seeds, parameters and profiles: shards of one sweep have the same. */
  readonly mix: string;
}

const PERCENTILES = [0.5, 0.9, 0.99] as const;
const WORST = 5;

export function sweepSummary({ scenario, file, runs }: SweepHeader, results: readonly SweepResult[]): string {
  const failed = results.filter(({ ok }) => !ok);
  const missing = results.length === runs ? '' : `, ${runs - results.length} are missing`;
  let text = `${scenario}: ${results.length} runs${missing}, ${failed.length} with something not as expected\n`;
  for (const [mix, own] of byMix(results)) {
    if (mix !== '') text += `\n${mix}\n`;
    text += `\n${failures(own)}${figures(own)}`;
  }
  if (results.length > 0) text += `\nThe worst\n${worst(results, file)}`;
  return text;
}

/** By profile and parameters, where there are several. */
function byMix(results: readonly SweepResult[]): ReadonlyMap<string, readonly SweepResult[]> {
  const mixes = new Map<string, SweepResult[]>();
  // Several files may call their profiles by one name.
  const nameOf = ({ asked, profile }: SweepResult) => asked ?? profile;
  const profiles = new Set(results.map(nameOf));
  for (const result of results) {
    const parts = Object.entries(result.set).map(([name, value]) => `${name}=${value}`);
    const mix = [...(profiles.size > 1 ? [`profile ${nameOf(result)}`] : []), ...parts].join(', ');
    mixes.set(mix, [...(mixes.get(mix) ?? []), result]);
  }
  return mixes;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

function failures(results: readonly SweepResult[]): string {
  const names = [...new Set(results.flatMap(({ failed }) => failed))];
  if (names.length === 0) {
    const { low } = shareOf(results.length, results.length);
    return `all as expected in all ${results.length} runs (with 95%: in at least ${percent(low)} of all seeds)\n`;
  }
  const rows = names.map((name) => {
    const count = results.filter(({ failed }) => failed.includes(name)).length;
    const { share, low, high } = shareOf(count, results.length);
    return [name, String(count), percent(share), `${percent(low)} to ${percent(high)}`];
  });
  return renderTable(
    [
      { title: 'NOT AS EXPECTED' },
      { title: 'RUNS', align: 'right' },
      { title: 'SHARE', align: 'right' },
      { title: '95%' },
    ],
    rows,
  );
}

const NEVER = Number.POSITIVE_INFINITY;

const number = (value: number | null): string =>
  value === null ? '?' : value === NEVER ? 'never' : String(Math.round(value * 1_000) / 1_000);

/** Two that never came about are equally late: their difference is no number. */
const ascending = (a: number, b: number): number => (a === b ? 0 : a - b);

function figures(results: readonly SweepResult[]): string {
  const names = [...new Set(results.flatMap((result) => Object.keys(result.figures)))].sort();
  if (names.length === 0) return '';
  const rows = names.map((name) => {
    // What never came about took longer than all that did: without it the percentiles would be those of the lucky runs.
    const values = results
      .flatMap(({ figures: own }) => (own[name] === undefined ? [] : (own[name] ?? NEVER)))
      .sort(ascending);
    const cells = PERCENTILES.map((fraction) => {
      const { value, low, high } = quantileOf(values, fraction);
      return `${number(value)} (${number(low)} to ${number(high)})`;
    });
    return [name, String(values.length), number(values[0]!), ...cells, number(values.at(-1)!)];
  });
  const columns = [
    { title: 'FIGURE' },
    { title: 'RUNS', align: 'right' as const },
    { title: 'LEAST' },
    ...PERCENTILES.map((fraction) => ({ title: `P${fraction * 100} (95%)` })),
    { title: 'MOST' },
  ];
  return `\n${renderTable(columns, rows)}`;
}

/** Those with most that failed, and then with most that was lost. */
function worst(results: readonly SweepResult[], file: string): string {
  const lost = ({ figures: own }: SweepResult) => own.lostReplicaSeconds ?? 0;
  const sorted = [...results].sort(
    (a, b) => b.failed.length - a.failed.length || lost(b) - lost(a) || a.number - b.number,
  );
  return sorted
    .slice(0, WORST)
    .map((one) => `  ${one.failed.length} failed, ${number(lost(one))} replica-seconds lost: ${commandOf(one, file)}\n`)
    .join('');
}

const commandOf = ({ seed, set, asked }: SweepResult, file: string): string => {
  const params = Object.entries(set).map(([name, value]) => `${name}=${value}`);
  return replayCommand({ file, seed, profile: asked, set: params, until: null });
};
