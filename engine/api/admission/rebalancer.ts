// Admission of WorkloadRebalancer.
import { anything, fields, listOf, onlyFields, text } from '../../base/shape.ts';
import { count, filled, metadata, rule, ruled } from './words.ts';

const workload = onlyFields({ apiVersion: filled, kind: filled, name: filled }, { namespace: text });

const spec = ruled(
  onlyFields({ workloads: listOf(workload) }, { ttlSecondsAfterFinished: count }),
  rule<{ readonly workloads: readonly unknown[] }>(({ workloads }, report) => {
    if (workloads.length === 0) report('.workloads', 'is empty, and should name what is placed anew');
  }),
);

export const rebalancerShape = fields({ metadata, spec }, { apiVersion: text, kind: text, status: anything });
