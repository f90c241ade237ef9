// Turns a selection into targets: replicas divided, component sets placed, or everything copied everywhere.
import type { TargetCluster } from '../../api/binding.ts';
import { fail, type Outcome, succeed } from '../decision.ts';
import { nothingSelected } from '../reasons.ts';
import type { ScheduleRequest } from '../request.ts';
import type { Candidate } from '../select/candidate.ts';
import { divideReplicas } from './divide.ts';
import type { Assignment } from './division.ts';
import { holdSpread } from './hold-spread.ts';
import { divideOverTiers } from './tiers.ts';

export function assignReplicas(
  selected: readonly Candidate[],
  request: ScheduleRequest,
): Outcome<readonly TargetCluster[]> {
  if (selected.length === 0) return fail(nothingSelected());
  if (!request.isWorkload) return succeed(copyEverywhere(selected, request));
  const divided =
    request.tiers.length > 1 ? divideOverTiers(selected, request) : divideReplicas(selected, request.replicas, request);
  const held =
    divided.ok && request.profile.switches.spreadByAnyTopology ? holdSpread(divided.value, selected, request) : divided;
  return held.ok ? succeed(withoutEmpty(held.value, selected, request)) : held;
}

function copyEverywhere(selected: readonly Candidate[], { spec, recordsComponents }: ScheduleRequest): TargetCluster[] {
  if (!recordsComponents) return selected.map(({ name }) => ({ name }));
  const components = spec.components ?? [];
  return selected.map(({ name }) => ({
    name,
    components: components.map((component) => ({ name: component.name, replicas: component.replicas })),
  }));
}

function withoutEmpty(
  divided: readonly Assignment[],
  selected: readonly Candidate[],
  { profile }: ScheduleRequest,
): TargetCluster[] {
  const used = divided.filter(({ replicas }) => replicas > 0).map(({ name, replicas }) => ({ name, replicas }));
  if (!profile.enableEmptyWorkloadPropagation) return used;
  const names = new Set(used.map(({ name }) => name));
  return [...used, ...selected.filter(({ name }) => !names.has(name)).map(({ name }) => ({ name, replicas: 0 }))];
}
