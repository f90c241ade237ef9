// What time it is elsewhere: the engine knows no zones but UTC, so whoever does is asked.
import type { Millis } from './time.ts';

export interface TimeZones {
  /** How far the zone's clocks are ahead of UTC at that time; null for what is no zone. */
  readonly offsetAt: (zone: string, at: Millis) => Millis | null;
}

export const UTC = 'UTC';

const NAME = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;

/** Of the form of those in the time zone database; "Local" would be that of whoever reads it. */
export const isZoneName = (zone: string): boolean => zone.length <= 64 && zone !== 'Local' && NAME.test(zone);
