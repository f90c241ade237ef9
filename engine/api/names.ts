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
} as const;

export const ANNOTATIONS = {
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
} as const;

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

export const derivedServiceNameOf = (service: string): string => `derived-${service}`;

/** Kubernetes' alphabet for generated names: no vowels and no look-alikes, so that no words come out. */
const SAFE_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

export function safeHash(text: string): string {
  const digits = String(fnv1a32(text));
  return Array.from(digits, (digit) => SAFE_ALPHABET[digit.charCodeAt(0) % SAFE_ALPHABET.length]).join('');
}
