// When a CronJob is due next: its five fields, or a word such as @daily, on the wall clock of a time zone. Pure.
import type { Millis } from '../../../engine/index.ts';

export interface CronSchedule {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** Sunday is 0. */
  readonly weekdays: ReadonlySet<number>;
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
const DAY_MS: Millis = 86_400_000;
const MINUTE_MS: Millis = 60_000;
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
  const isEitherDay = !/^[*?]/.test(day) && !/^[*?]/.test(weekday);
  return { minutes, hours, days, months, weekdays, isEitherDay };
}

/** The first time after this one; null where there is none. Times that a clock skips when it is set forward do not come. */
export function nextTime(schedule: CronSchedule, after: Millis, timeZone: string): Millis | null {
  const begin = Math.floor(after / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  const wall = begin + offsetAt(begin, timeZone);
  const today = Math.floor(wall / DAY_MS) * DAY_MS;
  const hours = [...schedule.hours].sort((a, b) => a - b);
  const minutes = [...schedule.minutes].sort((a, b) => a - b);
  for (let day = 0; day < DAYS_AHEAD; day += 1) {
    const date = today + day * DAY_MS;
    if (!isDay(schedule, new Date(date))) continue;
    for (const hour of hours) {
      for (const minute of minutes) {
        const time = date + (hour * 60 + minute) * MINUTE_MS;
        const at = instantOf(time, timeZone);
        if (at !== null && at >= begin) return at;
      }
    }
  }
  return null;
}

function isDay({ months, days, weekdays, isEitherDay }: CronSchedule, date: Date): boolean {
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const isOfMonth = days.has(date.getUTCDate());
  const isOfWeek = weekdays.has(date.getUTCDay());
  return isEitherDay ? isOfMonth || isOfWeek : isOfMonth && isOfWeek;
}

/** When a clock on the wall shows a time; null where it never does. */
function instantOf(wall: Millis, timeZone: string): Millis | null {
  for (const guess of [wall - offsetAt(wall - DAY_MS, timeZone), wall - offsetAt(wall + DAY_MS, timeZone)]) {
    if (guess + offsetAt(guess, timeZone) === wall) return guess;
  }
  return null;
}

/** How far a zone's clocks are ahead of the world's. */
function offsetAt(at: Millis, timeZone: string): Millis {
  if (timeZone === 'UTC') return 0;
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second'));
  return wall - Math.floor(at / 1000) * 1000;
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
    const every = Number(step);
    const bounds = readRange(range, part.includes('/'), min, max, names, first);
    if (bounds === null || more.length > 0 || !Number.isInteger(every) || every < 1) return null;
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
