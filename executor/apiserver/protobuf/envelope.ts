// Reads a Kubernetes Protobuf body: the "k8s" envelope, and inside it an object whose field numbers are in the tables.
import { formatTime } from '../../../engine/index.ts';
import { type MessageType, messages } from './messages.ts';
import { ProtobufError, readFields, type WireField, type WireValue } from './wire.ts';

export { ProtobufError } from './wire.ts';

const MAGIC = [0x6b, 0x38, 0x73, 0x00];
const DEPTH_MAX = 64;

const text = (value: WireValue): string => {
  if (typeof value === 'bigint') throw new ProtobufError('a text is expected where a number stands');
  return new TextDecoder().decode(value);
};

const bytesOf = (value: WireValue): Uint8Array => {
  if (typeof value === 'bigint') throw new ProtobufError('a message is expected where a number stands');
  return value;
};

export function decodeEnvelope(body: Uint8Array): Record<string, unknown> {
  if (!MAGIC.every((byte, at) => body[at] === byte)) {
    throw new ProtobufError('the body does not begin as a Kubernetes Protobuf message does');
  }
  let type: WireField[] = [];
  let raw: Uint8Array = new Uint8Array();
  for (const { number, value } of readFields(body.subarray(MAGIC.length))) {
    if (number === 1) type = readFields(bytesOf(value));
    if (number === 2) raw = bytesOf(value);
  }
  const find = (number: number) => type.find((field) => field.number === number)?.value;
  const apiVersion = text(find(1) ?? new Uint8Array());
  const kind = text(find(2) ?? new Uint8Array());
  const known = messages[`${apiVersion}.${kind}`] ?? messages[kind];
  if (known === undefined) {
    throw new ProtobufError(
      `${kind} in ${apiVersion} cannot be read in Protobuf: send it as JSON, for kubectl with "--dry-run=client -o yaml | kubectl apply -f -"`,
    );
  }
  return { apiVersion, kind, ...decodeMessage(raw, known, 0) };
}

function decodeMessage(bytes: Uint8Array, type: MessageType, depth: number): Record<string, unknown> {
  if (depth > DEPTH_MAX) throw new ProtobufError('the message is nested too deeply');
  const result: Record<string, unknown> = {};
  for (const { number, value } of readFields(bytes)) {
    const field = type[number];
    // What a newer client adds is not ours to judge.
    if (field === undefined) continue;
    const [name, shape] = field;
    if (shape.startsWith('[')) {
      const list = (result[name] as unknown[] | undefined) ?? [];
      list.push(decodeValue(value, shape.slice(1, -1), depth));
      result[name] = list;
    } else if (shape.startsWith('{')) {
      const map = (result[name] as Record<string, unknown> | undefined) ?? {};
      const entry = readFields(bytesOf(value));
      const key = entry.find((one) => one.number === 1)?.value;
      const item = entry.find((one) => one.number === 2)?.value;
      map[key === undefined ? '' : text(key)] = decodeValue(item ?? new Uint8Array(), shape.slice(1, -1), depth);
      result[name] = map;
    } else {
      const decoded = decodeValue(value, shape, depth);
      if (name === '.') Object.assign(result, decoded);
      else if (decoded !== undefined) result[name] = decoded;
    }
  }
  return result;
}

function decodeValue(value: WireValue, shape: string, depth: number): unknown {
  switch (shape) {
    case 'string':
      return text(value);
    case 'bytes':
      return Buffer.from(bytesOf(value)).toString('base64');
    case 'bool':
      return value === 1n;
    case 'int':
      return Number(BigInt.asIntN(64, value as bigint));
    case 'time':
      return timeText(bytesOf(value));
    case 'quantity':
      return text(readFields(bytesOf(value)).find(({ number }) => number === 1)?.value ?? new Uint8Array());
    case 'intOrString':
      return intOrString(bytesOf(value));
    case 'strings':
      return readFields(bytesOf(value)).map((field) => text(field.value));
    default: {
      const type = messages[shape];
      if (type === undefined) throw new ProtobufError(`the tables do not know ${shape}`);
      return decodeMessage(bytesOf(value), type, depth + 1);
    }
  }
}

function timeText(bytes: Uint8Array): string | undefined {
  const seconds = readFields(bytes).find(({ number }) => number === 1)?.value;
  if (typeof seconds !== 'bigint') return undefined;
  return formatTime(Number(BigInt.asIntN(64, seconds)) * 1000);
}

function intOrString(bytes: Uint8Array): number | string {
  const fields = readFields(bytes);
  const find = (number: number) => fields.find((field) => field.number === number)?.value;
  if (find(1) === 1n) return text(find(3) ?? new Uint8Array());
  return Number(BigInt.asIntN(64, (find(2) as bigint | undefined) ?? 0n));
}
