// A ClusterAffinity as the set of clusters that belong to it, found through the fleet's indexes.
import { affinityMismatch } from '../api/cluster-affinity.ts';
import type { ClusterAffinity, FieldSelectorRequirement } from '../api/placement.ts';
import { Bitset } from '../base/bitset.ts';
import { parseSelector, type Requirement } from '../kube/selector.ts';
import type { Fleet } from './fleet.ts';
import type { PostingIndex } from './posting.ts';
import { labelText } from './properties.ts';

export function affinityMembers(affinity: ClusterAffinity, fleet: Fleet): Bitset {
  const members = affinity.clusterNames?.length ? named(affinity.clusterNames, fleet) : fleet.live.clone();
  members.and(fleet.live);
  for (const name of affinity.exclude ?? []) {
    const index = fleet.indexOf(name);
    if (index !== undefined) members.delete(index);
  }
  if (affinity.labelSelector) {
    const selector = parseSelector(affinity.labelSelector);
    if (selector.problem !== null) return new Bitset();
    for (const requirement of selector.requirements) restrict(members, requirement, fleet);
  }
  const fields = affinity.fieldSelector?.matchExpressions ?? [];
  if (fields.every(isCommonField)) for (const field of fields) restrictByField(members, field, fleet);
  else keepMatching(members, affinity, fleet);
  return members;
}

function named(names: readonly string[], fleet: Fleet): Bitset {
  const members = new Bitset(fleet.slots);
  for (const name of names) {
    const index = fleet.indexOf(name);
    if (index !== undefined) members.add(index);
  }
  return members;
}

function restrict(members: Bitset, requirement: Requirement, fleet: Fleet): void {
  const { key } = requirement;
  switch (requirement.operator) {
    case 'In':
      members.and(
        union(
          fleet.labels,
          requirement.values.map((value) => labelText(key, value)),
        ),
      );
      break;
    case 'NotIn':
      for (const value of requirement.values) fleet.labels.of(labelText(key, value))?.removeFrom(members);
      break;
    case 'Exists':
      members.and(union(fleet.labelKeys, [key]));
      break;
    case 'DoesNotExist':
      fleet.labelKeys.of(key)?.removeFrom(members);
      break;
  }
}

/** The forms that indexes answer: In and NotIn over provider, region or zone, with plain values. */
const isCommonField = ({ key, operator, values = [] }: FieldSelectorRequirement): boolean =>
  (key === 'provider' || key === 'region' || key === 'zone') &&
  (operator === 'In' || operator === 'NotIn') &&
  values.length > 0 &&
  values.every((value) => /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(value));

function restrictByField(
  members: Bitset,
  { key, operator, values = [] }: FieldSelectorRequirement,
  fleet: Fleet,
): void {
  const index = key === 'provider' ? fleet.providers : key === 'region' ? fleet.regions : fleet.zones;
  if (operator === 'In') members.and(union(index, values));
  else for (const value of values) index.of(value)?.removeFrom(members);
}

/** Everything unusual is asked of the clusters themselves, by the rules that the readable path uses. */
function keepMatching(members: Bitset, affinity: ClusterAffinity, fleet: Fleet): void {
  for (const index of [...members]) {
    if (affinityMismatch(fleet.cluster(index)!, affinity) !== null) members.delete(index);
  }
}

function union(index: PostingIndex, texts: readonly string[]): Bitset {
  const members = new Bitset();
  for (const text of texts) index.of(text)?.addTo(members);
  return members;
}
