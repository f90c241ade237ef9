// Takes a binding out of clusters: they are no longer its targets, and a task says how what runs there is to end.
import type { GracefulEvictionTask, ResourceBinding, TargetCluster } from '../../api/binding.ts';
import type { StatePreservation } from '../../api/policy.ts';
import type { Command } from '../../control/command.ts';
import type { EventRecord } from '../../control/controller.ts';
import type { JsonObject } from '../../kube/json.ts';
import { evaluateJsonPath, JsonPathError } from '../../kube/json-path.ts';
import { formatTime, type Millis } from '../../kube/time.ts';
import type { ObjectKey } from '../../store/key.ts';
import { eventsAbout, patch } from '../writes.ts';

type Rules = StatePreservation['rules'];

/** The same for every cluster that is left. */
export type EvictionReason = Omit<GracefulEvictionTask, 'fromCluster' | 'creationTimestamp'>;

/** What the state of a workload is to take along to where it starts anew. */
export interface Luggage {
  readonly rules: Rules;
  /** Whether it is noted where it was, so that nothing is handed to a copy that ran before. */
  readonly notesClusters: boolean;
}

export interface Eviction {
  readonly commands: readonly Command[];
  readonly events: readonly EventRecord[];
  /** Clusters that are not left for now, by why: the state that is to go along has not been told there. */
  readonly waiting: ReadonlyMap<string, string>;
}

/** Each cluster by itself: in Karmada one whose state is not known keeps an application from leaving the others, too. */
export function evict(
  key: ObjectKey,
  binding: ResourceBinding,
  from: readonly string[],
  reason: EvictionReason,
  luggage: Luggage,
  now: Millis,
  annotations: JsonObject = {},
): Eviction {
  const { clusters = [], gracefulEvictionTasks = [] } = binding.spec;
  const waiting = new Map<string, string>();
  const tasks: GracefulEvictionTask[] = [];
  const left = new Set<string>();
  for (const target of clusters.filter(({ name }) => from.includes(name))) {
    const state = stateIn(binding, target.name, luggage.rules);
    if (typeof state === 'string') waiting.set(target.name, state);
    else {
      left.add(target.name);
      tasks.push(taskFor(target, binding, reason, state, luggage, now));
    }
  }
  if (left.size === 0) return { commands: [], events: [], waiting };
  // What somebody said before of how it is to end there goes on.
  const isNew = ({ fromCluster }: GracefulEvictionTask) =>
    !gracefulEvictionTasks.some((one) => one.fromCluster === fromCluster);
  const spec = {
    clusters: clusters.filter(({ name }) => !left.has(name)),
    gracefulEvictionTasks: [...gracefulEvictionTasks, ...tasks.filter(isNew)],
  } as unknown as JsonObject;
  const metadata = Object.keys(annotations).length > 0 ? { metadata: { annotations } } : {};
  return { commands: [patch(key, binding, { ...metadata, spec })], events: [], waiting };
}

function taskFor(
  { name, replicas = 0 }: TargetCluster,
  { spec }: ResourceBinding,
  reason: EvictionReason,
  state: Record<string, string> | null,
  { notesClusters }: Luggage,
  now: Millis,
): GracefulEvictionTask {
  return {
    fromCluster: name,
    ...(replicas > 0 && { replicas }),
    ...reason,
    creationTimestamp: formatTime(now),
    ...(state !== null && {
      preservedLabelState: state,
      ...(notesClusters && { clustersBeforeFailover: (spec.clusters ?? []).map((one) => one.name) }),
    }),
  };
}

/** Null where nothing is to go along; a text where it is not known, why. */
function stateIn({ status }: ResourceBinding, cluster: string, rules: Rules): Record<string, string> | string | null {
  if (rules.length === 0) return null;
  const reported = status?.aggregatedStatus?.find(({ clusterName }) => clusterName === cluster)?.status;
  if (reported === undefined || reported === null) return 'it has told no status there';
  const state: Record<string, string> = {};
  for (const { aliasLabelName, jsonPath } of rules) {
    try {
      state[aliasLabelName] = evaluateJsonPath(jsonPath, reported);
    } catch (error) {
      if (error instanceof JsonPathError) return `the state ${aliasLabelName} (${jsonPath}): ${error.message}`;
      throw error;
    }
  }
  return state;
}

/** Told when it begins to be in the way, and not at every try. */
export const toldWaiting = (
  binding: ResourceBinding,
  key: ObjectKey,
  { waiting }: Eviction,
  failures: number,
): readonly EventRecord[] =>
  failures > 0
    ? []
    : [...waiting].flatMap(([name, why]) =>
        eventsAbout(binding, key, 'Warning', 'EvictWorkloadFromClusterFailed', `it cannot leave ${name}: ${why}`),
      );
