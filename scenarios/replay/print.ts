// What a run looks like on a terminal: its timeline while it goes, then what was expected and what came of it.

import type { Palette } from '../../executor/terminal/colour.ts';
import { formatDuration } from '../../executor/terminal/duration.ts';
import { renderTable } from '../../executor/terminal/table.ts';
import type { Finding } from '../expect/judge.ts';
import type { Scenario } from '../format/scenario.ts';
import type { RunFigures } from '../metrics/names.ts';
import { faultNames } from '../metrics/rows.ts';
import { faultText, worstFaults } from '../report/fault-text.ts';
import { inSeconds, seenText, valuesText } from '../report/seen.ts';
import { stepText } from '../run/around.ts';
import type { RunOutcome, StoryLine } from '../run/run.ts';

const CLOCK_WIDTH = 9;

const SECOND_MS = 1_000;

const clockText = (ms: number): string => inSeconds(ms).padStart(CLOCK_WIDTH);

export function openingText(scenario: Scenario, { bold, dim }: Palette): string {
  const { title, name, seed, profile, clusters, durationMs } = scenario;
  const facts = [
    `${clusters.length} ${clusters.length === 1 ? 'cluster' : 'clusters'}`,
    formatDuration(durationMs),
    `profile ${profile.name}`,
    `seed ${seed}`,
  ];
  return `${bold(name)}: ${title}\n${dim(facts.join(', '))}\n\n`;
}

export function storyText({ at, sort, text, ok }: StoryLine, { bold, dim, red, yellow }: Palette): string {
  const clock = dim(clockText(at));
  if (sort === 'refusal') return `${clock}  ${yellow(`refused: ${text}`)}\n`;
  if (sort === 'news') return `${clock}    ${text}\n`;
  return `${clock}  ${ok ? bold(text) : red(`FAILED ${text}`)}\n`;
}

const withValues = ({ values }: Finding): string => (values.length === 0 ? '' : `, with ${valuesText(values)}`);

/** "served 99.7% of what was wanted; 47s was the longest shortage; 12 replicas moved". */
function figuresText({ all, workloads }: RunFigures): string {
  if (Object.keys(workloads).length === 0) return 'no replicas were wanted\n';
  const { availability, longestShortageSeconds, moves, downSeconds } = all;
  const parts = [`${(Math.floor(availability * 100_000) / 1_000).toFixed(3)}% of the wanted replicas served`];
  if (downSeconds > 0) parts.push(`workloads were down for ${formatDuration(downSeconds * SECOND_MS)}`);
  if (longestShortageSeconds > 0)
    parts.push(`the longest shortage took ${formatDuration(longestShortageSeconds * SECOND_MS)}`);
  parts.push(`${moves} replicas moved`);
  return `${parts.join('; ')}\n`;
}

const FAULTS_MAX = 5;

/** A line for each fault, of those that cost most. */
function faultsText({ faults }: RunFigures): string {
  const names = faultNames(faults);
  const shown = worstFaults(faults, FAULTS_MAX);
  const lines = shown.map((at) => {
    const fault = faults[at]!;
    const name = fault.id === null ? fault.what : names[at]!;
    return `${name} at ${inSeconds(fault.atSeconds * SECOND_MS)}: ${faultText(fault)}\n`;
  });
  const more = faults.length - shown.length;
  return lines.join('') + (more > 0 ? `and ${more} more faults that cost less\n` : '');
}

export function outcomeText(outcome: RunOutcome, colours: Palette): string {
  const { findings, unrest } = outcome;
  const failed = findings.filter(({ ok }) => !ok);
  const rows = findings.map((finding) => [finding.ok ? 'ok' : 'FAILED', finding.expectation.name, seenText(finding)]);
  const paint = (padded: string, cell: string) => (cell === 'ok' ? colours.green(padded) : colours.red(padded));
  const columns = [{ title: '', paint }, { title: 'EXPECTED' }, { title: 'SEEN' }];
  let text = `\n${figuresText(outcome.figures)}${faultsText(outcome.figures)}`;
  if (findings.length > 0) text += `\n${renderTable(columns, rows)}`;
  for (const finding of failed) {
    const { expectation, at, why } = finding;
    const { file, line } = expectation.place;
    text += `\n${colours.red(`${expectation.name}`)}\n`;
    text += `  ${file}:${line}: ${why} at ${formatDuration(at)}${withValues(finding)}\n`;
    if (expectation.because !== null) text += `  because: ${expectation.because}\n`;
    const around = outcome.around.get(finding);
    if (around === undefined || around.steps.length === 0) continue;
    text += '  what the controllers did around it:\n';
    for (const step of around.steps) {
      const ago = Math.round((step.at - around.at) / 100) * 100;
      text += `    ${`${ago > 0 ? '+' : ''}${formatDuration(ago)}`.padStart(CLOCK_WIDTH)}  ${stepText(step)}\n`;
    }
  }
  for (const { place, withinMs } of unrest) {
    text += `\n${place.file}:${place.line}: it did not come to rest within ${formatDuration(withinMs)}\n`;
  }
  return text;
}
