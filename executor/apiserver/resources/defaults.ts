// What Kubernetes fills in where a built-in object leaves something open: one function a kind, run on decoded objects.
import { isObject } from '../../../engine/index.ts';
import { defaultPodSpec } from './pod-defaults.ts';

type Fields = Record<string, unknown>;
type Defaulter = (object: Fields) => void;

const child = (object: Fields, key: string): Fields => {
  const value = object[key];
  if (isObject(value)) return value;
  const made: Fields = {};
  object[key] = made;
  return made;
};

const set = (object: Fields, values: Fields): void => {
  for (const [key, value] of Object.entries(values)) if (object[key] === undefined) object[key] = value;
};

const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isObject) : []);

function defaultTemplate(spec: Fields): void {
  const template = child(spec, 'template');
  child(template, 'metadata');
  defaultPodSpec(child(template, 'spec'));
}

function labelsFromTemplate(object: Fields): void {
  const spec = child(object, 'spec');
  const template = isObject(spec.template) ? spec.template : {};
  const labels = isObject(template.metadata) ? template.metadata.labels : undefined;
  if (!isObject(labels)) return;
  if (spec.selector === undefined) spec.selector = { ...labels };
  const metadata = child(object, 'metadata');
  if (metadata.labels === undefined) metadata.labels = { ...labels };
}

function deployment(object: Fields): void {
  const spec = child(object, 'spec');
  set(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
  const strategy = child(spec, 'strategy');
  set(strategy, { type: 'RollingUpdate' });
  if (strategy.type === 'RollingUpdate') {
    set(child(strategy, 'rollingUpdate'), { maxUnavailable: '25%', maxSurge: '25%' });
  }
  defaultTemplate(spec);
}

function statefulSet(object: Fields): void {
  const spec = child(object, 'spec');
  set(spec, { podManagementPolicy: 'OrderedReady', replicas: 1, revisionHistoryLimit: 10 });
  const strategy = child(spec, 'updateStrategy');
  set(strategy, { type: 'RollingUpdate' });
  if (strategy.type === 'RollingUpdate') set(child(strategy, 'rollingUpdate'), { partition: 0 });
  set(child(spec, 'persistentVolumeClaimRetentionPolicy'), { whenDeleted: 'Retain', whenScaled: 'Retain' });
  for (const claim of listOf(spec.volumeClaimTemplates)) {
    set(claim, { kind: 'PersistentVolumeClaim', apiVersion: 'v1' });
    persistentVolumeClaim(claim);
  }
  defaultTemplate(spec);
}

function daemonSet(object: Fields): void {
  const spec = child(object, 'spec');
  set(spec, { revisionHistoryLimit: 10 });
  const strategy = child(spec, 'updateStrategy');
  set(strategy, { type: 'RollingUpdate' });
  if (strategy.type === 'RollingUpdate') set(child(strategy, 'rollingUpdate'), { maxUnavailable: 1, maxSurge: 0 });
  const annotations = child(child(object, 'metadata'), 'annotations');
  set(annotations, { 'deprecated.daemonset.template.generation': '0' });
  defaultTemplate(spec);
}

function jobSpec(spec: Fields): void {
  if (spec.completions === undefined && spec.parallelism === undefined) set(spec, { completions: 1, parallelism: 1 });
  set(spec, { parallelism: 1, backoffLimit: isObject(spec.backoffLimitPerIndex) ? 2_147_483_647 : 6 });
  set(spec, { completionMode: 'NonIndexed', suspend: false, manualSelector: false });
  set(spec, { podReplacementPolicy: spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed' });
  defaultTemplate(spec);
}

function cronJob(object: Fields): void {
  const spec = child(object, 'spec');
  set(spec, { concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 });
  const template = child(spec, 'jobTemplate');
  child(template, 'metadata');
  // A cron job's template keeps its own defaults for the job that will be made of it.
  defaultTemplate(child(template, 'spec'));
}

function service(object: Fields): void {
  const spec = child(object, 'spec');
  set(spec, { sessionAffinity: 'None', type: 'ClusterIP' });
  if (spec.sessionAffinity === 'ClientIP') {
    set(child(child(spec, 'sessionAffinityConfig'), 'clientIP'), { timeoutSeconds: 10_800 });
  }
  for (const port of listOf(spec.ports)) {
    set(port, { protocol: 'TCP' });
    if (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '') port.targetPort = port.port;
  }
  const isExternal = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  if (isExternal) set(spec, { externalTrafficPolicy: 'Cluster' });
  if (spec.type !== 'ExternalName') set(spec, { internalTrafficPolicy: 'Cluster' });
  if (spec.type === 'LoadBalancer') set(spec, { allocateLoadBalancerNodePorts: true });
}

function persistentVolumeClaim(object: Fields): void {
  set(child(object, 'spec'), { volumeMode: 'Filesystem' });
  set(child(object, 'status'), { phase: 'Pending' });
}

function persistentVolume(object: Fields): void {
  set(child(object, 'spec'), { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' });
  set(child(object, 'status'), { phase: 'Pending' });
}

/** Texts are a way to write data; they are never kept. */
function secret(object: Fields): void {
  if (isObject(object.stringData)) {
    const data = child(object, 'data');
    for (const [key, text] of Object.entries(object.stringData))
      data[key] = Buffer.from(String(text)).toString('base64');
    delete object.stringData;
  }
  set(object, { type: 'Opaque' });
}

function namespace(object: Fields): void {
  const { name } = child(object, 'metadata');
  if (typeof name !== 'string' || name === '') return;
  child(child(object, 'metadata'), 'labels')['kubernetes.io/metadata.name'] = name;
  set(child(object, 'status'), { phase: 'Active' });
}

function pod(object: Fields): void {
  const spec = child(object, 'spec');
  set(spec, { enableServiceLinks: true });
  defaultPodSpec(spec);
  for (const container of [...listOf(spec.containers), ...listOf(spec.initContainers)]) {
    const resources = child(container, 'resources');
    if (!isObject(resources.limits)) continue;
    const requests = isObject(resources.requests) ? resources.requests : {};
    for (const [name, amount] of Object.entries(resources.limits)) set(requests, { [name]: amount });
    resources.requests = requests;
  }
}

function horizontalPodAutoscalerV2(object: Fields): void {
  const spec = child(object, 'spec');
  set(spec, { minReplicas: 1 });
  if (listOf(spec.metrics).length === 0) {
    spec.metrics = [
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
    ];
  }
  if (isObject(spec.behavior)) {
    const scaleUp = child(spec.behavior, 'scaleUp');
    set(scaleUp, { stabilizationWindowSeconds: 0, selectPolicy: 'Max' });
    set(scaleUp, {
      policies: [
        { type: 'Pods', value: 4, periodSeconds: 15 },
        { type: 'Percent', value: 100, periodSeconds: 15 },
      ],
    });
    const scaleDown = child(spec.behavior, 'scaleDown');
    set(scaleDown, { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] });
  }
}

function networkPolicy(object: Fields): void {
  const spec = child(object, 'spec');
  for (const rule of [...listOf(spec.ingress), ...listOf(spec.egress)]) {
    for (const port of listOf(rule.ports)) set(port, { protocol: 'TCP' });
  }
  if (spec.policyTypes === undefined) {
    spec.policyTypes = listOf(spec.egress).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  }
}

function roleBinding(object: Fields): void {
  set(child(object, 'roleRef'), { apiGroup: 'rbac.authorization.k8s.io' });
  const roleRef = child(object, 'roleRef');
  if (roleRef.apiGroup === '') roleRef.apiGroup = 'rbac.authorization.k8s.io';
  for (const subject of listOf(object.subjects)) {
    if (subject.kind === 'User' || subject.kind === 'Group') set(subject, { apiGroup: 'rbac.authorization.k8s.io' });
  }
}

function limitRange(object: Fields): void {
  for (const limit of listOf(child(object, 'spec').limits)) {
    if (limit.type !== 'Container') continue;
    const max = isObject(limit.max) ? limit.max : {};
    const min = isObject(limit.min) ? limit.min : {};
    const limits = child(limit, 'default');
    set(limits, max);
    const requests = child(limit, 'defaultRequest');
    set(requests, limits);
    set(requests, min);
    if (Object.keys(limits).length === 0) delete limit.default;
    if (Object.keys(requests).length === 0) delete limit.defaultRequest;
  }
}

function customResourceDefinition(object: Fields): void {
  const spec = child(object, 'spec');
  set(spec, { scope: 'Namespaced' });
  const names = child(spec, 'names');
  if (typeof names.kind === 'string' && names.kind !== '') {
    if (names.singular === undefined) names.singular = names.kind.toLowerCase();
    if (names.listKind === undefined) names.listKind = `${names.kind}List`;
  }
  set(child(spec, 'conversion'), { strategy: 'None' });
}

function webhooks(object: Fields): void {
  for (const webhook of listOf(object.webhooks)) {
    set(webhook, { failurePolicy: 'Fail', matchPolicy: 'Equivalent', timeoutSeconds: 10 });
    set(webhook, { namespaceSelector: {}, objectSelector: {} });
    for (const rule of listOf(webhook.rules)) set(rule, { scope: '*' });
    const service = isObject(webhook.clientConfig) ? webhook.clientConfig.service : undefined;
    if (isObject(service)) set(service, { port: 443 });
  }
}

function priorityClass(object: Fields): void {
  set(object, { preemptionPolicy: 'PreemptLowerPriority' });
}

function storageClass(object: Fields): void {
  set(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' });
}

function csiDriver(object: Fields): void {
  set(child(object, 'spec'), {
    attachRequired: true,
    podInfoOnMount: false,
    storageCapacity: false,
    fsGroupPolicy: 'ReadWriteOnceWithFSType',
    volumeLifecycleModes: ['Persistent'],
    requiresRepublish: false,
    seLinuxMount: false,
  });
}

function endpoints(object: Fields): void {
  for (const subset of listOf(object.subsets)) for (const port of listOf(subset.ports)) set(port, { protocol: 'TCP' });
}

function endpointSlice(object: Fields): void {
  for (const port of listOf(object.ports)) set(port, { name: '', protocol: 'TCP' });
}

function apiService(object: Fields): void {
  const spec = child(object, 'spec');
  if (isObject(spec.service)) set(spec.service, { port: 443 });
}

function validatingAdmissionPolicy(object: Fields): void {
  const spec = child(object, 'spec');
  set(spec, { failurePolicy: 'Fail' });
  if (isObject(spec.matchConstraints)) {
    set(spec.matchConstraints, { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} });
  }
}

function replicaSet(object: Fields): void {
  set(child(object, 'spec'), { replicas: 1 });
  defaultTemplate(child(object, 'spec'));
}

function replicationController(object: Fields): void {
  labelsFromTemplate(object);
  set(child(object, 'spec'), { replicas: 1 });
  defaultTemplate(child(object, 'spec'));
}

const DEFAULTERS: Readonly<Record<string, Defaulter>> = {
  'apps/Deployment': deployment,
  'apps/StatefulSet': statefulSet,
  'apps/DaemonSet': daemonSet,
  'apps/ReplicaSet': replicaSet,
  'batch/Job': (object) => jobSpec(child(object, 'spec')),
  'batch/CronJob': cronJob,
  '/ReplicationController': replicationController,
  '/PodTemplate': defaultTemplate,
  '/Service': service,
  '/PersistentVolumeClaim': persistentVolumeClaim,
  '/PersistentVolume': persistentVolume,
  '/Secret': secret,
  '/Namespace': namespace,
  '/Pod': pod,
  '/LimitRange': limitRange,
  '/Endpoints': endpoints,
  'discovery.k8s.io/EndpointSlice': endpointSlice,
  'autoscaling/v1/HorizontalPodAutoscaler': (object) => set(child(object, 'spec'), { minReplicas: 1 }),
  'autoscaling/v2/HorizontalPodAutoscaler': horizontalPodAutoscalerV2,
  'networking.k8s.io/NetworkPolicy': networkPolicy,
  'rbac.authorization.k8s.io/RoleBinding': roleBinding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': roleBinding,
  'apiextensions.k8s.io/CustomResourceDefinition': customResourceDefinition,
  'apiregistration.k8s.io/APIService': apiService,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': webhooks,
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': webhooks,
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': validatingAdmissionPolicy,
  'scheduling.k8s.io/PriorityClass': priorityClass,
  'storage.k8s.io/StorageClass': storageClass,
  'storage.k8s.io/CSIDriver': csiDriver,
};

/** Completes a decoded object in place; kinds without defaults stay as they are. */
export function setDefaults(group: string, version: string, kind: string, object: Fields): void {
  const defaulter = DEFAULTERS[`${group}/${version}/${kind}`] ?? DEFAULTERS[`${group}/${kind}`];
  defaulter?.(object);
}
