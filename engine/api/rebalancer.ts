// WorkloadRebalancer (apps.karmada.io/v1alpha1): workloads that are to be placed anew, once, and what came of each.
import type { ObjectMeta } from '../kube/meta.ts';
import { kindSchema } from '../kube/schema/kind-schema.ts';
import {
  count,
  described,
  int64,
  listOf,
  must,
  objectOf,
  oneOf,
  type SchemaOf,
  text,
  time,
} from '../kube/schema/typed-schema.ts';

export interface RebalancedWorkload {
  apiVersion: string;
  kind: string;
  /** Of what is in none it is left out. */
  namespace?: string;
  name: string;
}

export interface ObservedWorkload {
  workload: RebalancedWorkload;
  /** None as long as nothing has come of it. */
  result?: 'Successful' | 'Failed';
  reason?: string;
}

export interface WorkloadRebalancerSpec {
  workloads: RebalancedWorkload[];
  ttlSecondsAfterFinished?: number;
}

export interface WorkloadRebalancerStatus {
  observedWorkloads?: ObservedWorkload[];
  observedGeneration?: number;
  finishTime?: string;
}

export interface WorkloadRebalancer {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  spec: WorkloadRebalancerSpec;
  status?: WorkloadRebalancerStatus;
}

const workloadSchema = objectOf<RebalancedWorkload>('A workload of the hub.', {
  apiVersion: must(text('Its API version.')),
  kind: must(text('Its kind.')),
  namespace: text('Its namespace, if it is in one.'),
  name: must(text('Its name.')),
});

const observedSchema = objectOf<ObservedWorkload>('What came of one of them.', {
  workload: must(described('The workload.', workloadSchema)),
  result: oneOf('Whether it is placed anew.', ['Successful', 'Failed']),
  reason: text('Why it is not.'),
});

export const workloadRebalancerSchema: SchemaOf<WorkloadRebalancer> = kindSchema<WorkloadRebalancer>(
  'Workloads that are to be placed anew, once.',
  {
    spec: must(
      objectOf<WorkloadRebalancerSpec>('What is to be placed anew.', {
        workloads: must(listOf('The workloads.', workloadSchema)),
        ttlSecondsAfterFinished: count('After how many seconds it goes.'),
      }),
    ),
    status: objectOf<WorkloadRebalancerStatus>('What came of it.', {
      observedWorkloads: listOf('Of each workload.', observedSchema),
      observedGeneration: int64('Of which generation that is told.'),
      finishTime: time('When all of them had been looked at.'),
    }),
  },
);
