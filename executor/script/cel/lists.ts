// The functions that Kubernetes adds to CEL for lists, and those for lists as sets.
import type { Environment } from '@marcbachmann/cel-js';
import { deepEqual } from '../../../engine/index.ts';

type Value = bigint | number | string | boolean;

/** What stands before the dot in `sets.contains(a, b)`. */
class Sets {}

const isBefore = (a: Value, b: Value): boolean => a < b;

function extreme(list: readonly Value[], name: string, isBetter: (a: Value, b: Value) => boolean): Value {
  if (list.length === 0) throw new Error(`${name} called on an empty list`);
  return list.reduce((best, one) => (isBetter(one, best) ? one : best));
}

function sum(list: readonly (bigint | number)[]): bigint | number {
  if (list.every((one) => typeof one === 'bigint')) return list.reduce((total, one) => total + one, 0n);
  return list.reduce((total: number, one) => total + Number(one), 0);
}

const equals = (a: unknown, b: unknown): boolean => a === b || deepEqual(a, b);
const indexOf = (list: readonly unknown[], wanted: unknown): bigint =>
  BigInt(list.findIndex((one) => equals(one, wanted)));
const lastIndexOf = (list: readonly unknown[], wanted: unknown): bigint =>
  BigInt(list.findLastIndex((one) => equals(one, wanted)));

const has = (list: readonly unknown[], wanted: unknown): boolean => list.some((one) => equals(one, wanted));
const contains = (list: readonly unknown[], part: readonly unknown[]): boolean => part.every((one) => has(list, one));

export function addLists(environment: Environment): Environment {
  return environment
    .registerFunction('list.isSorted(): bool', (list: Value[]) =>
      list.every((one, at) => at === 0 || !isBefore(one, list[at - 1]!)),
    )
    .registerFunction('list.sum(): dyn', sum)
    .registerFunction('list.min(): dyn', (list: Value[]) => extreme(list, 'min', isBefore))
    .registerFunction('list.max(): dyn', (list: Value[]) => extreme(list, 'max', (a, b) => isBefore(b, a)))
    .registerFunction('list.indexOf(dyn): int', indexOf)
    .registerFunction('list.lastIndexOf(dyn): int', lastIndexOf)
    .registerType('Sets', Sets)
    .registerConstant('sets', 'Sets', new Sets())
    .registerFunction('Sets.contains(list, list): bool', (_: Sets, list: unknown[], part: unknown[]) =>
      contains(list, part),
    )
    .registerFunction(
      'Sets.equivalent(list, list): bool',
      (_: Sets, a: unknown[], b: unknown[]) => contains(a, b) && contains(b, a),
    )
    .registerFunction('Sets.intersects(list, list): bool', (_: Sets, a: unknown[], b: unknown[]) =>
      a.some((one) => has(b, one)),
    );
}
