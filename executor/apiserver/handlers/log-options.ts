// The options of a log: of which container, which of its lines, and in what form.
import {
  badRequest,
  type FieldError,
  forbiddenField,
  invalid,
  invalidValue,
  type Millis,
  parseTime,
} from '../../../engine/index.ts';
import { isTrue } from '../negotiate.ts';
import { wholeNumber } from './list-options.ts';

export interface LogOptions {
  /** Empty for the only one. */
  readonly container: string;
  readonly follow: boolean;
  /** Of the run before this one. */
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly tailLines: number | null;
  readonly limitBytes: number | null;
  /** Lines of before are left out. */
  readonly since: Millis | null;
}

export function readLogOptions(query: URLSearchParams, pod: string, now: Millis): LogOptions {
  const number = (name: string): number | null => (query.has(name) ? wholeNumber(query, name) : null);
  const [tailLines, limitBytes, sinceSeconds] = [number('tailLines'), number('limitBytes'), number('sinceSeconds')];
  const sinceTime = timeIn(query.get('sinceTime'));
  const problems: FieldError[] = [];
  if (tailLines !== null && tailLines < 0) {
    problems.push(invalidValue('tailLines', tailLines, 'must be greater than or equal to 0'));
  }
  if (limitBytes !== null && limitBytes < 1) {
    problems.push(invalidValue('limitBytes', limitBytes, 'must be greater than 0'));
  }
  if (sinceSeconds !== null && sinceTime !== null) {
    problems.push(forbiddenField('', 'at most one of `sinceTime` or `sinceSeconds` may be specified'));
  } else if (sinceSeconds !== null && sinceSeconds < 1) {
    problems.push(invalidValue('sinceSeconds', sinceSeconds, 'must be greater than 0'));
  }
  if (problems.length > 0) throw invalid({ group: '', kind: 'PodLogOptions' }, pod, problems);
  return {
    container: query.get('container') ?? '',
    follow: isTrue(query.get('follow')),
    previous: isTrue(query.get('previous')),
    timestamps: isTrue(query.get('timestamps')),
    tailLines,
    limitBytes,
    since: sinceSeconds === null ? sinceTime : now - sinceSeconds * 1000,
  };
}

function timeIn(text: string | null): Millis | null {
  if (text === null || text === '') return null;
  const at = parseTime(text);
  if (at === null) throw badRequest(`sinceTime: ${JSON.stringify(text)} is no time as in 2006-01-02T15:04:05Z`);
  return at;
}
