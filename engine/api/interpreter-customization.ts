// ResourceInterpreterCustomization (config.karmada.io/v1alpha1): what a kind is to Karmada, told by its users in scripts.
import type { ObjectMeta } from '../kube/meta.ts';
import { kindSchema } from '../kube/schema/kind-schema.ts';
import { filled, must, objectOf, text } from '../kube/schema/typed-schema.ts';

export interface CustomizationTarget {
  apiVersion: string;
  kind: string;
}

export interface LuaRule {
  luaScript?: string;
}

/** Each by the function that its script defines. */
export const CUSTOMIZATION_FUNCTIONS = {
  retention: 'Retain',
  replicaResource: 'GetReplicas',
  componentResource: 'GetComponents',
  replicaRevision: 'ReviseReplica',
  statusReflection: 'ReflectStatus',
  statusAggregation: 'AggregateStatus',
  healthInterpretation: 'InterpretHealth',
  dependencyInterpretation: 'GetDependencies',
} as const;

export type CustomizedOperation = keyof typeof CUSTOMIZATION_FUNCTIONS;

export const CUSTOMIZED_OPERATIONS = Object.keys(CUSTOMIZATION_FUNCTIONS) as readonly CustomizedOperation[];

export interface ResourceInterpreterCustomization {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec: {
    target: CustomizationTarget;
    customizations: { [operation in CustomizedOperation]?: LuaRule };
  };
}

const targetSchema = objectOf<CustomizationTarget>('The kind that the scripts are about.', {
  apiVersion: must(filled('Its API version.')),
  kind: must(filled('Its name.')),
});

const ruleSchema = objectOf<LuaRule>('What answers one question about objects of the kind.', {
  luaScript: text('A script in Lua that defines the function of the question.'),
});

type Rules = ResourceInterpreterCustomization['spec']['customizations'];

const rulesSchema = objectOf<Rules>('The questions that are answered otherwise than without it.', {
  retention: ruleSchema,
  replicaResource: ruleSchema,
  componentResource: ruleSchema,
  replicaRevision: ruleSchema,
  statusReflection: ruleSchema,
  statusAggregation: ruleSchema,
  healthInterpretation: ruleSchema,
  dependencyInterpretation: ruleSchema,
});

export const interpreterCustomizationSchema = kindSchema<ResourceInterpreterCustomization>(
  'What a kind is to the control plane, told in scripts.',
  {
    spec: must(
      objectOf<ResourceInterpreterCustomization['spec']>('The kind, and what is said of it.', {
        target: must(targetSchema),
        customizations: must(rulesSchema),
      }),
    ),
  },
);
