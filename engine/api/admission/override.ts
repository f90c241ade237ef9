// Admission of OverridePolicy and ClusterOverridePolicy.
import { anything, listOf, mapOf, oneOf, onlyFields, type Shape, text } from '../../base/shape.ts';
import type { FieldOverrider, ImageOverrider, OverridePolicy, OverrideSpec, PlaintextOverrider } from '../override.ts';
import { clusterAffinity } from './placement.ts';
import { inNamespaceOf, resourceSelector, selectsInItsNamespace } from './policy.ts';
import { filled, kindShape, pointer, rule, ruled, texts } from './words.ts';

const operator = oneOf('add', 'remove', 'replace');

const image = ruled(
  onlyFields(
    { component: oneOf('Registry', 'Repository', 'Tag'), operator },
    { predicate: onlyFields({ path: pointer }), value: text },
  ),
  rule<ImageOverrider>(({ operator: does, value }, report) => {
    if (does !== 'remove' && !value) report('.value', `is missing, and ${does} needs one`);
  }),
);
const commandArgs = onlyFields({ containerName: filled, operator: oneOf('add', 'remove') }, { value: texts });
const labels = onlyFields({ operator }, { value: mapOf(text) });
const fieldPatch = onlyFields({ subPath: pointer, operator }, { value: anything });
const field = ruled(
  onlyFields({ fieldPath: pointer }, { json: listOf(fieldPatch), yaml: listOf(fieldPatch) }),
  rule<FieldOverrider>(({ json, yaml }, report) => {
    if (json !== undefined && yaml !== undefined)
      report('.yaml', 'stands beside json: the field holds a document of one kind');
  }),
);
const plaintext = ruled(
  onlyFields({ path: pointer, operator }, { value: anything }),
  rule<PlaintextOverrider>(({ operator: does, value }, report) => {
    if (does !== 'remove' && value === undefined) report('.value', `is missing, and ${does} needs one`);
  }),
);

const overriders = onlyFields(
  {},
  {
    imageOverrider: listOf(image),
    commandOverrider: listOf(commandArgs),
    argsOverrider: listOf(commandArgs),
    labelsOverrider: listOf(labels),
    annotationsOverrider: listOf(labels),
    fieldOverrider: listOf(field),
    plaintext: listOf(plaintext),
  },
);

const spec = ruled(
  onlyFields(
    {},
    {
      resourceSelectors: listOf(resourceSelector),
      overrideRules: listOf(onlyFields({ overriders }, { targetCluster: clusterAffinity })),
      targetCluster: clusterAffinity,
      overriders,
    },
  ),
  rule<OverrideSpec>((value, report) => {
    const old = value.targetCluster !== undefined || Object.keys(value.overriders ?? {}).length > 0;
    if (value.overrideRules !== undefined && old) {
      report(
        '.overrideRules',
        'stands beside targetCluster or overriders, the old form of one rule: use overrideRules alone',
      );
    }
  }),
);

export const overrideShape = (namespaced: boolean): Shape =>
  namespaced ? ruled(kindShape(spec), selectsInItsNamespace) : kindShape(spec);

export function defaultOverride(policy: OverridePolicy, namespaced: boolean): OverridePolicy {
  const { resourceSelectors } = policy.spec;
  if (!namespaced || resourceSelectors === undefined) return policy;
  const selectors = resourceSelectors.map(inNamespaceOf(policy.metadata));
  return { ...policy, spec: { ...policy.spec, resourceSelectors: selectors } };
}
