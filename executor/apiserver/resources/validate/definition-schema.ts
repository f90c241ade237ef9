// What the schema of a custom resource definition must satisfy: structural, with defaults and rules that hold together.
import {
  type FieldError,
  forbiddenField,
  invalidType,
  invalidValue,
  isObject,
  Pattern,
  PatternError,
  required,
  ruleProblems,
  type StructuralSchema,
  unsupported,
  validate,
} from '../../../../engine/index.ts';
import { celHost } from '../../../script/cel/host.ts';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const LIST_TYPES = ['atomic', 'set', 'map'];
const MAP_TYPES = ['atomic', 'granular'];
/** Parts of OpenAPI that no structural schema has. */
const ABSENT = ['$ref', 'additionalItems', 'definitions', 'dependencies', 'patternProperties', 'id', 'readOnly'];
/** Fields that alternatives may not have: they say what a value is, and not which values are right. */
const STRUCTURE = ['type', 'additionalProperties', 'default', 'title', 'description', 'nullable'];
const ALTERNATIVES = ['allOf', 'anyOf', 'oneOf'] as const;

export function definitionSchemaProblems(schema: Record<string, unknown>, path: string): FieldError[] {
  const problems = structureProblems(schema, path, true);
  if (schema.type === undefined) problems.push(required(`${path}.type`, 'must not be empty at the root'));
  else if (schema.type !== 'object') {
    problems.push(invalidValue(`${path}.type`, schema.type, 'must be object at the root'));
  }
  // Defaults and rules are held against types, which must be some.
  if (problems.length > 0) return problems;
  return [...defaultProblems(schema, path), ...ruleProblems(schema as StructuralSchema, path, celHost)];
}

/** Requests are never nested deep enough to exhaust the stack. */
function structureProblems(schema: Record<string, unknown>, path: string, isRoot = false): FieldError[] {
  const problems = [
    ...typeProblems(schema, path, isRoot),
    ...textProblems(schema, path),
    ...listProblems(schema, path),
    ...alternativeProblems(schema, path),
  ];
  for (const [place, part] of partsOf(schema, path)) {
    const isMetadata = isRoot && place === `${path}.properties[metadata]`;
    problems.push(...(isMetadata ? metadataProblems(part, place) : structureProblems(part, place)));
  }
  return problems;
}

function partsOf(schema: Record<string, unknown>, path: string): (readonly [string, Record<string, unknown>])[] {
  const { properties, items, additionalProperties } = schema;
  const parts = Object.entries(isObject(properties) ? properties : {}).map(
    ([key, own]) => [`${path}.properties[${key}]`, own] as const,
  );
  const all = [
    ...parts,
    [`${path}.items`, items] as const,
    [`${path}.additionalProperties`, additionalProperties] as const,
  ];
  return all.flatMap(([place, part]) => (isObject(part) ? [[place, part] as const] : []));
}

function typeProblems(schema: Record<string, unknown>, path: string, isRoot: boolean): FieldError[] {
  const problems: FieldError[] = [];
  const { type } = schema;
  const isMixed = schema['x-kubernetes-int-or-string'] === true;
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (type === undefined && !isMixed && !isOpen && !isRoot) {
    problems.push(required(`${path}.type`, 'must not be empty for specified object fields'));
  }
  if (type !== undefined && !TYPES.includes(String(type))) problems.push(unsupported(`${path}.type`, type, TYPES));
  if (type !== undefined && isMixed) {
    problems.push(forbiddenField(`${path}.type`, 'must be empty if x-kubernetes-int-or-string is true'));
  }
  if (isOpen && type !== undefined && type !== 'object') {
    const why = 'must be object if x-kubernetes-preserve-unknown-fields is true';
    problems.push(invalidValue(`${path}.type`, type, why));
  }
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    const why = 'must be true or undefined';
    problems.push(invalidValue(`${path}.x-kubernetes-preserve-unknown-fields`, false, why));
  }
  if (type === 'array' && schema.items === undefined) problems.push(required(`${path}.items`, 'must be specified'));
  if (Array.isArray(schema.items)) {
    problems.push(forbiddenField(`${path}.items`, 'items must be a schema object and not an array'));
  }
  for (const field of ABSENT) {
    if (schema[field] !== undefined) problems.push(forbiddenField(`${path}.${field}`, `${field} is not supported`));
  }
  if (
    isObject(schema.properties) &&
    schema.additionalProperties !== undefined &&
    schema.additionalProperties !== null
  ) {
    problems.push(
      forbiddenField(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'),
    );
  } else if (schema.additionalProperties === false) {
    problems.push(forbiddenField(`${path}.additionalProperties`, 'additionalProperties cannot be set to false'));
  }
  return problems;
}

function textProblems(schema: Record<string, unknown>, path: string): FieldError[] {
  if (typeof schema.pattern !== 'string') return [];
  const pattern = Pattern.read(schema.pattern);
  if (!(pattern instanceof PatternError)) return [];
  const why = `must be a valid regular expression, but isn't: ${pattern.message}`;
  return [invalidValue(`${path}.pattern`, schema.pattern, why)];
}

function listProblems(schema: Record<string, unknown>, path: string): FieldError[] {
  const problems: FieldError[] = [];
  const kind = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'];
  const mapKind = schema['x-kubernetes-map-type'];
  if (schema.uniqueItems === true) {
    const why = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    problems.push(forbiddenField(`${path}.uniqueItems`, why));
  }
  if (mapKind !== undefined) {
    if (schema.type !== 'object') {
      problems.push(
        invalidValue(`${path}.type`, schema.type ?? '', 'must be object if x-kubernetes-map-type is specified'),
      );
    }
    if (!MAP_TYPES.includes(String(mapKind))) {
      problems.push(unsupported(`${path}.x-kubernetes-map-type`, mapKind, MAP_TYPES));
    }
  }
  if (kind === undefined) {
    if (keys !== undefined) {
      const why = 'must be map if x-kubernetes-list-map-keys is non-empty';
      problems.push(required(`${path}.x-kubernetes-list-type`, why));
    }
    return problems;
  }
  if (!LIST_TYPES.includes(String(kind))) {
    problems.push(unsupported(`${path}.x-kubernetes-list-type`, kind, LIST_TYPES));
  }
  if (schema.type !== 'array') {
    problems.push(
      invalidValue(`${path}.type`, schema.type ?? '', 'must be array if x-kubernetes-list-type is specified'),
    );
  }
  if (kind === 'map') problems.push(...keyProblems(schema, path, Array.isArray(keys) ? keys.map(String) : []));
  return problems;
}

/** Items of a list that is a map must have their keys: demanded, or by default. */
function keyProblems(schema: Record<string, unknown>, path: string, keys: readonly string[]): FieldError[] {
  if (keys.length === 0) {
    return [required(`${path}.x-kubernetes-list-map-keys`, 'must not be empty if x-kubernetes-list-type is map')];
  }
  const items = isObject(schema.items) ? schema.items : {};
  if (items.type !== 'object') {
    const why = "must be object if parent array's x-kubernetes-list-type is map";
    return [invalidValue(`${path}.items.type`, items.type ?? '', why)];
  }
  const declared = isObject(items.properties) ? items.properties : {};
  const demanded = Array.isArray(items.required) ? items.required : [];
  return keys.flatMap((key, at) => {
    const own = declared[key];
    if (!isObject(own)) {
      const why = 'entries must all be names of item properties';
      return [invalidValue(`${path}.x-kubernetes-list-map-keys[${at}]`, key, why)];
    }
    if (own.default !== undefined || demanded.includes(key)) return [];
    const why = 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
    return [required(`${path}.items.properties[${key}].default`, why)];
  });
}

function defaultProblems(schema: Record<string, unknown>, path: string): FieldError[] {
  const below = partsOf(schema, path).flatMap(([place, part]) => defaultProblems(part, place));
  if (schema.default === undefined) return below;
  const place = `${path}.default`;
  if (schema.default === null && schema.nullable !== true) {
    return [...below, invalidType(place, 'null', 'must be of type object: "null"')];
  }
  return [...below, ...validate(schema.default, schema as StructuralSchema, { path: place })];
}

/** Of alternatives only values may be said; what they are is said once, above them. */
function alternativeProblems(schema: Record<string, unknown>, path: string): FieldError[] {
  const isMixed = schema['x-kubernetes-int-or-string'] === true;
  const parts: (readonly [string, unknown])[] = ALTERNATIVES.flatMap((name) =>
    Array.isArray(schema[name]) ? schema[name].map((one, at) => [`${path}.${name}[${at}]`, one] as const) : [],
  );
  if (schema.not !== undefined) parts.push([`${path}.not`, schema.not]);
  return parts.flatMap(([place, part]) => alternativePart(part, place, isMixed));
}

function alternativePart(part: unknown, path: string, mayHaveType: boolean): FieldError[] {
  if (!isObject(part)) return [];
  const problems = STRUCTURE.filter((field) => part[field] !== undefined && !(field === 'type' && mayHaveType)).map(
    (field) => forbiddenField(`${path}.${field}`, 'must be empty to be structural'),
  );
  for (const [key, own] of Object.entries(isObject(part.properties) ? part.properties : {})) {
    problems.push(...alternativePart(own, `${path}.properties[${key}]`, false));
  }
  if (isObject(part.items)) problems.push(...alternativePart(part.items, `${path}.items`, false));
  return [...problems, ...textProblems(part, path), ...alternativeProblems(part, path)];
}

function metadataProblems(schema: Record<string, unknown>, path: string): FieldError[] {
  const problems: FieldError[] = [];
  if (schema.type !== undefined && schema.type !== 'object') {
    problems.push(invalidValue(`${path}.type`, schema.type, 'must be object'));
  }
  for (const key of Object.keys(isObject(schema.properties) ? schema.properties : {})) {
    if (key === 'name' || key === 'generateName') continue;
    const why = 'must not specify anything other than name and generateName, but metadata is implicitly specified';
    problems.push(forbiddenField(path, why));
  }
  return problems;
}
