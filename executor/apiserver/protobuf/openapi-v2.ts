// Writes an OpenAPI document of the second version in Protobuf, in the numbers of its public message definitions.
import { isObject } from '../../../engine/index.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A message that grows; nested ones are written whole. */
class Message {
  private readonly parts: Buffer[] = [];

  text(field: number, value: unknown): this {
    return typeof value === 'string' && value !== '' ? this.bytes(field, Buffer.from(value)) : this;
  }

  texts(field: number, values: unknown): this {
    for (const value of Array.isArray(values) ? values : []) this.bytes(field, Buffer.from(String(value)));
    return this;
  }

  flag(field: number, value: unknown): this {
    if (value === true) this.parts.push(varint(field << 3), varint(1));
    return this;
  }

  whole(field: number, value: unknown): this {
    if (typeof value === 'number' && value > 0) this.parts.push(varint(field << 3), varint(value));
    return this;
  }

  double(field: number, value: unknown): this {
    if (typeof value !== 'number' || value === 0) return this;
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    this.parts.push(varint((field << 3) | 1), bytes);
    return this;
  }

  message(field: number, message: Message | null): this {
    return message === null ? this : this.bytes(field, message.done());
  }

  messages(field: number, messages: readonly Message[]): this {
    for (const message of messages) this.bytes(field, message.done());
    return this;
  }

  done(): Buffer {
    return Buffer.concat(this.parts);
  }

  private bytes(field: number, bytes: Buffer): this {
    this.parts.push(varint((field << 3) | 2), varint(bytes.length), bytes);
    return this;
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

const fieldsOf = (value: unknown): Fields => (isObject(value) ? value : {});

/** Any value travels as YAML, and JSON is YAML. */
const someValue = (value: unknown): Message => new Message().text(2, `${JSON.stringify(value)}\n`);

const named = (name: string, value: Message): Message => new Message().text(1, name).message(2, value);

const extensionsOf = (fields: Fields): Message[] =>
  Object.entries(fields)
    .filter(([name]) => name.startsWith('x-'))
    .map(([name, value]) => named(name, someValue(value)));

function schema(fields: Fields): Message {
  const { additionalProperties: extra, items, properties, type } = fields;
  return new Message()
    .text(1, fields.$ref)
    .text(2, fields.format)
    .text(4, fields.description)
    .message(5, fields.default === undefined ? null : someValue(fields.default))
    .double(7, fields.maximum)
    .double(9, fields.minimum)
    .whole(11, fields.maxLength)
    .whole(12, fields.minLength)
    .text(13, fields.pattern)
    .whole(14, fields.maxItems)
    .whole(15, fields.minItems)
    .flag(16, fields.uniqueItems)
    .texts(19, fields.required)
    .messages(20, Array.isArray(fields.enum) ? fields.enum.map(someValue) : [])
    .message(21, isObject(extra) ? new Message().message(1, schema(extra)) : null)
    .message(22, typeof type === 'string' ? new Message().texts(1, [type]) : null)
    .message(23, isObject(items) ? new Message().message(1, schema(items)) : null)
    .message(25, isObject(properties) ? new Message().messages(1, namedSchemas(properties)) : null)
    .messages(31, extensionsOf(fields));
}

const namedSchemas = (schemas: Fields): Message[] =>
  Object.entries(schemas).map(([name, value]) => named(name, schema(fieldsOf(value))));

function queryParameter(fields: Fields): Message {
  const own = new Message().text(2, fields.in).text(3, fields.description).text(4, fields.name).text(6, fields.type);
  // A parameter, and not a body, and of the query.
  return new Message().message(1, new Message().message(2, new Message().message(3, own)));
}

function operation(fields: Fields): Message {
  const parameters = Array.isArray(fields.parameters) ? fields.parameters.filter(isObject) : [];
  const responses = Object.entries(fieldsOf(fields.responses)).map(([code, response]) => {
    const { description, schema: told } = fieldsOf(response);
    const item = new Message().message(1, schema(fieldsOf(told)));
    return named(code, new Message().message(1, new Message().text(1, description).message(2, item)));
  });
  return new Message()
    .messages(8, parameters.map(queryParameter))
    .message(9, new Message().messages(1, responses))
    .messages(13, extensionsOf(fields));
}

const METHODS: readonly (readonly [name: string, field: number])[] = [
  ['get', 2],
  ['put', 3],
  ['post', 4],
  ['delete', 5],
  ['patch', 8],
];

function pathItem(fields: Fields): Message {
  const item = new Message();
  for (const [name, field] of METHODS) {
    const own = fields[name];
    if (isObject(own)) item.message(field, operation(own));
  }
  return item;
}

export function encodeOpenapiV2(document: Fields): Uint8Array {
  const { title, version } = fieldsOf(document.info);
  const paths = Object.entries(fieldsOf(document.paths)).map(([path, item]) => named(path, pathItem(fieldsOf(item))));
  return new Message()
    .text(1, document.swagger)
    .message(2, new Message().text(1, title).text(2, version))
    .message(8, new Message().messages(2, paths))
    .message(9, new Message().messages(1, namedSchemas(fieldsOf(document.definitions))))
    .done();
}
