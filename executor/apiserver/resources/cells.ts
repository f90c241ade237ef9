// What printer columns are read with: fields by path, ages as people say them, selectors as text.
import { isObject, parseTime } from '../../../engine/index.ts';

/** The value at a dotted path, or undefined. */
export function read(object: unknown, path: string): unknown {
  let node = object;
  for (const key of path.split('.')) {
    if (!isObject(node)) return undefined;
    node = node[key];
  }
  return node;
}

export const items = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

export const join = (values: readonly unknown[]): string => values.map((value) => String(value ?? '')).join(',');

export const count = (value: unknown): number => (isObject(value) ? Object.keys(value).length : 0);

export const none = (value: unknown): string =>
  value === undefined || value === null || value === '' ? '<none>' : String(value);

export function selectorText(selector: unknown): string {
  if (!isObject(selector)) return '<none>';
  const isPlain = selector.matchLabels === undefined && selector.matchExpressions === undefined;
  const labels = isPlain ? selector : isObject(selector.matchLabels) ? selector.matchLabels : {};
  const parts = Object.keys(labels)
    .sort()
    .map((key) => `${key}=${labels[key]}`);
  for (const { key, operator, values } of items(selector.matchExpressions)) {
    const list = Array.isArray(values) ? [...values].sort().join(',') : '';
    if (operator === 'In') parts.push(`${key} in (${list})`);
    else if (operator === 'NotIn') parts.push(`${key} notin (${list})`);
    else parts.push(operator === 'Exists' ? String(key) : `!${key}`);
  }
  return none(parts.join(','));
}

/** How long ago a timestamp was, in the two largest units that still tell something. */
export function ageOf(timestamp: unknown, now: number): string {
  const then = typeof timestamp === 'string' ? parseTime(timestamp) : null;
  return then === null ? '<unknown>' : durationText(now - then);
}

export function durationText(millis: number): string {
  const seconds = Math.floor(millis / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  if (hours < 192) return hours % 24 === 0 ? `${Math.floor(hours / 24)}d` : `${Math.floor(hours / 24)}d${hours % 24}h`;
  if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24)}d`;
  const years = Math.floor(hours / 24 / 365);
  const days = Math.floor(hours / 24) % 365;
  return hours < 24 * 365 * 8 && days > 0 ? `${years}y${days}d` : `${years}y`;
}
