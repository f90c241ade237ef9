// Reads the compact notation of the built-in types into schemas that share their parts and may contain themselves.
//
//   Type: field type, field* type, ...      a star marks a required field
//   string bool int32 int64 double time microtime bytes quantity intOrString any, or a type's name
//   [T] a list, {T} a map; after it:  #a,b a list keyed by a and b   + a set   ~a merged by a when patched only
//   % patches drop the siblings they do not name   ! owned as a whole   & keeps its zero value   ^ is always written
//   =X default   |A|B one of these words   <1 at least so many items or letters
import { assert, type TypeShape } from '../../../engine/index.ts';

/** A schema with what only built-in types need: the Go-like rules for leaving out zero values. */
export interface BuiltinShape extends TypeShape {
  readonly properties?: Readonly<Record<string, BuiltinShape>>;
  readonly items?: BuiltinShape;
  readonly additionalProperties?: BuiltinShape | boolean;
  /** The type's own name; fields of no named type have none. */
  readonly typeName?: string;
  readonly keepZero?: boolean;
  /** Written even where nothing was given: an empty object, null for a list or a map, the zero of a scalar. */
  readonly isPresent?: boolean;
  readonly words?: readonly string[];
  readonly least?: number;
}

export type TypeTable = ReadonlyMap<string, BuiltinShape>;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const SCALARS: Readonly<Record<string, BuiltinShape>> = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  time: { type: 'string', format: 'date-time' },
  microtime: { type: 'string', format: 'micro-time' },
  bytes: { type: 'string', format: 'byte' },
  quantity: { type: 'string', format: 'quantity' },
  intOrString: { 'x-kubernetes-int-or-string': true, format: 'int-or-string' },
  any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
};

/** Later texts may use the types of earlier tables; a type of its own hides one of the same name there. */
export function readTypes(text: string, ...known: readonly TypeTable[]): TypeTable {
  const table = new Map<string, Mutable<BuiltinShape>>();
  const entries = [...text.matchAll(/^(\w+): ([\s\S]*?)(?=\n\w+: |\n*$(?![\s\S]))/gm)].map(
    ([, name, fields]) => [name!, fields!] as const,
  );
  for (const [name] of entries) table.set(name, { type: 'object', typeName: name });
  const find = (name: string): BuiltinShape => {
    const found = table.get(name) ?? known.map((other) => other.get(name)).find((shape) => shape !== undefined);
    assert(found !== undefined, `the types name ${name}, which nobody declares`);
    return found;
  };
  for (const [name, fields] of entries) {
    const properties: Record<string, BuiltinShape> = {};
    const required: string[] = [];
    for (const field of fields.split(/,\s+/)) {
      const match = /^([\w$-]+)(\*?) (\S+)$/.exec(field.trim());
      assert(match !== null, `the field "${field}" of ${name} cannot be read`);
      const [, fieldName, star, type] = match;
      properties[fieldName!] = readType(type!, find);
      if (star === '*') required.push(fieldName!);
    }
    const shape = table.get(name)!;
    shape.properties = properties;
    if (required.length > 0) shape.required = required;
  }
  return table;
}

const TYPE = /^(?:\[(.+)\]|\{(.+)\}|(\w+))((?:#[\w,]+|~\w+|\|\w+|<\d+|[+%!&^]|=\S+)*)$/;

function readType(text: string, find: (name: string) => BuiltinShape): BuiltinShape {
  const match = TYPE.exec(text);
  assert(match !== null, `the type "${text}" cannot be read`);
  const [, item, value, name, marks = ''] = match;
  const shape: Mutable<BuiltinShape> =
    item !== undefined
      ? { type: 'array', items: readType(item, find), 'x-kubernetes-list-type': 'atomic' }
      : value !== undefined
        ? { type: 'object', additionalProperties: readType(value, find) }
        : (SCALARS[name!] ?? find(name!));
  return marks === '' ? shape : readMarks(name === undefined ? shape : referring(shape), marks);
}

/** A copy that reads its fields from the type itself, which may not have been read yet. */
function referring(shape: BuiltinShape): Mutable<BuiltinShape> {
  if (shape.typeName === undefined) return { ...shape };
  return Object.create(shape, { typeName: { value: shape.typeName, enumerable: true } }) as Mutable<BuiltinShape>;
}

function readMarks(shape: Mutable<BuiltinShape>, marks: string): BuiltinShape {
  for (const [, mark, argument = ''] of marks.matchAll(/([#~+%!&^=|<])([\w,]*)/g)) {
    switch (mark) {
      case '#':
        shape['x-kubernetes-list-type'] = 'map';
        shape['x-kubernetes-list-map-keys'] = argument.split(',');
        shape['x-kubernetes-patch-strategy'] = 'merge';
        shape['x-kubernetes-patch-merge-key'] = argument.split(',')[0]!;
        break;
      case '~':
        shape['x-kubernetes-patch-strategy'] = 'merge';
        shape['x-kubernetes-patch-merge-key'] = argument;
        break;
      case '+':
        shape['x-kubernetes-list-type'] = 'set';
        shape['x-kubernetes-patch-strategy'] = 'merge';
        break;
      case '%':
        shape['x-kubernetes-patch-strategy'] = [shape['x-kubernetes-patch-strategy'], 'retainKeys']
          .filter((one) => one !== undefined)
          .join(',');
        break;
      case '!':
        shape['x-kubernetes-map-type'] = 'atomic';
        break;
      case '&':
        shape.keepZero = true;
        break;
      case '^':
        shape.isPresent = true;
        break;
      case '|':
        shape.words = [...(shape.words ?? []), argument];
        break;
      case '<':
        shape.least = Number(argument);
        break;
      default:
        shape.default = argument;
    }
  }
  return shape;
}
