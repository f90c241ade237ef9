// Admission of ResourceInterpreterCustomization: scripts that are no Lua are told when they are written, and not when they are needed; and
// of two that say how one kind is read neither could be relied on.
import { onlyFields, type Shape, type ShapeProblem, text } from '../../base/shape.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { scriptProblem } from '../../lua/script.ts';
import { CUSTOMIZED_OPERATIONS, type ResourceInterpreterCustomization } from '../interpreter-customization.ts';
import { filled, kindShape } from './words.ts';

const script: Shape = (value, path, problems) => {
  text(value, path, problems);
  const problem = typeof value === 'string' ? scriptProblem(value) : null;
  if (problem !== null) problems.push({ path, message: `is no Lua: ${problem}` });
};

const rule = onlyFields({}, { luaScript: script });

export const interpreterCustomizationShape = kindShape(
  onlyFields({
    target: onlyFields({ apiVersion: filled, kind: filled }),
    customizations: onlyFields({}, Object.fromEntries(CUSTOMIZED_OPERATIONS.map((operation) => [operation, rule]))),
  }),
);

/** What several may tell of one kind: all of it holds. */
const SHARED = 'dependencyInterpretation';

/** Others as they are stored: they may be damaged. */
type Stored = { readonly metadata: { readonly name: string } } & {
  readonly spec?: Partial<ResourceInterpreterCustomization['spec']>;
};

export function customizationProblems(object: KubeObject, stored: readonly KubeObject[]): readonly ShapeProblem[] {
  const { metadata, spec } = object as unknown as ResourceInterpreterCustomization;
  const { target, customizations } = spec;
  const told = CUSTOMIZED_OPERATIONS.filter((name) => name !== SHARED && customizations[name]?.luaScript);
  return (stored as unknown as readonly Stored[]).flatMap(({ metadata: { name }, spec: other }) => {
    const isOfTheSame = other?.target?.apiVersion === target.apiVersion && other.target.kind === target.kind;
    if (name === metadata.name || !isOfTheSame) return [];
    return told
      .filter((operation) => other.customizations?.[operation]?.luaScript)
      .map((operation) => ({
        path: `spec.customizations.${operation}`,
        message: `is what "${name}" tells of ${target.apiVersion} ${target.kind} already`,
      }));
  });
}
