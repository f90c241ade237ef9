// Overflow tiers, and spreads that reach further than Karmada's: candidates found in columns, decided by the readable path.
import type { ClusterAffinity, Placement } from '../../api/placement.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Profile } from '../../profile/profile.ts';
import { assignReplicas } from '../assign/assign.ts';
import { type BindingInput, readRequest, type ScheduleRequest } from '../request.ts';
import { type Candidate, candidateOrder } from '../select/candidate.ts';
import { isTrueOf, selectClusters } from '../select/select.ts';
import type { Attempt } from './attempt.ts';
import type { Candidates } from './candidates.ts';
import type { CompiledPlacement } from './compiled-placement.ts';
import { type TargetPacker, UniformTargets } from './targets.ts';

export function isIntricate(placement: Placement, tiers: readonly ClusterAffinity[], { switches }: Profile): boolean {
  if (tiers.length > 1) return true;
  const reachesFurther = switches.spreadByAnyTopology || switches.unsetMaxGroupsIsUnlimited;
  return reachesFurther && (placement.spreadConstraints?.length ?? 0) > 0;
}

/** The candidates' room must be known. */
export function placeReadably(
  binding: BindingInput,
  tiers: readonly ClusterAffinity[],
  compiled: CompiledPlacement,
  candidates: Candidates,
  fleet: Fleet,
  profile: Profile,
  packer: TargetPacker,
): Attempt {
  const request = readRequest(binding, profile, tiers);
  const found = toCandidates(candidates, compiled, fleet).sort(candidateOrder);
  const selection = selectClusters(found, request);
  return selection.ok ? divideReadably(selection.value, request, fleet, packer) : selection;
}

/** The candidates are what Karmada selects; null where that is not true of the spread that is asked for. */
export function placeSelected(
  binding: BindingInput,
  compiled: CompiledPlacement,
  candidates: Candidates,
  fleet: Fleet,
  profile: Profile,
  packer: TargetPacker,
): Attempt | null {
  const request = readRequest(binding, profile, []);
  const found = toCandidates(candidates, compiled, fleet);
  const selected = candidates.isOrdered ? inPlace(found, candidates.order) : found.sort(candidateOrder);
  return isTrueOf(selected, request) ? divideReadably(selected, request, fleet, packer) : null;
}

function inPlace(found: readonly Candidate[], order: Int32Array): Candidate[] {
  const selected = [...found];
  for (let at = 0; at < found.length; at += 1) selected[order[at]!] = found[at]!;
  return selected;
}

function divideReadably(
  selected: readonly Candidate[],
  request: ScheduleRequest,
  fleet: Fleet,
  packer: TargetPacker,
): Attempt {
  const assigned = assignReplicas(selected, request);
  if (!assigned.ok) return assigned;
  const targets = assigned.value
    .map(({ name, replicas }) => ({ index: fleet.indexOf(name)!, replicas }))
    .sort((a, b) => a.index - b.index);
  const placed = Int32Array.from(targets, ({ index }) => index);
  if (!request.isWorkload) return { ok: true, targets: new UniformTargets(placed, null) };
  const replicas = Float64Array.from(targets, (target) => target.replicas ?? 0);
  return { ok: true, targets: packer.pack(placed, replicas, placed.length) };
}

function toCandidates(candidates: Candidates, compiled: CompiledPlacement, fleet: Fleet): Candidate[] {
  const { indices, room, previous, isPrevious, size } = candidates;
  return Array.from({ length: size }, (_, at) => {
    const index = indices[at]!;
    const known = isPrevious[index] === 1;
    return {
      name: fleet.names[index]!,
      cluster: fleet.cluster(index)!,
      tier: compiled.tierOf(index),
      score: known ? 100 : 0,
      room: room[at]!,
      available: room[at]! + (known ? previous[index]! : 0),
    };
  });
}
