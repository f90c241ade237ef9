// Values in the notation of Go's %v, which some of Kubernetes' messages quote.
import { isObject, sortedKeys } from '../../../engine/index.ts';

export function goText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isObject(value)) return String(value);
  return `map[${sortedKeys(value)
    .map((key) => `${key}:${goText(value[key])}`)
    .join(' ')}]`;
}
