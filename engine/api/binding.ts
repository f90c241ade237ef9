// ResourceBinding and ClusterResourceBinding (work.karmada.io/v1alpha2): one propagated object, its needs, its decision.
import type { Condition, ObjectMeta } from '../kube/meta.ts';
import { kindSchema } from '../kube/schema/kind-schema.ts';
import { conditions, REASON, resourceList, tolerationSchema } from '../kube/schema/kube-types.ts';
import {
  count,
  described,
  filled,
  flag,
  int32,
  int64,
  listOf,
  must,
  objectOf,
  oneOf,
  openObject,
  type SchemaOf,
  text,
  textList,
  textMap,
  time,
} from '../kube/schema/typed-schema.ts';
import type { Toleration } from '../kube/taint.ts';
import type { ResourceList } from './cluster.ts';
import { type Placement, placementSchema } from './placement.ts';
import {
  type ConflictResolution,
  type FailoverBehavior,
  failoverSchema,
  type PurgeMode,
  type SuspendClusters,
  type Suspension,
  suspensionSchema,
} from './policy.ts';

export interface ObjectReference {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
  uid?: string;
  resourceVersion?: string;
}

export interface NodeSelectorRequirement {
  key: string;
  operator: string;
  values?: string[];
}

export interface NodeSelectorTerm {
  matchExpressions?: NodeSelectorRequirement[];
  matchFields?: NodeSelectorRequirement[];
}

export interface HardNodeAffinity {
  nodeSelectorTerms: NodeSelectorTerm[];
}

export interface NodeClaim {
  hardNodeAffinity?: HardNodeAffinity;
  nodeSelector?: Record<string, string>;
  tolerations?: Toleration[];
}

export interface ReplicaRequirements {
  nodeClaim?: NodeClaim;
  resourceRequest?: ResourceList;
  namespace?: string;
  priorityClassName?: string;
}

export interface Component {
  name: string;
  replicas: number;
  replicaRequirements?: ReplicaRequirements;
}

export interface TargetComponent {
  name: string;
  replicas: number;
}

export interface TargetCluster {
  name: string;
  replicas?: number;
  components?: TargetComponent[];
}

export interface GracefulEvictionTask {
  fromCluster: string;
  purgeMode?: PurgeMode;
  replicas?: number;
  reason: string;
  message?: string;
  producer: string;
  gracePeriodSeconds?: number;
  suppressDeletion?: boolean;
  preservedLabelState?: Record<string, string>;
  creationTimestamp?: string;
  clustersBeforeFailover?: string[];
}

export interface BindingSnapshot {
  namespace?: string;
  name: string;
  clusters?: TargetCluster[];
}

export interface WorkloadAffinityGroups {
  affinityGroup?: string;
  antiAffinityGroup?: string;
}

export interface BindingSuspension extends Suspension {
  scheduling?: boolean;
}

export interface BindingPriority {
  priority?: number;
}

export interface ResourceBindingSpec {
  resource: ObjectReference;
  propagateDeps?: boolean;
  replicaRequirements?: ReplicaRequirements;
  replicas?: number;
  components?: Component[];
  clusters?: TargetCluster[];
  placement?: Placement;
  gracefulEvictionTasks?: GracefulEvictionTask[];
  requiredBy?: BindingSnapshot[];
  schedulerName?: string;
  failover?: FailoverBehavior;
  conflictResolution?: ConflictResolution;
  rescheduleTriggeredAt?: string;
  suspension?: BindingSuspension;
  preserveResourcesOnDeletion?: boolean;
  schedulePriority?: BindingPriority;
  workloadAffinityGroups?: WorkloadAffinityGroups;
}

export interface AggregatedStatusItem {
  clusterName: string;
  status?: unknown;
  applied?: boolean;
  appliedMessage?: string;
  health?: 'Healthy' | 'Unhealthy' | 'Unknown';
}

export interface ResourceBindingStatus {
  schedulerObservedGeneration?: number;
  schedulerObservingAffinityName?: string;
  lastScheduledTime?: string;
  conditions?: Condition[];
  aggregatedStatus?: AggregatedStatusItem[];
}

export interface ResourceBinding {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  spec: ResourceBindingSpec;
  status?: ResourceBindingStatus;
}

export const objectReferenceSchema = objectOf<ObjectReference>('A resource of the hub.', {
  apiVersion: must(filled('Its API version.')),
  kind: must(filled('Its kind.')),
  namespace: text('Its namespace, if it is in one.'),
  name: must(filled('Its name.')),
  uid: text('Its identity.'),
  resourceVersion: text('The revision of it that was read.'),
});

const nodeRequirementSchema = objectOf<NodeSelectorRequirement>('One demand on a node.', {
  key: must(text('The label or field.')),
  operator: must(text('In, NotIn, Exists, DoesNotExist, Gt or Lt.')),
  values: textList('The values.'),
});

const nodeTermSchema = objectOf<NodeSelectorTerm>('Demands on a node, all together.', {
  matchExpressions: listOf('On its labels.', nodeRequirementSchema),
  matchFields: listOf('On its fields.', nodeRequirementSchema),
});

const hardNodeAffinitySchema = objectOf<HardNodeAffinity>('Nodes that meet one of these.', {
  nodeSelectorTerms: must(listOf('The alternatives.', nodeTermSchema)),
});

const nodeClaimSchema = objectOf<NodeClaim>('The nodes that a replica can be on.', {
  hardNodeAffinity: described('What a node must be like.', hardNodeAffinitySchema),
  nodeSelector: textMap('Labels that a node must have.'),
  tolerations: listOf('Taints of nodes that do not matter.', tolerationSchema),
});

const requirementsSchema = objectOf<ReplicaRequirements>('What one replica needs.', {
  nodeClaim: described('Which nodes.', nodeClaimSchema),
  resourceRequest: resourceList('How much of each resource.'),
  namespace: text('The namespace it runs in.'),
  priorityClassName: text('The priority class of its pods.'),
});

const componentSchema = objectOf<Component>('One of several kinds of pods that a workload has.', {
  name: must(filled('What it is called.', { maxLength: 32 })),
  replicas: must(count('How many there are.')),
  replicaRequirements: described('What one of them needs.', requirementsSchema),
});

const targetComponentSchema = objectOf<TargetComponent>('The share of one component.', {
  name: must(filled('The component.')),
  replicas: must(count('How many of it.')),
});

export const targetClusterSchema = objectOf<TargetCluster>('A cluster that was chosen, and its share.', {
  name: must(filled('The cluster.')),
  replicas: count('Its replicas.'),
  components: listOf('Its share of each component.', targetComponentSchema),
});

const evictionTaskSchema = objectOf<GracefulEvictionTask>('A copy that has to go, and how.', {
  fromCluster: must(filled('Where it is.')),
  purgeMode: oneOf('When it goes.', ['Directly', 'Gracefully', 'Never']),
  replicas: count('How many replicas it had.'),
  reason: must(
    filled('Why, as one word for programs.', { maxLength: 32, pattern: REASON, example: 'TaintUntolerated' }),
  ),
  message: text('Why, as a sentence for people.', { maxLength: 1024 }),
  producer: must(text('Who decided it.')),
  gracePeriodSeconds: count('How long it may wait for another copy; not beside suppressDeletion.'),
  suppressDeletion: flag('Whether it stays until someone decides otherwise.'),
  preservedLabelState: textMap('State that moves along, by label.'),
  creationTimestamp: time('When it was decided.'),
  clustersBeforeFailover: textList('The clusters at that time.'),
});

const snapshotSchema = objectOf<BindingSnapshot>('A binding that needs this one, and its clusters.', {
  namespace: text('Its namespace, if it is in one.'),
  name: must(filled('Its name.')),
  clusters: listOf('Where it goes.', targetClusterSchema),
});

const bindingSuspensionSchema = objectOf<BindingSuspension>('What is held back for now.', {
  dispatching: flag('Nothing is sent to any cluster.'),
  dispatchingOnClusters: suspensionSchema.properties!.dispatchingOnClusters! as SchemaOf<SuspendClusters>,
  scheduling: flag('Nothing is decided.'),
});

const bindingPrioritySchema = objectOf<BindingPriority>('When it is scheduled among others.', {
  priority: int32('The higher the earlier.', { default: 0 }),
});

const affinityGroupsSchema = objectOf<WorkloadAffinityGroups>('The groups it belongs to.', {
  affinityGroup: text('What it goes together with, as "label=value".'),
  antiAffinityGroup: text('What it stays apart from, as "label=value".'),
});

const specSchema = objectOf<ResourceBindingSpec>('What is propagated, what it needs and where it goes.', {
  resource: must(described('What is propagated.', objectReferenceSchema)),
  propagateDeps: flag('Whether what it refers to goes along.'),
  replicaRequirements: described('What one replica needs.', requirementsSchema),
  replicas: count('How many replicas it has.'),
  components: listOf('Its components, if it has several kinds of pods.', componentSchema),
  clusters: listOf('The clusters that were chosen.', targetClusterSchema),
  placement: described('The clusters that may be chosen.', placementSchema),
  gracefulEvictionTasks: listOf('Copies that have to go.', evictionTaskSchema),
  requiredBy: listOf('Bindings that need it.', snapshotSchema),
  schedulerName: text('The scheduler that decides.'),
  failover: described('What happens when something fails.', failoverSchema),
  conflictResolution: oneOf('What happens where a cluster has such a resource already.', ['Abort', 'Overwrite'], {
    default: 'Abort',
  }),
  rescheduleTriggeredAt: time('When it was last asked to be decided anew.'),
  suspension: described('What is held back for now.', bindingSuspensionSchema),
  preserveResourcesOnDeletion: flag('Whether members keep their copies when the resource is deleted.'),
  schedulePriority: described('When it is scheduled among others.', bindingPrioritySchema),
  workloadAffinityGroups: described('What it goes together with, and what it stays apart from.', affinityGroupsSchema),
});

const aggregatedItemSchema = objectOf<AggregatedStatusItem>('What one cluster tells.', {
  clusterName: must(text('The cluster.')),
  status: openObject('The status of the resource there.'),
  applied: flag('Whether it was applied.'),
  appliedMessage: text('Why it was not.'),
  health: oneOf('Whether it is well.', ['Healthy', 'Unhealthy', 'Unknown']),
});

const statusSchema = objectOf<ResourceBindingStatus>('What became of it.', {
  schedulerObservedGeneration: int64('The generation that the scheduler has decided.'),
  schedulerObservingAffinityName: text('The group of clusters that the decision rests on.'),
  lastScheduledTime: time('When it was last decided.'),
  conditions: conditions('Whether it is scheduled, and applied everywhere.'),
  aggregatedStatus: listOf('What each cluster tells.', aggregatedItemSchema),
});

export const resourceBindingSchema: SchemaOf<ResourceBinding> = kindSchema<ResourceBinding>(
  'One propagated resource of a namespace: its needs, the decision and what became of it.',
  { spec: must(specSchema), status: statusSchema },
);

export const clusterResourceBindingSchema: SchemaOf<ResourceBinding> = {
  ...resourceBindingSchema,
  description: 'One propagated resource without a namespace: its needs, the decision and what became of it.',
};
