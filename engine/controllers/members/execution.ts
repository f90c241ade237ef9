// Work -> member: each manifest is there as the Work says, drift is mended, what others made is left alone, and with the Work
// goes what it brought. Nothing is ever sent to a cluster that is not ready.

import type { Cluster } from '../../api/cluster.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { clusterOfExecutionSpace, executionSpaceOf, FINALIZERS } from '../../api/names.ts';
import { isSuppressed, type ManifestStatus, WORK_CONDITIONS, type Work } from '../../api/work.ts';
import { merged } from '../../base/merged.ts';
import type { Command } from '../../control/command.ts';
import {
  type Controller,
  NOTHING_TO_DO,
  type Outcome,
  type Reader,
  type Requeue,
  type View,
} from '../../control/controller.ts';
import { clusterOf, memberPlace, type Place } from '../../control/place.ts';
import { findCondition, hasConditionStatus } from '../../kube/conditions.ts';
import { deepEqual, isObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { type Millis, parseTime } from '../../kube/time.ts';
import type { Interpreter } from '../../propagate/interpret/interpreter.ts';
import { appliedCondition, dispatchingCondition } from '../../propagate/status.ts';
import type { Change } from '../../store/change.ts';
import type { ObjectKey } from '../../store/key.ts';
import { isOther, isWish } from '../changes.ts';
import { speaksFor } from '../clusters/spokesman.ts';
import { leftToWait } from '../joining.ts';
import { collectionOf, DEFINED_KIND_INDEX } from '../kinds.ts';
import type { ControlPorts } from '../ports.ts';
import { hold, isHeldBy, release } from '../writes.ts';
import { givenAgain } from './execution/again.ts';
import {
  applyManifest,
  endManifest,
  type ManifestOutcome,
  type Standing,
  type Written,
  workKeyIn,
} from './execution/manifest.ts';
import { newsOf } from './execution/news.ts';
import { told } from './execution/told.ts';
import { areLastWords, areOfNow, reflectedOf, SOON_MS } from './reflected.ts';

/** How often it is looked whether a member's list has come, or what is going has gone. */
const WAIT_POLL_MS: Millis = 1_000;

/** A member that does not answer is asked again soon enough: it may be back before anybody calls it not ready. */
const BACK_OFF = { baseMs: 500, maxMs: 30_000 };

/** What stood in the way bears no mark, and may go without anybody hearing of it. */
const REFUSED_POLL_MS: Millis = 30_000;

/** After that a cluster that is not seen is gone. */
const LOST_MS: Millis = 60_000;

const CONCURRENCY = 256;

/** Without a cluster those that the hub pushes to; with one, that one, as its agent. */
export function execution(ports: ControlPorts, agentOf: string | null = null): Controller {
  return {
    name: 'execution',
    indexes: [DEFINED_KIND_INDEX],
    concurrency: CONCURRENCY,
    backOff: BACK_OFF,
    ignoresEchoes: true,
    watches: [
      {
        on: 'hub',
        collection: COLLECTIONS.works,
        // What it tells is looked at, too: it may have been told by a view that was behind.
        keysOf: (change) => (isWish(change) || hasOtherConditions(change) ? keyOfWork(change.object) : []),
      },
      { on: 'hub', collection: COLLECTIONS.clusters, keysOf: (change, view) => worksOfCluster(change, view, agentOf) },
      { on: 'members', collection: () => true, keysOf: (change, _, place) => keysOfMemberObject(change, place) },
      // Read where a kind is looked up.
      { on: 'hub', collection: COLLECTIONS.definitions },
    ],
    reconcile: (key, view, now) => reconcile(key, view, now, ports, agentOf),
  };
}

const hasOtherConditions = ({ type, object, previous }: Change): boolean =>
  type === 'MODIFIED' && isOther(conditionsOf(object), conditionsOf(previous));

const conditionsOf = (work: KubeObject | null): unknown => (work as unknown as Work | null)?.status?.conditions;

const keyOfWork = ({ metadata }: KubeObject): readonly string[] => [`${metadata.namespace ?? ''}/${metadata.name}`];

const isReady = (cluster: KubeObject | null): boolean =>
  cluster !== null && hasConditionStatus((cluster as unknown as Cluster).status?.conditions, 'Ready', 'True');

/** All of a cluster's, when it becomes ready and when it joins or leaves. */
function worksOfCluster({ type, object, previous }: Change, view: View, agentOf: string | null): readonly string[] {
  const { name } = object.metadata;
  if (agentOf !== null && agentOf !== name) return [];
  if (type === 'MODIFIED' && isReady(object) === isReady(previous)) return [];
  return view.list(COLLECTIONS.works, executionSpaceOf(name)).flatMap(keyOfWork);
}

function keysOfMemberObject(change: Change, place: Place): readonly string[] {
  if (!isWish(change)) return [];
  const cluster = clusterOf(place);
  const keys = [change.object, change.previous].flatMap((one) => (one === null ? [] : (workKeyIn(one) ?? [])));
  return keys.filter((key) => key.startsWith(`${executionSpaceOf(cluster ?? '')}/`));
}

function reconcile(key: string, view: View, now: Millis, ports: ControlPorts, agentOf: string | null): Outcome {
  const [space, name] = key.split('/') as [string, string];
  const found = view.get(COLLECTIONS.works, space, name) as unknown as Work | null;
  const clusterName = clusterOfExecutionSpace(space);
  if (found === null || clusterName === null) return NOTHING_TO_DO;
  const cluster = view.get(COLLECTIONS.clusters, '', clusterName);
  if (!speaksFor(clusterName, cluster, agentOf)) return NOTHING_TO_DO;
  const isEnding = found.metadata.deletionTimestamp !== undefined;
  if (isEnding && !isHeldBy(found, FINALIZERS.execution)) return NOTHING_TO_DO;
  if (!isEnding && isSuppressed(found)) return NOTHING_TO_DO;
  if (isEnding && cluster === null) return letGo(key, found, now);
  // Becoming ready wakes it.
  if (!isReady(cluster)) return isEnding ? NOTHING_TO_DO : told(found, [dispatchingCondition(found)], now);
  if (!isEnding && found.spec.suspendDispatching === true) return suspended(found, clusterName, view, now);
  if (!isEnding && !isHeldBy(found, FINALIZERS.execution)) return held(key, found);
  const outcomes = (found.spec.workload.manifests ?? []).map((manifest) =>
    oneManifest(manifest, found, clusterName, view, ports),
  );
  return isEnding ? end(key, found, outcomes) : apply(found, outcomes, clusterName, view, now, ports.interpreter);
}

/** Nothing is sent, but what it has brought is looked at all the same. */
function suspended(work: Work, cluster: string, view: View, now: Millis): Outcome {
  const telling = told(work, [dispatchingCondition(work)], now);
  if (!isHeldBy(work, FINALIZERS.execution)) return telling;
  const following = (work.spec.workload.manifests ?? []).flatMap((manifest): readonly Command[] => {
    const collection = collectionOf(manifest, view);
    return collection === null ? [] : follow(cluster, collection, view);
  });
  return merged(telling, { commands: [...telling.commands, ...following] });
}

const follow = (cluster: string, collection: string, view: View): readonly Command[] =>
  view.member(cluster).isWatched(collection)
    ? []
    : [{ verb: 'watch', on: memberPlace(cluster), collection, isIndependent: true }];

function oneManifest(
  manifest: KubeObject,
  work: Work,
  cluster: string,
  view: View,
  { interpreter, profile }: ControlPorts,
): ManifestOutcome {
  const collection = collectionOf(manifest, view);
  if (collection === null) {
    return work.metadata.deletionTimestamp === undefined
      ? { state: 'refused', commands: [], message: `the hub has no kind ${manifest.kind} of ${manifest.apiVersion}` }
      : { state: 'done', commands: [] };
  }
  const member: Reader = view.member(cluster);
  const place = memberPlace(cluster);
  if (!member.isSynced(collection)) return { state: 'waiting', commands: follow(cluster, collection, view) };
  const { namespace = '', name } = manifest.metadata;
  const { respectsOthers } = profile.switches;
  const there = member.get(collection, namespace, name);
  const standing: Standing = { work, there, collection, on: place, respectsOthers };
  return work.metadata.deletionTimestamp !== undefined
    ? endManifest(standing)
    : applyManifest(manifest, standing, writtenBefore(place, work, view), interpreter);
}

/** Whether a member has been given what it is to have. */
const writtenBefore = (place: Place, work: Work, { remembered, attempt }: View): Written => ({
  isOfNow: isObject(remembered) && remembered.generation === (work.metadata.generation ?? 0),
  isJustNow: (wanted, there) =>
    attempt.results.some(
      ({ command, result }) =>
        result.ok &&
        command.on === place &&
        command.verb === 'update' &&
        isSameVersion(result.object, there) &&
        deepEqual(atNoRevision(command.object), atNoRevision(wanted)),
    ),
});

const isSameVersion = (answered: KubeObject | null, there: KubeObject): boolean =>
  answered !== null &&
  answered.metadata.uid === there.metadata.uid &&
  answered.metadata.resourceVersion === there.metadata.resourceVersion;

const atNoRevision = ({ metadata, ...content }: KubeObject) => {
  const { resourceVersion: _revision, ...rest } = metadata;
  return merged(content, { metadata: rest });
};

/** Its cluster is gone, and with it whoever could be asked; whether it is only not seen yet shows before long. */
function letGo(key: string, work: Work, now: Millis): Outcome {
  const left = (parseTime(work.metadata.deletionTimestamp ?? '') ?? now) + LOST_MS - now;
  if (left > 0) return { commands: [], requeue: { afterMs: left }, events: [] };
  return { commands: [released(key, work)], requeue: 'await-change', events: [] };
}

/** Whoever made it by hand did not think of it: what it brings is to go with it, or to be left behind on purpose. */
const held = (key: string, work: Work): Outcome => ({
  commands: [hold(objectKeyOf(key), work, FINALIZERS.execution)],
  requeue: 'when-done',
  events: [],
});

const released = (key: string, work: Work): Command => release(objectKeyOf(key), work, FINALIZERS.execution);

function objectKeyOf(key: string): ObjectKey {
  const [namespace, name] = key.split('/') as [string, string];
  return { collection: COLLECTIONS.works, namespace, name };
}

function end(key: string, work: Work, outcomes: readonly ManifestOutcome[]): Outcome {
  const commands = outcomes.flatMap((outcome) => outcome.commands);
  if (outcomes.some(({ state }) => state === 'waiting'))
    return { commands, requeue: { afterMs: WAIT_POLL_MS }, events: [] };
  return { commands: [...commands, released(key, work)], requeue: 'await-change', events: [] };
}

function apply(
  work: Work,
  outcomes: readonly ManifestOutcome[],
  cluster: string,
  view: View,
  now: Millis,
  interpreter: Interpreter,
): Outcome {
  const { commands, waitsMs: againMs, memory, remember } = givenAgain(outcomes, work, view, now);
  const failed = view.attempt.results.flatMap(({ command, result }) =>
    !result.ok && command.on !== 'hub' && command.verb !== 'watch' ? [`${command.verb}: ${result.message}`] : [],
  );
  const failures = [
    ...outcomes.flatMap(({ state, message = '' }) => (state === 'refused' ? [message] : [])),
    ...(commands.length > 0 ? failed : []),
    ...(againMs > 0 ? ['what it brings is taken away as often as it is made'] : []),
  ];
  const isRefused = outcomes.some(({ state }) => state === 'refused');
  const isPending = outcomes.some(({ state }) => state === 'waiting' || state === 'changing');
  const manifests = outcomes.length;
  const conditions =
    failures.length > 0
      ? [appliedCondition(manifests, failures), dispatchingCondition(work)]
      : isPending
        ? []
        : [appliedCondition(manifests, []), dispatchingCondition(work)];
  const isDone = failures.length === 0 && !isPending;
  const isFirst = isDone && findCondition(work.status?.conditions, WORK_CONDITIONS.applied) === undefined;
  const reflection = isFirst ? reflectedOf(work, cluster, view, interpreter) : null;
  const statuses = reflection?.statuses ?? null;
  const waitsMs = statuses === null ? 0 : waitFor(statuses, work, view, now);
  if (waitsMs > 0) {
    return { commands, requeue: { afterMs: waitsMs }, events: [], remember: { ...memory, tellsAt: now + waitsMs } };
  }
  const telling = told(work, conditions, now, statuses);
  const isWaiting = outcomes.some(({ state }) => state === 'waiting');
  return {
    commands: [...telling.commands, ...commands],
    requeue: nextLook(commands, { isWaiting, againMs, isRefused }),
    events:
      telling.commands.length > 0
        ? [...telling.events, ...newsOf(work, failures, isDone, cluster, view), ...(reflection?.events ?? [])]
        : [],
    ...(isPending ? remember && { remember } : { remember: memory }),
  };
}

interface Left {
  readonly isWaiting: boolean;
  readonly againMs: Millis;
  readonly isRefused: boolean;
}

function nextLook(commands: readonly Command[], { isWaiting, againMs, isRefused }: Left): Requeue {
  if (isWaiting) return { afterMs: WAIT_POLL_MS };
  if (commands.length > 0) return 'when-done';
  if (againMs > 0) return { afterMs: againMs };
  return isRefused ? { afterMs: REFUSED_POLL_MS } : 'await-change';
}

/** That it is there is told together with how it is, which shows soon. */
function waitFor(statuses: readonly ManifestStatus[], work: Work, { remembered, attempt }: View, now: Millis): Millis {
  if (areOfNow(statuses) || areLastWords(statuses, work)) return 0;
  return leftToWait(isObject(remembered) ? remembered.tellsAt : null, SOON_MS, attempt, now);
}
