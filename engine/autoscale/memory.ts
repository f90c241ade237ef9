// What an autoscaler remembers: what it has recommended of late, and by how much it has scaled. Both are lost with the process, as in
// Karmada.
import type { Millis } from '../kube/time.ts';

export interface Recommendation {
  readonly at: Millis;
  readonly replicas: number;
}

/** More or fewer, by so many. */
export interface Change {
  readonly at: Millis;
  readonly by: number;
}

export interface ScaleMemory {
  readonly recommended: readonly Recommendation[];
  readonly added: readonly Change[];
  readonly removed: readonly Change[];
}

export const NOTHING_REMEMBERED: ScaleMemory = { recommended: [], added: [], removed: [] };

/** No rule looks further back. */
const RECOMMENDED_MS: Millis = 3_600_000;
const CHANGED_MS: Millis = 1_800_000;

export const changesSince = (changes: readonly Change[], since: Millis): number =>
  changes.reduce((sum, { at, by }) => (at > since ? sum + by : sum), 0);

export function withRecommendation(memory: ScaleMemory, replicas: number, now: Millis): ScaleMemory {
  const recent = memory.recommended.filter(({ at }) => at >= now - RECOMMENDED_MS);
  return { ...memory, recommended: [...recent, { at: now, replicas }] };
}

export function withChange(memory: ScaleMemory, from: number, to: number, now: Millis): ScaleMemory {
  const recent = (changes: readonly Change[]): readonly Change[] => changes.filter(({ at }) => at >= now - CHANGED_MS);
  return to > from
    ? { ...memory, added: [...recent(memory.added), { at: now, by: to - from }] }
    : { ...memory, removed: [...recent(memory.removed), { at: now, by: from - to }] };
}
