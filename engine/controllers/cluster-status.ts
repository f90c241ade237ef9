// Asks each cluster again and again how it is: whether its API is ready, what it serves, and how much room there is.
//
// One answer that differs from those before it does not turn a cluster: only when they have differed for a while. As in
// Karmada, that clock is kept in memory and lost with it.
import type { Cluster, ClusterStatus } from '../api/cluster.ts';
import { COLLECTIONS } from '../api/kinds.ts';
import type { Command, CommandResult } from '../control/command.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../control/controller.ts';
import { memberPlace } from '../control/place.ts';
import { type ConditionState, findCondition, withCondition } from '../kube/conditions.ts';
import { deepEqual, isObject, type JsonObject } from '../kube/json.ts';
import type { Millis } from '../kube/time.ts';
import type { Timings } from '../profile/timings.ts';
import type { Change } from '../store/change.ts';
import type { ControlPorts } from './ports.ts';
import { updateStatus } from './writes.ts';

/** Lists of APIs change seldom and are long: they are asked for in one round of so many. */
const API_ROUNDS = 6;

interface Memory {
  readonly round: number;
  /** Since when answers have differed from what the cluster is said to be; null while they agree. */
  readonly differsSince: Millis | null;
  /** When the questions of this round were sent. */
  readonly askedAt: Millis;
}

export function clusterStatus({ profile }: ControlPorts, agentOf: string | null = null): Controller {
  return {
    name: 'cluster-status',
    concurrency: 1_000,
    // No answer is an answer: what follows from it is not put off.
    backOff: { baseMs: 1, maxMs: 1_000 },
    watches: [{ on: 'hub', collection: COLLECTIONS.clusters, keysOf: (change) => wake(change, agentOf) }],
    reconcile: (name, view, now) => reconcile(name, view, now, profile.timings, agentOf),
  };
}

/** Only at the beginning: after that it wakes by itself. */
const wake = ({ type, object }: Change, agentOf: string | null): readonly string[] =>
  type === 'ADDED' && (agentOf === null || agentOf === object.metadata.name) ? [object.metadata.name] : [];

const isMemory = (value: unknown): value is Memory => isObject(value) && typeof value.round === 'number';

function reconcile(name: string, view: View, now: Millis, timings: Timings, agentOf: string | null): Outcome {
  const found = view.get(COLLECTIONS.clusters, '', name);
  if (found === null) return { ...NOTHING_TO_DO, remember: null };
  const cluster = found as unknown as Cluster;
  if ((cluster.spec.syncMode === 'Pull') !== (agentOf !== null)) return NOTHING_TO_DO;
  const memory = isMemory(view.remembered) ? view.remembered : { round: 0, differsSince: null, askedAt: now };
  const answers = view.attempt.results.filter(({ command }) => command.verb === 'ask');
  if (answers.length === 0) return ask(cluster, memory, now);
  const heard = answers.map(({ result }) => result);
  const { status, differsSince } = judge(cluster, heard, memory, now, timings);
  const everyMs = differsSince === null ? timings.clusterStatusUpdateFrequencyMs : timings.clusterSuspicionFrequencyMs;
  const next = Math.max(1, memory.askedAt + everyMs - now);
  const remember = { round: memory.round + 1, differsSince, askedAt: memory.askedAt };
  if (status === null) return { commands: [], requeue: { afterMs: next }, events: [], remember };
  // Whole, and not as a patch: a resource that is no longer taken must not stay in a map.
  const command = updateStatus(COLLECTIONS.clusters, { ...found, status: { ...cluster.status, ...status } });
  return { commands: [command], requeue: { afterMs: next }, events: [], remember };
}

function ask({ metadata, spec, status }: Cluster, memory: Memory, now: Millis): Outcome {
  const on = memberPlace(metadata.name);
  const models = spec.resourceModels;
  const wantsApis = memory.round % API_ROUNDS === 0 || status?.apiEnablements === undefined;
  const commands: Command[] = [
    { verb: 'ask', on, question: { about: 'health' } },
    { verb: 'ask', on, question: { about: 'summary', ...(models !== undefined && { models }) } },
    ...(wantsApis ? [{ verb: 'ask' as const, on, question: { about: 'apis' as const } }] : []),
  ];
  // Where one question finds no answer the others are not asked.
  const remember = { round: memory.round, differsSince: memory.differsSince, askedAt: now };
  return { commands, requeue: 'when-done', events: [], remember };
}

interface Judgement {
  /** What is to be written; null where nothing has changed. */
  readonly status: JsonObject | null;
  readonly differsSince: Millis | null;
}

function judge(
  { status }: Cluster,
  [health, summary, apis]: readonly CommandResult[],
  memory: Memory,
  now: Millis,
  timings: Timings,
): Judgement {
  const observed = readyState(health);
  const known = findCondition(status?.conditions, 'Ready');
  const isDifferent = known !== undefined && known.status !== observed.status;
  const differsSince = isDifferent ? (memory.differsSince ?? now) : null;
  const threshold = observed.status === 'True' ? timings.clusterSuccessThresholdMs : timings.clusterFailureThresholdMs;
  const isSettled = differsSince === null || now - differsSince >= threshold;
  const news: Record<string, unknown> = {};
  const isOnline = observed.reason !== 'ClusterNotReachable';
  const states: ConditionState[] = isSettled ? [observed] : [];
  if (isOnline && answerOf(apis) !== null) {
    states.push(COMPLETE_APIS);
    note(news, status, 'apiEnablements', (answerOf(apis) as { apis: unknown }).apis);
  }
  if (isOnline) {
    note(news, status, 'kubernetesVersion', (answerOf(health) as { version?: unknown } | null)?.version);
    const told = answerOf(summary) as { nodeSummary?: unknown; resourceSummary?: unknown } | null;
    note(news, status, 'nodeSummary', told?.nodeSummary);
    note(news, status, 'resourceSummary', told?.resourceSummary);
  }
  const conditions = states.reduce((list, state) => withCondition(list, state, now), [...(status?.conditions ?? [])]);
  if (!deepEqual(conditions, status?.conditions ?? [])) news.conditions = conditions;
  return {
    status: Object.keys(news).length === 0 ? null : (news as JsonObject),
    differsSince: isSettled ? null : differsSince,
  };
}

const answerOf = (result: CommandResult | undefined): unknown =>
  result?.ok === true && isObject(result.answer) ? result.answer : null;

function note(
  news: Record<string, unknown>,
  status: ClusterStatus | undefined,
  field: keyof ClusterStatus,
  value: unknown,
) {
  if (value !== undefined && value !== null && !deepEqual(value, status?.[field] ?? null)) news[field] = value;
}

function readyState(health: CommandResult | undefined): ConditionState {
  const answer = answerOf(health) as { healthy?: unknown } | null;
  const type = 'Ready';
  if (answer?.healthy === true)
    return { type, status: 'True', reason: 'ClusterReady', message: 'the cluster is well and answers' };
  if (answer !== null)
    return { type, status: 'False', reason: 'ClusterNotReady', message: 'the cluster answers that it is not well' };
  return { type, status: 'False', reason: 'ClusterNotReachable', message: 'the cluster does not answer' };
}

const COMPLETE_APIS: ConditionState = {
  type: 'CompleteAPIEnablements',
  status: 'True',
  reason: 'Complete',
  message: 'all its APIs are known',
};
