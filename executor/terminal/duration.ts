// Durations as people write them: "90s", "10m", "1h30m", "250ms"; in the engine they are whole milliseconds.
import type { Millis } from '../../engine/index.ts';

const UNITS: Readonly<Record<string, Millis>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;

/** Null for what is none. A plain 0 needs no unit. */
export function parseDuration(value: unknown): Millis | null {
  if (value === 0 || value === '0') return 0;
  if (typeof value !== 'string' || !WHOLE.test(value)) return null;
  let sum = 0;
  for (const [, amount, unit] of value.matchAll(PART)) sum += Number(amount) * UNITS[unit!]!;
  const rounded = Math.round(sum);
  return Number.isSafeInteger(rounded) ? rounded : null;
}

/** The shortest way to write it: "1h30m", "2m", "1.5s", "0s". */
export function formatDuration(ms: Millis): string {
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms < 1_000) return ms === 0 ? '0s' : `${ms}ms`;
  let rest = ms;
  let text = '';
  for (const unit of ['d', 'h', 'm'] as const) {
    const whole = Math.floor(rest / UNITS[unit]!);
    if (whole > 0) text += `${whole}${unit}`;
    rest -= whole * UNITS[unit]!;
  }
  return rest === 0 ? text : `${text}${rest / 1_000}s`;
}
