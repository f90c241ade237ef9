import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RequestPace } from './request-rate.ts';

it('lets some through at once, and then one after the other', () => {
  let now = 0;
  const pace = new RequestPace({ perSecond: 10, burst: 3 }, () => now);
  expect([pace.take(), pace.take(), pace.take(), pace.take(), pace.take()]).toEqual([0, 0, 0, 100, 200]);
  now = 10_000;
  expect([pace.take(), pace.take(), pace.take(), pace.take()]).toEqual([0, 0, 0, 100]);
});

it('never lets more through in any time than agreed', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 20 }), (all, perSecond, burst) => {
      let now = 0;
      const pace = new RequestPace({ perSecond, burst }, () => now);
      const sent: number[] = [];
      for (const gap of all) {
        now += gap;
        sent.push(now + pace.take());
      }
      for (let from = 0; from < sent.length; from += 1) {
        for (let to = from; to < sent.length; to += 1) {
          const most = burst + ((sent[to]! - sent[from]!) * perSecond) / 1000;
          expect(to - from + 1).toBeLessThanOrEqual(most + 1e-6);
        }
      }
      expect([...sent].sort((a, b) => a - b)).toEqual(sent);
    }),
    { numRuns: 60 },
  );
});
