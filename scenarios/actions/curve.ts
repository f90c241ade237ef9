// A load that changes along straight lines between times, once or again and again, and a little off it where that is wanted.
import { isObject, type Millis, type Random } from '../../engine/index.ts';
import { formatDuration, parseDuration } from '../../executor/terminal/duration.ts';
import { about, amount, duration, type Form, map, trueOrFalse } from '../format/form.ts';
import type { Timed } from '../format/timing.ts';
import type { Scene } from '../run/scene.ts';
import type { EntryReader } from './action.ts';

interface Corner {
  readonly at: Millis;
  readonly load: number;
}

export const curveForm = (what: string): Form =>
  about(`${what} at times counted from here, with straight lines between: { 0m: 100, 10m: 900 }`, map(amount(0, 1e12)));

export const curveFields = (what: string): Readonly<Record<string, Form>> => ({
  step: about(`how often ${what}; 30s`, duration),
  repeat: about('begins again when it ends', trueOrFalse),
  noise: about('percent by which the load is off, at random', amount(0, 100)),
});

export interface Curve {
  /** Null after its end. */
  loadAt(passed: Millis, random: Random): number | null;
  readonly stepMs: Millis;
  /** "for 30m"; empty for what has no end. */
  readonly told: string;
}

/** Hands on what it says, step by step, until it ends; then the last of it stays. */
export function follow(curve: Curve, scene: Scene, random: Random, take: (load: number) => void): void {
  const begun = scene.now;
  const step = () => {
    const load = curve.loadAt(scene.now - begun, random);
    if (load === null) return;
    take(load);
    scene.after(curve.stepMs, step);
  };
  step();
}

export function readCurve(entry: Timed, reader: EntryReader): Curve {
  const corners = cornersOf(entry.curve, (message) => reader.refuse('curve', message));
  const noise = Number(entry.noise ?? 0);
  const lastsMs = corners.at(-1)?.at ?? 0;
  const repeats = entry.repeat === true;
  return {
    stepMs: Math.max(1_000, parseDuration(entry.step) ?? 30_000),
    told: repeats ? '' : `, for ${formatDuration(lastsMs)}`,
    loadAt: (passed, random) => {
      if (passed > lastsMs && !repeats) return null;
      const load = between(corners, lastsMs === 0 ? 0 : repeats ? passed % lastsMs : passed);
      const off = noise === 0 ? 100 : 100 + random.integer(Math.round(-noise), Math.round(noise));
      return (load * off) / 100;
    },
  };
}

function cornersOf(value: unknown, refuse: (message: string) => void): Corner[] {
  if (!isObject(value)) return [];
  const corners: Corner[] = [];
  for (const [key, load] of Object.entries(value)) {
    const at = parseDuration(key);
    if (at === null) refuse(`has "${key}", and should have durations such as 10m`);
    else corners.push({ at, load: Number(load) });
  }
  if (corners.length === 0) refuse('should have at least one time');
  return corners.sort((a, b) => a.at - b.at);
}

function between(corners: readonly Corner[], time: Millis): number {
  const after = corners.findIndex(({ at }) => at >= time);
  if (after <= 0) return (after === 0 ? corners[0] : corners.at(-1))!.load;
  const [low, high] = [corners[after - 1]!, corners[after]!];
  return low.load + ((high.load - low.load) * (time - low.at)) / (high.at - low.at);
}
