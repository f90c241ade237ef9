import { describe, expect, it } from 'vitest';
import { applyJsonPatch, type JsonPatchErrorCode } from './json-patch.ts';

const patched = (document: unknown, ...operations: unknown[]) => {
  const result = applyJsonPatch(document, operations);
  if (!result.ok) throw new Error(result.error.message);
  return result.document;
};

const refused = (document: unknown, ...operations: unknown[]) => {
  const result = applyJsonPatch(document, operations);
  if (result.ok) throw new Error(`accepted: ${JSON.stringify(result.document)}`);
  return result.error;
};

describe('a JSON patch', () => {
  it.each<[string, unknown, unknown, unknown]>([
    ['adds a field', {}, { op: 'add', path: '/a', value: 1 }, { a: 1 }],
    ['adds over a field', { a: 0 }, { op: 'add', path: '/a', value: 1 }, { a: 1 }],
    ['adds null', {}, { op: 'add', path: '/a', value: null }, { a: null }],
    ['inserts into a list', { l: [1, 3] }, { op: 'add', path: '/l/1', value: 2 }, { l: [1, 2, 3] }],
    ['appends by position', [1], { op: 'add', path: '/1', value: 2 }, [1, 2]],
    ['appends by dash', [1], { op: 'add', path: '/-', value: 2 }, [1, 2]],
    ['adds the whole document', { a: 1 }, { op: 'add', path: '', value: [] }, []],
    ['reads escapes', { 'a/b': { '~': 1 } }, { op: 'replace', path: '/a~1b/~0', value: 2 }, { 'a/b': { '~': 2 } }],
    ['reads an empty name', { '': 1 }, { op: 'replace', path: '/', value: 2 }, { '': 2 }],
    ['removes a field', { a: 1, b: 2 }, { op: 'remove', path: '/a' }, { b: 2 }],
    ['removes from a list', [1, 2], { op: 'remove', path: '/0' }, [2]],
    ['replaces an item', [[1]], { op: 'replace', path: '/0/0', value: 2 }, [[2]]],
    ['replaces null', { a: null }, { op: 'replace', path: '/a', value: 2 }, { a: 2 }],
    ['moves', { a: { b: 1 }, c: {} }, { op: 'move', from: '/a/b', path: '/c/d' }, { a: {}, c: { d: 1 } }],
    ['moves within a list', [1, 2, 3], { op: 'move', from: '/0', path: '/2' }, [2, 3, 1]],
    ['moves onto itself', { a: 1 }, { op: 'move', from: '/a', path: '/a' }, { a: 1 }],
    ['moves to the root', { a: 1 }, { op: 'move', from: '/a', path: '' }, 1],
    ['copies', { a: [1] }, { op: 'copy', from: '/a', path: '/b' }, { a: [1], b: [1] }],
    ['tests', { a: { x: 1, y: [2] } }, { op: 'test', path: '/a', value: { y: [2], x: 1 } }, { a: { x: 1, y: [2] } }],
  ])('%s', (_, document, operation, expected) => {
    expect(patched(document, operation)).toEqual(expected);
  });

  it.each<[string, unknown, unknown, JsonPatchErrorCode]>([
    ['an operation that is no object', {}, 'add', 'bad-operation'],
    ['an unknown operation', {}, { op: 'merge', path: '/a' }, 'bad-operation'],
    ['a missing path', {}, { op: 'add', value: 1 }, 'bad-operation'],
    ['a missing value', {}, { op: 'add', path: '/a' }, 'bad-operation'],
    ['a path without a slash', {}, { op: 'add', path: 'a', value: 1 }, 'bad-pointer'],
    ['a bad escape', {}, { op: 'add', path: '/a~2', value: 1 }, 'bad-pointer'],
    ['adding below what is absent', {}, { op: 'add', path: '/a/b', value: 1 }, 'missing-path'],
    ['adding below a text', { a: 'x' }, { op: 'add', path: '/a/b', value: 1 }, 'missing-path'],
    ['adding beyond the end', [1], { op: 'add', path: '/2', value: 1 }, 'missing-path'],
    ['a leading zero', [1, 2], { op: 'remove', path: '/01' }, 'bad-index'],
    ['a negative index', [1, 2], { op: 'remove', path: '/-1' }, 'bad-index'],
    ['removing at the dash', [1], { op: 'remove', path: '/-' }, 'bad-index'],
    ['removing what is absent', {}, { op: 'remove', path: '/a' }, 'missing-path'],
    ['removing everything', {}, { op: 'remove', path: '' }, 'bad-operation'],
    ['replacing what is absent', {}, { op: 'replace', path: '/a', value: 1 }, 'missing-path'],
    ['replacing beyond the end', [1], { op: 'replace', path: '/1', value: 1 }, 'missing-path'],
    ['moving into itself', { a: { b: 1 } }, { op: 'move', from: '/a', path: '/a/b' }, 'move-into-itself'],
    ['copying what is absent', {}, { op: 'copy', from: '/a', path: '/b' }, 'missing-path'],
    ['a test that fails', { a: 1 }, { op: 'test', path: '/a', value: '1' }, 'test-failed'],
    ['testing what is absent for null', {}, { op: 'test', path: '/a', value: null }, 'missing-path'],
    ['a name that objects inherit', {}, { op: 'replace', path: '/toString', value: 1 }, 'missing-path'],
    ['a path through the prototype', {}, { op: 'add', path: '/__proto__/polluted', value: 1 }, 'missing-path'],
  ])('refuses %s', (_, document, operation, code) => {
    expect(refused(document, operation).code).toBe(code);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('names the operation that failed, and changes nothing', () => {
    const document = Object.freeze({ a: Object.freeze([1]) });
    expect(refused(document, { op: 'add', path: '/a/-', value: 2 }, { op: 'remove', path: '/b/c' })).toEqual({
      index: 1,
      op: 'remove',
      path: '/b/c',
      code: 'missing-path',
      message: 'there is no /b',
    });
    expect(document).toEqual({ a: [1] });
  });

  it('refuses a patch that is no list', () => {
    const result = applyJsonPatch({}, { op: 'add' });
    expect(result).toEqual({
      ok: false,
      error: { index: -1, op: '', path: '', code: 'bad-patch', message: 'a patch must be a list' },
    });
  });

  it('treats __proto__ as a field like any other', () => {
    const result = patched({}, { op: 'add', path: '/__proto__', value: { polluted: true } });
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(JSON.stringify(result)).toBe('{"__proto__":{"polluted":true}}');
    const changed = patched(result, { op: 'replace', path: '/__proto__/polluted', value: false });
    expect(JSON.stringify(changed)).toBe('{"__proto__":{"polluted":false}}');
    expect(JSON.stringify(patched(JSON.parse('{"a":{"__proto__":1}}'), { op: 'copy', from: '/a', path: '/b' }))).toBe(
      '{"a":{"__proto__":1},"b":{"__proto__":1}}',
    );
  });

  it('keeps the order of a Map, where numbers stand in between', () => {
    const document = new Map<string, unknown>([
      ['b', 1],
      ['1', new Map([['x', 2]])],
    ]);
    const result = patched(document, { op: 'add', path: '/1/y', value: 3 }, { op: 'test', path: '/1/x', value: 2 });
    expect([...(result as Map<string, unknown>).keys()]).toEqual(['b', '1']);
    expect(document.get('1')).toEqual(new Map([['x', 2]]));
    expect(refused(result, { op: 'remove', path: '/2' }).code).toBe('missing-path');
  });

  it('in the dialect of Kubernetes counts from the end and finds null where nothing is', () => {
    const apply = (document: unknown, operation: unknown) => applyJsonPatch(document, [operation], 'kubernetes');
    expect(apply([1, 2], { op: 'remove', path: '/-1' })).toEqual({ ok: true, document: [1] });
    expect(apply([1, 2], { op: 'add', path: '/-1', value: 3 })).toEqual({ ok: true, document: [1, 2, 3] });
    expect(apply([1], { op: 'remove', path: '/-2' }).ok).toBe(false);
    expect(apply({}, { op: 'test', path: '/a', value: null }).ok).toBe(true);
    expect(apply({}, { op: 'test', path: '/a', value: 1 }).ok).toBe(false);
  });
});
