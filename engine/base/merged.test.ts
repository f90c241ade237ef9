import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { merged } from './merged.ts';

const key = fc.oneof(fc.constantFrom('a', 'b', 'c', '1', '__proto__', 'constructor'), fc.string({ maxLength: 3 }));
const fields = fc.array(fc.tuple(key, fc.oneof(fc.integer(), fc.object({ maxDepth: 1 })))).map(Object.fromEntries);
const absent = fc.constantFrom(null, undefined, false as const);

describe('merged', () => {
  it('is what spreading is, in the same order, whatever the fields are called', () => {
    fc.assert(
      fc.property(fields, fc.option(fields), fc.oneof(fields, absent), (base, more, most) => {
        const found = merged(base, more, most);
        const wanted = { ...base, ...more, ...(most || {}) };
        expect(Object.entries(found)).toEqual(Object.entries(wanted));
        expect(Object.getPrototypeOf(found)).toBe(Object.prototype);
      }),
    );
  });

  it('leaves its parts alone', () => {
    const [base, more] = [Object.freeze({ a: 1 }), Object.freeze({ b: 2 })];
    expect(merged(base, more)).toEqual({ a: 1, b: 2 });
    expect(merged(base)).not.toBe(base);
  });
});
