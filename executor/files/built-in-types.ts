// What a manifest of a built-in kind says against the types of its kind: what an API server could not read is told where it stands,
// before anything is decided on it.
import {
  anything,
  fields,
  flag,
  formatApiVersion,
  int32Shape,
  int64Shape,
  isObject,
  type KubeObject,
  listOf,
  mapOf,
  problemsOf,
  quantityShape,
  rememberedOf,
  type Shape,
  type ShapeProblem,
  scalar,
  text,
  timeShape,
} from '../../engine/index.ts';
import { builtins } from '../apiserver/resources/builtin.ts';
import { isBase64 } from '../apiserver/resources/decode.ts';
import type { BuiltinShape } from '../apiserver/resources/type-notation.ts';

/** Nothing is said of kinds that only their definitions know, and nothing of fields that their kind does not have. */
export function typeProblems(object: KubeObject): readonly ShapeProblem[] {
  const known = shapes().get(`${object.apiVersion} ${object.kind}`);
  return known === undefined ? [] : problemsOf(shapeOf(known), object);
}

let found: ReadonlyMap<string, BuiltinShape> | null = null;

function shapes(): ReadonlyMap<string, BuiltinShape> {
  found ??= new Map(
    builtins().resources.map(({ group, version, kind, shape }) => [
      `${formatApiVersion(group, version)} ${kind}`,
      shape as BuiltinShape,
    ]),
  );
  return found;
}

const number = scalar('a number', (value) => typeof value === 'number');
const intOrText = scalar('a whole number or a text', (value) => typeof value === 'string' || Number.isInteger(value));
const bytes = scalar('base64', (value) => typeof value === 'string' && isBase64(value));

const OF_FORMAT: Readonly<Record<string, Shape>> = {
  quantity: quantityShape,
  'date-time': timeShape,
  'micro-time': timeShape,
  byte: bytes,
};

/** What is below is put together when it is first looked at: a kind has hundreds of fields, and types may contain themselves. */
const shapeOf: (type: BuiltinShape) => Shape = rememberedOf((type: BuiltinShape): Shape => {
  if (type['x-kubernetes-preserve-unknown-fields'] === true) return anything;
  if (type['x-kubernetes-int-or-string'] === true) return intOrText;
  switch (type.type) {
    case 'string':
      return OF_FORMAT[type.format ?? ''] ?? text;
    case 'boolean':
      return flag;
    case 'integer':
      return type.format === 'int64' ? int64Shape : int32Shape;
    case 'number':
      return number;
    case 'array':
      return listOf(below(type.items!));
    default:
      return isObject(type.additionalProperties)
        ? mapOf(below(type.additionalProperties as BuiltinShape))
        : fields({}, Object.fromEntries(Object.entries(type.properties ?? {}).map(([key, own]) => [key, below(own)])));
  }
});

const below =
  (type: BuiltinShape): Shape =>
  (value, path, problems) =>
    shapeOf(type)(value, path, problems);
