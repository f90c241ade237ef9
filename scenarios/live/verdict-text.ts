// What was expected, and how it was judged, in words and as data.
import { formatDuration } from '../../executor/terminal/duration.ts';
import { valueText } from '../expect/judge.ts';
import type { Judgement, Verdict } from './expectations.ts';

const ROUND_MS = 100;
const time = (ms: number): string => formatDuration(Math.round(ms / ROUND_MS) * ROUND_MS);

function judgementText(judgement: Judgement): string {
  switch (judgement.verdict) {
    case 'open':
      return 'left open';
    case 'not judged':
      return `not judged: ${judgement.why}`;
    case 'held':
      return judgement.tookMs === null ? 'held' : `held after ${time(judgement.tookMs)}`;
    case 'failed': {
      const values = judgement.values.map(({ text, value }) => `${text} = ${valueText(value)}`).join(', ');
      return `failed at ${time(judgement.atMs)}: ${judgement.why}${values === '' ? '' : ` (${values})`}`;
    }
  }
}

export const VERDICTS = ['EXPECTED', 'SIMULATED', 'LIVE'];

export const verdictRow = ({ expected, simulated, live }: Verdict): readonly string[] => [
  expected,
  judgementText(simulated),
  judgementText(live),
];

/** "4 of 5 expectations hold live; 1 is not judged" */
export function verdictSummary(verdicts: readonly Verdict[]): string {
  const count = (verdict: Judgement['verdict']): number =>
    verdicts.filter(({ live }) => live.verdict === verdict).length;
  const judged = count('held') + count('failed');
  const unjudged = count('not judged');
  const open = count('open');
  return [
    `${count('held')} of ${judged} ${judged === 1 ? 'expectation' : 'expectations'} held live`,
    ...(unjudged > 0 ? [`${unjudged} ${unjudged === 1 ? 'is' : 'are'} not judged live`] : []),
    ...(open > 0 ? [`${open} ${open === 1 ? 'is' : 'are'} left open`] : []),
  ].join('; ');
}

export const plainVerdicts = (verdicts: readonly Verdict[]): readonly object[] =>
  verdicts.map(({ expected, line, simulated, live }) => ({
    expected,
    line,
    simulated: plainJudgement(simulated),
    live: plainJudgement(live),
  }));

function plainJudgement(judgement: Judgement): object {
  if (!('values' in judgement)) return judgement;
  const values = judgement.values.map(({ text, value }) => [
    text,
    value === Number.POSITIVE_INFINITY ? 'never' : value,
  ]);
  return { ...judgement, values: Object.fromEntries(values) };
}
