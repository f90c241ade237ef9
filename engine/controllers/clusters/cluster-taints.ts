// A cluster's condition -> its taints: what is not ready gets nothing new. With `leavesDeadClusters` what stays out of reach is
// left, too; in Karmada somebody has to say so.
import type { Cluster } from '../../api/cluster.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { TAINTS } from '../../api/names.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Taint } from '../../kube/taint.ts';
import { formatTime, type Millis, parseTime } from '../../kube/time.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Change } from '../../store/change.ts';
import { isOther } from '../changes.ts';
import type { ControlPorts } from '../ports.ts';
import { event, patch } from '../writes.ts';
import { isReady, readiness, readySince } from './cluster-conditions.ts';

/** How often it is looked whether a mass failure is over. */
const MASS_FAILURE_POLL_MS: Millis = 10_000;

const OWN_KEYS = new Set<string>([TAINTS.notReady, TAINTS.unreachable]);

export function clusterTaints({ profile }: ControlPorts): Controller {
  return {
    name: 'cluster-taints',
    watches: [
      { on: 'hub', collection: COLLECTIONS.clusters, keysOf: wake },
      { on: 'hub', collection: COLLECTIONS.taintPolicies },
    ],
    reconcile: (name, view, now) => reconcile(name, view, now, profile),
  };
}

/** When its readiness or its taints change. */
function wake({ type, object, previous }: Change): readonly string[] {
  if (type === 'DELETED') return [];
  const isNews =
    previous === null ||
    readiness(object) !== readiness(previous) ||
    isOther((object as unknown as Cluster).spec.taints, (previous as unknown as Cluster).spec.taints);
  return isNews ? [object.metadata.name] : [];
}

function reconcile(name: string, view: View, now: Millis, profile: Profile): Outcome {
  const found = view.get(COLLECTIONS.clusters, '', name);
  if (found === null || found.metadata.deletionTimestamp !== undefined) return NOTHING_TO_DO;
  const taints = (found as unknown as Cluster).spec.taints ?? [];
  const massAt = typeof view.remembered === 'number' ? view.remembered : null;
  const { wanted, againMs, isMass = false } = taintsFor(found, view, now, massAt, profile);
  const remember = isMass ? now : againMs === null ? null : massAt;
  const requeue = againMs === null ? 'await-change' : { afterMs: againMs };
  const kept = taints.filter((taint) => !isOver(taint, wanted, readySince(found) ?? now, view, profile));
  const missing = wanted.filter((taint) => !kept.some((one) => isSame(one, taint)));
  if (missing.length === 0 && kept.length === taints.length) return { commands: [], requeue, events: [], remember };
  const next = [...kept, ...missing.map((taint) => dated(taint, now))];
  const key = { collection: COLLECTIONS.clusters, namespace: '', name };
  const reason = next.length > taints.length ? 'TaintClusterSucceed' : 'UntaintClusterSucceed';
  const text = wanted.map(({ key: taint, effect }) => `${taint}:${effect}`).join(', ') || 'no taint of its condition';
  return {
    commands: [patch(key, found, { spec: { taints: next as unknown as string[] } })],
    requeue,
    events: [event('Normal', 'Cluster', key, reason, `the cluster has ${text}`)],
    remember,
  };
}

/**
 * Others set NoExecute taints of the same keys, and two who take away what the other sets never come to an end: such a taint goes
 * only with the condition that it was set in.
 */
function isOver(taint: Taint, wanted: readonly Taint[], since: Millis, view: View, { switches }: Profile): boolean {
  if (!OWN_KEYS.has(taint.key) || wanted.some((one) => isSame(one, taint))) return false;
  if (taint.effect === 'NoSchedule') return true;
  const added = parseTime(taint.timeAdded ?? '');
  if (!switches.leavesDeadClusters || taint.effect !== 'NoExecute' || added === null) return false;
  // Times may be from two clocks: they matter only where somebody else has a word in it.
  return added < since || !isSetByPolicy(taint, view);
}

const isSetByPolicy = (taint: Taint, view: View): boolean =>
  view
    .list(COLLECTIONS.taintPolicies)
    .some(({ spec }) => (spec as { readonly taints?: readonly Taint[] }).taints?.some((one) => isSame(one, taint)));

const isSame = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect;

const dated = (taint: Taint, now: Millis): Taint => ({ ...taint, timeAdded: formatTime(now) });

function taintsFor(
  found: KubeObject,
  view: View,
  now: Millis,
  massAt: Millis | null,
  { switches, timings }: Profile,
): { readonly wanted: readonly Taint[]; readonly againMs: Millis | null; readonly isMass?: boolean } {
  const state = readiness(found);
  if (state === 'True') return { wanted: [], againMs: null };
  const key = state === 'Unknown' ? TAINTS.unreachable : TAINTS.notReady;
  const noSchedule: Taint = { key, effect: 'NoSchedule' };
  // One that nothing has been heard of yet gets nothing either, and is not left.
  if (state === null || !switches.leavesDeadClusters) return { wanted: [noSchedule], againMs: null };
  const left = (readySince(found) ?? now) + timings.deadClusterTolerationMs - now;
  if (left > 0) return { wanted: [noSchedule], againMs: left };
  const noExecute: Taint = { key, effect: 'NoExecute' };
  if (switches.holdsEvictionInMassFailure) {
    const isMass = isMassFailure(view, timings.massFailurePercent);
    // When it ends the clusters come back one by one, and each may take as long as any to be trusted again.
    const calmAt =
      (massAt ?? Number.NEGATIVE_INFINITY) + timings.clusterSuccessThresholdMs + timings.deadClusterTolerationMs;
    if (isMass || calmAt > now) {
      const hasIt = (found as unknown as Cluster).spec.taints?.some((one) => isSame(one, noExecute)) === true;
      return { wanted: hasIt ? [noSchedule, noExecute] : [noSchedule], againMs: MASS_FAILURE_POLL_MS, isMass };
    }
  }
  return { wanted: [noSchedule, noExecute], againMs: null };
}

/** One cluster alone is no mass, however small the fleet. */
export function isMassFailure(view: View, percent: number): boolean {
  const clusters = view.list(COLLECTIONS.clusters);
  const dead = clusters.filter((one) => readiness(one) !== null && !isReady(one)).length;
  return dead > 1 && dead * 100 > clusters.length * percent;
}
