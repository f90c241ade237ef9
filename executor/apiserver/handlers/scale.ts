// The scale subresource: replicas of anything that has them, read and written in one shape.
import {
  deepEqual,
  type FieldError,
  formatLabelTerms,
  invalid,
  invalidValue,
  isObject,
  type KubeObject,
  type LabelSelector,
  type LabelTerm,
  type Manager,
  staleRevision,
} from '../../../engine/index.ts';
import { fitObject, readObject } from '../body.ts';
import { bodyResponse } from '../encode.ts';
import type { Hub } from '../hub.ts';
import { chooseAnswer } from '../negotiate.ts';
import { liveObject, updateObject } from '../objects/write.ts';
import { readWriteOptions } from '../options.ts';
import type { ApiRequest, ApiResponse } from '../request.ts';
import { apiVersionOf, namedOf, type Resource } from '../resource.ts';
import { read } from '../resources/cells.ts';
import { readConfiguration } from './apply.ts';
import { APPLY_PATCH, applyPatch, patchTypeOf, readPatch } from './patch.ts';
import { checkName } from './update.ts';

const path = (dotted: string) => dotted.replace(/^\./, '');

export function scaleOf(object: KubeObject, resource: Resource): KubeObject {
  const paths = resource.scale!;
  const replicas = Number(read(object, path(paths.spec)) ?? 0);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = selectorOf(object, resource);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 ? {} : { replicas },
    status: {
      replicas: Number(read(object, path(paths.status)) ?? 0),
      ...(selector === '' ? {} : { selector }),
    },
  };
}

/** Built-in kinds have selectors to be written as text; custom ones name a field that holds the text. */
function selectorOf(object: KubeObject, resource: Resource): string {
  const from = resource.scale!.selector;
  if (from === null) return '';
  const value = read(object, path(from));
  if (typeof value === 'string') return value;
  if (!isObject(value) || resource.builtin === null) return '';
  const isPlain = resource.plural === 'replicationcontrollers';
  const selector = (isPlain ? { matchLabels: value } : value) as LabelSelector;
  const terms: LabelTerm[] = [
    ...Object.entries(selector.matchLabels ?? {}).map(([key, one]) => ({
      operator: 'In' as const,
      key,
      values: [one],
    })),
    ...(selector.matchExpressions ?? []).map(
      ({ key, operator, values = [] }) => ({ operator, key, values: [...values].sort() }) as unknown as LabelTerm,
    ),
  ];
  return formatLabelTerms(terms.sort((a, b) => (a.key < b.key ? -1 : 1)));
}

export function handleScale(
  hub: Hub,
  resource: Resource,
  namespace: string,
  name: string,
  request: ApiRequest,
): ApiResponse {
  const answer = chooseAnswer(request.headers.accept, request.query, false);
  const live = liveObject(hub, resource, namespace, name);
  const current = scaleOf(live, resource);
  if (request.method === 'GET') return bodyResponse(current, answer);

  const scaleKind = hub.registry.builtins.types.get('autoscaling/v1')!.get('Scale')!;
  const scaleResource: Resource = {
    ...resource,
    group: 'autoscaling',
    version: 'v1',
    kind: 'Scale',
    builtin: scaleKind,
    shape: scaleKind,
    custom: null,
  };
  let wanted: KubeObject;
  let operation: Manager['operation'] = 'Update';
  const isPatch = request.method === 'PATCH';
  const type = isPatch ? patchTypeOf(request, true) : '';
  const options = readWriteOptions(request, isPatch ? 'PatchOptions' : 'UpdateOptions', type === APPLY_PATCH);
  if (type === APPLY_PATCH) {
    operation = 'Apply';
    const { config } = readConfiguration(request);
    wanted = fitObject(config, new Set(), scaleResource, hub.registry, options.fieldValidation).object;
  } else if (isPatch) {
    const patched = applyPatch(current, readPatch(request, type), type, scaleKind);
    wanted = fitObject(patched, new Set(), scaleResource, hub.registry, options.fieldValidation).object;
  } else {
    wanted = readObject(request, scaleResource, hub.registry, options.fieldValidation).object;
  }
  checkName(wanted, name);
  const replicas = Number(read(wanted, 'spec.replicas') ?? 0);
  if (replicas < 0 && resource.builtin !== null) {
    const problem: FieldError = invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0');
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, name, [problem]);
  }
  const { resourceVersion = '' } = wanted.metadata;
  if (resourceVersion !== '' && resourceVersion !== live.metadata.resourceVersion)
    throw staleRevision(namedOf(resource), name);
  const next = withReplicas(live, path(resource.scale!.spec), replicas);
  const by: Manager = {
    name: options.fieldManager,
    operation,
    apiVersion: apiVersionOf(resource),
    subresource: 'scale',
  };
  const updated = deepEqual(next, live)
    ? live
    : updateObject({ hub, resource, user: request.user, by, dryRun: options.dryRun }, next, live, '');
  return bodyResponse(scaleOf(updated, resource), answer);
}

function withReplicas(object: KubeObject, dotted: string, replicas: number): KubeObject {
  const put = (node: Record<string, unknown>, [first, ...rest]: readonly string[]): Record<string, unknown> => {
    if (first === undefined) return node;
    if (rest.length === 0) return { ...node, [first]: replicas };
    const below = node[first];
    return { ...node, [first]: put(isObject(below) ? below : {}, rest) };
  };
  return put(object, dotted.split('.')) as KubeObject;
}
