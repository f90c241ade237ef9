// When an expectation is to hold, as its key says it: "at 10m", "at end", "always from 5m until outage", "within 2m of outage".
import type { Millis } from '../../engine/index.ts';
import { parseDuration } from '../../executor/terminal/duration.ts';

/** A time after the start, or after every time an event of the timeline happened. */
export interface Point {
  readonly event: string | null;
  readonly afterMs: Millis;
}

export type Moment =
  | { readonly kind: 'at'; readonly point: Point }
  | { readonly kind: 'at-end' }
  /** Holds at least once in this time. */
  | { readonly kind: 'within'; readonly ms: Millis; readonly point: Point }
  /** From one point, or the start, until another, or the end. */
  | { readonly kind: 'always' | 'never' | 'sometimes'; readonly from: Point | null; readonly until: Point | null };

export const MOMENT_PATTERN = '^(at end|at .+|within \\S+( of .+)?|(always|never|sometimes)( from .+?)?( until .+)?)$';

const WINDOW = /^(always|never|sometimes)(?: from (.+?))?(?: until (.+))?$/;
const WITHIN = /^within (\S+)(?: of (.+))?$/;
const AFTER = /^(\S+) after (\S+)$/;
const START: Point = { event: null, afterMs: 0 };

export const MOMENT_HELP =
  'should be one of: at 10m, at 5m after EVENT, at end, always, never, sometimes (each with "from" and "until" a time or an EVENT), within 2m, within 2m of EVENT';

/** Null for what is none. */
export function parseMoment(text: string): Moment | null {
  const key = text.trim().replace(/\s+/g, ' ');
  if (key === 'at end') return { kind: 'at-end' };
  const window = WINDOW.exec(key);
  if (window !== null) {
    const [, kind, from, until] = window;
    const [start, end] = [optionalPoint(from), optionalPoint(until)];
    if (start === undefined || end === undefined) return null;
    return { kind: kind as 'always' | 'never' | 'sometimes', from: start, until: end };
  }
  const within = WITHIN.exec(key);
  if (within !== null) {
    const ms = parseDuration(within[1]);
    const point = within[2] === undefined ? START : parsePoint(within[2]);
    return ms === null || point === null ? null : { kind: 'within', ms, point };
  }
  if (!key.startsWith('at ')) return null;
  const point = parsePoint(key.slice('at '.length));
  return point === null ? null : { kind: 'at', point };
}

/** The times that a moment speaks of. */
export function pointsOf(moment: Moment): readonly Point[] {
  switch (moment.kind) {
    case 'at-end':
      return [];
    case 'at':
    case 'within':
      return [moment.point];
    default:
      return [moment.from, moment.until].filter((point) => point !== null);
  }
}

/** The events that a moment names. */
export const eventsOf = (moment: Moment): readonly string[] =>
  pointsOf(moment).flatMap(({ event }) => (event === null ? [] : [event]));

/** Null where it is left out, undefined where it cannot be read. */
function optionalPoint(text: string | undefined): Point | null | undefined {
  if (text === undefined || text === 'end' || text === 'start') return null;
  return parsePoint(text) ?? undefined;
}

function parsePoint(text: string): Point | null {
  const after = AFTER.exec(text);
  if (after !== null) {
    const afterMs = parseDuration(after[1]);
    return afterMs === null ? null : { event: after[2]!, afterMs };
  }
  const ms = parseDuration(text);
  if (ms !== null) return { event: null, afterMs: ms };
  return /^[A-Za-z_][\w-]*$/.test(text) ? { event: text, afterMs: 0 } : null;
}
