// Reads a Kubernetes Protobuf body: the "k8s" envelope, and inside it an object of a built-in type.
import { formatMicroTime, formatTime, setField } from '../../../engine/index.ts';
import { builtins } from '../resources/builtin.ts';
import type { BuiltinShape } from '../resources/type-notation.ts';
import { type FieldNumbers, fieldNumbers } from './field-numbers.ts';
import { ProtobufError, readFields, type WireValue } from './wire.ts';

export { ProtobufError } from './wire.ts';

const MAGIC = [0x6b, 0x38, 0x73, 0x00];
const DEPTH_MAX = 64;

export function decodeEnvelope(body: Uint8Array): Record<string, unknown> {
  if (!MAGIC.every((byte, at) => body[at] === byte)) {
    throw new ProtobufError('the body does not begin as a Kubernetes Protobuf message does');
  }
  let type: Uint8Array = new Uint8Array();
  let raw: Uint8Array = new Uint8Array();
  for (const { number, value } of readFields(body.subarray(MAGIC.length))) {
    if (number === 1) type = bytesOf(value);
    if (number === 2) raw = bytesOf(value);
  }
  const apiVersion = textIn(type, 1);
  const kind = textIn(type, 2);
  const { types } = builtins();
  const shape = types.get(apiVersion)?.get(kind) ?? types.get('meta')?.get(kind);
  const numbers = fieldNumbers(apiVersion, kind);
  if (shape === undefined || numbers === null) throw new ProtobufError(`${kind} in ${apiVersion} ${CANNOT_BE_READ}`);
  return { apiVersion, kind, ...new MessageReader(apiVersion).read(raw, shape, numbers, kind, 0) };
}

const CANNOT_BE_READ =
  'cannot be read in Protobuf: send it as JSON, for kubectl with "--dry-run=client -o yaml | kubectl apply -f -"';

class MessageReader {
  readonly #groupVersion: string;

  constructor(groupVersion: string) {
    this.#groupVersion = groupVersion;
  }

  read(
    bytes: Uint8Array,
    shape: BuiltinShape,
    numbers: FieldNumbers,
    type: string,
    depth: number,
  ): Record<string, unknown> {
    if (depth > DEPTH_MAX) throw new ProtobufError('the message is nested too deeply');
    const result: Record<string, unknown> = {};
    for (const { number, value } of readFields(bytes)) {
      const field = numbers.get(number);
      // Dropped in silence it would be lost, and nobody would know why.
      if (field === undefined) throw new ProtobufError(`field ${number} of ${type} ${CANNOT_BE_READ}`);
      if (field.sort === 'inlined') {
        Object.assign(result, this.read(bytesOf(value), shape, this.#numbersOf(field.type), type, depth + 1));
        continue;
      }
      const of = shape.properties?.[field.name];
      if (of === undefined) throw new ProtobufError(`the field ${field.name} of ${type} ${CANNOT_BE_READ}`);
      this.#add(result, field.name, value, of, depth);
    }
    return result;
  }

  #add(result: Record<string, unknown>, name: string, value: WireValue, shape: BuiltinShape, depth: number): void {
    if (shape.items !== undefined) {
      const items = this.#items(value, shape.items, depth);
      if (Array.isArray(result[name])) result[name].push(...items);
      else result[name] = [...items];
    } else if (typeof shape.additionalProperties === 'object') {
      result[name] ??= {};
      const entry = readFields(bytesOf(value));
      const key = entry.find(({ number }) => number === 1)?.value ?? EMPTY;
      const item = entry.find(({ number }) => number === 2)?.value ?? EMPTY;
      setField(
        result[name] as Record<string, unknown>,
        textOf(key),
        this.#value(item, shape.additionalProperties, depth),
      );
    } else {
      const decoded = this.#value(value, shape, depth);
      if (decoded !== undefined) result[name] = decoded;
    }
  }

  /** Numbers may come packed, many in one field. */
  #items(value: WireValue, item: BuiltinShape, depth: number): readonly unknown[] {
    if (item.type !== 'integer' || typeof value === 'bigint') return [this.#value(value, item, depth)];
    return readFields(prefixed(value)).map((one) => this.#value(one.value, item, depth));
  }

  #value(value: WireValue, shape: BuiltinShape, depth: number): unknown {
    switch (shape.format) {
      case 'byte':
        return Buffer.from(bytesOf(value)).toString('base64');
      case 'date-time':
        return timeOf(bytesOf(value), formatTime);
      case 'micro-time':
        return timeOf(bytesOf(value), formatMicroTime);
      case 'quantity':
        return textIn(bytesOf(value), 1);
      case 'int-or-string':
        return intOrString(bytesOf(value));
      case 'double':
        return Buffer.from(bytesOf(value)).readDoubleLE(0);
    }
    switch (shape.type) {
      case 'string':
        return textOf(value);
      case 'boolean':
        return value === 1n;
      case 'integer':
        return numberOf(value);
    }
    // A list for a value of a map is a message with its items.
    if (shape.items !== undefined) return readFields(bytesOf(value)).map((field) => textOf(field.value));
    if (shape.typeName === undefined) return rawJson(bytesOf(value));
    return this.read(bytesOf(value), shape, this.#numbersOf(shape.typeName), shape.typeName, depth + 1);
  }

  #numbersOf(type: string): FieldNumbers {
    const numbers = fieldNumbers(this.#groupVersion, type);
    if (numbers === null) throw new ProtobufError(`${type} ${CANNOT_BE_READ}`);
    return numbers;
  }
}

const EMPTY = new Uint8Array();

function textOf(value: WireValue): string {
  if (typeof value === 'bigint') throw new ProtobufError('a text is expected where a number stands');
  return new TextDecoder().decode(value);
}

function bytesOf(value: WireValue): Uint8Array {
  if (typeof value === 'bigint') throw new ProtobufError('a message is expected where a number stands');
  return value;
}

function numberOf(value: WireValue): number {
  if (typeof value !== 'bigint') throw new ProtobufError('a number is expected where a message stands');
  return Number(BigInt.asIntN(64, value));
}

const textIn = (message: Uint8Array, number: number): string =>
  textOf(readFields(message).find((field) => field.number === number)?.value ?? EMPTY);

/** Packed numbers have no keys; with one before each they read as any fields. */
function prefixed(packed: Uint8Array): Uint8Array {
  const bytes: number[] = [];
  let isFirst = true;
  for (const byte of packed) {
    if (isFirst) bytes.push(8);
    bytes.push(byte);
    isFirst = byte < 0x80;
  }
  return Uint8Array.from(bytes);
}

function timeOf(message: Uint8Array, format: (ms: number) => string): string | undefined {
  const fields = readFields(message);
  const at = (number: number) => fields.find((field) => field.number === number)?.value;
  const seconds = at(1);
  if (seconds === undefined) return undefined;
  const nanos = at(2);
  return format(numberOf(seconds) * 1000 + (nanos === undefined ? 0 : Math.floor(numberOf(nanos) / 1e6)));
}

function intOrString(message: Uint8Array): number | string {
  const fields = readFields(message);
  const at = (number: number) => fields.find((field) => field.number === number)?.value;
  return at(1) === 1n ? textOf(at(3) ?? EMPTY) : numberOf(at(2) ?? 0n);
}

/** What has no type of its own travels as JSON. */
function rawJson(message: Uint8Array): unknown {
  const text = textIn(message, 1);
  try {
    return text === '' ? {} : (JSON.parse(text) as unknown);
  } catch {
    throw new ProtobufError('a part that is JSON cannot be read as such');
  }
}
