// A run as a page of Markdown: for a pull request.
import { formatDuration } from '../../executor/terminal/duration.ts';
import type { Finding } from '../expect/judge.ts';
import type { Scenario } from '../format/scenario.ts';
import { GROUPS, RUN_METRICS, type RunFigures, WORKLOAD_METRICS, type WorkloadMetric } from '../metrics/names.ts';
import { faultNames } from '../metrics/rows.ts';
import type { RunOutcome, StoryLine } from '../run/run.ts';
import { secondsText, worstFaults } from './fault-text.ts';
import { callTotals, rounded } from './figure-text.ts';
import { judgedText, verdictOf } from './seen.ts';

export interface Summarised {
  readonly scenario: Scenario;
  readonly outcome: RunOutcome;
  /** Of the trace. */
  readonly hash: string;
  readonly again: string;
}

const FAULTS_MAX = 20;
const WORKLOADS_MAX = 30;
const KINDS_MAX = 12;
const STORY_MAX = 400;

const WORKLOAD_COLUMNS: readonly WorkloadMetric[] = [
  'availability',
  'lostReplicaSeconds',
  'downSeconds',
  'longestShortageSeconds',
  'moves',
  'needlessMoves',
  'decisions',
  'cost',
];

export function summaryPage({ scenario, outcome, hash, again }: Summarised): string {
  const { name, title, seed, profile, clusters, durationMs } = scenario;
  const { figures, findings, story } = outcome;
  const facts = `${clusters.length} ${clusters.length === 1 ? 'cluster' : 'clusters'}, ${formatDuration(durationMs)}, profile ${profile.name}, seed \`${seed}\``;
  const told = story.slice(0, STORY_MAX).map(storyItem);
  if (story.length > STORY_MAX) told.push(`- and ${story.length - STORY_MAX} more`);
  const sections = [
    `# ${name}: ${verdictOf(outcome)}\n\n${title}\n\n${facts}`,
    section('What was expected', table(['', 'expected', 'seen'], findings.map(expectationRow))),
    section('Faults', faultsTable(figures)),
    section('Workloads', workloadsTable(figures)),
    section('All together', totalsTable(figures)),
    section('Balance', balanceTable(figures)),
    section('Requests', callsTable(figures)),
    section('What happened', told.join('\n')),
    `Again: \`${again}\` gives the trace ${hash}.\n`,
  ];
  return sections.filter((one) => one !== '').join('\n\n');
}

const section = (title: string, body: string): string => (body === '' ? '' : `## ${title}\n\n${body}`);

/** A bar would end the cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

const expectationRow = (finding: Finding): readonly string[] => {
  const { ok, expectation } = finding;
  const because = expectation.because === null ? '' : `, because ${expectation.because}`;
  return [ok ? 'ok' : '**failed**', `\`${expectation.name}\`${because}`, judgedText(finding)];
};

function faultsTable({ faults }: RunFigures): string {
  const names = faultNames(faults);
  const worst = worstFaults(faults, FAULTS_MAX);
  const rows = worst.map((at) => {
    const fault = faults[at]!;
    const needless = fault.needlessMoves === 0 ? '' : ` (${fault.needlessMoves} needlessly)`;
    return [
      names[at]!,
      secondsText(fault.atSeconds),
      fault.what,
      fault.clusters.length === 0 ? '' : secondsText(fault.detectSeconds),
      secondsText(fault.evictSeconds),
      secondsText(fault.recoverSeconds),
      rounded(fault.lostReplicaSeconds),
      `${fault.moves}${needless}`,
      String(fault.decisions),
    ];
  });
  const head = ['fault', 'at', 'what', 'noticed', 'left', 'overcome', 'replica-seconds lost', 'moved', 'decisions'];
  const more = faults.length - worst.length;
  return table(head, rows) + (more > 0 ? `\n\nand ${more} more that cost less` : '');
}

function workloadsTable({ workloads }: RunFigures): string {
  const all = Object.entries(workloads);
  const worst = [...all].sort(([, a], [, b]) => b.lostReplicaSeconds - a.lostReplicaSeconds).slice(0, WORKLOADS_MAX);
  const rows = worst.map(([name, own]) => [name, ...WORKLOAD_COLUMNS.map((metric) => rounded(own[metric]))]);
  const more = all.length - worst.length;
  return table(['workload', ...WORKLOAD_COLUMNS], rows) + (more > 0 ? `\n\nand ${more} more that lost less` : '');
}

const totalsTable = ({ all }: RunFigures): string =>
  table(
    ['metric', 'value', 'is'],
    Object.entries({ ...WORKLOAD_METRICS, ...RUN_METRICS }).map(([metric, is]) => [
      metric,
      rounded(all[metric as WorkloadMetric]),
      is,
    ]),
  );

const balanceTable = ({ balance }: RunFigures): string =>
  table(
    ['', 'clusters', 'share of what served', 'serving at the end', 'cost'],
    GROUPS.flatMap((group) =>
      Object.entries(balance[group]).map(([name, { clusters, share, serving, cost }]) => [
        `${group} ${name}`,
        String(clusters),
        `${(share * 100).toFixed(1)}%`,
        String(serving),
        rounded(cost),
      ]),
    ),
  );

const callsTable = ({ calls }: RunFigures): string =>
  table(
    ['kind', 'hub', 'members'],
    callTotals(calls)
      .slice(0, KINDS_MAX)
      .map(({ kind, hub, members }) => [kind, String(hub), String(members)]),
  );

const storyItem = ({ at, sort, text, ok }: StoryLine): string => {
  const told = sort === 'event' ? `**${text}**` : ok ? text : `**failed: ${text}**`;
  return `- ${formatDuration(Math.round(at / 1_000) * 1_000)} ${told}`;
};
