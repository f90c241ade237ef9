import { describe, expect, it } from 'vitest';
import { deepFreeze } from '../base/freeze.ts';
import { applyMergePatch, mergePatchBetween } from './merge-patch.ts';

describe('a merge patch', () => {
  it.each<[unknown, unknown, unknown]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j gives %j, as the RFC says', (target, patch, expected) => {
    expect(applyMergePatch(target, patch)).toEqual(expected);
  });

  it('changes neither argument, and what the patch says alone is shared with it', () => {
    const target = deepFreeze({ a: { b: 1 } });
    const patch = deepFreeze({ a: { c: [{ d: 1 }], e: { f: 2 } } });
    const result = applyMergePatch(target, patch) as typeof patch;
    expect(result).toEqual({ a: { b: 1, c: [{ d: 1 }], e: { f: 2 } } });
    expect(result.a.c).toBe(patch.a.c);
    expect(result.a.e).toBe(patch.a.e);
  });

  it('leaves out what removes nothing where nothing was', () => {
    expect(applyMergePatch({}, { a: { b: null, c: { d: null, e: 1 } }, f: null })).toEqual({ a: { c: { e: 1 } } });
  });

  it('treats __proto__ as a field like any other', () => {
    const result = applyMergePatch({}, JSON.parse('{"__proto__":{"polluted":true},"toString":{"a":1}}'));
    expect(JSON.stringify(result)).toBe('{"__proto__":{"polluted":true},"toString":{"a":1}}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('a merge patch between two objects', () => {
  it.each([
    [{}, { a: 1 }],
    [{ a: 1, b: { c: 2, d: 3 } }, { b: { c: 4 } }],
    [{ a: [1, 2] }, { a: [2] }],
    [{ a: { b: 1 } }, { a: 'text' }],
    [{ a: 'text' }, { a: { b: 1 } }],
    [{ a: { b: {} } }, { a: { b: {} } }],
  ])('makes %j into %j', (before, after) => {
    expect(applyMergePatch(before, mergePatchBetween(before, after))).toEqual(after);
  });

  it('is empty where nothing differs, and takes null for absent', () => {
    expect(mergePatchBetween({ a: 1, b: null }, { a: 1 })).toEqual({});
  });
});
