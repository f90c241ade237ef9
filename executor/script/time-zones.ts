// The time zones that this Node knows, for schedules on wall clocks.
import { isZoneName, type Millis, type TimeZones, UTC } from '../../engine/index.ts';

/** To make one takes longer than all that it is asked. */
const clocks = new Map<string, Intl.DateTimeFormat | null>();
const KEPT_MAX = 1_000;

export const timeZones: TimeZones = {
  offsetAt: (zone, at) => {
    if (zone === UTC) return 0;
    const clock = clockOf(zone);
    return clock === null ? null : offsetOf(clock, at);
  },
};

function clockOf(zone: string): Intl.DateTimeFormat | null {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  if (clocks.size === KEPT_MAX) clocks.clear();
  const made = isZoneName(zone) ? makeClock(zone) : null;
  clocks.set(zone, made);
  return made;
}

function makeClock(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return null;
  }
}

function offsetOf(clock: Intl.DateTimeFormat, at: Millis): Millis {
  const parts = clock.formatToParts(at);
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second'));
  return wall - Math.floor(at / 1000) * 1000;
}
