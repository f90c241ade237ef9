import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WorkQueue } from './queue.ts';

describe('the queue of keys', () => {
  it('holds one entry a key, and of two requests the earlier wins', () => {
    const queue = new WorkQueue();
    queue.add('a', 50);
    queue.add('a', 20);
    queue.add('a', 90);
    expect([queue.size, queue.dueAt(), queue.take(19)]).toEqual([1, 20, null]);
    expect([queue.take(20), queue.take(1000)]).toEqual(['a', null]);
  });

  it('holds a key that is being worked on, and gives it again when released if it was asked for', () => {
    const queue = new WorkQueue();
    queue.add('a', 0);
    expect(queue.take(0)).toBe('a');
    queue.add('a', 5);
    queue.add('a', 3);
    expect([queue.take(10), queue.dueAt(), queue.isHeld('a')]).toEqual([null, null, true]);
    queue.release('a');
    expect([queue.dueAt(), queue.take(10)]).toEqual([3, 'a']);
    queue.release('a');
    expect([queue.take(10), queue.size, queue.held]).toEqual([null, 0, 0]);
  });

  it('lets a key rest, whatever is asked for it meanwhile', () => {
    const queue = new WorkQueue();
    queue.add('a', 0);
    expect(queue.take(0)).toBe('a');
    queue.add('a', 1);
    queue.rest('a', 100);
    queue.release('a');
    queue.add('a', 50);
    expect([queue.dueAt(), queue.take(99), queue.take(100)]).toEqual([100, null, 'a']);
    queue.release('a');
    queue.add('a', 101);
    expect(queue.dueAt()).toBe(101);
  });

  it('forgets who has rested, and nobody else', () => {
    const queue = new WorkQueue();
    for (let at = 0; at < 1_000; at += 1) queue.rest(`key-${at}`, at);
    expect(queue.take(500)).toBeNull();
    queue.add('key-400', 1);
    queue.add('key-600', 1);
    expect([queue.take(599), queue.take(599), queue.take(600)]).toEqual(['key-400', null, 'key-600']);
  });

  it('gives due keys by priority, then in the order in which they came', () => {
    const queue = new WorkQueue();
    queue.add('low', 1);
    queue.add('b', 9, 5);
    queue.add('a', 8, 5);
    queue.add('late', 30, 9);
    expect([queue.take(10), queue.take(10), queue.take(10), queue.take(10)]).toEqual(['b', 'a', 'low', null]);
  });

  it('raises the priority of a key that is ready already', () => {
    const queue = new WorkQueue();
    queue.add('a', 0);
    queue.add('b', 0);
    expect(queue.take(0)).toBe('a');
    queue.add('c', 0);
    queue.add('c', 0, 3);
    expect([queue.take(0), queue.take(0), queue.take(0)]).toEqual(['c', 'b', null]);
  });

  it('does as a plain list would that is searched each time', () => {
    const action = fc.record({
      what: fc.constantFrom('add', 'take', 'release'),
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      due: fc.nat(20),
      priority: fc.nat(2),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
        const queue = new WorkQueue();
        type Plain = { due: number; priority: number; sequence: number };
        const plain = new Map<string, Plain>();
        const held = new Map<string, Plain | null>();
        let sequence = 0;
        const merge = (known: Plain | null | undefined, due: number, priority: number): Plain =>
          known === null || known === undefined
            ? { due, priority, sequence: 0 }
            : { ...known, due: Math.min(known.due, due), priority: Math.max(known.priority, priority) };
        const add = (key: string, due: number, priority: number) => {
          const known = plain.get(key);
          if (held.has(key)) held.set(key, merge(held.get(key), due, priority));
          else plain.set(key, { ...merge(known, due, priority), sequence: known?.sequence ?? sequence++ });
        };
        let now = 0;
        for (const { what, key, due, priority } of actions) {
          now += 1;
          if (what === 'add') {
            queue.add(key, due, priority);
            add(key, due, priority);
          } else if (what === 'release' && held.has(key)) {
            queue.release(key);
            const asked = held.get(key);
            held.delete(key);
            if (asked) add(key, asked.due, asked.priority);
          } else if (what === 'take') {
            const best = [...plain]
              .filter(([, entry]) => entry.due <= now)
              .sort(([, a], [, b]) => b.priority - a.priority || a.sequence - b.sequence)[0];
            const expected = best?.[0] ?? null;
            if (expected !== null) {
              plain.delete(expected);
              held.set(expected, null);
            }
            expect(queue.take(now)).toBe(expected);
          }
          const dues = [...plain.values()].map((entry) => entry.due);
          const found = queue.dueAt();
          if (dues.length === 0) expect(found).toBeNull();
          else if (Math.min(...dues) > now) expect(found).toBe(Math.min(...dues));
          else expect(found! <= now).toBe(true);
        }
      }),
    );
  });
});
