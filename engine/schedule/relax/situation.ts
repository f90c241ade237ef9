// What a relaxation starts from and what it leaves: a decision's whole input, and the changes that led to it.
import type { Placement } from '../../api/placement.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Decision, Refusal } from '../decision.ts';
import type { FleetView } from '../fleet-view.ts';
import type { PluginSet } from '../plugin.ts';
import type { BindingInput } from '../request.ts';
import { schedule } from '../schedule.ts';

export interface Situation {
  readonly binding: BindingInput;
  readonly fleet: FleetView;
  readonly profile: Profile;
  readonly plugins: PluginSet;
}

/** Whose hand it takes: the author of the policy, of the workload, or who runs the fleet or the scheduler. */
export type ChangeOn = 'policy' | 'workload' | 'fleet' | 'scheduler';

export interface Change {
  readonly on: ChangeOn;
  /** An instruction: "tolerate dedicated=gpu:NoSchedule". */
  readonly what: string;
  /** For a number that is changed: which one, and by how much. */
  readonly number?: { readonly name: string; readonly by: number };
}

/** One step away from a situation: what it changed (at least one thing), and the situation then. */
export interface Relaxed {
  readonly changes: readonly Change[];
  readonly situation: Situation;
}

/** Everything of one kind that could help a refused decision; nothing where that kind does not apply. */
export type Relaxation = (situation: Situation, refusal: Refusal, probe: Probe) => readonly Relaxed[];

/** Whether a situation would be decided; counts against the budget of the search. */
export type Probe = (situation: Situation) => boolean;

export const decide = ({ binding, fleet, profile, plugins }: Situation): Decision =>
  schedule(binding, fleet, profile, plugins);

export const placementOf = ({ binding }: Situation): Placement => binding.spec.placement ?? {};

export function withPlacement(situation: Situation, change: (placement: Placement) => Placement): Situation {
  const { binding } = situation;
  const placement = change(placementOf(situation));
  return { ...situation, binding: { ...binding, spec: { ...binding.spec, placement } } };
}

/** The whole number nearest to `near` within `near..far` (either direction) that is accepted; null where none is. */
export function nearestThat(near: number, far: number, accepts: (value: number) => boolean): number | null {
  const step = far >= near ? 1 : -1;
  const distance = Math.abs(far - near);
  // Growing steps find a value that is accepted, halving ones the first of them: what helps does so from some value on.
  let refused = -1;
  let accepted = 0;
  for (; ; accepted = Math.min(distance, accepted * 2 + 1)) {
    if (accepts(near + step * accepted)) break;
    refused = accepted;
    if (accepted === distance) return null;
  }
  while (accepted - refused > 1) {
    const middle = refused + Math.floor((accepted - refused) / 2);
    if (accepts(near + step * middle)) accepted = middle;
    else refused = middle;
  }
  return near + step * accepted;
}
