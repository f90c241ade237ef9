// Objects as rules in CEL see them: their values, their types, and the names of their fields.
import { isObject } from '../json.ts';
import type { CelHost, CelTextFormat, CelType } from './cel-port.ts';
import { type StructuralSchema, schemaOfField } from './structural-schema.ts';

const TEXT_FORMATS: Readonly<Record<CelTextFormat, CelType>> = {
  byte: { kind: 'bytes' },
  date: { kind: 'timestamp' },
  'date-time': { kind: 'timestamp' },
  duration: { kind: 'duration' },
};

const isTextFormat = (format: string | undefined): format is CelTextFormat =>
  format !== undefined && Object.hasOwn(TEXT_FORMATS, format);

const WORDS: ReadonlySet<string> = new Set([
  'true',
  'false',
  'null',
  'in',
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'return',
  'var',
  'void',
  'while',
]);

const SIGNS: readonly (readonly [string, string])[] = [
  ['__', '__underscores__'],
  ['.', '__dot__'],
  ['-', '__dash__'],
  ['/', '__slash__'],
];

/** The name under which a declared field is reached; null where no expression can reach it. */
export function celFieldName(name: string): string | null {
  if (WORDS.has(name)) return `__${name}__`;
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !name.includes('__')) return name;
  const escaped = SIGNS.reduce((text, [sign, word]) => text.replaceAll(sign, word), name);
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(escaped) ? escaped : null;
}

/** Whole numbers are integers to CEL unless the schema calls them numbers. */
export function celValue(value: unknown, schema: StructuralSchema | undefined, host: CelHost): unknown {
  if (typeof value === 'number') return schema?.type === 'number' || !Number.isInteger(value) ? value : BigInt(value);
  if (typeof value === 'string') {
    return schema?.type === 'string' && isTextFormat(schema.format) ? host.read(value, schema.format) : value;
  }
  if (Array.isArray(value)) return value.map((item) => celValue(item, schema?.items, host));
  if (!isObject(value)) return value;
  const declared = schema?.properties;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      declared !== undefined && Object.hasOwn(declared, key) ? (celFieldName(key) ?? key) : key,
      celValue(item, schema === undefined ? undefined : schemaOfField(schema, key), host),
    ]),
  );
}

const IDENTITY: readonly (readonly [string, CelType])[] = [
  ['apiVersion', { kind: 'string' }],
  ['kind', { kind: 'string' }],
  [
    'metadata',
    {
      kind: 'object',
      fields: new Map<string, CelType>([
        ['name', { kind: 'string' }],
        ['generateName', { kind: 'string' }],
      ]),
    },
  ],
];

/** What a schema promises of a value; whole objects also tell their names. */
export function celType(schema: StructuralSchema | undefined, isWhole = false): CelType {
  if (schema === undefined || schema['x-kubernetes-int-or-string'] === true || schema.nullable === true) {
    return { kind: 'any' };
  }
  switch (schema.type) {
    case 'boolean':
      return { kind: 'bool' };
    case 'integer':
      return { kind: 'int' };
    case 'number':
      return { kind: 'double' };
    case 'string':
      return isTextFormat(schema.format) ? TEXT_FORMATS[schema.format] : { kind: 'string' };
    case 'array':
      return { kind: 'list', of: celType(schema.items) };
    case 'object':
      return objectType(schema, isWhole || schema['x-kubernetes-embedded-resource'] === true);
    default:
      return { kind: 'any' };
  }
}

function objectType(schema: StructuralSchema, isWhole: boolean): CelType {
  const extra = schema.additionalProperties;
  if (typeof extra === 'object') return { kind: 'map', of: celType(extra) };
  if (extra === true) return { kind: 'map', of: { kind: 'any' } };
  if (schema.properties === undefined && !isWhole) return { kind: 'any' };
  const fields = new Map(isWhole ? IDENTITY : []);
  for (const [name, own] of Object.entries(schema.properties ?? {})) {
    const reached = celFieldName(name);
    if (reached !== null && !fields.has(reached)) fields.set(reached, celType(own));
  }
  return { kind: 'object', fields };
}
