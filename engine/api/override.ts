// OverridePolicy and ClusterOverridePolicy (policy.karmada.io/v1alpha1): edits of a workload for some clusters.
import type { ObjectMeta } from '../kube/meta.ts';
import { kindSchema } from '../kube/schema/kind-schema.ts';
import {
  anything,
  described,
  type FieldSchemas,
  listOf,
  must,
  objectOf,
  oneOf,
  type SchemaOf,
  text,
  textList,
  textMap,
} from '../kube/schema/typed-schema.ts';
import { type ClusterAffinity, clusterAffinitySchema } from './placement.ts';
import { type ResourceSelector, resourceSelectorSchema } from './policy.ts';

export interface ImagePredicate {
  path: string;
}

export interface ImageOverrider {
  predicate?: ImagePredicate;
  component: 'Registry' | 'Repository' | 'Tag';
  operator: 'add' | 'remove' | 'replace';
  value?: string;
}

export interface CommandArgsOverrider {
  containerName: string;
  operator: 'add' | 'remove';
  value?: string[];
}

export interface LabelAnnotationOverrider {
  operator: 'add' | 'remove' | 'replace';
  value: Record<string, string>;
}

export interface FieldPatchOperation {
  subPath: string;
  operator: 'add' | 'remove' | 'replace';
  value?: unknown;
}

export interface FieldOverrider {
  fieldPath: string;
  json?: FieldPatchOperation[];
  yaml?: FieldPatchOperation[];
}

export interface PlaintextOverrider {
  path: string;
  operator: 'add' | 'remove' | 'replace';
  value?: unknown;
}

export interface Overriders {
  imageOverrider?: ImageOverrider[];
  commandOverrider?: CommandArgsOverrider[];
  argsOverrider?: CommandArgsOverrider[];
  labelsOverrider?: LabelAnnotationOverrider[];
  annotationsOverrider?: LabelAnnotationOverrider[];
  fieldOverrider?: FieldOverrider[];
  plaintext?: PlaintextOverrider[];
}

export interface OverrideRule {
  targetCluster?: ClusterAffinity;
  overriders: Overriders;
}

export interface OverrideSpec {
  resourceSelectors?: ResourceSelector[];
  overrideRules?: OverrideRule[];
  /** Deprecated with `overriders`: one rule spelled at the top. */
  targetCluster?: ClusterAffinity;
  overriders?: Overriders;
}

export interface OverridePolicy {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  spec: OverrideSpec;
}

const operator = oneOf('What is done.', ['add', 'remove', 'replace']);
const pointer = (description: string): SchemaOf<string> => text(description, { example: '/spec/replicas' });

const imagePredicateSchema = objectOf<ImagePredicate>('Which image is meant.', {
  path: must(pointer('Where it is, as a JSON pointer.')),
});

const imageOverriderSchema = objectOf<ImageOverrider>('Edits the names of images.', {
  predicate: described('Which image; those of all containers where it is left out.', imagePredicateSchema),
  component: must(oneOf('Which part of the name.', ['Registry', 'Repository', 'Tag'])),
  operator: must(operator),
  value: text('What is added or put in place.'),
});

const commandArgsOverriderSchema = objectOf<CommandArgsOverrider>("Edits a container's words.", {
  containerName: must(text('The container.')),
  operator: must(oneOf('What is done.', ['add', 'remove'])),
  value: textList('The words.'),
});

const labelAnnotationOverriderSchema = objectOf<LabelAnnotationOverrider>('Edits labels or annotations.', {
  operator: must(operator),
  value: must(textMap('The keys and values.')),
});

const fieldPatchSchema = objectOf<FieldPatchOperation>('One edit of a document in a field.', {
  subPath: must(pointer('The place in that document, as a JSON pointer.')),
  operator: must(operator),
  value: anything('What is added or put in place.'),
});

const fieldOverriderSchema = objectOf<FieldOverrider>('Edits a document that a text field holds.', {
  fieldPath: must(pointer('The field, as a JSON pointer.')),
  json: listOf('Edits of a JSON document.', fieldPatchSchema),
  yaml: listOf('Edits of a YAML document.', fieldPatchSchema),
});

const plaintextOverriderSchema = objectOf<PlaintextOverrider>('One edit of the resource.', {
  path: must(pointer('The place, as a JSON pointer.')),
  operator: must(operator),
  value: anything('What is added or put in place.'),
});

export const overridersSchema = objectOf<Overriders>('Edits, made in this order.', {
  imageOverrider: listOf('Names of images.', imageOverriderSchema),
  commandOverrider: listOf('Commands of containers.', commandArgsOverriderSchema),
  argsOverrider: listOf('Arguments of containers.', commandArgsOverriderSchema),
  labelsOverrider: listOf('Labels.', labelAnnotationOverriderSchema),
  annotationsOverrider: listOf('Annotations.', labelAnnotationOverriderSchema),
  fieldOverrider: listOf('Documents in text fields.', fieldOverriderSchema),
  plaintext: listOf('Anything.', plaintextOverriderSchema),
});

const overrideRuleSchema = objectOf<OverrideRule>('Edits for some clusters.', {
  targetCluster: described('The clusters; all where it is left out.', clusterAffinitySchema),
  overriders: must(described('The edits.', overridersSchema)),
});

const specFields: FieldSchemas<OverrideSpec> = {
  resourceSelectors: listOf('The resources; all where it is left out.', resourceSelectorSchema),
  overrideRules: listOf('The edits, by clusters.', overrideRuleSchema),
  targetCluster: described('Deprecated: the clusters of one rule at the top.', clusterAffinitySchema),
  overriders: described('Deprecated: the edits of one rule at the top.', overridersSchema),
};
const specSchema = objectOf<OverrideSpec>('Which resources are edited, how and for which clusters.', specFields);

export const overridePolicySchema: SchemaOf<OverridePolicy> = kindSchema<OverridePolicy>(
  'Edits resources of its namespace for some clusters.',
  { spec: must(specSchema) },
);

export const clusterOverridePolicySchema: SchemaOf<OverridePolicy> = {
  ...overridePolicySchema,
  description: 'Edits resources of any namespace, and those without one, for some clusters.',
};
