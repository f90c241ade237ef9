// Pods' own subresources that write: binding to a node, and eviction within disruption budgets.
import {
  badRequest,
  conflict,
  internalError,
  isObject,
  type KubeObject,
  type LabelSelector,
  matchesSelector,
  parseSelector,
  tooManyRequests,
} from '../../../engine/index.ts';
import { readObject } from '../body.ts';
import { bodyResponse } from '../encode.ts';
import type { Hub } from '../hub.ts';
import { chooseAnswer } from '../negotiate.ts';
import { removeObject } from '../objects/remove.ts';
import { liveObject, updateObject } from '../objects/write.ts';
import { readWriteOptions } from '../options.ts';
import type { ApiRequest, ApiResponse } from '../request.ts';
import type { Resource } from '../resource.ts';
import { items, read } from '../resources/cells.ts';

const SUCCESS = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };

export function handleBinding(
  hub: Hub,
  pods: Resource,
  namespace: string,
  name: string,
  request: ApiRequest,
): ApiResponse {
  const answer = chooseAnswer(request.headers.accept, request.query, false);
  const options = readWriteOptions(request, 'CreateOptions');
  const bindings = hub.registry.find('', 'v1', 'bindings')!;
  const { object } = readObject(request, bindings, hub.registry, options.fieldValidation);
  const pod = liveObject(hub, pods, namespace, name);
  const named = { group: '', resource: 'pods/binding' };
  if (pod.metadata.deletionTimestamp !== undefined) {
    throw conflict(named, name, `pod ${name} is being deleted, cannot be assigned to a host`);
  }
  const host = read(pod, 'spec.nodeName');
  if (typeof host === 'string' && host !== '') {
    throw conflict(named, name, `pod ${name} is already assigned to node "${host}"`);
  }
  const target = read(object, 'target.name');
  if (typeof target !== 'string' || target === '') throw badRequest('target.name is required');
  const conditions = items(read(pod, 'status.conditions')).filter(({ type }) => type !== 'PodScheduled');
  const at = new Date(hub.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  const scheduled = { type: 'PodScheduled', status: 'True', lastTransitionTime: at };
  const bound: KubeObject = {
    ...pod,
    spec: { ...(isObject(pod.spec) ? pod.spec : {}), nodeName: target },
    status: { ...(isObject(pod.status) ? pod.status : {}), conditions: [...conditions, scheduled] },
  };
  if (!options.dryRun) hub.store.put(pods.collection, bound);
  return bodyResponse(SUCCESS, answer, 201);
}

export function handleEviction(
  hub: Hub,
  pods: Resource,
  namespace: string,
  name: string,
  request: ApiRequest,
): ApiResponse {
  const answer = chooseAnswer(request.headers.accept, request.query, false);
  const options = readWriteOptions(request, 'CreateOptions');
  const type = hub.registry.builtins.types.get('policy/v1')!.get('Eviction')!;
  const evictions: Resource = { ...pods, group: 'policy', version: 'v1', kind: 'Eviction', builtin: type, shape: type };
  const { object } = readObject(request, evictions, hub.registry, options.fieldValidation);
  if (object.metadata.name !== undefined && object.metadata.name !== '' && object.metadata.name !== name) {
    throw badRequest(`name in URL does not match name in Eviction object: ${name} != ${object.metadata.name}`);
  }
  const pod = liveObject(hub, pods, namespace, name);
  const budget = hub.registry.find('policy', 'v1', 'poddisruptionbudgets')!;
  if (!isExpendable(pod)) spendBudget(hub, budget, namespace, pod, options.dryRun, request);
  const wanted = isObject(object.deleteOptions) ? object.deleteOptions : {};
  const grace = typeof wanted.gracePeriodSeconds === 'number' ? wanted.gracePeriodSeconds : null;
  removeObject(hub, pods, pod, {
    dryRun: options.dryRun,
    propagation: 'Background',
    uid: null,
    resourceVersion: null,
    gracePeriodSeconds: grace,
  });
  return bodyResponse(SUCCESS, answer, 201);
}

const isExpendable = (pod: KubeObject): boolean =>
  ['Succeeded', 'Failed', 'Pending'].includes(String(read(pod, 'status.phase'))) ||
  pod.metadata.deletionTimestamp !== undefined;

function spendBudget(
  hub: Hub,
  budgets: Resource,
  namespace: string,
  pod: KubeObject,
  dryRun: boolean,
  request: ApiRequest,
): void {
  const matching = hub.store.list(budgets.collection, namespace).filter((budget) => {
    const selector = read(budget, 'spec.selector') as LabelSelector | undefined;
    return selector !== undefined && matchesSelector(parseSelector(selector), pod.metadata.labels);
  });
  if (matching.length > 1)
    throw internalError(
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  const budget = matching[0];
  if (budget === undefined) return;
  const allowed = Number(read(budget, 'status.disruptionsAllowed') ?? 0);
  if (allowed <= 0) {
    const desired = Number(read(budget, 'status.desiredHealthy') ?? 0);
    const current = Number(read(budget, 'status.currentHealthy') ?? 0);
    throw tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", [
      {
        reason: 'DisruptionBudget',
        message: `The disruption budget ${budget.metadata.name} needs ${desired} healthy pods and has ${current} currently`,
      },
    ]);
  }
  const status = { ...(isObject(budget.status) ? budget.status : {}), disruptionsAllowed: allowed - 1 };
  const by = { name: 'eviction', operation: 'Update' as const, apiVersion: 'policy/v1', subresource: 'status' };
  updateObject({ hub, resource: budgets, user: request.user, by, dryRun }, { ...budget, status }, budget, 'status');
}
