// What an autoscaler makes of a divided workload in its clusters is what its template asks for from then on: else the hub would go on
// dividing other replicas than there are.
//
// Differs from Karmada: there it is done for Deployments alone.
import type { ResourceBinding } from '../../api/binding.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { bindingNameOf, LABELS } from '../../api/names.ts';
import { own } from '../../base/own.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { isObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import { isDuplicated } from '../../schedule/request.ts';
import type { Change } from '../../store/change.ts';
import { bindingAt } from '../bindings.ts';
import type { ControlPorts } from '../ports.ts';
import { event, patch } from '../writes.ts';

/** Pods of a StatefulSet come one by one: what comes of them is followed together. */
const REST_MS: Millis = 10_000;

/** By kind, where they are. */
const SCALED: Readonly<Record<string, string>> = { Deployment: 'apps/deployments', StatefulSet: 'apps/statefulsets' };

export function replicasSyncer({ profile }: ControlPorts): Controller {
  if (!profile.switches.followsAutoscalers) return { name: NAME, watches: [], reconcile: () => NOTHING_TO_DO };
  return {
    name: NAME,
    ignoresEchoes: true,
    watches: [
      ...Object.values(SCALED).map((collection) => ({ on: 'hub' as const, collection, keysOf: ofTemplate })),
      { on: 'hub', collection: COLLECTIONS.bindings, keysOf: ofBinding },
    ],
    reconcile: (key, view) => reconcile(key, view),
  };
}

const NAME = 'deployment-replicas-syncer';

const keyFor = (kind: string, namespace: string, name: string): string => `${kind}/${namespace}/${name}`;

const ofTemplate = ({ type, object: { kind, metadata }, object }: Change): readonly string[] =>
  type !== 'DELETED' && isScaled(object) ? [keyFor(kind, metadata.namespace ?? '', metadata.name)] : [];

function ofBinding({ type, object }: Change, view: View): readonly string[] {
  const { kind, namespace = '', name } = (object as unknown as ResourceBinding).spec.resource;
  if (type === 'DELETED') return [];
  const template = templateAt(kind, namespace, name, view);
  return template !== null && isScaled(template) ? [keyFor(kind, namespace, name)] : [];
}

function templateAt(kind: string, namespace: string, name: string, view: View): KubeObject | null {
  const collection = own(SCALED, kind);
  return collection === undefined ? null : view.get(collection, namespace, name);
}

/** Its clusters keep the replicas that they have. */
const isScaled = ({ metadata }: KubeObject): boolean => metadata.labels?.[LABELS.retainReplicas] === 'true';

const replicasIn = (part: unknown): number | null =>
  isObject(part) && typeof part.replicas === 'number' ? part.replicas : null;

function reconcile(key: string, view: View): Outcome {
  const [kind = '', namespace = '', name = ''] = key.split('/');
  const template = templateAt(kind, namespace, name, view);
  const binding = bindingAt(view, `${namespace}/${bindingNameOf(kind, name)}`);
  if (template === null || binding === null || !isScaled(template)) return NOTHING_TO_DO;
  if (template.metadata.deletionTimestamp !== undefined || isDuplicated(binding.spec.placement ?? {})) {
    return NOTHING_TO_DO;
  }
  const replicas = collected(template, binding);
  if (replicas === null || replicas === replicasIn(template.spec)) return NOTHING_TO_DO;
  const about = { collection: SCALED[kind]!, namespace, name };
  const told = `it has ${replicas} replicas in its clusters, and asks for as many from now on`;
  return {
    commands: [patch(about, template, { spec: { replicas } })],
    requeue: 'await-change',
    events: [event('Normal', kind, about, 'ReplicasSynced', told)],
    restMs: REST_MS,
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
