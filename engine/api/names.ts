// The names by which Karmada's parts know each other's objects: labels, annotations, finalizers, namespaces, and those
// that are made from other names.
import { fnv1a32 } from '../kube/hash.ts';

export const LABELS = {
  managed: 'karmada.io/managed',
  system: 'karmada.io/system',
  propagationPolicyId: 'propagationpolicy.karmada.io/permanent-id',
  clusterPropagationPolicyId: 'clusterpropagationpolicy.karmada.io/permanent-id',
  bindingId: 'resourcebinding.karmada.io/permanent-id',
  clusterBindingId: 'clusterresourcebinding.karmada.io/permanent-id',
  bindingManagedBy: 'binding.karmada.io/managed-by',
  workId: 'work.karmada.io/permanent-id',
  propagationInstruction: 'propagation.karmada.io/instruction',
  retainReplicas: 'resourcetemplate.karmada.io/retain-replicas',
  claimedBy: 'resourcetemplate.karmada.io/claimed-by',
  deletionProtected: 'resourcetemplate.karmada.io/deletion-protected',
  quotaNamespace: 'federatedresourcequota.karmada.io/namespace',
  quotaName: 'federatedresourcequota.karmada.io/name',
  skipAutoPropagation: 'namespace.karmada.io/skip-auto-propagation',
  multiClusterServiceId: 'multiclusterservice.karmada.io/permanent-id',
  multiClusterServiceNamespace: 'multiclusterservice.karmada.io/namespace',
  multiClusterServiceName: 'multiclusterservice.karmada.io/name',
  exportedServiceNamespace: 'endpointslice.karmada.io/namespace',
  exportedServiceName: 'endpointslice.karmada.io/name',
  collectedBy: 'endpointslice.karmada.io/managed-by',
} as const;

export const ANNOTATIONS = {
  /** On a template: the autoscaler in its clusters for which it keeps there the replicas that it has. */
  scaledFor: 'resourcetemplate.muster.dev/retains-replicas-for',
  propagationPolicyNamespace: 'propagationpolicy.karmada.io/namespace',
  propagationPolicyName: 'propagationpolicy.karmada.io/name',
  clusterPropagationPolicyName: 'clusterpropagationpolicy.karmada.io/name',
  appliedPlacement: 'policy.karmada.io/applied-placement',
  appliedOverrides: 'policy.karmada.io/applied-overrides',
  appliedClusterOverrides: 'policy.karmada.io/applied-cluster-overrides',
  bindingNamespace: 'resourcebinding.karmada.io/namespace',
  bindingName: 'resourcebinding.karmada.io/name',
  bindingDependencies: 'resourcebinding.karmada.io/dependencies',
  clusterBindingName: 'clusterresourcebinding.karmada.io/name',
  conflictResolution: 'work.karmada.io/conflict-resolution',
  workNamespace: 'work.karmada.io/namespace',
  workName: 'work.karmada.io/name',
  templateUid: 'resourcetemplate.karmada.io/uid',
  templateGeneration: 'resourcetemplate.karmada.io/generation',
  managedLabels: 'resourcetemplate.karmada.io/managed-labels',
  managedAnnotations: 'resourcetemplate.karmada.io/managed-annotations',
  multiClusterServiceNamespace: 'multiclusterservice.karmada.io/namespace',
  multiClusterServiceName: 'multiclusterservice.karmada.io/name',
  provisionCluster: 'endpointslice.karmada.io/provision-cluster',
} as const;

/** Taints by which the control plane tells what it knows of a cluster. */
export const TAINTS = {
  cordoned: 'cluster.karmada.io/unschedulable',
  notReady: 'cluster.karmada.io/not-ready',
  unreachable: 'cluster.karmada.io/unreachable',
} as const;

export const FINALIZERS = {
  cluster: 'karmada.io/cluster-controller',
  execution: 'karmada.io/execution-controller',
  binding: 'karmada.io/binding-controller',
  clusterBinding: 'karmada.io/cluster-resource-binding-controller',
  dependencies: 'karmada.io/binding-dependencies-distributor',
  propagationPolicy: 'karmada.io/propagation-policy-controller',
  clusterPropagationPolicy: 'karmada.io/cluster-propagation-policy-controller',
  endpointSlice: 'karmada.io/endpointslice-controller',
  endpointSliceDispatch: 'karmada.io/mcs-endpointslice-dispatch-controller',
  multiClusterService: 'karmada.io/multiclusterservice-controller',
} as const;

/** The value of `propagationInstruction` on a Work that is not to be carried out. */
export const SUPPRESSED = 'suppressed';

export const SYSTEM_NAMESPACE = 'karmada-system';
export const CLUSTER_NAMESPACE = 'karmada-cluster';
const EXECUTION_SPACE_PREFIX = 'karmada-es-';

/** The namespace that holds the Works for a cluster. */
export const executionSpaceOf = (cluster: string): string => `${EXECUTION_SPACE_PREFIX}${cluster}`;

/** The cluster whose Works a namespace holds, or null for any other namespace. */
export const clusterOfExecutionSpace = (namespace: string): string | null =>
  namespace.startsWith(EXECUTION_SPACE_PREFIX) ? namespace.slice(EXECUTION_SPACE_PREFIX.length) : null;

/** Namespaces of Karmada itself, from which nothing is propagated. */
export const isReservedNamespace = (namespace: string): boolean =>
  namespace === SYSTEM_NAMESPACE || namespace === CLUSTER_NAMESPACE || namespace.startsWith(EXECUTION_SPACE_PREFIX);

/** Names of roles may hold colons and capitals, which names of Karmada's own kinds may not. */
const plainName = (name: string): string => name.replaceAll(':', '.').toLowerCase();

export const bindingNameOf = (kind: string, name: string): string => plainName(`${name}-${kind}`);

export function workNameOf(kind: string, name: string, namespace: string | undefined): string {
  const plain = plainName(name);
  const whole = namespace ? `${namespace}-${plain}-${kind}` : `${plain}-${kind}`;
  return `${plain}-${safeHash(whole.toLowerCase())}`;
}

export const DEPENDED_BY_PREFIX = 'resourcebinding.karmada.io/depended-by-';

/** On a dependency's binding, the label that tells which binding needs it. */
export const dependedByLabelOf = (namespace: string | undefined, bindingName: string): string =>
  `${DEPENDED_BY_PREFIX}${safeHash(namespace ? `${namespace}/${bindingName}` : bindingName)}`;

const DERIVED = 'derived-';

/** The Service of the hub that stands for a service of other clusters. */
export const derivedServiceNameOf = (service: string): string => `${DERIVED}${service}`;

/** What a Service of that name is derived from; null for every other. */
export const derivedFrom = (service: string): string | null =>
  service.startsWith(DERIVED) ? service.slice(DERIVED.length) : null;

/** A cluster's EndpointSlice as the hub tells it. */
export const importedSliceNameOf = (slice: string, cluster: string): string => `imported-${cluster}-${slice}`;

/** Kubernetes' alphabet for generated names: no vowels and no look-alikes, so that no words come out. */
const SAFE_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

export function safeHash(text: string): string {
  const digits = String(fnv1a32(text));
  return Array.from(digits, (digit) => SAFE_ALPHABET[digit.charCodeAt(0) % SAFE_ALPHABET.length]).join('');
}
