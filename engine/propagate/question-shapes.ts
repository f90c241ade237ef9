// What policies and clusters must look like for a question about them to make sense: types only, nothing about policy.
// Words that admission would refuse pass, such as an unknown operator: what Karmada does with them is the answer.
import { CUSTOMIZED_OPERATIONS } from '../api/interpreter-customization.ts';
import { anything, fields, filledText, listOf, mapOf, type Shape, text, wholeNumber } from '../base/shape.ts';

const texts = listOf(text);
const requirement = fields({ key: text, operator: text }, { values: texts });
const labelSelector = fields({}, { matchLabels: mapOf(text), matchExpressions: listOf(requirement) });
const affinity = fields(
  {},
  {
    labelSelector,
    fieldSelector: fields({}, { matchExpressions: listOf(requirement) }),
    clusterNames: texts,
    exclude: texts,
  },
);
const resourceSelectors = listOf(
  fields({}, { apiVersion: text, kind: text, namespace: text, name: text, labelSelector }),
);
const commandArgs = listOf(fields({}, { containerName: text, operator: text, value: texts }));
const keys = listOf(fields({}, { operator: text, value: mapOf(text) }));
const operations = listOf(fields({}, { subPath: text, operator: text, value: anything }));
const overriders = fields(
  {},
  {
    imageOverrider: listOf(
      fields({}, { predicate: fields({ path: text }), component: text, operator: text, value: text }),
    ),
    commandOverrider: commandArgs,
    argsOverrider: commandArgs,
    labelsOverrider: keys,
    annotationsOverrider: keys,
    fieldOverrider: listOf(fields({ fieldPath: text }, { json: operations, yaml: operations })),
    plaintext: listOf(fields({}, { path: text, operator: text, value: anything })),
  },
);
const named: Shape = fields({ name: filledText }, { namespace: text, deletionTimestamp: text });

export const propagationPolicy = fields({
  metadata: named,
  spec: fields({}, { resourceSelectors, priority: wholeNumber(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER) }),
});

export const overridePolicy = fields({
  metadata: named,
  spec: fields(
    {},
    {
      resourceSelectors,
      overrideRules: listOf(fields({}, { targetCluster: affinity, overriders })),
      targetCluster: affinity,
      overriders,
    },
  ),
});

export const cluster = fields(
  { metadata: fields({ name: text }, { labels: mapOf(text) }) },
  { spec: fields({}, { provider: text, region: text, zone: text, zones: texts }) },
);

const luaRule = fields({}, { luaScript: text });

export const customization = fields({
  metadata: named,
  spec: fields({
    target: fields({ apiVersion: filledText, kind: filledText }),
    customizations: fields({}, Object.fromEntries(CUSTOMIZED_OPERATIONS.map((operation) => [operation, luaRule]))),
  }),
});
