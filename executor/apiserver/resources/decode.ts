// Fits a JSON value to a built-in type: checks it, drops what the type does not know, and leaves out zero values, so that
// what is stored is what Kubernetes itself would have kept.
import { formatQuantity, isObject, parseQuantity, parseTime, setField } from '../../../engine/index.ts';
import type { BuiltinShape } from './type-notation.ts';

export interface Decoded {
  readonly value: Record<string, unknown>;
  /** "unknown field ..." and "duplicate field ...", in the order of the document. */
  readonly complaints: readonly string[];
}

/** The value cannot be read as the type at all. */
export class UndecodableError extends Error {
  override readonly name = 'UndecodableError';
}

const QUANTITY_RULE = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

export function decodeBuiltin(value: unknown, shape: BuiltinShape, duplicates: ReadonlySet<string>): Decoded {
  const complaints: string[] = [];
  const decoder = new Decoder(complaints, duplicates);
  const decoded = decoder.struct(isObject(value) ? value : {}, shape, '');
  return { value: decoded, complaints };
}

/** What a type looks like before anything is set. */
export const zeroOf = (shape: BuiltinShape): Record<string, unknown> =>
  new Decoder([], new Set()).struct({}, shape, '');

class Decoder {
  private readonly complaints: string[];
  private readonly duplicates: ReadonlySet<string>;

  constructor(complaints: string[], duplicates: ReadonlySet<string>) {
    this.complaints = complaints;
    this.duplicates = duplicates;
  }

  struct(value: Record<string, unknown>, shape: BuiltinShape, path: string): Record<string, unknown> {
    const fields = shape.properties ?? {};
    const result: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      const own = path === '' ? key : `${path}.${key}`;
      const field = Object.hasOwn(fields, key) ? fields[key]! : null;
      if (field === null) {
        this.complaints.push(`unknown field "${own}"`);
        continue;
      }
      if (this.duplicates.has(own)) this.complaints.push(`duplicate field "${own}"`);
      const isRequired = isAlwaysWritten(key, field, shape);
      const decoded = this.field(item, field, own, `${shape.typeName ?? ''}.${own}`);
      if (decoded === undefined || (!isRequired && isZero(decoded, field))) continue;
      result[key] = decoded;
    }
    for (const [key, field] of Object.entries(fields)) {
      if (result[key] === undefined && isAlwaysWritten(key, field, shape)) result[key] = zero(field, this, path);
    }
    return result;
  }

  /** Undefined for what counts as absent. */
  private field(value: unknown, shape: BuiltinShape, path: string, named: string): unknown {
    if (value === null || value === undefined) return undefined;
    if (shape['x-kubernetes-preserve-unknown-fields'] === true) return value;
    if (shape['x-kubernetes-int-or-string'] === true) {
      if (typeof value === 'string' || Number.isInteger(value)) return value;
      throw mismatch(value, named, 'intstr.IntOrString');
    }
    switch (shape.type) {
      case 'string':
        return this.text(value, shape.format ?? '', named, path);
      case 'boolean':
        if (typeof value !== 'boolean') throw mismatch(value, named, 'bool');
        return value;
      case 'integer':
        return integer(value, shape.format === 'int64' ? 'int64' : 'int32', named);
      case 'number':
        if (typeof value !== 'number') throw mismatch(value, named, 'float64');
        return value;
      case 'array': {
        if (!Array.isArray(value)) throw mismatch(value, named, goType(shape));
        return value.map((item, at) => {
          const decoded = this.field(item, shape.items!, `${path}[${at}]`, named);
          return decoded === undefined ? zero(shape.items!, this, path) : decoded;
        });
      }
      default:
        return this.object(value, shape, path, named);
    }
  }

  private object(value: unknown, shape: BuiltinShape, path: string, named: string): unknown {
    if (!isObject(value)) throw mismatch(value, named, goType(shape));
    const element = shape.additionalProperties;
    if (typeof element !== 'object') return this.struct(value, shape, path);
    const map: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      const own = `${path}.${key}`;
      if (this.duplicates.has(own)) this.complaints.push(`duplicate field "${own}"`);
      const decoded = this.field(item, element, own, named);
      const kept = decoded === undefined ? zero(element, this, own) : decoded;
      setField(map, key, kept);
    }
    return map;
  }

  private text(value: unknown, format: string, named: string, path: string): string | undefined {
    if (format === 'quantity') {
      const quantity = typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : null;
      if (quantity === null) throw new UndecodableError(QUANTITY_RULE);
      return formatQuantity(quantity);
    }
    if (typeof value !== 'string') throw mismatch(value, named, format === 'byte' ? '[]uint8' : 'string');
    if (format === 'date-time' || format === 'micro-time') {
      if (value === '') return undefined;
      if (parseTime(value) === null) {
        const layout = format === 'date-time' ? '2006-01-02T15:04:05Z07:00' : '2006-01-02T15:04:05.000000Z07:00';
        throw new UndecodableError(`parsing time "${value}" as "${layout}": cannot parse "${value}" as "2006"`);
      }
    }
    if (format === 'byte' && !isBase64(value)) {
      const bad = value.search(/[^A-Za-z0-9+/]/);
      throw new UndecodableError(`illegal base64 data at input byte ${bad < 0 ? value.length : bad}`);
    }
    void path;
    return value;
  }
}

export const isBase64 = (text: string): boolean =>
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text.replaceAll(/[\r\n]/g, ''));

const isAlwaysWritten = (key: string, field: BuiltinShape, parent: BuiltinShape): boolean =>
  field.isPresent === true || parent.required?.includes(key) === true;

function zero(shape: BuiltinShape, decoder: Decoder, path: string): unknown {
  if (shape['x-kubernetes-int-or-string'] === true) return 0;
  switch (shape.type) {
    case 'string':
      return shape.format === 'date-time' || shape.format === 'micro-time'
        ? null
        : shape.format === 'quantity'
          ? '0'
          : '';
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return 0;
    case 'array':
      return null;
    default:
      // Selectors are pointers where they are required; other required objects are there from the start.
      if (shape.typeName === undefined || (shape.typeName === 'LabelSelector' && shape.isPresent !== true)) return null;
      return decoder.struct({}, shape, path);
  }
}

function isZero(value: unknown, shape: BuiltinShape): boolean {
  if (shape.keepZero === true || shape['x-kubernetes-int-or-string'] === true) return false;
  if (value === '' || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && typeof shape.additionalProperties === 'object' && Object.keys(value).length === 0;
}

function integer(value: unknown, type: 'int32' | 'int64', named: string): number {
  if (typeof value !== 'number') throw mismatch(value, named, type);
  const isInRange = type === 'int64' || (value >= -2_147_483_648 && value <= 2_147_483_647);
  if (!Number.isInteger(value) || !isInRange) {
    throw new UndecodableError(
      `json: cannot unmarshal number ${value} into Go struct field ${fieldName(named)} of type ${type}`,
    );
  }
  return value;
}

const mismatch = (value: unknown, named: string, type: string) =>
  new UndecodableError(
    `json: cannot unmarshal ${kindOf(value)} into Go struct field ${fieldName(named)} of type ${type}`,
  );

/** The type that has the field, then the field's path without positions and map keys. */
function fieldName(named: string): string {
  return named.replaceAll(/\[\d+\]/g, '');
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value;
}

function goType(shape: BuiltinShape): string {
  if (shape.type === 'array') return `[]${goType(shape.items!)}`;
  if (typeof shape.additionalProperties === 'object') return `map[string]${goType(shape.additionalProperties)}`;
  if (shape.typeName !== undefined) return `v1.${shape.typeName}`;
  return shape.type === 'boolean' ? 'bool' : (shape.format ?? shape.type ?? 'interface {}');
}
