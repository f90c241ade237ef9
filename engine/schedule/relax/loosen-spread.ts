// Loosens spread constraints: fewer groups at least, more groups at most, or a constraint that cannot be met left out.
import type { Cluster } from '../../api/cluster.ts';
import type { SpreadConstraint } from '../../api/placement.ts';
import type { Refusal } from '../decision.ts';
import { readConstraints, type TopologyConstraint } from '../select/topology/constraints.ts';
import {
  type Change,
  nearestThat,
  placementOf,
  type Relaxation,
  type Relaxed,
  type Situation,
  withPlacement,
} from './situation.ts';

/** Where the clusters that fit have too few groups, or no choice of them holds every constraint. */
export const lowerMinGroups: Relaxation = (situation, refusal, probe) => {
  if (refusal.step === 'filter') return [];
  return constraintsOf(situation).flatMap(({ constraint, field, at }): Relaxed[] => {
    const least = constraint.minGroups ?? 0;
    const lowered = (minGroups: number): Situation => withConstraint(situation, at, { ...constraint, minGroups });
    // One group is the least that anything can be spread over.
    if (least < 2) return [];
    const minGroups = nearestThat(least - 1, 1, (value) => probe(lowered(value))) ?? 1;
    const change: Change = {
      on: 'policy',
      what: `lower ${field} minGroups from ${least} to ${minGroups}`,
      number: { name: `minGroups of ${field}`, by: least - minGroups },
    };
    return [{ changes: [change], situation: lowered(minGroups) }];
  });
};

export const raiseMaxGroups: Relaxation = (situation, refusal, probe) => {
  if (refusal.step === 'filter') return [];
  return constraintsOf(situation).flatMap(({ constraint, field, groupsOf, at }): Relaxed[] => {
    const { maxGroups } = constraint;
    const most = groupCount(situation, refusal, groupsOf);
    const raised = (value: number): Situation => withConstraint(situation, at, { ...constraint, maxGroups: value });
    const from = Math.max((maxGroups ?? 0) + 1, constraint.minGroups ?? 1, 1);
    if (isUnlimited(constraint, situation) || from > most) return [];
    const value = nearestThat(from, most, (tried) => probe(raised(tried))) ?? most;
    const change: Change = {
      on: 'policy',
      what: maxGroups
        ? `raise maxGroups of ${field} from ${maxGroups} to ${value}`
        : `set maxGroups of ${field} to ${value}`,
      number: { name: `maxGroups of ${field}`, by: value - (maxGroups ?? 0) },
    };
    return [{ changes: [change], situation: raised(value) }];
  });
};

/** Karmada has no selection by zone, provider or label; the constraint, or the scheduler, has to give way. */
export const avoidUnsupportedSpread: Relaxation = (situation, refusal) => {
  if (refusal.code !== 'SpreadUnsupported') return [];
  const { profile } = situation;
  const names = constraintsOf(situation).map(({ field }) => field);
  const what = `decide with spreadByAnyTopology (the muster profile), which spreads over ${names.join(', ')}`;
  return [
    {
      changes: names.map((name): Change => ({ on: 'policy', what: `drop the spread over ${name}` })),
      situation: withPlacement(situation, (placement) => ({ ...placement, spreadConstraints: [] })),
    },
    {
      changes: [{ on: 'scheduler', what }],
      situation: {
        ...situation,
        profile: { ...profile, switches: { ...profile.switches, spreadByAnyTopology: true } },
      },
    },
  ];
};

interface Numbered {
  readonly constraint: SpreadConstraint;
  readonly field: string;
  readonly groupsOf: TopologyConstraint['groupsOf'];
  readonly at: number;
}

function constraintsOf(situation: Situation): readonly Numbered[] {
  const { spreadConstraints: constraints = [] } = placementOf(situation);
  return readConstraints(constraints, situation.profile).map(({ field, groupsOf }, at) => ({
    constraint: constraints[at]!,
    field,
    groupsOf,
    at,
  }));
}

const isUnlimited = ({ maxGroups }: SpreadConstraint, { profile }: Situation): boolean =>
  !maxGroups && profile.switches.unsetMaxGroupsIsUnlimited;

function withConstraint(situation: Situation, at: number, changed: SpreadConstraint): Situation {
  return withPlacement(situation, (placement) => ({
    ...placement,
    spreadConstraints: placement.spreadConstraints!.map((constraint, index) => (index === at ? changed : constraint)),
  }));
}

/** Groups among the clusters that passed the filters of the first attempt. */
function groupCount({ fleet }: Situation, { attempts }: Refusal, groupsOf: TopologyConstraint['groupsOf']): number {
  const { scores } = attempts[0]!;
  const fits = ({ metadata }: Cluster) => scores.has(metadata.name);
  return new Set(fleet.clusters.filter(fits).flatMap(groupsOf)).size;
}
