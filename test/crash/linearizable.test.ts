import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Deed, isLinearizable, type Operation, type Value } from './linearizable.ts';

const read = (found: Value): Deed => ({ kind: 'read', found });
const swap = (expected: Value, next: Value, outcome: 'done' | 'refused' | 'unknown' = 'done'): Deed => ({
  kind: 'swap',
  expected,
  next,
  outcome,
});
const at = (began: number, ended: number, deed: Deed): Operation => ({ began, ended, deed });

describe('the search for one order', () => {
  it('finds one where operations overlap', () => {
    expect(isLinearizable([at(0, 5, swap(null, 'a')), at(1, 2, read(null)), at(3, 4, read('a'))])).toBe(true);
    expect(isLinearizable([at(0, 9, swap(null, 'a', 'unknown')), at(1, 2, read('a')), at(3, 4, read('a'))])).toBe(true);
    expect(isLinearizable([at(0, 9, swap(null, 'a', 'unknown')), at(10, 12, read(null))])).toBe(true);
  });

  it('refuses what no order explains', () => {
    const stale = [at(0, 1, swap(null, 'a')), at(2, 3, read(null))];
    const lostUpdate = [at(0, 1, swap(null, 'a')), at(2, 5, swap('a', 'b')), at(3, 6, swap('a', 'c'))];
    const backAndForth = [at(0, 9, swap(null, 'a')), at(1, 2, read('a')), at(3, 4, read(null))];
    const wrongRefusal = [at(0, 1, swap(null, 'a')), at(2, 3, swap('a', 'b', 'refused'))];
    const fromNowhere = [at(0, 1, swap(null, 'a')), at(2, 3, read('z'))];
    const undone = [at(0, 5, swap(null, 'a', 'unknown')), at(1, 2, read('a')), at(6, 7, read(null))];
    for (const history of [stale, lostUpdate, backAndForth, wrongRefusal, fromNowhere, undone]) {
      expect(isLinearizable(history)).toBe(false);
    }
  });

  it('accepts whatever one register really answered, and refuses it with one read changed', () => {
    const step = fc.record({
      client: fc.nat(3),
      isRead: fc.boolean(),
      isRight: fc.boolean(),
      before: fc.nat(4),
      later: fc.nat(4),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 25 }), (steps) => {
        let state: Value = null;
        let moment = 0;
        const free = [0, 0, 0, 0];
        const history: Operation[] = [];
        for (const [index, { client, isRead, isRight, before, later }] of steps.entries()) {
          moment = Math.max(moment, free[client]! + before) + 1;
          const next = `v${index}`;
          const expected: Value = isRight ? state : `wrong${index}`;
          const deed: Deed = isRead ? read(state) : swap(expected, next, isRight ? 'done' : 'refused');
          history.push(at(Math.max(free[client]! + 0.5, moment - before), moment + later, deed));
          free[client] = moment + later;
          if (!isRead && isRight) state = next;
        }
        expect(isLinearizable(history)).toBe(true);
        const reads = history.filter(({ deed }) => deed.kind === 'read');
        for (const changed of reads) {
          const others = history.filter((one) => one !== changed);
          expect(isLinearizable([...others, { ...changed, deed: read('never written') }])).toBe(false);
        }
      }),
    );
  });
});
