// What a cluster adds to or refuses of a write beyond the kind's own rules: namespaces, limits, quotas, addresses.
import {
  compareQuantity,
  deepEqual,
  forbidden,
  invalid,
  invalidValue,
  isObject,
  type KubeObject,
  notFound,
  parseQuantity,
} from '../../../engine/index.ts';
import { checkEscalation } from '../auth/escalation.ts';
import { admitRequest, admitRequestUpdate, REQUESTS } from '../certificates/admission.ts';
import { generateName, type Hub } from '../hub.ts';
import { namedOf } from '../resource.ts';
import { items, read } from '../resources/cells.ts';
import { limitPod } from './limits.ts';
import { checkQuota } from './quota.ts';
import { allocateAddresses } from './service-addresses.ts';
import type { WriteContext } from './write.ts';

export function admitCreate(context: WriteContext, object: KubeObject): KubeObject {
  const { hub, resource } = context;
  if (resource.namespaced) requireNamespace(context, object);
  if (resource.custom?.isTerminating() === true) {
    throw forbidden(
      namedOf(resource),
      object.metadata.name,
      'create not allowed while custom resource definition is terminating',
    );
  }
  checkEscalation(hub, resource, object, context.user);
  let admitted = object;
  switch (resource.collection) {
    case '/pods':
      admitted = limitPod(hub, admitPod(context, admitted));
      break;
    case '/services':
      admitted = allocateAddresses(hub, admitted, null);
      break;
    case '/persistentvolumeclaims':
      if (hub.habits.storageProtection) admitted = withFinalizer(admitted, 'kubernetes.io/pvc-protection');
      break;
    case '/persistentvolumes':
      if (hub.habits.storageProtection) admitted = withFinalizer(admitted, 'kubernetes.io/pv-protection');
      break;
    case REQUESTS:
      admitted = admitRequest(context, admitted);
      break;
    case 'batch/jobs':
      admitted = labelJob(admitted);
      break;
    default:
  }
  if (resource.namespaced) checkQuota(context, admitted);
  return admitted;
}

export function admitUpdate(context: WriteContext, next: KubeObject, old: KubeObject, subresource: string): KubeObject {
  if (context.resource.collection === REQUESTS) return admitRequestUpdate(context, next, old, subresource);
  if (subresource !== '') return next;
  checkEscalation(context.hub, context.resource, next, context.user);
  if (context.resource.collection === '/services') return allocateAddresses(context.hub, next, old);
  return next;
}

function requireNamespace({ hub, resource }: WriteContext, object: KubeObject): void {
  const name = object.metadata.namespace ?? '';
  const namespace = hub.store.get('/namespaces', '', name);
  if (namespace === null) throw notFound({ group: '', resource: 'namespaces' }, name);
  if (namespace.metadata.deletionTimestamp === undefined) return;
  throw forbidden(
    namedOf(resource),
    object.metadata.name,
    `unable to create new content in namespace ${name} because it is being terminated`,
    [{ reason: 'NamespaceTerminating', message: `namespace ${name} is being terminated`, field: 'metadata.namespace' }],
  );
}

const withFinalizer = (object: KubeObject, finalizer: string): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, finalizers: [...new Set([...(object.metadata.finalizers ?? []), finalizer])] },
});

const NOT_READY = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/** Service account, priority, standard tolerations and quality of service. */
function admitPod({ hub }: WriteContext, object: KubeObject): KubeObject {
  const spec: Record<string, unknown> = { ...(isObject(object.spec) ? object.spec : {}) };
  if (hub.habits.serviceAccounts) giveServiceAccount(hub, object, spec);
  const tolerations = items(spec.tolerations);
  const missing = NOT_READY.filter(
    (key) => !tolerations.some((one) => (one.key === key || !one.key) && (one.effect === 'NoExecute' || !one.effect)),
  );
  spec.tolerations = [
    ...tolerations,
    ...missing.map((key) => ({ effect: 'NoExecute', key, operator: 'Exists', tolerationSeconds: 300 })),
  ];
  const className = spec.priorityClassName;
  const priority =
    typeof className === 'string' ? hub.store.get('scheduling.k8s.io/priorityclasses', '', className) : null;
  if (typeof className === 'string' && className !== '' && priority === null) {
    throw forbidden(
      { group: '', resource: 'pods' },
      object.metadata.name,
      `no PriorityClass with name ${className} was found`,
    );
  }
  spec.priority = priority === null ? 0 : Number(priority.value ?? 0);
  spec.preemptionPolicy ??= priority?.preemptionPolicy ?? 'PreemptLowerPriority';
  return { ...object, spec, status: { phase: 'Pending', qosClass: qualityOf(spec) } };
}

const TOKEN_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/** An account, and a volume with its token for every container that has none at the place where clients look. */
function giveServiceAccount(hub: Hub, object: KubeObject, spec: Record<string, unknown>): void {
  spec.serviceAccountName ??= 'default';
  spec.serviceAccount ??= spec.serviceAccountName;
  const account = hub.store.get('/serviceaccounts', object.metadata.namespace ?? '', String(spec.serviceAccountName));
  if (account === null) {
    const why = `error looking up service account ${object.metadata.namespace}/${spec.serviceAccountName}: serviceaccount "${spec.serviceAccountName}" not found`;
    throw forbidden({ group: '', resource: 'pods' }, object.metadata.name, why);
  }
  if ((spec.automountServiceAccountToken ?? account.automountServiceAccountToken) === false) return;
  const name = generateName(hub, 'kube-api-access-');
  let isUsed = false;
  for (const part of ['containers', 'initContainers']) {
    if (!Array.isArray(spec[part])) continue;
    spec[part] = items(spec[part]).map((container) => {
      const mounts = items(container.volumeMounts);
      if (mounts.some(({ mountPath }) => mountPath === TOKEN_FOLDER)) return container;
      isUsed = true;
      return { ...container, volumeMounts: [...mounts, { mountPath: TOKEN_FOLDER, name, readOnly: true }] };
    });
  }
  if (!isUsed) return;
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
    {
      downwardAPI: { items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }] },
    },
  ];
  spec.volumes = [...items(spec.volumes), { name, projected: { defaultMode: 420, sources } }];
}

function qualityOf(spec: Record<string, unknown>): string {
  const containers = [...items(spec.containers), ...items(spec.initContainers)];
  let isBestEffort = true;
  let isGuaranteed = true;
  for (const container of containers) {
    const limits = read(container, 'resources.limits');
    const requests = read(container, 'resources.requests');
    for (const name of ['cpu', 'memory']) {
      const limit = isObject(limits) ? parseQuantity(String(limits[name] ?? '')) : null;
      const request = isObject(requests) ? parseQuantity(String(requests[name] ?? '')) : null;
      if (limit !== null || request !== null) isBestEffort = false;
      if (limit === null || request === null || compareQuantity(limit, request) !== 0) isGuaranteed = false;
    }
  }
  return isBestEffort ? 'BestEffort' : isGuaranteed ? 'Guaranteed' : 'Burstable';
}

/** A job finds its pods by its own identity unless its author took that over. */
function labelJob(object: KubeObject): KubeObject {
  const spec: Record<string, unknown> = { ...(isObject(object.spec) ? object.spec : {}) };
  const { uid = '', name } = object.metadata;
  if (spec.manualSelector === true) return object;
  const labels = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  const template = isObject(spec.template) ? spec.template : {};
  const metadata = isObject(template.metadata) ? template.metadata : {};
  const own = isObject(metadata.labels) ? metadata.labels : {};
  spec.template = { ...template, metadata: { ...metadata, labels: { ...own, ...labels } } };
  // One that says nothing of it is completed: so it comes from a hub that has left out its own.
  const selector = isObject(spec.selector) ? spec.selector : {};
  const matched = isObject(selector.matchLabels) ? selector.matchLabels : {};
  const generated = { 'batch.kubernetes.io/controller-uid': uid };
  spec.selector = { ...selector, matchLabels: { ...generated, ...matched } };
  if (!deepEqual(spec.selector, { matchLabels: generated })) {
    throw invalid({ group: 'batch', kind: 'Job' }, name, [
      invalidValue('spec.selector', spec.selector, '`selector` not auto-generated'),
    ]);
  }
  // The job carries its template's labels where it has none of its own.
  const mine = object.metadata.labels ?? { ...own, ...labels };
  return { ...object, spec, metadata: { ...object.metadata, labels: mine as Record<string, string> } };
}
