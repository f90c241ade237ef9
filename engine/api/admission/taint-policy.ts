// Admission of ClusterTaintPolicy.
import { listOf, oneOf, onlyFields, text } from '../../base/shape.ts';
import { clusterAffinity } from './placement.ts';
import { filled, kindShape, labelKey, rule, ruled, texts } from './words.ts';

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
  rule<{ readonly taints: readonly unknown[] }>(({ taints }, report) => {
    if (taints.length === 0) report('.taints', 'is empty, and should have the taints that come and go');
  }),
);

export const taintPolicyShape = kindShape(spec);
