// Schedules as crontabs have them: five fields, or a word such as @daily, on the wall clock of a time zone.
import { civilFromDays, type Millis } from './time.ts';

export interface CronSchedule {
  /** Each in order. */
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly number[];
  readonly months: readonly number[];
  /** Sunday is 0. */
  readonly weekdays: readonly number[];
  /** Where both say something, one of them is enough. */
  readonly isEitherDay: boolean;
}

const WORDS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
/** The first of January 1970 was a Thursday. */
const THURSDAY = 4;
const MINUTE_MS: Millis = 60_000;
const HOUR_MS: Millis = 60 * MINUTE_MS;
const DAY_MS: Millis = 24 * HOUR_MS;
/** The twenty-ninth of February may be eight years away. */
const DAYS_AHEAD = 8 * 366 + 1;

/** Null for what is no schedule. */
export function readSchedule(text: string): CronSchedule | null {
  const parts = (WORDS[text.trim()] ?? text).trim().split(/\s+/);
  if (parts.length !== 5) return null;
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = parts;
  const minutes = readField(minute, 0, 59);
  const hours = readField(hour, 0, 23);
  const days = readField(day, 1, 31);
  const months = readField(month, 1, 12, MONTHS, 1);
  const weekdays = readField(weekday, 0, 7, WEEKDAYS, 0);
  if (minutes === null || hours === null || days === null || months === null || weekdays === null) return null;
  if (weekdays.has(7)) weekdays.add(0);
  return {
    minutes: inOrder(minutes),
    hours: inOrder(hours),
    days: inOrder(days),
    months: inOrder(months),
    weekdays: inOrder(weekdays),
    isEitherDay: !/^[*?]/.test(day) && !/^[*?]/.test(weekday),
  };
}

const inOrder = (values: ReadonlySet<number>): readonly number[] => [...values].sort((a, b) => a - b);

/**
 * The first whole minute after a time at which the clock on the wall shows what the schedule says; null where there is none. What the
 * clock skips when it is set forward does not come, and what it shows twice when it is set back comes twice: an hourly task does not
 * pause for two hours.
 */
export function nextTime(schedule: CronSchedule, after: Millis, offsetAt: (at: Millis) => Millis): Millis | null {
  let from = Math.floor(after / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  for (;;) {
    const offset = offsetAt(from);
    const wall = nextWallTime(schedule, from + offset);
    if (wall === null) return null;
    const at = wall - offset;
    // Far away only the clock's changes just before it matter, and here those that show again what has been shown.
    const isFar = at - from > 2 * DAY_MS;
    const change = firstChange(from, isFar ? from + DAY_MS : at, offsetAt);
    if (change !== null) from = change;
    else if (isFar) from = at - 2 * DAY_MS;
    else return at;
  }
}

/** When the clock is set otherwise in that time; null where it is not. */
function firstChange(from: Millis, to: Millis, offsetAt: (at: Millis) => Millis): Millis | null {
  const offset = offsetAt(from);
  if (offsetAt(to) === offset) return null;
  let [before, after] = [from, to];
  while (after - before > MINUTE_MS) {
    const middle = before + Math.floor((after - before) / (2 * MINUTE_MS)) * MINUTE_MS;
    if (offsetAt(middle) === offset) before = middle;
    else after = middle;
  }
  return after;
}

/** The first minute from here on, on a clock that nobody sets. */
function nextWallTime(schedule: CronSchedule, from: Millis): Millis | null {
  const today = Math.floor(from / DAY_MS);
  for (let day = today; day < today + DAYS_AHEAD; day += 1) {
    if (!isDay(schedule, day)) continue;
    const past = from - day * DAY_MS;
    for (const hour of schedule.hours) {
      if ((hour + 1) * HOUR_MS <= past) continue;
      const minute = schedule.minutes.find((one) => hour * HOUR_MS + one * MINUTE_MS >= past);
      if (minute !== undefined) return day * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS;
    }
  }
  return null;
}

function isDay({ months, days, weekdays, isEitherDay }: CronSchedule, day: number): boolean {
  const date = civilFromDays(day);
  if (!months.includes(date.month)) return false;
  const isOfMonth = days.includes(date.day);
  const isOfWeek = weekdays.includes((((day + THURSDAY) % 7) + 7) % 7);
  return isEitherDay ? isOfMonth || isOfWeek : isOfMonth && isOfWeek;
}

function readField(
  text: string,
  min: number,
  max: number,
  names: readonly string[] = [],
  first = 0,
): Set<number> | null {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '', step = '1', ...more] = part.split('/');
    const every = /^\d+$/.test(step) ? Number(step) : 0;
    const bounds = readRange(range, part.includes('/'), min, max, names, first);
    if (bounds === null || more.length > 0 || every < 1) return null;
    for (let value = bounds.from; value <= bounds.to; value += every) values.add(value);
  }
  return values;
}

function readRange(
  text: string,
  hasStep: boolean,
  min: number,
  max: number,
  names: readonly string[],
  first: number,
): { readonly from: number; readonly to: number } | null {
  if (text === '*' || text === '?') return { from: min, to: max };
  const [low = '', high, ...more] = text.split('-');
  const number = (word: string): number => {
    const named = names.indexOf(word.toLowerCase());
    return named >= 0 ? named + first : /^\d+$/.test(word) ? Number(word) : Number.NaN;
  };
  const from = number(low);
  const to = high === undefined ? (hasStep ? max : from) : number(high);
  return more.length === 0 && from >= min && to <= max && from <= to ? { from, to } : null;
}
