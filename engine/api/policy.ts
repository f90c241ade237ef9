// PropagationPolicy and ClusterPropagationPolicy (policy.karmada.io/v1alpha1): which resources go where, and how.
import type { ObjectMeta } from '../kube/meta.ts';
import { kindSchema } from '../kube/schema/kind-schema.ts';
import { labelSelectorSchema } from '../kube/schema/kube-types.ts';
import {
  count,
  described,
  filled,
  flag,
  int32,
  listOf,
  must,
  objectOf,
  oneOf,
  type SchemaOf,
  text,
  textList,
} from '../kube/schema/typed-schema.ts';
import type { LabelSelector } from '../kube/selector.ts';
import { type Placement, placementSchema } from './placement.ts';

export interface ResourceSelector {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name?: string;
  labelSelector?: LabelSelector;
}

export interface StatePreservation {
  rules: PreservedState[];
}

export interface PreservedState {
  aliasLabelName: string;
  jsonPath: string;
}

export interface DecisionConditions {
  tolerationSeconds?: number;
}

export type PurgeMode = 'Directly' | 'Gracefully' | 'Never';

export interface ApplicationFailover {
  decisionConditions: DecisionConditions;
  purgeMode?: PurgeMode;
  gracePeriodSeconds?: number;
  statePreservation?: StatePreservation;
}

export interface ClusterFailover {
  purgeMode?: 'Directly' | 'Gracefully';
  statePreservation?: StatePreservation;
}

export interface FailoverBehavior {
  application?: ApplicationFailover;
  cluster?: ClusterFailover;
}

export type ConflictResolution = 'Abort' | 'Overwrite';

export interface SuspendClusters {
  clusterNames?: string[];
}

export interface Suspension {
  dispatching?: boolean;
  dispatchingOnClusters?: SuspendClusters;
}

export interface SchedulePriority {
  priorityClassSource: string;
  priorityClassName: string;
}

export interface PropagationSpec {
  resourceSelectors: ResourceSelector[];
  /** Deprecated name of `propagateDeps`. */
  association?: boolean;
  propagateDeps?: boolean;
  placement?: Placement;
  priority?: number;
  preemption?: 'Always' | 'Never';
  dependentOverrides?: string[];
  schedulerName?: string;
  failover?: FailoverBehavior;
  conflictResolution?: ConflictResolution;
  activationPreference?: '' | 'Lazy';
  suspension?: Suspension;
  preserveResourcesOnDeletion?: boolean;
  schedulePriority?: SchedulePriority;
}

export interface PropagationPolicy {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  spec: PropagationSpec;
}

export const resourceSelectorSchema = objectOf<ResourceSelector>('Selects resources of one kind.', {
  apiVersion: must(text('The API version of the resources.', { example: 'apps/v1' })),
  kind: must(text('The kind of the resources.', { example: 'Deployment' })),
  namespace: text("Their namespace; the policy's own, or every one for a policy of the whole cluster."),
  name: text('The one of this name; all where it is left out.'),
  labelSelector: described('Those with these labels; not looked at where a name is given.', labelSelectorSchema),
});

const preservedStateSchema = objectOf<PreservedState>('One piece of state that moves along.', {
  aliasLabelName: must(text('The label under which the new copy finds it.')),
  jsonPath: must(filled('Where it is, from the status on.', { example: '{.availableReplicas}' })),
});

const statePreservationSchema = objectOf<StatePreservation>('State that moves along with a workload.', {
  rules: must(listOf('The pieces.', preservedStateSchema)),
});

const decisionConditionsSchema = objectOf<DecisionConditions>('When an application counts as failed.', {
  tolerationSeconds: count('How long it may be unhealthy.', { default: 300 }),
});

const applicationFailoverSchema = objectOf<ApplicationFailover>(
  'What happens to an application that stays unhealthy.',
  {
    decisionConditions: must(described('When it is moved.', decisionConditionsSchema)),
    purgeMode: oneOf('What becomes of the old copy.', ['Directly', 'Gracefully', 'Never'], { default: 'Gracefully' }),
    gracePeriodSeconds: int32('How long the old copy may wait for the new one; only with Gracefully, then 600.', {
      minimum: 1,
    }),
    statePreservation: described('State that moves along.', statePreservationSchema),
  },
);

const clusterFailoverSchema = objectOf<ClusterFailover>('What happens to workloads of a cluster that fails.', {
  purgeMode: oneOf('What becomes of the old copy.', ['Directly', 'Gracefully'], { default: 'Gracefully' }),
  statePreservation: described('State that moves along.', statePreservationSchema),
});

export const failoverSchema = objectOf<FailoverBehavior>('What happens when something fails.', {
  application: described('When the application fails; nothing where it is left out.', applicationFailoverSchema),
  cluster: described('When a cluster fails.', clusterFailoverSchema),
});

const suspendClustersSchema = objectOf<SuspendClusters>('Some clusters.', {
  clusterNames: textList('Their names.'),
});

export const suspensionSchema = objectOf<Suspension>('What is held back for now.', {
  dispatching: flag('Nothing is sent to any cluster.'),
  dispatchingOnClusters: described('Nothing is sent to these clusters.', suspendClustersSchema),
});

const schedulePrioritySchema = objectOf<SchedulePriority>('In which order workloads are scheduled.', {
  priorityClassSource: must(text('Where the priority class is found.', { enum: ['KubePriorityClass'] })),
  priorityClassName: must(text('The name of the class.')),
});

const specSchema = objectOf<PropagationSpec>('Which resources go where.', {
  resourceSelectors: must(
    listOf('The resources; something has to be selected.', resourceSelectorSchema, { minItems: 1 }),
  ),
  association: flag('Deprecated name of propagateDeps.'),
  propagateDeps: flag('Whether what a resource refers to, such as its ConfigMaps, goes along.'),
  placement: described("The clusters, and each one's share.", placementSchema),
  priority: int32('Which policy wins a resource: the one with the higher number.', { default: 0 }),
  preemption: oneOf('Whether it may take resources that a policy of lower priority has.', ['Always', 'Never'], {
    default: 'Never',
  }),
  dependentOverrides: textList('Override policies that must be there before anything is propagated.'),
  schedulerName: text('The scheduler that decides; it cannot be changed.', { default: 'default-scheduler' }),
  failover: described('What happens when something fails.', failoverSchema),
  conflictResolution: oneOf(
    'What happens where a cluster has such a resource already, and not from here.',
    ['Abort', 'Overwrite'],
    {
      default: 'Abort',
    },
  ),
  activationPreference: oneOf('Lazy: a change of the policy waits for the next change of the resource.', ['', 'Lazy']),
  suspension: described('What is held back for now.', suspensionSchema),
  preserveResourcesOnDeletion: flag('Whether members keep their copies when the resource is deleted here.'),
  schedulePriority: described('In which order workloads are scheduled.', schedulePrioritySchema),
});

export const propagationPolicySchema: SchemaOf<PropagationPolicy> = kindSchema<PropagationPolicy>(
  'Propagates resources of its namespace to clusters.',
  { spec: must(specSchema) },
);

export const clusterPropagationPolicySchema: SchemaOf<PropagationPolicy> = {
  ...propagationPolicySchema,
  description: 'Propagates resources of any namespace, and those without one, to clusters.',
};
