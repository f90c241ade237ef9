import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fnv1a32, nameUuid } from './hash.ts';

function byTheBook(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

describe('the hash of generated names', () => {
  it('is FNV-1a over the bytes of UTF-8', () => {
    expect([fnv1a32(''), fnv1a32('a'), fnv1a32('foobar')]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fnv1a32(text)).toBe(byTheBook(text));
      }),
    );
  });

  it('makes one UUID of one text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(nameUuid(text)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(nameUuid(text)).toBe(nameUuid(text));
      }),
    );
    expect(nameUuid('a')).not.toBe(nameUuid('b'));
  });
});
