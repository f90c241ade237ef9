// What an autoscaler makes of a divided Deployment in its clusters is what its template asks for from then on: else the hub would go on
// dividing other replicas than there are.
import type { ResourceBinding } from '../api/binding.ts';
import { COLLECTIONS } from '../api/kinds.ts';
import { bindingNameOf, LABELS } from '../api/names.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../control/controller.ts';
import { isObject } from '../kube/json.ts';
import type { KubeObject } from '../kube/meta.ts';
import { isDuplicated } from '../schedule/request.ts';
import type { Change } from '../store/change.ts';
import { bindingAt } from './bindings.ts';
import type { ControlPorts } from './ports.ts';
import { event, patch } from './writes.ts';

const DEPLOYMENTS = 'apps/deployments';
const KIND = 'Deployment';

export function replicasSyncer({ profile }: ControlPorts): Controller {
  if (!profile.switches.followsAutoscalers) return { name: NAME, watches: [], reconcile: () => NOTHING_TO_DO };
  return {
    name: NAME,
    ignoresEchoes: true,
    watches: [
      { on: 'hub', collection: DEPLOYMENTS, keysOf: ofDeployment },
      { on: 'hub', collection: COLLECTIONS.bindings, keysOf: ofBinding },
    ],
    reconcile: (key, view) => reconcile(key, view),
  };
}

const NAME = 'deployment-replicas-syncer';

const ofDeployment = ({ type, object }: Change): readonly string[] =>
  type !== 'DELETED' && isScaled(object) ? [`${object.metadata.namespace ?? ''}/${object.metadata.name}`] : [];

function ofBinding({ type, object }: Change, view: View): readonly string[] {
  const { kind, namespace = '', name } = (object as unknown as ResourceBinding).spec.resource;
  if (type === 'DELETED' || kind !== KIND) return [];
  const deployment = view.get(DEPLOYMENTS, namespace, name);
  return deployment !== null && isScaled(deployment) ? [`${namespace}/${name}`] : [];
}

/** Its clusters keep the replicas that they have. */
const isScaled = ({ metadata }: KubeObject): boolean => metadata.labels?.[LABELS.retainReplicas] === 'true';

const replicasIn = (part: unknown): number | null =>
  isObject(part) && typeof part.replicas === 'number' ? part.replicas : null;

function reconcile(key: string, view: View): Outcome {
  const [namespace = '', name = ''] = key.split('/');
  const deployment = view.get(DEPLOYMENTS, namespace, name);
  const binding = bindingAt(view, `${namespace}/${bindingNameOf(KIND, name)}`);
  if (deployment === null || binding === null || !isScaled(deployment)) return NOTHING_TO_DO;
  if (deployment.metadata.deletionTimestamp !== undefined || isDuplicated(binding.spec.placement ?? {})) {
    return NOTHING_TO_DO;
  }
  const replicas = collected(deployment, binding);
  if (replicas === null || replicas === replicasIn(deployment.spec)) return NOTHING_TO_DO;
  const about = { collection: DEPLOYMENTS, namespace, name };
  const told = `it has ${replicas} replicas in its clusters, and asks for as many from now on`;
  return {
    commands: [patch(about, deployment, { spec: { replicas } })],
    requeue: 'await-change',
    events: [event('Normal', KIND, about, 'ReplicasSynced', told)],
  };
}

/**
 * What its clusters have of it, once what it asks for has been decided and carried out, and its status says what they tell; null before.
 *
 * Differs from Karmada: a cluster that it has left does not count, and is not waited for: it may be dead.
 */
function collected(
  { spec, status }: KubeObject,
  { metadata, spec: wanted, status: told }: ResourceBinding,
): number | null {
  const { clusters = [], replicas = 0 } = wanted;
  if (replicasIn(spec) !== replicas || told?.schedulerObservedGeneration !== metadata.generation) return null;
  const items = told?.aggregatedStatus ?? [];
  const counts = new Map(items.map((item) => [item.clusterName, replicasIn(item.status) ?? 0]));
  if (sumOf([...counts.values()]) !== replicasIn(status)) return null;
  const there = clusters.map(({ name }) => counts.get(name) ?? 0);
  // An autoscaler leaves none at zero: whoever has none has not told yet.
  return there.length === 0 || there.includes(0) ? null : sumOf(there);
}

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
