// Admission of ResourceInterpreterCustomization: of two that say how one kind is read neither could be relied on.
import { mapOf, onlyFields, type ShapeProblem, text } from '../../base/shape.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { kindShape } from './words.ts';

interface Script {
  readonly luaScript?: string;
}

interface Customization {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly target: { readonly apiVersion: string; readonly kind: string };
    readonly customizations: Readonly<Record<string, Script | null | undefined>>;
  };
}

const spec = onlyFields({
  target: onlyFields({ apiVersion: text, kind: text }),
  customizations: mapOf(onlyFields({ luaScript: text })),
});

export const customizationShape = kindShape(spec);

/** What several may tell of one kind: all of it holds. */
const SHARED = 'dependencyInterpretation';

export function customizationProblems(object: KubeObject, stored: readonly KubeObject[]): readonly ShapeProblem[] {
  const { metadata, spec: own } = object as unknown as Customization;
  const { target, customizations } = own;
  const operations = Object.keys(customizations).filter((name) => name !== SHARED && customizations[name]?.luaScript);
  return (stored as unknown as readonly Customization[]).flatMap(({ metadata: { name }, spec: other }) => {
    const isOfTheSame = other?.target?.apiVersion === target.apiVersion && other.target.kind === target.kind;
    if (name === metadata.name || !isOfTheSame) return [];
    return operations
      .filter((operation) => other.customizations?.[operation]?.luaScript)
      .map((operation) => ({
        path: `spec.customizations.${operation}`,
        message: `is what "${name}" tells of ${target.apiVersion} ${target.kind} already`,
      }));
  });
}
