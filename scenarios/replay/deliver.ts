// The files that a run leaves in its folder, beside the trace: figures for programs, a summary to read, and a report to look at.
import { join } from 'node:path';
import { writeAtomically } from '../../executor/files/write-atomic.ts';
import { formatDuration } from '../../executor/terminal/duration.ts';
import type { Finding } from '../expect/judge.ts';
import type { Scenario } from '../format/scenario.ts';
import { reportPage } from '../report/html.ts';
import type { ReportData } from '../report/report-data.ts';
import { FIGURES, type FigureName } from '../run/figures.ts';
import { findingText, type RunOutcome, type StoryLine } from '../run/run.ts';

export interface Delivery {
  readonly scenario: Scenario;
  readonly outcome: RunOutcome;
  /** Of the trace. */
  readonly hash: string;
  readonly again: string;
  /** As "-o json" prints it. */
  readonly json: string;
  readonly report: ReportData;
}

const NAMES = Object.keys(FIGURES) as readonly FigureName[];

export async function deliver(folder: string, delivery: Delivery): Promise<void> {
  const { figures } = delivery.outcome;
  await writeAtomically(join(folder, 'outcome.json'), delivery.json);
  await writeAtomically(join(folder, 'metrics.json'), `${JSON.stringify(figures, null, 2)}\n`);
  await writeAtomically(join(folder, 'metrics.csv'), await metricsCsv(delivery.outcome));
  await writeAtomically(join(folder, 'summary.md'), summary(delivery));
  await writeAtomically(join(folder, 'report.html'), reportPage(delivery.report));
}

/** A row of all workloads together, then one of each. */
async function metricsCsv({ figures: { all, workloads } }: RunOutcome): Promise<string> {
  const { stringify } = await import('csv-stringify/sync');
  const rows = [['all', all] as const, ...Object.entries(workloads)];
  const records = rows.map(([name, figures]) => [name, ...NAMES.map((figure) => figures[figure])]);
  return stringify(records, { header: true, columns: ['workload', ...NAMES] });
}

function summary({ scenario, outcome, hash, again }: Delivery): string {
  const { name, title, seed, profile, clusters, durationMs } = scenario;
  const facts = `${clusters.length} clusters, ${formatDuration(durationMs)}, profile ${profile.name}, seed \`${seed}\``;
  const rows = NAMES.map((figure) => `| ${figure} | ${outcome.figures.all[figure]} | ${FIGURES[figure]} |`);
  return `# ${name}: ${outcome.ok ? 'all as expected' : 'not as expected'}

${title}

${facts}

## What was expected

| | expected | seen |
| --- | --- | --- |
${outcome.findings.map(expectationRow).join('\n')}

## Figures

| figure | value | is |
| --- | --- | --- |
${rows.join('\n')}

## What happened

${outcome.story.map(storyItem).join('\n')}

Again: \`${again}\` gives the trace ${hash}.
`;
}

/** A bar would end the cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|');

const expectationRow = (finding: Finding): string => {
  const { ok, expectation } = finding;
  return `| ${ok ? 'ok' : '**failed**'} | \`${cell(expectation.name)}\` | ${cell(findingText(finding).slice(expectation.name.length + 2))} |`;
};

const storyItem = ({ at, sort, text, ok }: StoryLine): string => {
  const told = sort === 'event' ? `**${text}**` : ok ? text : `**failed: ${text}**`;
  return `- ${formatDuration(Math.round(at / 1_000) * 1_000)} ${told}`;
};
