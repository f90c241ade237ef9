// A decision that fails: why is told, what it leaves of the binding's places is written, and it is tried again in time.
import type { TargetCluster } from '../../../api/binding.ts';
import { COLLECTIONS } from '../../../api/kinds.ts';
import { ANNOTATIONS } from '../../../api/names.ts';
import { merged } from '../../../base/merged.ts';
import type { Outcome, Requeue, View } from '../../../control/controller.ts';
import { canonicalJson, deepEqual, type JsonObject } from '../../../kube/json.ts';
import type { Millis } from '../../../kube/time.ts';
import type { Profile } from '../../../profile/profile.ts';
import { asManyAsFit, type Decide } from '../../../schedule/as-many-as-fit.ts';
import { type FailureReason, failureReason } from '../../../schedule/decision.ts';
import type { Refused } from '../../../schedule/fast/verdict.ts';
import type { BindingInput } from '../../../schedule/request.ts';
import { objectKeyOf, readyIn } from '../../bindings.ts';
import { isReady } from '../../clusters/cluster-conditions.ts';
import { patch } from '../../writes.ts';
import { placedAs } from './placed-as.ts';
import type { Asked } from './quota.ts';
import { stays } from './standing-clusters.ts';
import { type Subject, tellRefusal } from './telling.ts';

/** Between two tries of what failed for another reason than room: at first, and at most. */
const [FIRST_RETRY_MS, LAST_RETRY_MS]: readonly [Millis, Millis] = [1_000, 10_000];

/** Room comes in many small pieces: who waits for it is not asked at every one. */
const ROOM_PAUSE_MS: Millis = 5_000;

/** What is remembered of a refusal: of which generation, in which fleet, and when; and for how long it was to wait. */
export interface Refusal {
  readonly generation: number;
  readonly fleet: number;
  readonly at: Millis;
  readonly reason: FailureReason;
  readonly waitsMs?: Millis;
}

/** What was refused, and why. */
export interface Refusing {
  readonly input: BindingInput;
  readonly verdict: Refused;
  readonly before: Refusal | undefined;
  readonly fleet: number;
  readonly asked: Asked;
  readonly decide: Decide;
}

export function refuse(subject: Subject, refusing: Refusing, view: View): Outcome {
  const { input, verdict, before, fleet } = refusing;
  const { key, binding, now, profile } = subject;
  const { metadata, spec } = binding;
  const reason = failureReason(verdict);
  const isRemoved = reason === 'NoClusterFit' && !profile.switches.keepsWhatFitsNowhere;
  const refusal = withWait({ generation: metadata.generation ?? 0, fleet, at: now, reason }, before, profile);
  const { waitsMs } = refusal;
  const wait: Requeue = waitsMs === undefined ? 'await-change' : { afterMs: waitsMs };
  const telling = tellRefusal(subject, reason, verdict.message, wait, verdict.passedOver);
  // Once it is nowhere, and that is noted, nothing may ask for another decision: it is told before.
  if (isRemoved && telling.commands.length > 0) return { ...telling, requeue: 'when-done', remember: null };
  const clusters = isRemoved ? [] : staying(input.spec.clusters ?? [], view, profile);
  const part = profile.switches.placesWhatFits ? placedInPart(subject, refusing, clusters, view) : null;
  if (part !== null) return part;
  const isElsewhere = !deepEqual(clusters, spec.clusters ?? []);
  const applied = canonicalJson(spec.placement ?? {});
  const isToBeNoted = isRemoved && metadata.annotations?.[ANNOTATIONS.appliedPlacement] !== applied;
  if (!isElsewhere && !isToBeNoted) return merged(telling, { remember: { refusal: { ...refusal } } });
  const change = {
    ...(isElsewhere && { spec: { clusters } }),
    ...(isToBeNoted && { metadata: { annotations: { [ANNOTATIONS.appliedPlacement]: applied } } }),
  } as unknown as JsonObject;
  return { commands: [patch(objectKeyOf(key), binding, change)], requeue: 'when-done', events: [], remember: null };
}

/** As much as there is room for, beside what is there; null where there is room for none of the rest. */
function placedInPart(
  { key, binding }: Subject,
  { input, verdict, asked, decide }: Refusing,
  there: readonly TargetCluster[],
  view: View,
): Outcome | null {
  const from = { spec: { ...input.spec, clusters: [...there] }, status: input.status };
  const part = asManyAsFit(from, verdict, decide, leavingAlive(input, view));
  if (part === null) return null;
  const change = placedAs(binding, part.clusters, part.affinity);
  const remember = { asked: { ...asked } };
  return { commands: [patch(objectKeyOf(key), binding, change)], requeue: 'when-done', events: [], remember };
}

/** Those that serve where they are to leave, until others have taken over. */
const leavingAlive = ({ spec, status }: BindingInput, view: View): number =>
  (spec.gracefulEvictionTasks ?? [])
    .filter(({ fromCluster }) => isReady(view.get(COLLECTIONS.clusters, '', fromCluster)))
    .filter(({ purgeMode }) => purgeMode !== 'Directly')
    .reduce((sum, { fromCluster, replicas = 0 }) => sum + Math.min(replicas, readyIn(fromCluster, status) ?? 0), 0);

/** What its namespace has no more of stays where it is, until there is more to be had: Karmada asks again every few seconds. */
export function keepWithinQuota(subject: Subject, message: string, view: View): Outcome {
  const { key, binding, profile } = subject;
  const there = binding.spec.clusters ?? [];
  const clusters = staying(there, view, profile);
  if (clusters.length < there.length) {
    const change = { spec: { clusters } } as unknown as JsonObject;
    return { commands: [patch(objectKeyOf(key), binding, change)], requeue: 'when-done', events: [] };
  }
  return merged(tellRefusal(subject, 'QuotaExceeded', message, 'await-change'), { remember: null });
}

/** How long who has just been refused is not asked again. */
export function pauseAfter(refusal: Refusal | undefined, generation: number, fleet: number, now: Millis): Millis {
  if (refusal?.reason !== 'Unschedulable') return 0;
  return refusal.generation === generation && refusal.fleet === fleet ? refusal.at + ROOM_PAUSE_MS - now : 0;
}

/** Differs from Karmada: there a cluster that is to go stays for as long as what was in it finds no room elsewhere. */
const staying = (there: readonly TargetCluster[], view: View, { switches }: Profile): readonly TargetCluster[] =>
  switches.leavesDeadClusters ? there.filter(({ name }) => stays(name, view)) : there;

/** What fits nowhere waits for the fleet to change, what finds no room looks again, and all else is tried again ever later. */
function withWait(refusal: Refusal, before: Refusal | undefined, { timings }: Profile): Refusal {
  if (refusal.reason === 'NoClusterFit') return refusal;
  if (refusal.reason === 'Unschedulable') return { ...refusal, waitsMs: timings.unschedulableRetryMs };
  const isAgain =
    before?.reason === refusal.reason && before.generation === refusal.generation && before.fleet === refusal.fleet;
  const waitsMs = isAgain ? Math.min(2 * (before.waitsMs ?? 0), LAST_RETRY_MS) : FIRST_RETRY_MS;
  return { ...refusal, waitsMs };
}
