// YAML to JSON text and back with the meaning and the look that Kubernetes' own library gives it.

import { type Document, isAlias, isMap, isScalar, isSeq, type Node, Scalar } from 'yaml';
import { type JsonNode, JsonScalar, parseJsonText, type YamlCodec } from '../../engine/index.ts';
import { parseYaml, YamlError } from './yaml-parse.ts';
import { printYaml, Verbatim, type YamlNode } from './yaml-print.ts';
import { formatFloat, type PlainScalar, readPlainScalar } from './yaml-scalar.ts';

export const yamlCodec: YamlCodec = { toJson, fromJson };

/** More nodes than this can only come out of aliases that multiply. */
const NODES_MAX = 200_000;
const TAG_PREFIX = 'tag:yaml.org,2002:';

/** The first document as JSON text; an empty text is null. */
function toJson(yaml: string): string {
  const [document] = parseYaml(yaml);
  if (document === undefined) return 'null';
  const [problem] = document.errors;
  if (problem !== undefined) throw new YamlError(problem.message.split('\n')[0] ?? 'it cannot be read');
  return new Converter(document).json(document.contents);
}

type JsonFields = Map<string, string>;

class Converter {
  private readonly document: Document.Parsed;
  private nodes = 0;

  constructor(document: Document.Parsed) {
    this.document = document;
  }

  json(node: Node | null | undefined, ancestors: readonly Node[] = []): string {
    if (++this.nodes > NODES_MAX) throw new YamlError('its aliases multiply without end');
    if (node === null || node === undefined) return 'null';
    if (ancestors.includes(node)) throw new YamlError('an alias contains itself');
    if (isAlias(node)) return this.json(node.resolve(this.document), [...ancestors, node]);
    if (isScalar(node)) return jsonOf(readScalar(node));
    if (isSeq(node)) {
      return `[${node.items.map((item) => this.json(item as Node, [...ancestors, node])).join(',')}]`;
    }
    const fields = [...this.fields(node, ancestors)].map(([key, value]) => `${JSON.stringify(key)}:${value}`);
    return `{${fields.join(',')}}`;
  }

  /** Of a key that comes twice, or through a merge, the later one stands. */
  private fields(node: Node, ancestors: readonly Node[]): JsonFields {
    const fields: JsonFields = new Map();
    if (!isMap(node)) throw new YamlError('it contains what is neither a scalar, a list nor a map');
    for (const { key, value } of node.items) {
      const scalar = this.keyScalar(key as Node | null);
      if (scalar.tag === 'merge') this.merge(fields, value as Node | null, [...ancestors, node]);
      else fields.set(keyText(scalar), this.json(value as Node | null, [...ancestors, node]));
    }
    return fields;
  }

  private keyScalar(key: Node | null): PlainScalar {
    const target = isAlias(key) ? key.resolve(this.document) : key;
    if (!isScalar(target)) throw new YamlError('a key is not a scalar');
    return readScalar(target);
  }

  private merge(fields: JsonFields, value: Node | null, ancestors: readonly Node[]): void {
    const source = isAlias(value) ? value.resolve(this.document) : value;
    if (isSeq(source)) {
      for (const item of source.items.toReversed()) this.merge(fields, item as Node, [...ancestors, source]);
    } else if (isMap(source) && !ancestors.includes(source)) {
      for (const [key, json] of this.fields(source, ancestors)) fields.set(key, json);
    } else {
      throw new YamlError('a merge needs a map or a list of maps');
    }
  }
}

export function readScalar(node: Scalar): PlainScalar {
  const text = String(node.value ?? '');
  const tag = node.tag?.startsWith(TAG_PREFIX) ? node.tag.slice(TAG_PREFIX.length) : node.tag;
  if (tag === undefined) return node.type === Scalar.PLAIN ? readPlainScalar(text) : { tag: 'string', value: text };
  if (tag === 'binary') return { tag: 'string', value: Buffer.from(text, 'base64').toString('utf8') };
  const plain = readPlainScalar(text);
  if (tag === 'float' && plain.tag === 'int') return { tag: 'float', value: Number(plain.value) };
  if (['int', 'float', 'bool', 'null', 'timestamp'].includes(tag)) {
    if (plain.tag !== tag) throw new YamlError(`"${text}" is no ${tag}`);
    return plain;
  }
  return { tag: 'string', value: text };
}

function jsonOf(scalar: PlainScalar): string {
  if (scalar.tag === 'int') return String(scalar.value);
  if (scalar.tag === 'float' && !Number.isFinite(scalar.value)) {
    throw new YamlError(`JSON has no ${formatFloat(scalar.value)}`);
  }
  return JSON.stringify(scalar.value);
}

export function keyText(scalar: PlainScalar): string {
  if (scalar.tag === 'null') throw new YamlError('a key is null');
  return scalar.tag === 'float' ? formatFloat(shortenToFloat32(scalar.value)) : String(scalar.value);
}

/** The shortest decimal that names the same 32-bit float: the precision that the library gives to keys. */
function shortenToFloat32(value: number): number {
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return value;
  for (let digits = 1; digits <= 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === single) return candidate;
  }
  return value;
}

function fromJson(json: string): string {
  const node = parseJsonText(json);
  if (node === null) throw new YamlError('the text is not JSON');
  return printYaml(yamlNode(node));
}

function yamlNode(node: JsonNode): YamlNode {
  if (node instanceof JsonScalar) return scalarNode(node.text);
  if (node instanceof Map) return new Map([...node].map(([key, value]) => [key, yamlNode(value)]));
  return (node as readonly JsonNode[]).map(yamlNode);
}

function scalarNode(text: string): YamlNode {
  if (text.startsWith('"')) return JSON.parse(text) as string;
  const scalar = readPlainScalar(text);
  if (scalar.tag === 'float') return new Verbatim(formatFloat(scalar.value));
  return new Verbatim(scalar.tag === 'string' ? text : String(scalar.value));
}
