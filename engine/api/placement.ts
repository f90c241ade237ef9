// Placement: which clusters a workload may use, how it spreads over them and how its replicas are divided.

import { labelSelectorSchema, tolerationSchema } from '../kube/schema/kube-types.ts';
import {
  described,
  type FieldSchemas,
  filled,
  int64,
  listOf,
  must,
  objectOf,
  oneOf,
  type SchemaOf,
  text,
  textList,
  whole,
} from '../kube/schema/typed-schema.ts';
import type { LabelSelector } from '../kube/selector.ts';
import type { Toleration } from '../kube/taint.ts';

export interface FieldSelectorRequirement {
  key: string;
  operator: string;
  values?: string[];
}

export interface FieldSelector {
  matchExpressions?: FieldSelectorRequirement[];
}

export interface ClusterAffinity {
  labelSelector?: LabelSelector;
  fieldSelector?: FieldSelector;
  clusterNames?: string[];
  exclude?: string[];
}

export interface OverflowAffinity extends ClusterAffinity {
  affinityName: string;
}

export interface ClusterAffinityTerm extends ClusterAffinity {
  affinityName: string;
  overflowAffinities?: OverflowAffinity[];
}

export type SpreadField = 'cluster' | 'region' | 'zone' | 'provider';

export interface SpreadConstraint {
  spreadByField?: SpreadField;
  spreadByLabel?: string;
  maxGroups?: number;
  minGroups?: number;
}

export interface StaticClusterWeight {
  targetCluster: ClusterAffinity;
  weight: number;
}

export interface WeightPreference {
  staticWeightList?: StaticClusterWeight[];
  dynamicWeight?: string;
}

export interface ReplicaScheduling {
  replicaSchedulingType?: 'Duplicated' | 'Divided';
  replicaDivisionPreference?: 'Aggregated' | 'Weighted';
  weightPreference?: WeightPreference;
}

export interface WorkloadAffinityTerm {
  groupByLabelKey: string;
}

export interface WorkloadAffinity {
  affinity?: WorkloadAffinityTerm;
  antiAffinity?: WorkloadAffinityTerm;
}

export interface Placement {
  clusterAffinity?: ClusterAffinity;
  clusterAffinities?: ClusterAffinityTerm[];
  clusterTolerations?: Toleration[];
  spreadConstraints?: SpreadConstraint[];
  replicaScheduling?: ReplicaScheduling;
  workloadAffinity?: WorkloadAffinity;
}

const fieldRequirementSchema = objectOf<FieldSelectorRequirement>('One demand on a field of the cluster.', {
  key: must(text('The field.', { enum: ['provider', 'region', 'zone'] })),
  operator: must(text('What is demanded of it.', { enum: ['In', 'NotIn'] })),
  values: textList('The values that it may, or may not, have.'),
});

const fieldSelectorSchema = objectOf<FieldSelector>('Demands on fields of the cluster, all together.', {
  matchExpressions: listOf('The demands.', fieldRequirementSchema),
});

const affinityFields: FieldSchemas<ClusterAffinity> = {
  labelSelector: described('Only clusters with these labels.', labelSelectorSchema),
  fieldSelector: described('Only clusters of these providers, regions or zones.', fieldSelectorSchema),
  clusterNames: textList('Only these clusters.'),
  exclude: textList('None of these clusters, whatever else is said.'),
};

export const clusterAffinitySchema = objectOf<ClusterAffinity>(
  'A set of clusters: all that meet every part; without any part, all.',
  affinityFields,
);

const affinityName = filled('What the group is called; the policy has no other of this name.', {
  maxLength: 32,
  example: 'primary',
});

const overflowAffinitySchema = objectOf<OverflowAffinity>('Clusters for what the group before has no room for.', {
  affinityName: must(affinityName),
  ...affinityFields,
});

const affinityTermSchema = objectOf<ClusterAffinityTerm>('A named group of clusters.', {
  affinityName: must(affinityName),
  ...affinityFields,
  overflowAffinities: listOf(
    'Further groups, in turn, for what does not fit; given back first when there is less to run.',
    overflowAffinitySchema,
  ),
});

const spreadConstraintSchema = objectOf<SpreadConstraint>(
  'Over how many groups of clusters a workload goes, by what the clusters have in common.',
  {
    spreadByField: oneOf('Groups by this field; cluster where neither field nor label is given.', [
      'cluster',
      'region',
      'zone',
      'provider',
    ]),
    spreadByLabel: text('Groups by the value of this label; not beside spreadByField.'),
    maxGroups: whole('At most so many groups. Left out, Karmada selects none, the muster profile any number.', {
      minimum: 0,
    }),
    minGroups: whole('At least so many groups; 1 where it is left out.', { minimum: 0 }),
  },
);

const staticClusterWeightSchema = objectOf<StaticClusterWeight>('A weight for some clusters.', {
  targetCluster: must(described('The clusters.', clusterAffinitySchema)),
  weight: must(int64('Their weight against the others; the highest that fits a cluster counts.', { minimum: 1 })),
});

const weightPreferenceSchema = objectOf<WeightPreference>('What each cluster weighs.', {
  staticWeightList: listOf('Fixed weights; clusters that none fits get nothing.', staticClusterWeightSchema),
  dynamicWeight: text('Weighs by what clusters have room for; the fixed weights then do not count.', {
    enum: ['AvailableReplicas'],
  }),
});

const replicaSchedulingSchema = objectOf<ReplicaScheduling>(
  'How many replicas each cluster gets. Without it, each cluster gets all.',
  {
    replicaSchedulingType: oneOf('Every cluster all replicas, or each a share.', ['Duplicated', 'Divided'], {
      default: 'Divided',
    }),
    replicaDivisionPreference: oneOf('Into as few clusters as have room, or by weight; Weighted where left out.', [
      'Aggregated',
      'Weighted',
    ]),
    weightPreference: described('The weights; all the same where it is left out.', weightPreferenceSchema),
  },
);

const workloadAffinityTermSchema = objectOf<WorkloadAffinityTerm>('Groups workloads by a label.', {
  groupByLabelKey: must(text('Workloads with the same value of this label, in one namespace, are one group.')),
});

const workloadAffinitySchema = objectOf<WorkloadAffinity>('Which workloads go together, and which apart.', {
  affinity: described('Workloads of a group share clusters.', workloadAffinityTermSchema),
  antiAffinity: described('Workloads of a group never share a cluster.', workloadAffinityTermSchema),
});

export const placementSchema: SchemaOf<Placement> = objectOf<Placement>(
  'Which clusters a workload may use, how it spreads over them and how its replicas are divided.',
  {
    clusterAffinity: described('The clusters that may be chosen; not beside clusterAffinities.', clusterAffinitySchema),
    clusterAffinities: listOf('Groups of clusters, tried in turn until one takes the workload.', affinityTermSchema),
    clusterTolerations: listOf('Taints of clusters that do not matter.', tolerationSchema),
    spreadConstraints: listOf('Over how many groups of clusters it goes.', spreadConstraintSchema),
    replicaScheduling: described(
      'How replicas are divided; every cluster gets all where it is left out.',
      replicaSchedulingSchema,
    ),
    workloadAffinity: described('Workloads to be near to, or away from.', workloadAffinitySchema),
  },
);
