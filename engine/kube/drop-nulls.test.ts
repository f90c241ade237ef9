import { describe, expect, it } from 'vitest';
import { dropNulls } from './drop-nulls.ts';

describe('dropping nulls', () => {
  it('leaves out null fields at every depth and keeps entries of lists', () => {
    expect(dropNulls({ a: null, b: { c: null, d: 0 }, e: [null, { f: null }] })).toEqual({
      b: { d: 0 },
      e: [null, {}],
    });
  });

  it('gives the same object back where there is nothing to drop', () => {
    const document = { a: [{ b: 1 }], c: { d: '' } };
    expect(dropNulls(document)).toBe(document);
  });

  it('keeps a key that would change the prototype', () => {
    const document = JSON.parse('{"__proto__": {"a": 1}, "b": null}');
    expect(Object.keys(dropNulls(document) as object)).toEqual(['__proto__']);
  });

  it('does not exhaust the stack on what is nested without end', () => {
    let deep: unknown = null;
    for (let at = 0; at < 100_000; at += 1) deep = [deep];
    expect(dropNulls(deep)).toBe(deep);
  });
});
