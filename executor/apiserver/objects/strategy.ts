// What the server itself decides about an object: what is reset on creation, what a write cannot touch, and generations.
import {
  applyDefaults,
  deepEqual,
  isObject,
  type KubeObject,
  merged,
  type StructuralSchema,
} from '../../../engine/index.ts';
import { hasSubresource, type Resource } from '../resource.ts';
import { items } from '../resources/cells.ts';
import { zeroOf } from '../resources/decode.ts';
import { setDefaults } from '../resources/defaults.ts';

const GENERATION_KINDS = new Set([
  '/Pod',
  '/ReplicationController',
  'apps/DaemonSet',
  'apps/Deployment',
  'apps/ReplicaSet',
  'apps/StatefulSet',
  'batch/CronJob',
  'batch/Job',
  'networking.k8s.io/Ingress',
  'networking.k8s.io/IngressClass',
  'networking.k8s.io/NetworkPolicy',
  'policy/PodDisruptionBudget',
  'scheduling.k8s.io/PriorityClass',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
  'discovery.k8s.io/EndpointSlice',
  'flowcontrol.apiserver.k8s.io/FlowSchema',
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration',
]);

const keyOf = ({ group, kind }: Resource) => `${group}/${kind}`;

export const hasGeneration = (resource: Resource): boolean =>
  resource.custom !== null || resource.builtin === null || GENERATION_KINDS.has(keyOf(resource));

/** A node tells its own status when it registers. */
const keepsStatus = (resource: Resource): boolean => !hasSubresource(resource, 'status') || keyOf(resource) === '/Node';

export function completeObject(resource: Resource, object: KubeObject): void {
  if (resource.builtin !== null) {
    setDefaults(resource.group, resource.version, resource.kind, object);
    return;
  }
  const { metadata, apiVersion, kind, ...content } = object;
  const { properties = {} } = resource.shape as StructuralSchema;
  const { metadata: _metadata, apiVersion: _apiVersion, kind: _kind, ...own } = properties;
  const completed = applyDefaults(content, { ...(resource.shape as StructuralSchema), properties: own });
  for (const key of Object.keys(content)) delete object[key];
  Object.assign(object, completed, { metadata, apiVersion, kind });
}

export function prepareCreate(resource: Resource, object: KubeObject): void {
  if (!keepsStatus(resource)) resetStatus(resource, object);
  if (hasGeneration(resource)) object.metadata.generation = 1;
  switch (keyOf(resource)) {
    case '/Namespace': {
      const spec = isObject(object.spec) ? object.spec : {};
      const finalizers = Array.isArray(spec.finalizers) ? spec.finalizers : [];
      object.spec = {
        ...spec,
        finalizers: finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'],
      };
      break;
    }
    case 'apiextensions.k8s.io/CustomResourceDefinition': {
      const versions = isObject(object.spec) && Array.isArray(object.spec.versions) ? object.spec.versions : [];
      const storage = versions.find((version) => isObject(version) && version.storage === true);
      const storedVersions = isObject(storage) ? [storage.name] : [];
      object.status = { ...(isObject(object.status) ? object.status : {}), storedVersions };
      break;
    }
    case 'apps/DaemonSet':
      if (isObject(object.metadata.annotations)) {
        object.metadata.annotations['deprecated.daemonset.template.generation'] = '1';
      }
      break;
    default:
  }
}

function resetStatus(resource: Resource, object: KubeObject): void {
  delete object.status;
  if (resource.builtin === null) return;
  const zero = zeroOf(resource.builtin);
  if (zero.status === undefined) return;
  const fresh = { ...object, status: zero.status } as KubeObject;
  const probe = {
    apiVersion: fresh.apiVersion,
    kind: fresh.kind,
    metadata: { ...fresh.metadata },
    status: fresh.status,
    spec: {},
  };
  setDefaults(resource.group, resource.version, resource.kind, probe);
  object.status = probe.status;
}

/** The next state as far as this request may change it. */
export function prepareUpdate(resource: Resource, next: KubeObject, old: KubeObject, subresource: string): KubeObject {
  if (subresource === 'status' || subresource === 'approval') return withStatus(resource, next, old);
  if (subresource === 'finalize') {
    const finalizers = isObject(next.spec) ? next.spec.finalizers : undefined;
    const { finalizers: _old, ...spec } = isObject(old.spec) ? old.spec : {};
    const isEmpty = !Array.isArray(finalizers) || finalizers.length === 0;
    return { ...old, metadata: kept(next, old), spec: isEmpty ? spec : { ...spec, finalizers } };
  }
  if (POD_PARTS.has(subresource)) return withPodPart(next, old, subresource);
  const result: KubeObject = merged(next);
  if (!keepsStatus(resource) || keyOf(resource) === '/Node') {
    if (old.status === undefined) delete result.status;
    else result.status = old.status;
  }
  if (keyOf(resource) === '/Namespace' && isObject(result.spec) && isObject(old.spec)) {
    result.spec = { ...result.spec, ...(old.spec.finalizers === undefined ? {} : { finalizers: old.spec.finalizers }) };
  }
  if (hasGeneration(resource)) {
    const before = old.metadata.generation ?? 0;
    result.metadata = merged(result.metadata, {
      generation: specChanged(resource, result, old) ? before + 1 : before,
    });
    if (result.metadata.generation === 0) delete result.metadata.generation;
  }
  return result;
}

/** Ways to change a running pod that its own address refuses: containers for looking around in it, and other resources. */
const POD_PARTS: ReadonlySet<string> = new Set(['ephemeralcontainers', 'resize']);

export const changesPodPart = (subresource: string): boolean => POD_PARTS.has(subresource);

function withPodPart(next: KubeObject, old: KubeObject, subresource: string): KubeObject {
  const wanted = isObject(next.spec) ? next.spec : {};
  const spec = isObject(old.spec) ? old.spec : {};
  const { generation = 0 } = old.metadata;
  const metadata = { ...withManaged(next, old), ...(generation === 0 ? {} : { generation: generation + 1 }) };
  if (subresource === 'ephemeralcontainers') {
    return { ...old, metadata, spec: { ...spec, ephemeralContainers: wanted.ephemeralContainers } };
  }
  const given = new Map(items(wanted.containers).map((container) => [container.name, container]));
  const containers = items(spec.containers).map((container) => {
    const { resources = container.resources, resizePolicy = container.resizePolicy } = given.get(container.name) ?? {};
    return { ...container, ...(resources ? { resources } : {}), ...(resizePolicy ? { resizePolicy } : {}) };
  });
  return { ...old, metadata, spec: { ...spec, containers } };
}

export const isOwnStatus = ({ builtin }: Resource, subresource: string): boolean =>
  subresource === 'status' && builtin === null;

/** All of a custom resource that a write of its status is about: nothing else of it is read. */
export const statusPart = ({ apiVersion, kind, metadata, status }: KubeObject): KubeObject =>
  merged({ apiVersion, kind, metadata: merged(metadata) }, status === undefined ? undefined : { status }) as KubeObject;

function withStatus(resource: Resource, next: KubeObject, old: KubeObject): KubeObject {
  const result: KubeObject = merged(old, {
    metadata: resource.builtin === null ? withManaged(next, old) : kept(next, old),
  });
  if (next.status === undefined) delete result.status;
  else result.status = next.status;
  return result;
}

const withManaged = (next: KubeObject, old: KubeObject): KubeObject['metadata'] =>
  merged(old.metadata, next.metadata.managedFields === undefined ? {} : { managedFields: next.metadata.managedFields });

/** A status write may annotate, but labels and the rest of the metadata stay. */
function kept(next: KubeObject, old: KubeObject): KubeObject['metadata'] {
  const metadata = withManaged(next, old);
  if (next.metadata.annotations === undefined) delete metadata.annotations;
  else metadata.annotations = next.metadata.annotations;
  return metadata;
}

function specChanged(resource: Resource, next: KubeObject, old: KubeObject): boolean {
  const rest = (object: KubeObject) => {
    const { metadata: _metadata, status, apiVersion: _apiVersion, kind: _kind, ...fields } = object;
    return hasSubresource(resource, 'status') || keyOf(resource) === '/Node' ? fields : { ...fields, status };
  };
  if (!deepEqual(rest(next), rest(old))) return true;
  return (
    keyOf(resource) === 'apps/Deployment' && !deepEqual(next.metadata.annotations ?? {}, old.metadata.annotations ?? {})
  );
}

/** Kinds whose deletion answers with the object itself. */
const RETURNS_DELETED = new Set([
  '/Pod',
  '/PersistentVolumeClaim',
  '/PersistentVolume',
  '/PodTemplate',
  '/ResourceQuota',
  '/Service',
  '/ServiceAccount',
  'storage.k8s.io/CSIDriver',
  'storage.k8s.io/CSINode',
  'storage.k8s.io/StorageClass',
  'storage.k8s.io/VolumeAttachment',
]);

export const returnsDeleted = (resource: Resource): boolean => RETURNS_DELETED.has(keyOf(resource));

/** Kinds that a PUT to an unused name creates. */
const CREATED_BY_UPDATE = new Set([
  '/Endpoints',
  '/Event',
  '/LimitRange',
  'coordination.k8s.io/Lease',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'rbac.authorization.k8s.io/Role',
  'rbac.authorization.k8s.io/RoleBinding',
]);

export const createdByUpdate = (resource: Resource): boolean => CREATED_BY_UPDATE.has(keyOf(resource));
