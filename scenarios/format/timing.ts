// When a line of the timeline happens: at a time, again and again, at random moments between two times or at a rate; always
// counted from the last step before it. What is random comes from a stream of its own.
import type { Millis, Random } from '../../engine/index.ts';
import { formatDuration, parseDuration } from '../../executor/terminal/duration.ts';
import { distributionForm, readDistribution, typicalOf, waiting } from './distribution.ts';
import { about, count, duration, type Form, range, record, scalarForm, someText, word } from './form.ts';

const RATE = /^(\d+(?:\.\d+)?)\/(s|m|h|d)$/;
const RATE_UNITS: Readonly<Record<string, Millis>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The mean time between two, from "4/h". */
function parseRate(value: unknown): Millis | null {
  const match = typeof value === 'string' ? RATE.exec(value) : null;
  if (match === null || Number(match[1]) === 0) return null;
  return RATE_UNITS[match[2]!]! / Number(match[1]);
}

const rateForm = scalarForm('a rate such as 4/h or 0.5/m', (value) => parseRate(value) !== null, {
  type: 'string',
  pattern: '^(\\d+(\\.\\d+)?/(s|m|h|d)|\\$\\{.+\\}.*)$',
});

/** Of one line: its moments are all known before the first of them comes. */
const OCCURRENCES_MAX = 1_000_000;

const window = {
  from: about('when it begins', duration),
  to: about('when it ends', duration),
};
const times = { times: about('how often at most', count(1, OCCURRENCES_MAX)) };
const jitter = { jitter: about('later by up to this much, at random', duration) };

export interface MomentKind {
  readonly value: Form;
  /** What else it may say. */
  readonly optional: Readonly<Record<string, Form>>;
}

/** Of what a line has one: the ways of saying when. */
export const MOMENTS: Readonly<Record<string, MomentKind>> = {
  at: { value: about('once, at this time', duration), optional: jitter },
  every: {
    value: about(
      'again and again, this far apart, or as far as is drawn each time: { lognormal: { median: 5m } }',
      distributionForm,
    ),
    optional: { ...window, ...times, ...jitter },
  },
  between: { value: about('at a random moment between two times', range('the first and the last')), optional: times },
  rate: { value: about('at random moments, so many on average: 4/h', rateForm), optional: { ...window, ...times } },
  when: {
    value: about(
      'just before or after the n-th write of a kind',
      record(
        { write: about('a kind, such as Work', someText) },
        {
          occurrence: count(1, OCCURRENCES_MAX),
          moment: word('before', 'after'),
          verb: word('create', 'update', 'update-status', 'patch', 'patch-status', 'delete'),
          cluster: about('the API of this cluster; the hub where it is left out', someText),
        },
      ),
    ),
    optional: {},
  },
};

export type Timed = Readonly<Record<string, unknown>>;

/** Whether it would go on for ever. */
export const isEndless = (entry: Timed): boolean =>
  (entry.every ?? entry.rate ?? null) !== null && (entry.times ?? entry.to ?? null) === null;

/** Why what happens so far apart for so long happens too often, or null where it does not. */
export function whyTooOften(apartMs: Millis, lastsMs: Millis, otherwise: (leastMs: Millis) => string): string | null {
  const occurrences = Math.floor(lastsMs / Math.max(1, apartMs));
  if (occurrences <= OCCURRENCES_MAX) return null;
  const least = otherwise(Math.ceil(lastsMs / OCCURRENCES_MAX));
  return `would happen about ${occurrences} times, and should not happen more than ${OCCURRENCES_MAX} times: ${least}`;
}

/** Why a line happens too often within the duration, or null where it does not. */
export function whyTooManyMoments(entry: Timed, durationMs: Millis): string | null {
  if ((entry.times ?? null) !== null) return null;
  const apartMs = (entry.every ?? null) === null ? parseRate(entry.rate) : typicalOf(entry.every);
  if (apartMs === null) return null;
  const to = Math.min(durationMs, parseDuration(entry.to) ?? durationMs);
  return whyTooOften(
    apartMs,
    to - (parseDuration(entry.from) ?? 0),
    (leastMs) =>
      `let it be ${formatDuration(leastMs)} or more apart, or say how often by "times", or until when by "to"`,
  );
}

/** The moments, in order, that lie within the duration; none for what waits for a write. */
export function momentsOf(entry: Timed, durationMs: Millis, random: Random): readonly Millis[] {
  const jitterMs = parseDuration(entry.jitter) ?? 0;
  const late = () => (jitterMs === 0 ? 0 : random.integer(0, jitterMs));
  const to = Math.min(durationMs, parseDuration(entry.to) ?? durationMs);
  const times = Number(entry.times ?? Number.POSITIVE_INFINITY);
  const moments: Millis[] = [];
  const at = parseDuration(entry.at);
  if (at !== null) moments.push(at + late());
  if (entry.every !== undefined && entry.every !== null) {
    const every = readDistribution(entry.every);
    const step = () => Math.max(1, every(random));
    for (let time = parseDuration(entry.from) ?? step(); time <= to && moments.length < times; time += step()) {
      moments.push(time + late());
    }
  }
  if (Array.isArray(entry.between)) {
    const [first, last] = entry.between.map((one) => parseDuration(one)!);
    const many = Number(entry.times ?? 1);
    for (let drawn = 0; drawn < many; drawn += 1) moments.push(random.integer(first!, last!));
  }
  const mean = parseRate(entry.rate);
  if (mean !== null) {
    let time = (parseDuration(entry.from) ?? 0) + waiting(mean, random);
    while (time <= to && moments.length < times) {
      moments.push(time);
      time += Math.max(1, waiting(mean, random));
    }
  }
  return moments.filter((time) => time <= durationMs).sort((a, b) => a - b);
}
