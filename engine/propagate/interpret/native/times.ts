// Timestamps inside of statuses.
import { type Millis, parseTime } from '../../../kube/time.ts';
import { PropagationError } from '../../errors.ts';
import { type Fields, textAt } from '../../fields.ts';

/** Null where there is none. */
export function timeAt(object: Fields, field: string): Millis | null {
  const text = textAt(object, field);
  if (text === undefined) return null;
  const time = parseTime(text);
  if (time === null) throw new PropagationError(`${field} must be a timestamp, not "${text}"`);
  return time;
}

export const earliest = (times: readonly Millis[]): Millis | null => (times.length === 0 ? null : Math.min(...times));

export const latest = (times: readonly Millis[]): Millis | null => (times.length === 0 ? null : Math.max(...times));
