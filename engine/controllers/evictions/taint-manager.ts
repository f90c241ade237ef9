// NoExecute taints: what does not tolerate them leaves the cluster, at once or when its toleration runs out, so many a second.
import type { ResourceBinding } from '../../api/binding.ts';
import type { Cluster } from '../../api/cluster.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import type { PurgeMode } from '../../api/policy.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { type Taint, type Toleration, tolerates } from '../../kube/taint.ts';
import { type Millis, parseTime } from '../../kube/time.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Change } from '../../store/change.ts';
import {
  BINDINGS,
  BINDINGS_BY_TARGET,
  type BindingKey,
  bindingAt,
  bindingsIn,
  keyOfBinding,
  objectKeyOf,
} from '../bindings.ts';
import { isWish } from '../changes.ts';
import { onceMoreEach, sooner } from '../once-more.ts';
import type { ControlPorts } from '../ports.ts';
import { stagedPlacementOf } from '../rollout/staged-placement.ts';
import { appliedPlacementOf } from '../scheduling/applied-placement.ts';
import { type EvictionReason, evict, toldWaiting } from './evict.ts';

/** Karmada's three workers, each of which rests after an eviction. */
const WORKERS = 3;
const RATE_ZERO_MS: Millis = 1_800_000;

export function taintManager({ profile }: ControlPorts): Controller {
  const { resourceEvictionRate: rate } = profile.timings;
  return {
    name: 'taint-manager',
    indexes: BINDINGS_BY_TARGET,
    paceMs: Math.round(rate === 0 ? RATE_ZERO_MS : 1000 / rate / WORKERS),
    watches: [
      { on: 'hub', collection: COLLECTIONS.clusters, keysOf: ofCluster },
      ...BINDINGS.map((collection) => ({ on: 'hub' as const, collection, keysOf: ofBinding })),
    ],
    reconcile: (key, view, now) => reconcile(key, view, now, profile),
  };
}

const noExecuteOf = (cluster: Cluster | null | undefined): readonly Taint[] =>
  (cluster?.spec.taints ?? []).filter(({ effect }) => effect === 'NoExecute');

const taintsOf = (cluster: string, view: View): readonly Taint[] =>
  noExecuteOf(view.get(COLLECTIONS.clusters, '', cluster) as unknown as Cluster | null);

function ofCluster({ type, object, previous }: Change, view: View): readonly BindingKey[] {
  const [now, before] = [object, previous].map((one) => noExecuteOf(one as unknown as Cluster | null));
  if (type === 'DELETED' || now!.length === 0) return [];
  const isNews = now!.some(
    (taint) => !before!.some((one) => one.key === taint.key && one.timeAdded === taint.timeAdded),
  );
  return isNews || type === 'ADDED' ? bindingsIn(view, object.metadata.name) : [];
}

const ofBinding = (change: Change, view: View): readonly BindingKey[] =>
  change.type !== 'DELETED' && isWish(change) && isWhereTaintsAre(change.object as unknown as ResourceBinding, view)
    ? [keyOfBinding(change.object)]
    : [];

/** Clusters that get a taint, and those that come with one, are looked at as well. */
const isWhereTaintsAre = ({ spec }: ResourceBinding, view: View): boolean =>
  (spec.clusters ?? []).some(({ name }) => taintsOf(name, view).length > 0);

function reconcile(key: BindingKey, view: View, now: Millis, profile: Profile): Outcome {
  const { gates, timings, switches } = profile;
  if (!gates.Failover || !timings.enableNoExecuteTaintEviction) return NOTHING_TO_DO;
  const binding = bindingAt(view, key);
  if (binding === null || binding.metadata.deletionTimestamp !== undefined) return NOTHING_TO_DO;
  let next: Millis | null = null;
  const leaving: string[] = [];
  for (const { name } of binding.spec.clusters ?? []) {
    const taints = taintsOf(name, view);
    const tolerations = taints.length === 0 ? null : tolerationsOf(binding, name);
    // By what it was placed there nobody knows: nothing is taken away until that has been noted anew.
    if (tolerations === null) continue;
    const at = leavesAt(taints, tolerations, now, switches.leavesDeadClusters);
    if (at === null) continue;
    if (at <= now) leaving.push(name);
    else next = next === null ? at : Math.min(next, at);
  }
  // Who schedules may not have heard yet of the taint, and put it back at once.
  const { due, nextMs, ...memory } = onceMoreEach(view, leaving, now);
  const requeue = sooner(next === null ? 'await-change' : { afterMs: next - now }, nextMs);
  if (due.length === 0) return { commands: [], requeue, events: [], ...memory };
  const task: EvictionReason = {
    purgeMode: purgeModeOf(binding, timings.noExecuteTaintEvictionPurgeMode),
    reason: 'TaintUntolerated',
    producer: 'TaintManager',
  };
  const rules = binding.spec.failover?.cluster?.statePreservation?.rules ?? [];
  const luggage = {
    rules: gates.StatefulFailoverInjection ? rules : [],
    // Karmada notes it for applications alone: what taints leave in one place gets the state of the place that was left.
    notesClusters: switches.leavesDeadClusters,
  };
  const eviction = evict(objectKeyOf(key), binding, due, task, luggage, now);
  return {
    commands: eviction.commands,
    requeue: eviction.waiting.size > 0 ? 'back-off' : requeue,
    events: toldWaiting(binding, objectKeyOf(key), eviction, view.attempt.failures),
    ...memory,
  };
}

/** A policy that says anything about it without naming a mode means gracefully, whatever the control plane is told. */
function purgeModeOf({ spec: { failover } }: ResourceBinding, otherwise: 'Gracefully' | 'Directly'): PurgeMode {
  return failover?.cluster === undefined ? otherwise : (failover.cluster.purgeMode ?? 'Gracefully');
}

/** Those that it was placed by there, null where nobody knows: what a policy says since counts when it has been decided on. */
function tolerationsOf(binding: ResourceBinding, cluster: string): readonly Toleration[] | null {
  const { metadata, spec } = binding;
  const before = stagedPlacementOf(binding)?.stable;
  const isNew = before !== undefined && !before.some(({ name }) => name === cluster);
  if (isNew) return spec.placement?.clusterTolerations ?? [];
  const applied = appliedPlacementOf(metadata);
  return applied === null ? null : (applied.clusterTolerations ?? []);
}

/** When it has to leave: now or past for at once, null for never. */
function leavesAt(
  taints: readonly Taint[],
  tolerations: readonly Toleration[],
  now: Millis,
  longestCounts: boolean,
): Millis | null {
  let earliest: Millis | null = null;
  for (const taint of taints) {
    const matching = tolerations.filter((toleration) => tolerates(toleration, taint));
    // In Karmada the first that matches is the one that counts, whatever others say.
    const counting = longestCounts ? matching : matching.slice(0, 1);
    if (counting.length === 0) return now;
    const times = counting.flatMap(({ tolerationSeconds }) => tolerationSeconds ?? []);
    // One that does not say how long tolerates for ever.
    if (times.length < counting.length) continue;
    const added = parseTime(taint.timeAdded ?? '') ?? now;
    const at = added + Math.max(0, ...times) * 1000;
    earliest = earliest === null ? at : Math.min(earliest, at);
  }
  return earliest;
}
