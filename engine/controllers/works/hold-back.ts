// What moves from some clusters to others is not taken away before it serves in the others: for so long those that give keep as many
// replicas as those that take still lack. A workload that is only made smaller gives at once.
import type { ResourceBinding, ResourceBindingSpec } from '../../api/binding.ts';
import { clusterOfExecutionSpace } from '../../api/names.ts';
import type { Work } from '../../api/work.ts';
import { merged } from '../../base/merged.ts';
import { byText } from '../../base/order.ts';
import { isObject } from '../../kube/json.ts';
import { type Millis, parseTime } from '../../kube/time.ts';
import type { Profile } from '../../profile/profile.ts';
import { isClaimed } from '../../propagate/claim.ts';
import { isDuplicated } from '../../schedule/request.ts';
import { dispatchedSince } from './suspension.ts';

/** On a Work: how many replicas more than decided it keeps for now. */
const HELD_ANNOTATION = 'propagation.muster.dev/held-replicas';

/** By cluster, how many replicas it keeps beyond what is decided; empty where nothing is held. */
export type Held = ReadonlyMap<string, number>;

interface Standing {
  readonly wanted: number;
  /** As its Work says. */
  readonly has: number;
  readonly ready: number;
  readonly isHeld: boolean;
}

/** Differs from Karmada: there old and new counts are written at once, and what moves is missing until it has started. */
export function heldBack(binding: ResourceBinding, works: readonly Work[], now: Millis, profile: Profile): Held {
  const { spec, metadata, status } = binding;
  const isCounted = (spec.replicas ?? 0) > 0 && spec.components === undefined && !isDuplicated(spec.placement ?? {});
  if (!profile.switches.staysUntilArrived || !isCounted) return new Map();
  const standings = standingsOf(spec, works);
  const giving = [...standings].filter(([, { wanted, has }]) => has > wanted && wanted > 0);
  if (giving.length === 0) return new Map();
  const growth = sumOf(standings, ({ wanted, has }) => Math.max(0, wanted - has));
  if (growth === 0 && !giving.some(([, { isHeld }]) => isHeld)) return new Map();
  // Until the scheduler has told of its decision, its time is that of the one before.
  const isTold = !isClaimed(metadata) || status?.schedulerObservedGeneration === metadata.generation;
  const decided = parseTime(status?.lastScheduledTime ?? '');
  const taking = [...standings].flatMap(([name, { wanted, ready }]) => (ready < wanted ? [name] : []));
  const since = dispatchedSince(binding, taking, works, now);
  const isLate = (from: Millis) => now >= from + profile.timings.gracefulEvictionTimeoutMs;
  if (since !== null && isTold && (decided === null || isLate(Math.max(decided, since)))) return new Map();
  let lacking = sumOf(standings, ({ wanted, has, ready }) => (has > wanted ? 0 : Math.max(0, wanted - ready)));
  const held = new Map<string, number>();
  for (const [name, { wanted, has, isHeld }] of giving.sort(([a], [b]) => byText(a, b))) {
    const kept = growth > 0 || isHeld ? Math.min(has - wanted, lacking) : 0;
    lacking -= kept;
    if (kept > 0) held.set(name, kept);
  }
  return held;
}

function standingsOf({ clusters = [] }: ResourceBindingSpec, works: readonly Work[]): ReadonlyMap<string, Standing> {
  const byCluster = new Map(works.map((work) => [clusterOfExecutionSpace(work.metadata.namespace ?? '') ?? '', work]));
  return new Map(
    clusters.map(({ name, replicas: wanted = 0 }) => {
      const work = byCluster.get(name);
      const isHeld = work?.metadata.annotations?.[HELD_ANNOTATION] !== undefined;
      return [name, { wanted, has: countIn(work), ready: readyIn(work), isHeld }];
    }),
  );
}

export function countIn(work: Work | undefined): number {
  const spec = work?.spec.workload.manifests?.[0]?.spec;
  return isObject(spec) && typeof spec.replicas === 'number' ? spec.replicas : 0;
}

export function readyIn(work: Work | undefined): number {
  const status = work?.status?.manifestStatuses?.[0]?.status;
  return isObject(status) && typeof status.readyReplicas === 'number' ? status.readyReplicas : 0;
}

const sumOf = (standings: ReadonlyMap<string, Standing>, count: (standing: Standing) => number): number =>
  [...standings.values()].reduce((sum, standing) => sum + count(standing), 0);

/** The binding as its Works are to be made for now. */
export const withHeld = (binding: ResourceBinding, held: Held): ResourceBinding =>
  held.size === 0
    ? binding
    : {
        ...binding,
        spec: {
          ...binding.spec,
          clusters: (binding.spec.clusters ?? []).map((target) => ({
            ...target,
            replicas: (target.replicas ?? 0) + (held.get(target.name) ?? 0),
          })),
        },
      };

export function markedAsHeld(work: Work, held: Held): Work {
  const { [HELD_ANNOTATION]: _before, ...annotations } = work.metadata.annotations ?? {};
  const kept = held.get(clusterOfExecutionSpace(work.metadata.namespace ?? '') ?? '');
  const marks: Record<string, string> = kept === undefined ? {} : { [HELD_ANNOTATION]: String(kept) };
  return merged(work, { metadata: merged(work.metadata, { annotations: merged(annotations, marks) }) });
}
