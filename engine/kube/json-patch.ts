// JSON patches (RFC 6902): all six operations on a value, which stays as it was; a failure says which operation and where.
// A document may hold its objects as plain objects or as Maps (see json-text.ts); `__proto__` is a field like any other.

import { COPIED_SIZE_MAX } from '../base/limits.ts';
import { setField } from '../base/set-field.ts';
import { deepEqual, isObject } from './json.ts';
import { formatPointer, parsePointer } from './json-pointer.ts';

export type JsonPatchErrorCode =
  | 'bad-patch'
  | 'bad-operation'
  | 'bad-pointer'
  | 'bad-index'
  | 'missing-path'
  | 'move-into-itself'
  | 'test-failed'
  | 'too-large';

export interface JsonPatchError {
  /** The position of the failing operation; -1 when the patch is no list at all. */
  readonly index: number;
  readonly op: string;
  readonly path: string;
  readonly code: JsonPatchErrorCode;
  readonly message: string;
}

export type JsonPatchResult =
  | { readonly ok: true; readonly document: unknown }
  | { readonly ok: false; readonly error: JsonPatchError };

/**
 * `kubernetes` is what the API server and Karmada accept beyond the RFC: a negative index counts from the end of a list,
 * and testing an absent field for null succeeds.
 */
export type JsonPatchDialect = 'rfc6902' | 'kubernetes';

export function applyJsonPatch(
  document: unknown,
  patch: unknown,
  dialect: JsonPatchDialect = 'rfc6902',
): JsonPatchResult {
  if (!Array.isArray(patch)) {
    const error: JsonPatchError = { index: -1, op: '', path: '', code: 'bad-patch', message: 'a patch must be a list' };
    return { ok: false, error };
  }
  let current = document;
  const copies: Copies = { left: COPIED_SIZE_MAX };
  for (const [index, operation] of patch.entries()) {
    try {
      current = applyOperation(current, operation, dialect, copies);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      return { ok: false, error: describe(refusal, index, operation) };
    }
  }
  return { ok: true, document: current };
}

function describe({ code, message }: Refusal, index: number, operation: unknown): JsonPatchError {
  const { op, path } = isObject(operation) ? operation : {};
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return { index, op: text(op), path: text(path), code, message };
}

class Refusal extends Error {
  readonly code: JsonPatchErrorCode;
  constructor(code: JsonPatchErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

interface Route {
  readonly tokens: readonly string[];
  readonly dialect: JsonPatchDialect;
}

/** What a patch may still copy: a copy of what was copied before doubles it, and thirty of those fill any memory. */
interface Copies {
  left: number;
}

function copied(node: unknown, copies: Copies): unknown {
  copies.left -= sizeOf(node, copies.left);
  if (copies.left < 0) throw new Refusal('too-large', `the copies come to more than ${COPIED_SIZE_MAX} characters`);
  return cloneNode(node);
}

/** About as many characters as its text has; counting stops past the most that matters. */
function sizeOf(node: unknown, most: number): number {
  if (typeof node === 'string') return node.length + 2;
  if (typeof node !== 'object' || node === null) return 8;
  let size = 2;
  const entries = Array.isArray(node) ? node.entries() : node instanceof Map ? node : Object.entries(node);
  for (const [key, value] of entries as Iterable<[unknown, unknown]>) {
    size += typeof key === 'string' ? key.length + 4 : 1;
    size += sizeOf(value, most - size);
    if (size > most) break;
  }
  return size;
}

function applyOperation(document: unknown, operation: unknown, dialect: JsonPatchDialect, copies: Copies): unknown {
  if (!isObject(operation)) throw new Refusal('bad-operation', 'an operation must be an object');
  const route = (field: 'path' | 'from'): Route => ({ tokens: pointerOf(operation, field), dialect });
  switch (operation.op) {
    case 'add':
      return add(document, route('path'), patchValue(operation));
    case 'replace':
      return replace(document, route('path'), patchValue(operation));
    case 'remove':
      return remove(document, route('path'));
    case 'test':
      return test(document, route('path'), patchValue(operation));
    case 'copy':
      return add(document, route('path'), copied(find(document, route('from')), copies));
    case 'move':
      return move(document, route('from'), route('path'));
    default: {
      const given = JSON.stringify(operation.op) ?? 'absent';
      throw new Refusal('bad-operation', `op must be add, remove, replace, move, copy or test, not ${given}`);
    }
  }
}

function pointerOf(operation: Record<string, unknown>, field: 'path' | 'from'): string[] {
  const text = operation[field];
  if (typeof text !== 'string') throw new Refusal('bad-operation', `${field} must be a text`);
  const tokens = parsePointer(text);
  if (tokens === null) throw new Refusal('bad-pointer', `${field} "${text}" is no JSON pointer`);
  return tokens;
}

function patchValue(operation: Record<string, unknown>): unknown {
  if (operation.value === undefined) throw new Refusal('bad-operation', 'value is missing');
  return cloneNode(operation.value);
}

function add(document: unknown, route: Route, value: unknown): unknown {
  if (route.tokens.length === 0) return value;
  return editParent(document, route, 0, (container, token) => {
    if (!isList(container)) return withField(container, token, value);
    const at = token === '-' ? container.length : indexOf(token, container.length + 1, route);
    return container.toSpliced(at, 0, value);
  });
}

function replace(document: unknown, route: Route, value: unknown): unknown {
  if (route.tokens.length === 0) return value;
  return editParent(document, route, 0, (container, token) => {
    if (isList(container)) return container.with(indexOf(token, container.length, route), value);
    if (!hasField(container, token)) throw absent(route.tokens);
    return withField(container, token, value);
  });
}

function remove(document: unknown, route: Route): unknown {
  if (route.tokens.length === 0) throw new Refusal('bad-operation', 'the whole document cannot be removed');
  return editParent(document, route, 0, (container, token) => {
    if (isList(container)) return container.toSpliced(indexOf(token, container.length, route), 1);
    if (!hasField(container, token)) throw absent(route.tokens);
    return withoutField(container, token);
  });
}

function move(document: unknown, from: Route, path: Route): unknown {
  const value = find(document, from);
  const below = from.tokens.every((token, at) => token === path.tokens[at]);
  if (below && from.tokens.length === path.tokens.length) return document;
  if (below) throw new Refusal('move-into-itself', 'a value cannot be moved into itself');
  return add(remove(document, from), path, value);
}

function test(document: unknown, route: Route, expected: unknown): unknown {
  if (!sameNode(findToTest(document, route), expected)) {
    throw new Refusal('test-failed', 'the value differs from the one expected');
  }
  return document;
}

function findToTest(document: unknown, route: Route): unknown {
  try {
    return find(document, route);
  } catch (refusal) {
    if (route.dialect === 'kubernetes' && refusal instanceof Refusal && refusal.code === 'missing-path') return null;
    throw refusal;
  }
}

function find(document: unknown, route: Route): unknown {
  let node = document;
  for (const depth of route.tokens.keys()) node = child(asContainer(node, route, depth), route, depth);
  return node;
}

type Fields = Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>;
type Container = readonly unknown[] | Fields;

/** Rebuilds the containers on the way to the route's last token and shares everything beside it. */
function editParent(
  node: unknown,
  route: Route,
  depth: number,
  edit: (container: Container, token: string) => Container,
): Container {
  const container = asContainer(node, route, depth);
  const token = route.tokens[depth]!;
  if (depth === route.tokens.length - 1) return edit(container, token);
  const next = editParent(child(container, route, depth), route, depth + 1, edit);
  if (isList(container)) return container.with(indexOf(token, container.length, route), next);
  return withField(container, token, next);
}

function asContainer(node: unknown, route: Route, depth: number): Container {
  if (Array.isArray(node) || node instanceof Map || isPlain(node)) return node as Container;
  const place = depth === 0 ? 'the document' : formatPointer(route.tokens.slice(0, depth));
  throw new Refusal('missing-path', `${place} is neither an object nor a list`);
}

function child(container: Container, route: Route, depth: number): unknown {
  const token = route.tokens[depth]!;
  if (isList(container)) return container[indexOf(token, container.length, route)];
  if (!hasField(container, token)) throw absent(route.tokens.slice(0, depth + 1));
  return container instanceof Map ? container.get(token) : (container as Record<string, unknown>)[token];
}

const absent = (tokens: readonly string[]) => new Refusal('missing-path', `there is no ${formatPointer(tokens)}`);

function indexOf(token: string, length: number, { dialect }: Route): number {
  const negative = dialect === 'kubernetes' && /^-[1-9]\d{0,9}$/.test(token);
  if (!negative && !/^(0|[1-9]\d{0,9})$/.test(token)) {
    throw new Refusal('bad-index', `"${token}" is no position in a list`);
  }
  const at = negative ? length + Number(token) : Number(token);
  if (at < 0 || at >= length) throw new Refusal('missing-path', `position ${token} lies outside the list`);
  return at;
}

const isList = (container: Container): container is readonly unknown[] => Array.isArray(container);

const isPlain = (node: unknown): node is Record<string, unknown> =>
  isObject(node) && [Object.prototype, null].includes(Object.getPrototypeOf(node));

const hasField = (fields: Fields, token: string): boolean =>
  fields instanceof Map ? fields.has(token) : Object.hasOwn(fields, token);

function withField(fields: Fields, token: string, value: unknown): Fields {
  if (fields instanceof Map) return new Map(fields).set(token, value);
  const copy = { ...fields };
  setField(copy, token, value);
  return copy;
}

function withoutField(fields: Fields, token: string): Fields {
  if (fields instanceof Map) {
    const copy = new Map(fields);
    copy.delete(token);
    return copy;
  }
  const copy: Record<string, unknown> = { ...(fields as Record<string, unknown>) };
  delete copy[token];
  return copy;
}

function cloneNode(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(cloneNode);
  if (node instanceof Map) return new Map([...node].map(([key, value]) => [key, cloneNode(value)]));
  if (!isPlain(node)) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, cloneNode(value)]));
}

const sameNode = (a: unknown, b: unknown): boolean => deepEqual(withoutMaps(a), withoutMaps(b));

function withoutMaps(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutMaps);
  if (node instanceof Map) return Object.fromEntries([...node].map(([key, value]) => [key, withoutMaps(value)]));
  return node;
}
