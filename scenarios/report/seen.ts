// What was seen of an expectation: how long it took until it held, or why it failed, or the values that it was judged by.
import { formatDuration } from '../../executor/terminal/duration.ts';
import { type Finding, valueText } from '../expect/judge.ts';

const SECOND_MS = 1_000;

/** People read seconds; the trace has the rest. */
export const inSeconds = (ms: number): string => formatDuration(Math.round(ms / SECOND_MS) * SECOND_MS);

export const valuesText = (values: Finding['values']): string =>
  values.map(({ text, value }) => `${text} = ${valueText(value)}`).join(', ');

export function seenText({ ok, why, values, tookMs, expectation }: Finding): string {
  if (tookMs !== null) return `after ${inSeconds(tookMs)}`;
  const { kind } = expectation.moment;
  if (ok && (kind === 'always' || kind === 'never')) return why;
  return valuesText(values) || why;
}

/** With the reason of what failed. */
export const judgedText = (finding: Finding): string =>
  finding.ok ? seenText(finding) : `${finding.why} at ${inSeconds(finding.at)}: ${valuesText(finding.values)}`;

/** Of a whole run. */
export const verdictOf = ({ ok, findings }: { readonly ok: boolean; readonly findings: readonly unknown[] }): string =>
  !ok ? 'not as expected' : findings.length === 0 ? 'nothing was expected' : 'all as expected';
