// What a random scenario gets besides its workloads: each sort of it is drawn from a stream of its own, so that all else stays as it is
// drawn without it.
import type { KubeObject, Random } from '../../engine/index.ts';
import { formatDuration } from '../../executor/terminal/duration.ts';
import type { DrawnWorkload } from './draw-objects.ts';
import type { SwarmHabits } from './habits.ts';

export type Step = Readonly<Record<string, unknown>>;

export interface Drawn {
  readonly objects: readonly KubeObject[];
  readonly timeline: readonly Step[];
}

export const NOTHING: Drawn = { objects: [], timeline: [] };

/** What is there already. */
export interface Ground {
  readonly profile: SwarmHabits['profile'];
  readonly workloads: readonly DrawnWorkload[];
  readonly clusters: readonly string[];
  readonly durationMs: number;
}

export type Draw = (random: Random, ground: Ground) => Drawn;

/** Each at a moment of its own. */
export const sometime = (steps: readonly Step[], random: Random, durationMs: number): readonly Step[] =>
  steps.map((step) => ({ at: formatDuration(random.integer(1, durationMs / 1000) * 1000), ...step }));

/** At least one of them, in order of names. */
export const someOf = (names: readonly string[], random: Random): readonly string[] =>
  random.shuffled(names).slice(0, random.integer(1, names.length)).sort();
