// Spread constraints of any kind in one form: which groups a cluster belongs to, and how many groups there may be.
import type { Cluster } from '../../../api/cluster.ts';
import type { SpreadConstraint } from '../../../api/placement.ts';
import type { Profile } from '../../../profile/profile.ts';
import type { Candidate } from '../candidate.ts';

export interface TopologyConstraint {
  /** "zone", "label tier": as a person names it. */
  readonly field: string;
  readonly groupsMin: number;
  /** Infinity where nothing limits it. */
  readonly groupsMax: number;
  /** A cluster in several zones belongs to each. */
  groupsOf(cluster: Cluster): readonly string[];
}

/** The constraint on clusters is among them: each cluster is a group of its own. */
export function readConstraints(
  constraints: readonly SpreadConstraint[],
  { switches }: Profile,
): readonly TopologyConstraint[] {
  return constraints.map(({ spreadByField, spreadByLabel, minGroups = 0, maxGroups }) => ({
    field: spreadByField || `label ${spreadByLabel ?? ''}`,
    groupsMin: minGroups,
    groupsMax: maxGroups || (switches.unsetMaxGroupsIsUnlimited ? Number.POSITIVE_INFINITY : 0),
    groupsOf: groupReader(spreadByField, spreadByLabel),
  }));
}

function groupReader(
  field: SpreadConstraint['spreadByField'],
  label: string | undefined,
): TopologyConstraint['groupsOf'] {
  switch (field) {
    case 'cluster':
      return ({ metadata }) => [metadata.name];
    case 'provider':
      return ({ spec }) => (spec.provider ? [spec.provider] : []);
    case 'region':
      return ({ spec }) => (spec.region ? [spec.region] : []);
    case 'zone':
      return ({ spec }) => [...new Set(spec.zones ?? [])];
    default:
      return ({ metadata }) =>
        label !== undefined && Object.hasOwn(metadata.labels ?? {}, label) ? [metadata.labels![label]!] : [];
  }
}

/** The number of groups that a set of clusters reaches. */
export function groupCount(constraint: TopologyConstraint, chosen: readonly Pick<Candidate, 'cluster'>[]): number {
  return new Set(chosen.flatMap(({ cluster }) => constraint.groupsOf(cluster))).size;
}

/** The first constraint that a set of clusters breaks. */
export const brokenBy = (
  constraints: readonly TopologyConstraint[],
  chosen: readonly Pick<Candidate, 'cluster'>[],
): TopologyConstraint | null =>
  constraints.find((constraint) => {
    const groups = groupCount(constraint, chosen);
    return groups < constraint.groupsMin || groups > constraint.groupsMax;
  }) ?? null;
