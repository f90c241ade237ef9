import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byText } from './order.ts';
import { SortedMap } from './sorted-map.ts';
import { visitDifferences } from './sorted-map-diff.ts';

type Step = { readonly key: string; readonly value: number | null };

const keys = fc.oneof(fc.nat(400).map(String), fc.string({ maxLength: 3 }));
const steps = fc.array(fc.record({ key: keys, value: fc.option(fc.nat(9), { freq: 2 }) }), {
  maxLength: 600,
  size: 'max',
});

function run(list: readonly Step[], start = SortedMap.empty<number>()): SortedMap<number> {
  return list.reduce((map, { key, value }) => (value === null ? map.delete(key) : map.set(key, value)), start);
}

function model(list: readonly Step[], start: ReadonlyMap<string, number> = new Map()): [string, number][] {
  const map = new Map(start);
  for (const { key, value } of list) value === null ? map.delete(key) : map.set(key, value);
  return [...map].sort(([a], [b]) => byText(a, b));
}

function entries(map: SortedMap<number>, from: string | null = null, until: string | null = null) {
  const found: [string, number][] = [];
  map.visit((value, key) => void found.push([key, value]), from, until);
  return found;
}

describe('a sorted map', () => {
  it('holds what a plain map holds, in key order', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const map = run(list);
        const expected = model(list);
        expect(entries(map)).toEqual(expected);
        expect(map.size).toBe(expected.length);
        for (const [key, value] of expected) expect([map.get(key), map.has(key)]).toEqual([value, true]);
        expect(map.get('not there')).toBeUndefined();
      }),
    );
  });

  it('never changes a version that somebody holds', () => {
    fc.assert(
      fc.property(steps, steps, (first, second) => {
        const old = run(first);
        const before = entries(old);
        run(second, old);
        expect(entries(old)).toEqual(before);
      }),
    );
  });

  it('visits a range, ends when told to, and counts what lies before a key', () => {
    fc.assert(
      fc.property(steps, keys, keys, (list, one, other) => {
        const [from, until] = [one, other].sort(byText) as [string, string];
        const map = run(list);
        expect(entries(map, from, until)).toEqual(model(list).filter(([key]) => key >= from && key < until));
        expect(map.rank(from)).toBe(model(list).filter(([key]) => key < from).length);
        let seen = 0;
        map.visit(() => {
          seen += 1;
          return seen < 3;
        });
        expect(seen).toBe(Math.min(3, map.size));
      }),
    );
  });

  it('tells how two versions differ, in order', () => {
    fc.assert(
      fc.property(steps, steps, (first, second) => {
        const old = run(first);
        const found: unknown[] = [];
        visitDifferences(old, run(second, old), (key, before, after) => void found.push([key, before, after]));
        const before = new Map(model(first));
        const after = new Map(model(second, before));
        const all = [...new Set([...before.keys(), ...after.keys()])].sort(byText);
        const expected = all.filter((key) => before.get(key) !== after.get(key));
        expect(found).toEqual(expected.map((key) => [key, before.get(key), after.get(key)]));
      }),
    );
  });

  it('keeps its balance and its counts when it is large', () => {
    let map = SortedMap.empty<number>();
    for (let at = 0; at < 20_000; at += 1) map = map.set(String(at).padStart(6, '0'), at);
    expect([map.size, map.rank('007777'), map.get('019999')]).toEqual([20_000, 7777, 19_999]);
    for (let at = 0; at < 19_990; at += 1) map = map.delete(String(at).padStart(6, '0'));
    expect(map.values()).toEqual([19_990, 19_991, 19_992, 19_993, 19_994, 19_995, 19_996, 19_997, 19_998, 19_999]);
    expect(map.root.children).toBeNull();
  });
});
