// The fidelity report: for a terminal, and as a document beside the other reports.
import type { Millis } from '../../engine/index.ts';
import { formatDuration } from '../../executor/terminal/duration.ts';
import { type Column, renderTable } from '../../executor/terminal/table.ts';
import type { Scenario } from '../format/scenario.ts';
import type { Verdict } from './expectations.ts';
import type { Duration, Fidelity, PlacementFinding } from './fidelity.ts';
import { VERDICTS, verdictRow, verdictSummary } from './verdict-text.ts';

export interface LiveReport extends Fidelity {
  /** In what the live clusters are not those that the scenario speaks of. */
  readonly fleet: readonly string[];
  readonly expectations: readonly Verdict[];
}

const percent = (share: number): string => `${Math.round(share * 100)}%`;

const ROUND_MS = 100;
const time = (ms: Millis | null): string =>
  ms === null ? 'not' : formatDuration(Math.round(ms / ROUND_MS) * ROUND_MS);

function difference({ simulatedMs, liveMs }: Duration): string {
  if (simulatedMs === null || liveMs === null) return simulatedMs === liveMs ? '' : 'only once';
  const off = Math.round((liveMs - simulatedMs) / ROUND_MS) * ROUND_MS;
  return off === 0 ? 'none' : `${off > 0 ? '+' : '-'}${formatDuration(Math.abs(off))}`;
}

const durationRow = (one: Duration): readonly string[] => [
  one.what,
  time(one.simulatedMs),
  time(one.liveMs),
  difference(one),
];
const placementRow = ({ moment, workload, simulated, live }: PlacementFinding): readonly string[] => [
  moment,
  workload.split('/').slice(2).join('/'),
  simulated,
  live,
];

const DURATIONS = ['WHAT', 'SIMULATED', 'LIVE', 'DIFFERENCE'];
const PLACEMENTS = ['WHEN', 'WORKLOAD', 'SIMULATED', 'LIVE'];

const columns = (titles: readonly string[], right: readonly number[] = []): readonly Column[] =>
  titles.map((title, at) => ({ title, align: right.includes(at) ? ('right' as const) : ('left' as const) }));

function verdict({ placements, samePlacements, sameOrder, expectations }: LiveReport): readonly string[] {
  const same = placements.filter(({ isSame }) => isSame).length;
  return [
    `${same} of ${placements.length} placements are the same (${percent(samePlacements)})`,
    `${percent(sameOrder)} of what happened, happened in both in the same order`,
    ...(expectations.length === 0 ? [] : [verdictSummary(expectations)]),
  ];
}

export function fidelityText(report: LiveReport): string {
  const { placements, durations, expectations, fleet } = report;
  const different = placements.filter(({ isSame }) => !isSame);
  const parts = ['', ...verdict(report), ''];
  if (fleet.length > 0) parts.push(FLEET, ...fleet.map((note) => `  ${note}`), '');
  if (expectations.length > 0) parts.push(renderTable(columns(VERDICTS), expectations.map(verdictRow)));
  if (different.length > 0) parts.push(renderTable(columns(PLACEMENTS), different.map(placementRow)));
  if (durations.length > 0) {
    parts.push(renderTable(columns(DURATIONS, [1, 2, 3]), durations.map(durationRow)));
  }
  return parts.join('\n');
}

const FLEET = 'Simulated on the clusters as they are, which is not all as the scenario has it:';

const markdownRow = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const markdownTable = (titles: readonly string[], rows: readonly (readonly string[])[]): string =>
  [markdownRow(titles), markdownRow(titles.map(() => '---')), ...rows.map(markdownRow)].join('\n');

export function fidelityMarkdown(scenario: Scenario, report: LiveReport): string {
  const { placements, durations, order, expectations, fleet } = report;
  const titled = (titles: readonly string[]): readonly string[] =>
    titles.map((title) => title.charAt(0) + title.slice(1).toLowerCase());
  return [
    `# ${scenario.name}: simulated and live`,
    '',
    scenario.title,
    '',
    ...verdict(report).map((line) => `- ${line}`),
    '',
    ...(fleet.length === 0 ? [] : [FLEET, '', ...fleet.map((note) => `- ${note}`), '']),
    '## What was expected',
    '',
    expectations.length === 0 ? 'Nothing was expected.' : markdownTable(titled(VERDICTS), expectations.map(verdictRow)),
    '',
    '## How long it took',
    '',
    durations.length === 0
      ? 'Nothing that takes time happened.'
      : markdownTable(titled(DURATIONS), durations.map(durationRow)),
    '',
    '## Where it went',
    '',
    placements.length === 0
      ? 'Nothing was placed.'
      : markdownTable(
          [...titled(PLACEMENTS), ''],
          placements.map((one) => [...placementRow(one), one.isSame ? '' : 'differs']),
        ),
    '',
    '## What happened, in order',
    '',
    markdownTable(
      ['Simulated', 'Live'],
      Array.from({ length: Math.max(order.simulated.length, order.live.length) }, (_, at) => [
        order.simulated[at] ?? '',
        order.live[at] ?? '',
      ]),
    ),
    '',
  ].join('\n');
}
