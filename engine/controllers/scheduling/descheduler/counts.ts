// Replicas by cluster, and how they are added and taken.
import { byKey, byNumber, byText, inOrder, reversed } from '../../../base/order.ts';

export type Counts = ReadonlyMap<string, number>;

export const sumOf = (counts: Counts): number => [...counts.values()].reduce((sum, count) => sum + count, 0);

export const negative = (counts: Counts): Counts => new Map([...counts].map(([name, count]) => [name, -count]));

export function sumEach(one: Counts, other: Counts): Counts {
  const sum = new Map(one);
  for (const [name, count] of other) sum.set(name, (sum.get(name) ?? 0) + count);
  return sum;
}

/** Of each as many as both have. */
export const lessOf = (one: Counts, other: Counts): Counts =>
  new Map(
    [...one]
      .map(([name, count]): [string, number] => [name, Math.min(count, other.get(name) ?? 0)])
      .filter(([, count]) => count > 0),
  );

/** So many of them in all, the largest counts first, and by name where equal. */
export function firstOf(counts: Counts, limit: number): Counts {
  let left = limit;
  const taken = new Map<string, number>();
  for (const [name, count] of [...counts].sort(largestFirst)) {
    const some = Math.min(left, count);
    if (some > 0) taken.set(name, some);
    left -= some;
  }
  return taken;
}

const largestFirst = inOrder<readonly [string, number]>(
  byKey(([, count]) => count, reversed(byNumber)),
  byKey(([name]) => name, byText),
);
