// Compares recorded watch events with ours: what is told of what, in which order, and then value by value.
import { isObject } from '../../engine/index.ts';
import { foreign } from './kube-wire-differences.ts';
import { compareValues } from './kube-wire-values.ts';
import type { Recorded } from './recordings.ts';

export function withoutForeign(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.filter((item) => !isObject(item) || !foreign.some(({ is }) => is(item))).map(withoutForeign);
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutForeign(item)]));
}

export const nameOf = (item: unknown): string | null => {
  if (!isObject(item)) return null;
  const holder = isObject(item.object) ? item.object : item;
  return isObject(holder.metadata) && typeof holder.metadata.name === 'string' ? holder.metadata.name : null;
};

export function compareEvents(recorded: Recorded, lines: readonly string[]): string[] {
  const events = recorded.response.events;
  if (recorded.response.status !== 200) return [`status: ${recorded.response.status} became a watch`];
  if (events === undefined)
    return isObject(recorded.response.body) && 'base64' in recorded.response.body
      ? []
      : ['a watch answers where a body was recorded'];
  const own = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const told = (event: Record<string, unknown>) => {
    const object = isObject(event.object) ? event.object : {};
    const rows = Array.isArray(object.rows) ? object.rows : [];
    return `${event.type} ${nameOf(event.object) ?? nameOf(rows[0]) ?? ''}`.trim();
  };
  // Bookmarks between changes come by the clock, which the replay does not wait for.
  const isTimed = (event: Record<string, unknown>) =>
    event.type === 'BOOKMARK' && !JSON.stringify(event).includes('initial-events-end');
  const a = (withoutForeign(events) as Record<string, unknown>[]).filter((event) => !isTimed(event));
  const b = (withoutForeign(own) as Record<string, unknown>[]).filter((event) => !isTimed(event));
  const found: string[] = [];
  if (a.map(told).join(', ') !== b.map(told).join(', ')) {
    found.push(`.events: ${a.map(told).join(', ')} became ${b.map(told).join(', ')}`);
    return found;
  }
  for (const [at, event] of a.entries()) compareValues(event, b[at], `.events[${at}]`, found);
  return found;
}
