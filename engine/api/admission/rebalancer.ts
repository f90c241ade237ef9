// Admission of WorkloadRebalancer.
import { listOf, onlyFields, text } from '../../base/shape.ts';
import { filled, int32, kindShape, rule, ruled } from './words.ts';

const workload = onlyFields({ apiVersion: filled, kind: filled, name: filled }, { namespace: text });

const spec = ruled(
  onlyFields({ workloads: listOf(workload) }, { ttlSecondsAfterFinished: int32 }),
  rule<{ readonly workloads: readonly unknown[] }>(({ workloads }, report) => {
    if (workloads.length === 0) report('.workloads', 'is empty, and should name what is placed anew');
  }),
);

export const rebalancerShape = kindShape(spec);
