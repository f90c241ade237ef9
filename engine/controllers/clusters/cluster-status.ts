// Asks each cluster again and again how it is: whether its API is ready, what it serves, and how much room there is.
//
// One answer that differs from those before it does not turn a cluster: only when they have differed for a while. As in
// Karmada, that clock is kept in memory and lost with it: the first answer after a start counts at once.

import type { ApiEnablement, Cluster, ClusterStatus } from '../../api/cluster.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { merged } from '../../base/merged.ts';
import { rememberedOf } from '../../base/remembered.ts';
import type { CommandResult, MemberState } from '../../control/command.ts';
import { type Controller, type EventRecord, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { clusterOf, memberPlace, type Place } from '../../control/place.ts';
import { type ConditionState, findCondition, hasConditionStatus, withCondition } from '../../kube/conditions.ts';
import { deepEqual, isObject, type JsonObject } from '../../kube/json.ts';
import { mergePatchBetween } from '../../kube/merge-patch.ts';
import type { Condition, ConditionStatus, KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Timings } from '../../profile/timings.ts';
import type { Change } from '../../store/change.ts';
import type { ControlPorts } from '../ports.ts';
import { event, patchStatus } from '../writes.ts';

/** Lists of APIs change seldom and are long: they are asked for in one round of so many. */
const API_ROUNDS = 6;

interface Memory {
  readonly round: number;
  /** What the last answer was, and since when all have been so; null before the first. */
  readonly last: { readonly status: ConditionStatus; readonly since: Millis } | null;
  /** When the questions of this round were sent. */
  readonly askedAt: Millis;
}

/** Before anybody remembers. */
const EVER: Millis = 0;

export function clusterStatus({ profile }: ControlPorts, agentOf: string | null = null): Controller {
  return {
    name: 'cluster-status',
    concurrency: 1_000,
    // No answer is an answer: what follows from it is not put off.
    backOff: { baseMs: 1, maxMs: 1_000 },
    watches: [
      { on: 'hub', collection: COLLECTIONS.clusters, keysOf: (change) => wake(change, agentOf) },
      // A kind that has come is told soon: somebody waits to use it.
      { on: 'members', collection: COLLECTIONS.definitions, keysOf: (change, _, place) => ofDefinition(change, place) },
    ],
    reconcile: (name, view, now) => reconcile(name, view, now, profile, agentOf),
  };
}

/** Only at the beginning: after that it wakes by itself. */
const wake = ({ type, object }: Change, agentOf: string | null): readonly string[] =>
  type === 'ADDED' && (agentOf === null || agentOf === object.metadata.name) ? [object.metadata.name] : [];

const ofDefinition = ({ type, object }: Change, place: Place): readonly string[] =>
  type !== 'DELETED' && isEstablished(object) ? [clusterOf(place) ?? ''] : [];

const isEstablished = ({ status }: KubeObject): boolean =>
  hasConditionStatus((status as { conditions?: Condition[] } | undefined)?.conditions, 'Established', 'True');

/** Something is served there, as far as is seen from here, that the cluster is not known to serve. */
function servesMore(name: string, { status }: Cluster, view: View): boolean {
  return view
    .member(name)
    .list(COLLECTIONS.definitions)
    .some((definition) => {
      const { group, names } = definition.spec as { readonly group: string; readonly names: { readonly kind: string } };
      const isKnown = status?.apiEnablements?.some(
        ({ groupVersion, resources = [] }) =>
          groupVersion.startsWith(`${group}/`) && resources.some(({ kind }) => kind === names.kind),
      );
      return isEstablished(definition) && isKnown !== true;
    });
}

const isMemory = (value: unknown): value is Memory => isObject(value) && typeof value.round === 'number';

function reconcile(name: string, view: View, now: Millis, profile: Profile, agentOf: string | null): Outcome {
  const found = view.get(COLLECTIONS.clusters, '', name);
  if (found === null) return merged(NOTHING_TO_DO, { remember: null });
  const cluster = found as unknown as Cluster;
  if ((cluster.spec.syncMode === 'Pull') !== (agentOf !== null)) return NOTHING_TO_DO;
  const { timings } = profile;
  const memory = isMemory(view.remembered) ? view.remembered : { round: 0, last: null, askedAt: now };
  const answer = view.attempt.results.find(({ command }) => command.verb === 'ask');
  if (answer === undefined) return ask(cluster, memory, servesMore(name, cluster, view), now);
  const observed = readyState(answer.result);
  const last = lastOf(memory, observed, cluster, now, profile);
  const isSettled = isBelieved(last, observed, cluster, now, timings);
  const status = news(cluster, stateIn(answer.result), observed, isSettled, now);
  const everyMs = isSettled ? timings.clusterStatusUpdateFrequencyMs : timings.clusterSuspicionFrequencyMs;
  const next = Math.max(1, memory.askedAt + everyMs - now);
  const remember = { round: memory.round + 1, last, askedAt: memory.askedAt };
  if (status === null) return { commands: [], requeue: { afterMs: next }, events: [], remember };
  const command = patchStatus({ collection: COLLECTIONS.clusters, namespace: '', name }, found, status);
  const events = problemIn(answer.result) !== null && isNewsOf(status, observed) ? [told(name, observed)] : [];
  return { commands: [command], requeue: { afterMs: next }, events, remember };
}

/** What somebody has to mend is told of the Cluster, too. */
const told = (name: string, { reason, message }: ConditionState): EventRecord =>
  event('Warning', 'Cluster', { collection: COLLECTIONS.clusters, namespace: '', name }, reason, message);

const isNewsOf = ({ conditions }: JsonObject, { message }: ConditionState): boolean =>
  findCondition(conditions as Condition[] | undefined, 'Ready')?.message === message;

function ask({ metadata, spec, status }: Cluster, memory: Memory, hasNews: boolean, now: Millis): Outcome {
  const on = memberPlace(metadata.name);
  const models = spec.resourceModels;
  // Whoever answers may be far away, and relies on them.
  if (models !== undefined && !areModels(models)) throw new TypeError('the resource models are none');
  const withApis = hasNews || memory.round % API_ROUNDS === 0 || status?.apiEnablements === undefined;
  const question = { about: 'state' as const, ...(models !== undefined && { models }), withApis };
  const remember = { round: memory.round, last: memory.last, askedAt: now };
  return { commands: [{ verb: 'ask', on, question }], requeue: 'when-done', events: [], remember };
}

const areModels = (models: unknown): boolean => Array.isArray(models) && areAllModels(models);

const areAllModels = rememberedOf((models: readonly unknown[]): boolean =>
  models.every((model) => isObject(model) && Array.isArray(model.ranges) && model.ranges.every(isRange)),
);

const isRange = (range: unknown): boolean =>
  isObject(range) &&
  typeof range.name === 'string' &&
  [range.min, range.max].every((bound) => bound === undefined || ['string', 'number'].includes(typeof bound));

/** The clock of an answer begins with the first of its sort. */
function lastOf(
  { last }: Memory,
  { status }: ConditionState,
  cluster: Cluster,
  now: Millis,
  { switches }: Profile,
): NonNullable<Memory['last']> {
  if (last?.status === status) return last;
  // Where a cluster is left that is not ready, a single answer that was lost just after a start would empty it.
  const isAlarm = switches.leavesDeadClusters && status !== 'True' && readyOf(cluster)?.status === 'True';
  return { status, since: last === null && !isAlarm ? EVER : now };
}

/** Only between ready and not ready is there anything to wait for. */
function isBelieved(
  { since }: NonNullable<Memory['last']>,
  { status }: ConditionState,
  cluster: Cluster,
  now: Millis,
  timings: Timings,
): boolean {
  const known = readyOf(cluster);
  if (known === undefined || (known.status === 'True') === (status === 'True')) return true;
  const threshold = status === 'True' ? timings.clusterSuccessThresholdMs : timings.clusterFailureThresholdMs;
  return now - since >= threshold;
}

const readyOf = ({ status }: Cluster): Condition | undefined => findCondition(status?.conditions, 'Ready');

/** What is to be written, as a patch; null where nothing has changed. What a cluster holds counts once it is ready. */
function news(
  cluster: Cluster,
  state: MemberState | null,
  observed: ConditionState,
  isSettled: boolean,
  now: Millis,
): JsonObject | null {
  const { status } = cluster;
  const told = isSettled && observed.status === 'True' ? state : null;
  const changes: Record<string, unknown> = {};
  const states: ConditionState[] = isSettled ? [observed] : [];
  if (told?.apis !== undefined) {
    states.push(completeness(told.apis, told.areApisPartial === true));
    note(changes, status, 'apiEnablements', told.apis);
  }
  note(changes, status, 'kubernetesVersion', told?.version);
  note(changes, status, 'nodeSummary', told?.nodeSummary);
  note(changes, status, 'resourceSummary', told?.resourceSummary);
  const conditions = states.reduce((list, one) => withCondition(list, one, now), [...(status?.conditions ?? [])]);
  if (!deepEqual(conditions, status?.conditions ?? [])) changes.conditions = conditions;
  // A resource that is no longer taken goes from its map.
  return Object.keys(changes).length === 0
    ? null
    : (mergePatchBetween({ ...status }, merged(status, changes)) as JsonObject);
}

/** Null where there is no answer. */
const stateIn = (result: CommandResult): MemberState | null =>
  result.ok && isObject(result.answer) ? (result.answer as unknown as MemberState) : null;

function note(
  news: Record<string, unknown>,
  status: ClusterStatus | undefined,
  field: keyof ClusterStatus,
  value: unknown,
) {
  if (value !== undefined && value !== null && !deepEqual(value, status?.[field] ?? null)) news[field] = value;
}

function readyState(result: CommandResult): ConditionState {
  const type = 'Ready';
  const problem = problemIn(result);
  const state = stateIn(result);
  if (!result.ok && result.code === 'NoAccess')
    return { type, status: 'False', reason: 'StatusCollectionFailed', message: problem ?? result.message };
  if (state === null)
    return { type, status: 'False', reason: 'ClusterNotReachable', message: problem ?? unreached(result) };
  if (state.healthy)
    return { type, status: 'True', reason: 'ClusterReady', message: 'the cluster is well and answers' };
  return { type, status: 'False', reason: 'ClusterNotReady', message: 'the cluster answers, but not that it is well' };
}

const unreached = (result: CommandResult): string =>
  !result.ok && result.code === 'ServerError'
    ? 'the cluster answers that it is not well'
    : 'the cluster does not answer';

const problemIn = (result: CommandResult): string | null => (result.ok ? null : (result.problem ?? null));

function completeness(apis: readonly ApiEnablement[], arePartial: boolean): ConditionState {
  const type = 'CompleteAPIEnablements';
  if (apis.length === 0) return { type, status: 'False', reason: 'Empty', message: 'it tells of no API' };
  return arePartial
    ? { type, status: 'False', reason: 'Partial', message: `of ${apis.length} APIs it tells, and not of all` }
    : { type, status: 'True', reason: 'Complete', message: 'all its APIs are known' };
}
