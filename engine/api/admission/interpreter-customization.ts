// Admission of ResourceInterpreterCustomization: scripts that are no Lua are told when they are written, and not when they are needed.
import { onlyFields, type Shape, text } from '../../base/shape.ts';
import { scriptProblem } from '../../lua/script.ts';
import { CUSTOMIZED_OPERATIONS } from '../interpreter-customization.ts';
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
