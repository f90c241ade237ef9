// Takes a binding out of clusters: they are no longer its targets, and a task says how what runs there is to end.
import type { GracefulEvictionTask, ResourceBinding } from '../api/binding.ts';
import type { StatePreservation } from '../api/policy.ts';
import { own } from '../base/own.ts';
import type { Command } from '../control/command.ts';
import type { EventRecord } from '../control/controller.ts';
import type { JsonObject } from '../kube/json.ts';
import { isObject } from '../kube/json.ts';
import { formatTime, type Millis } from '../kube/time.ts';
import type { ObjectKey } from '../store/key.ts';
import { eventsAbout, patch } from './writes.ts';

type Rules = StatePreservation['rules'];

/** The same for every cluster that is left. */
export type EvictionReason = Omit<GracefulEvictionTask, 'fromCluster' | 'creationTimestamp'>;

export function evict(
  key: ObjectKey,
  binding: ResourceBinding,
  from: readonly string[],
  task: EvictionReason,
  rules: Rules,
  now: Millis,
  annotations: JsonObject = {},
): { readonly commands: readonly Command[]; readonly events: readonly EventRecord[] } {
  const { clusters = [], gracefulEvictionTasks = [] } = binding.spec;
  const before = clusters.map(({ name }) => name);
  const tasks = clusters
    .filter(({ name }) => from.includes(name))
    .map(({ name, replicas }): GracefulEvictionTask => {
      const preserved = preservedState(binding, name, rules);
      return {
        fromCluster: name,
        ...(replicas !== undefined && { replicas }),
        ...task,
        creationTimestamp: formatTime(now),
        ...(preserved !== null && { preservedLabelState: preserved }),
        clustersBeforeFailover: before,
      };
    });
  const kept = gracefulEvictionTasks.filter(({ fromCluster }) => !from.includes(fromCluster));
  const spec = {
    clusters: clusters.filter(({ name }) => !from.includes(name)),
    gracefulEvictionTasks: [...kept, ...tasks],
  } as unknown as JsonObject;
  return {
    commands: [
      patch(key, binding, { ...(Object.keys(annotations).length > 0 && { metadata: { annotations } }), spec }),
    ],
    events: from.flatMap((name) =>
      eventsAbout(binding, key, 'Normal', 'EvictWorkloadFromClusterSucceed', `it leaves ${name}: ${task.reason}`),
    ),
  };
}

/** Null where nothing is to be preserved, or where not all of it can be found. */
function preservedState({ status }: ResourceBinding, cluster: string, rules: Rules): Record<string, string> | null {
  if (rules.length === 0) return null;
  const reported = status?.aggregatedStatus?.find(({ clusterName }) => clusterName === cluster)?.status;
  const state: Record<string, string> = {};
  for (const { aliasLabelName, jsonPath } of rules) {
    const value = valueAtPath(reported, jsonPath);
    if (value === undefined || value === null) return null;
    state[aliasLabelName] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return state;
}

/** "{.a.b}", ".a.b" or "a.b"; steps into lists as "[0]". */
function valueAtPath(root: unknown, path: string): unknown {
  const steps = path.replace(/^\{|\}$/g, '').match(/[^.[\]]+/g) ?? [];
  let value: unknown = root;
  for (const step of steps) {
    if (Array.isArray(value)) value = value[Number(step)];
    else value = isObject(value) ? own(value, step) : undefined;
  }
  return value;
}
