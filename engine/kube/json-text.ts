// JSON text that is edited without being rewritten: numbers and texts stay as they were typed, fields keep their order.
import { assert } from '../base/assert.ts';
import { isObject } from './json.ts';

/** A number, text, boolean or null, as it was typed. */
export class JsonScalar {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type JsonNode = JsonScalar | readonly JsonNode[] | ReadonlyMap<string, JsonNode>;

const DEPTH_MAX = 1000;
const TOKEN = /\s*("(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s[\]{}:,"]+)/y;

/** The document, or null for a text that is no JSON. */
export function parseJsonText(text: string): JsonNode | null {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  const scanner: Scanner = { text, at: 0 };
  return readNode(scanner, nextToken(scanner), 0);
}

interface Scanner {
  readonly text: string;
  at: number;
}

/** JSON.parse has vouched for the grammar, so that cutting the text into tokens is all that is left to do. */
function nextToken(scanner: Scanner): string {
  TOKEN.lastIndex = scanner.at;
  const match = TOKEN.exec(scanner.text);
  assert(match !== null, 'what JSON.parse accepts consists of tokens');
  scanner.at = TOKEN.lastIndex;
  return match[1]!;
}

function readNode(scanner: Scanner, token: string, depth: number): JsonNode | null {
  if (depth > DEPTH_MAX) return null;
  if (token === '[') return readList(scanner, depth);
  if (token === '{') return readFields(scanner, depth);
  return new JsonScalar(token);
}

function readList(scanner: Scanner, depth: number): JsonNode | null {
  const items: JsonNode[] = [];
  for (let token = nextToken(scanner); token !== ']'; token = nextToken(scanner)) {
    const item = readNode(scanner, token === ',' ? nextToken(scanner) : token, depth + 1);
    if (item === null) return null;
    items.push(item);
  }
  return items;
}

function readFields(scanner: Scanner, depth: number): JsonNode | null {
  const fields = new Map<string, JsonNode>();
  for (let token = nextToken(scanner); token !== '}'; token = nextToken(scanner)) {
    const name = token === ',' ? nextToken(scanner) : token;
    nextToken(scanner);
    const value = readNode(scanner, nextToken(scanner), depth + 1);
    if (value === null) return null;
    fields.set(JSON.parse(name) as string, value);
  }
  return fields;
}

/**
 * The text of a document, in which plain values may stand beside parsed ones. Like Go's encoder it leaves no white space
 * and escapes what could end a script element.
 */
export function printJsonText(node: unknown): string {
  if (node instanceof JsonScalar) return escapeForHtml(node.text);
  if (Array.isArray(node)) return `[${node.map(printJsonText).join(',')}]`;
  if (node instanceof Map) return printFields([...node]);
  if (isObject(node)) return printFields(Object.entries(node).filter(([, value]) => value !== undefined));
  return escapeForHtml(JSON.stringify(node ?? null));
}

function printFields(fields: readonly (readonly [unknown, unknown])[]): string {
  const printed = fields.map(([name, value]) => `${escapeForHtml(JSON.stringify(name))}:${printJsonText(value)}`);
  return `{${printed.join(',')}}`;
}

const escapeForHtml = (text: string): string =>
  text.replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
