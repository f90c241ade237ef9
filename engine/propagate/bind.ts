// Template + policy -> binding: what the scheduler has to know about an object, and what its policy asks for.
import type { ResourceBinding, ResourceBindingSpec, WorkloadAffinityGroups } from '../api/binding.ts';
import { bindingNameOf, FINALIZERS } from '../api/names.ts';
import type { Placement } from '../api/placement.ts';
import type { PropagationPolicy } from '../api/policy.ts';
import { BINDING_API_VERSION } from '../api/work.ts';
import { merged } from '../base/merged.ts';
import { own } from '../base/own.ts';
import type { KubeObject, ObjectMeta } from '../kube/meta.ts';
import { claimOf, withClaim, withoutClaim } from './claim.ts';
import { present } from './fields.ts';
import type { Interpreter } from './interpret/interpreter.ts';

export interface BindOptions {
  /** Kinds of several pod templates are counted by component (gate MultiplePodTemplatesScheduling). */
  readonly components?: boolean;
  /** Workloads are grouped by the labels that the placement names (gate WorkloadAffinity). */
  readonly workloadAffinity?: boolean;
  /** The value of the priority class that the policy names. */
  readonly priority?: number;
}

type Needs = Pick<ResourceBindingSpec, 'replicas' | 'replicaRequirements' | 'components'>;

/** A ResourceBinding, or a ClusterResourceBinding for an object without a namespace. */
export function bindingFor(
  template: KubeObject,
  policy: PropagationPolicy,
  interpreter: Interpreter,
  options: BindOptions = {},
): ResourceBinding {
  const bare = bareBindingFor(template);
  const asked = policy.spec;
  const placement = asked.placement ?? {};
  // What has no namespace is neither more urgent than others nor of any group.
  const isNamespaced = bare.metadata.namespace !== undefined;
  return merged(bare, {
    metadata: withClaim(bare.metadata, claimOf(policy)),
    spec: present<ResourceBindingSpec>(
      merged(bare.spec, {
        propagateDeps: asked.propagateDeps,
        ...needsOf(template, interpreter, options),
        placement,
        schedulerName: asked.schedulerName,
        failover: asked.failover,
        conflictResolution: asked.conflictResolution,
        suspension: asked.suspension,
        preserveResourcesOnDeletion: asked.preserveResourcesOnDeletion,
        schedulePriority: options.priority === undefined || !isNamespaced ? undefined : { priority: options.priority },
        workloadAffinityGroups: options.workloadAffinity && isNamespaced ? groupsOf(template, placement) : undefined,
      }),
    ),
  });
}

/** A binding that says nothing yet but whose it is. */
export function bareBindingFor({ apiVersion, kind, metadata }: KubeObject): ResourceBinding {
  const { name, uid, resourceVersion } = metadata;
  const namespace = metadata.namespace || undefined;
  const owner = { apiVersion, kind, name, uid: uid ?? '', controller: true, blockOwnerDeletion: true };
  return {
    apiVersion: BINDING_API_VERSION,
    kind: namespace ? 'ResourceBinding' : 'ClusterResourceBinding',
    metadata: present<ObjectMeta>({
      name: bindingNameOf(kind, name),
      namespace,
      finalizers: [namespace ? FINALIZERS.binding : FINALIZERS.clusterBinding],
      // What no server has stored yet has no uid, and so can own nothing.
      ownerReferences: uid ? [owner] : undefined,
    }),
    spec: { resource: present({ apiVersion, kind, namespace, name, uid, resourceVersion }) },
  };
}

/** A kind that is made of components is not counted in replicas. */
export function needsOf(template: KubeObject, interpreter: Interpreter, options: BindOptions): Needs {
  const components = options.components ? interpreter.components(template) : null;
  if (components !== null) return { components: [...components] };
  const answer = interpreter.replicas(template);
  if (answer === null) return {};
  return { replicas: answer.replicas, replicaRequirements: answer.requirements ?? undefined };
}

function groupsOf(template: KubeObject, { workloadAffinity }: Placement): WorkloadAffinityGroups | undefined {
  const group = (key: string | undefined) => {
    const value = key === undefined ? undefined : own(template.metadata.labels, key);
    return value === undefined ? undefined : `${key}=${value}`;
  };
  const groups = present<WorkloadAffinityGroups>({
    affinityGroup: group(workloadAffinity?.affinity?.groupByLabelKey),
    antiAffinityGroup: group(workloadAffinity?.antiAffinity?.groupByLabelKey),
  });
  return Object.keys(groups).length === 0 ? undefined : groups;
}

/** What others than the detector decide about a binding. */
const DECIDED_BY_OTHERS = ['clusters', 'gracefulEvictionTasks', 'requiredBy', 'rescheduleTriggeredAt'] as const;

/**
 * A stored binding brought up to date with what its template and policy ask for now; what others decided stays.
 *
 * Differs from Karmada: the earlier policy's claim also goes when that was a PropagationPolicy, not only when it was a
 * ClusterPropagationPolicy; and a ClusterResourceBinding follows its policy in `propagateDeps`, too, which there is what it was at
 * first.
 */
export function renewBinding(stored: ResourceBinding, wanted: ResourceBinding): ResourceBinding {
  const free = withoutClaim(stored.metadata);
  const decided = Object.fromEntries(DECIDED_BY_OTHERS.map((field) => [field, stored.spec[field]]));
  const scheduling = stored.spec.suspension?.scheduling;
  const suspension = present(merged(wanted.spec.suspension, { scheduling }));
  return merged(stored, {
    metadata: present(
      merged(free, {
        labels: merged(free.labels, wanted.metadata.labels),
        annotations: merged(free.annotations, wanted.metadata.annotations),
        finalizers: [...new Set([...(free.finalizers ?? []), ...(wanted.metadata.finalizers ?? [])])],
        ownerReferences: wanted.metadata.ownerReferences,
      }),
    ),
    spec: present<ResourceBindingSpec>(
      merged(wanted.spec, { ...decided, suspension: Object.keys(suspension).length > 0 ? suspension : undefined }),
    ),
  });
}
