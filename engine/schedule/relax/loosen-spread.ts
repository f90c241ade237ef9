// Loosens spread constraints: fewer groups at least, more groups at most, or a constraint that cannot be met left out.
import type { Cluster } from '../../api/cluster.ts';
import type { SpreadConstraint } from '../../api/placement.ts';
import type { Refusal } from '../decision.ts';
import { groupsOf, spreadOver } from '../story/selection.ts';
import { nearestThat, type Probe, type Relaxation, type Relaxed, type Situation, withPlacement } from './situation.ts';

const constraintsOf = ({ binding }: Situation): readonly SpreadConstraint[] =>
  binding.spec.placement?.spreadConstraints ?? [];

/** Where the clusters that fit have too few groups, or a choice of few groups has too few clusters. */
export const lowerMinGroups: Relaxation = (situation, refusal, probe) => {
  if (refusal.code !== 'SpreadUnsatisfiable') return [];
  return constraintsOf(situation).flatMap((constraint, at) => {
    const least = constraint.minGroups ?? 0;
    const lowered = (minGroups: number): Situation => withConstraint(situation, at, { ...constraint, minGroups });
    // One group is the least that anything can be spread over.
    if (least < 2) return [];
    const minGroups = nearestOr(least - 1, Math.max(1, groupCount(situation, refusal, constraint)), lowered, probe, 1);
    const what = `lower ${spreadOver(constraint)} minGroups from ${least} to ${minGroups}`;
    const number = { name: `minGroups of ${spreadOver(constraint)}`, by: least - minGroups };
    return [{ changes: [{ on: 'policy' as const, what, number }], situation: lowered(minGroups) }];
  });
};

export const raiseMaxGroups: Relaxation = (situation, refusal, probe) => {
  if (refusal.step === 'filter') return [];
  return constraintsOf(situation).flatMap((constraint, at): Relaxed[] => {
    const { maxGroups } = constraint;
    const most = groupCount(situation, refusal, constraint);
    const raised = (value: number): Situation => withConstraint(situation, at, { ...constraint, maxGroups: value });
    const from = Math.max((maxGroups ?? 0) + 1, constraint.minGroups ?? 1, 1);
    if (from > most) return [];
    const value = nearestOr(from, most, raised, probe, most);
    const what =
      maxGroups === undefined
        ? `set maxGroups of ${spreadOver(constraint)} to ${value}`
        : `raise maxGroups of ${spreadOver(constraint)} from ${maxGroups} to ${value}`;
    const number = { name: `maxGroups of ${spreadOver(constraint)}`, by: value - (maxGroups ?? 0) };
    return [{ changes: [{ on: 'policy', what, number }], situation: raised(value) }];
  });
};

/** Karmada has no selection by zone, provider or label; the constraint, or the scheduler, has to give way. */
export const avoidUnsupportedSpread: Relaxation = (situation, refusal) => {
  if (refusal.code !== 'SpreadUnsupported') return [];
  const { profile } = situation;
  const names = constraintsOf(situation).map(spreadOver);
  return [
    {
      changes: names.map((name) => ({ on: 'policy' as const, what: `drop the spread over ${name}` })),
      situation: withPlacement(situation, (placement) => ({ ...placement, spreadConstraints: [] })),
    },
    {
      changes: [
        {
          on: 'scheduler',
          what: `decide with spreadByAnyTopology (the muster profile), which spreads over ${names.join(', ')}`,
        },
      ],
      situation: {
        ...situation,
        profile: { ...profile, switches: { ...profile.switches, spreadByAnyTopology: true } },
      },
    },
  ];
};

/** The nearest value that helps; where none does alone, the farthest, for what may come on top. */
function nearestOr(
  near: number,
  far: number,
  make: (value: number) => Situation,
  probe: Probe,
  otherwise: number,
): number {
  return nearestThat(near, far, (value) => probe(make(value))) ?? otherwise;
}

function withConstraint(situation: Situation, at: number, changed: SpreadConstraint): Situation {
  return withPlacement(situation, (placement) => ({
    ...placement,
    spreadConstraints: constraintsOf(situation).map((constraint, index) => (index === at ? changed : constraint)),
  }));
}

/** Groups among the clusters that passed the filters of the first attempt. */
function groupCount({ fleet }: Situation, { attempts }: Refusal, constraint: SpreadConstraint): number {
  const scores = attempts[0]?.scores;
  const fits = ({ metadata }: Cluster) => scores?.has(metadata.name) ?? false;
  return new Set(fleet.clusters.filter(fits).flatMap((cluster) => groupsOf(cluster, constraint))).size;
}
