// Admission of OverridePolicy and ClusterOverridePolicy.
import { anything, fieldPath, listOf, mapOf, oneOf, onlyFields, type Shape, scalar, text } from '../../base/shape.ts';
import { isQualifiedName } from '../../kube/selector.ts';
import type { FieldOverrider, FieldPatchOperation, OverridePolicy, Overriders, OverrideSpec } from '../override.ts';
import { clusterAffinity } from './placement.ts';
import { inNamespaceOf, resourceSelector, selectsInItsNamespace } from './policy.ts';
import { allOf, kindShape, labelMap, rule, ruled, texts } from './words.ts';

const operator = oneOf('add', 'remove', 'replace');
const pointer = scalar(
  'a JSON pointer: empty, or one that begins with "/"',
  (value) => typeof value === 'string' && (value === '' || value.startsWith('/')),
);
const annotationMap: Shape = allOf(mapOf(text), (value, path, problems) => {
  for (const key of Object.keys((value ?? {}) as object)) {
    if (isQualifiedName(key.toLowerCase())) continue;
    problems.push({ path: fieldPath(path, key), message: 'is no key of an annotation' });
  }
});
const commandArgs = onlyFields({ containerName: text, operator: oneOf('add', 'remove') }, { value: texts });

/** More is demanded of rules than of the old form of one rule, which is left as it is to those who have it. */
function overridersOf(isRule: boolean): Shape {
  const place = isRule ? pointer : text;
  const patch = onlyFields({ subPath: place, operator }, { value: anything });
  const patches = listOf(isRule ? ruled(patch, rule(checkPatch)) : patch);
  const field = onlyFields({ fieldPath: place }, { json: patches, yaml: patches });
  return onlyFields(
    {},
    {
      imageOverrider: listOf(
        onlyFields(
          { component: oneOf('Registry', 'Repository', 'Tag'), operator },
          { predicate: onlyFields({ path: place }), value: text },
        ),
      ),
      commandOverrider: listOf(commandArgs),
      argsOverrider: listOf(commandArgs),
      labelsOverrider: listOf(onlyFields({ operator, value: isRule ? labelMap() : mapOf(text) })),
      annotationsOverrider: listOf(onlyFields({ operator, value: isRule ? annotationMap : mapOf(text) })),
      fieldOverrider: listOf(isRule ? ruled(field, rule(checkField)) : field),
      plaintext: listOf(onlyFields({ path: text, operator }, { value: anything })),
    },
  );
}

type Report = (below: string, message: string) => void;

function checkField({ json = [], yaml = [] }: FieldOverrider, report: Report): void {
  if (json.length > 0 && yaml.length > 0) {
    report('.yaml', 'stands beside json: the field holds a document of one kind');
  } else if (json.length === 0 && yaml.length === 0) report('', 'edits nothing: it should have json or yaml');
}

/** To Karmada a null is no value here, while a plaintext edit puts it in place. */
function checkPatch({ operator: does, value = null }: FieldPatchOperation, report: Report): void {
  if (does === 'remove' && value !== null) report('.value', 'is of no use to remove');
  if (does !== 'remove' && value === null) report('.value', `is missing, and ${does} needs one`);
}

const isFilled = (given: Overriders = {}): boolean => Object.values(given).some((list) => list.length > 0);

const spec = ruled(
  onlyFields(
    {},
    {
      resourceSelectors: listOf(resourceSelector),
      overrideRules: listOf(onlyFields({ overriders: overridersOf(true) }, { targetCluster: clusterAffinity })),
      targetCluster: clusterAffinity,
      overriders: overridersOf(false),
    },
  ),
  rule<OverrideSpec>((value, report) => {
    const old = value.targetCluster !== undefined || isFilled(value.overriders);
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
