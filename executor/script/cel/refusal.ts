// Why an expression is refused when it is declared: read against the types of what it may ask of.
import type { TypeError as CelTypeError, Environment, ParseError } from '@marcbachmann/cel-js';
import type { CelType } from '../../../engine/index.ts';
import { readCel } from './source.ts';

const LENGTH_MAX = 100_000;

const SCALARS = {
  any: 'dyn',
  bool: 'bool',
  bytes: 'bytes',
  double: 'double',
  duration: 'google.protobuf.Duration',
  int: 'int',
  string: 'string',
  timestamp: 'google.protobuf.Timestamp',
} as const;

/** The type's name, after whatever it is made of has been registered. */
function nameOf(type: CelType, environment: Environment, made: Map<CelType, string>): string {
  switch (type.kind) {
    case 'list':
      return `list<${nameOf(type.of, environment, made)}>`;
    case 'map':
      return `map<string, ${nameOf(type.of, environment, made)}>`;
    case 'optional':
      return `optional<${nameOf(type.of, environment, made)}>`;
    case 'object': {
      // What a value is and what it was are of one type.
      const known = made.get(type);
      if (known !== undefined) return known;
      const fields: Record<string, string> = Object.create(null) as Record<string, string>;
      for (const [name, own] of type.fields) fields[name] = nameOf(own, environment, made);
      const name = `object${made.size + 1}`;
      made.set(type, name);
      environment.registerType(name, { fields });
      // Only its type is asked for.
      environment.registerOperator(`${name} == ${name}`, () => true);
      return name;
    }
    default:
      return SCALARS[type.kind];
  }
}

export function refuseCel(
  base: Environment,
  expression: string,
  types: ReadonlyMap<string, CelType>,
  result: 'bool' | 'string',
): string | null {
  if (expression.length > LENGTH_MAX) return `must be no longer than ${LENGTH_MAX} characters`;
  const environment = base.clone({ unlistedVariablesAreDyn: false });
  const made = new Map<CelType, string>();
  for (const [name, type] of types) environment.registerVariable(name, nameOf(type, environment, made));
  const { valid, type = 'dyn', error } = environment.check(readCel(expression).text);
  if (!valid) return `compilation failed: ${told(error, expression)}`;
  return type === result || type === 'dyn' ? null : `must evaluate to a ${result}`;
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^No such key: (.*)$/, "undefined field '$1'"],
  [/^Unknown variable: (.*)$/, "undeclared reference to '$1' (in container '')"],
  [
    /^found no matching overload for '(?:[^']*\.)?([\w@]+)(\([^']*\))'$/,
    "found no matching overload for '$1' applied to '$2'",
  ],
];

/** With the place, as users of Kubernetes know it. */
function told(error: ParseError | CelTypeError | undefined, expression: string): string {
  const first = (error?.message ?? 'it is no expression').split('\n')[0]!;
  const message = WORDS.reduce((text, [pattern, words]) => text.replace(pattern, words), first);
  const start = Math.min(error?.range?.start ?? 0, expression.length);
  // A field is found missing at its dot.
  const at = message.startsWith('undefined field') && expression[start - 1] === '.' ? start - 1 : start;
  const lines = expression.slice(0, at).split('\n');
  const column = lines.at(-1)!.length;
  const line = expression.split('\n')[lines.length - 1]!;
  return `ERROR: <input>:${lines.length}:${column + 1}: ${message}\n | ${line}\n | ${'.'.repeat(column)}^`;
}
