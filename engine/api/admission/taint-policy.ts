// Admission of ClusterTaintPolicy.
import { listOf, oneOf, onlyFields, type ShapeProblem, text } from '../../base/shape.ts';
import type { Taint } from '../../kube/taint.ts';
import { clusterAffinity } from './placement.ts';
import { filled, kindShape, labelKey, repeatedTaints, rule, ruled, texts } from './words.ts';

export interface TaintPolicy {
  readonly spec: { readonly taints: readonly Taint[] };
}

const condition = onlyFields({ conditionType: filled, operator: oneOf('In', 'NotIn'), statusValues: texts });

const taint = onlyFields(
  { key: labelKey, effect: oneOf('NoSchedule', 'PreferNoSchedule', 'NoExecute') },
  { value: text },
);

const spec = ruled(
  onlyFields(
    { taints: listOf(taint) },
    { targetClusters: clusterAffinity, addOnConditions: listOf(condition), removeOnConditions: listOf(condition) },
  ),
  rule<TaintPolicy['spec']>(({ taints }, report) => {
    if (taints.length === 0) report('.taints', 'is empty, and should have the taints that come and go');
    repeatedTaints(taints, report);
  }),
);

export const taintPolicyShape = kindShape(spec);

/** A mistake in one takes workloads away from every cluster, so that Karmada wants it to be allowed where the hub is run. */
export const noExecuteProblems = ({ spec: { taints } }: TaintPolicy): readonly ShapeProblem[] =>
  taints.flatMap(({ effect }, at) =>
    effect === 'NoExecute'
      ? [{ path: `spec.taints[${at}].effect`, message: 'is NoExecute, which is not allowed to policies on this hub' }]
      : [],
  );
