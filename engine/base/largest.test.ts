import fc from 'fast-check';
import { expect, it } from 'vitest';
import { largestWith } from './largest.ts';

it('is the largest that there is, found in few tries', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1_000 }),
      fc.integer({ min: 0, max: 1_000 }),
      fc.nat(1_200),
      (least, span, limit) => {
        const most = least + span;
        let tries = 0;
        const found = largestWith(least, most, (count) => {
          tries += 1;
          expect(count).toBeGreaterThanOrEqual(least);
          expect(count).toBeLessThanOrEqual(most);
          return count <= limit ? count : null;
        });
        expect(found).toBe(limit < least ? null : Math.min(limit, most));
        expect(tries).toBeLessThanOrEqual(limit < least ? 1 : 2 + Math.ceil(Math.log2(span + 1)));
      },
    ),
  );
  expect(largestWith(2, 1, () => 'anything')).toBeNull();
});
