// The functions that Kubernetes adds to CEL and that schemas use: lists, texts, patterns and quantities.
import type { Environment } from '@marcbachmann/cel-js';
import { compareQuantity, Pattern, PatternError, parseQuantity, type Quantity } from '../../engine/index.ts';

/** A quantity as expressions pass it around. */
class Amount {
  readonly value: Quantity;

  constructor(value: Quantity) {
    this.value = value;
  }
}

const PATTERNS_MAX = 1000;
const patterns = new Map<string, Pattern>();

function patternOf(source: string): Pattern {
  const known = patterns.get(source);
  if (known !== undefined) return known;
  const pattern = Pattern.read(source);
  if (pattern instanceof PatternError) throw new Error(`"${source}" is no pattern: ${pattern.message}`);
  if (patterns.size >= PATTERNS_MAX) patterns.clear();
  patterns.set(source, pattern);
  return pattern;
}

type Value = bigint | number | string | boolean;

const isBefore = (a: Value, b: Value): boolean => a < b;

function extreme(list: readonly Value[], name: string, isBetter: (a: Value, b: Value) => boolean): Value {
  if (list.length === 0) throw new Error(`${name} called on an empty list`);
  return list.reduce((best, one) => (isBetter(one, best) ? one : best));
}

function sum(list: readonly (bigint | number)[]): bigint | number {
  if (list.every((one) => typeof one === 'bigint')) return list.reduce((total, one) => total + one, 0n);
  return list.reduce((total: number, one) => total + Number(one), 0);
}

function amount(text: string): Amount {
  const value = parseQuantity(text);
  if (value === null) throw new Error(`"${text}" is no quantity`);
  return new Amount(value);
}

export function addLibrary(environment: Environment): Environment {
  return environment
    .registerType('Quantity', Amount)
    .registerFunction('list.isSorted(): bool', (list: Value[]) =>
      list.every((one, at) => at === 0 || !isBefore(one, list[at - 1]!)),
    )
    .registerFunction('list.sum(): dyn', sum)
    .registerFunction('list.min(): dyn', (list: Value[]) => extreme(list, 'min', isBefore))
    .registerFunction('list.max(): dyn', (list: Value[]) => extreme(list, 'max', (a, b) => isBefore(b, a)))
    .registerFunction('list.indexOf(dyn): int', (list: Value[], wanted: Value) => BigInt(list.indexOf(wanted)))
    .registerFunction('list.lastIndexOf(dyn): int', (list: Value[], wanted: Value) => BigInt(list.lastIndexOf(wanted)))
    .registerFunction('string.charAt(int): string', (text: string, at: bigint) => text.charAt(Number(at)))
    .registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) =>
      text.replaceAll(from, () => to),
    )
    .registerFunction('string.fitsPattern(string): bool', (text: string, source: string) =>
      patternOf(source).isIn(text),
    )
    .registerFunction('isQuantity(string): bool', (text: string) => parseQuantity(text) !== null)
    .registerFunction('quantity(string): Quantity', amount)
    .registerFunction('Quantity.compareTo(Quantity): int', (a: Amount, b: Amount) =>
      BigInt(compareQuantity(a.value, b.value)),
    )
    .registerFunction('Quantity.isGreaterThan(Quantity): bool', (a: Amount, b: Amount) =>
      isAbove(compareQuantity(a.value, b.value)),
    )
    .registerFunction('Quantity.isLessThan(Quantity): bool', (a: Amount, b: Amount) =>
      isAbove(compareQuantity(b.value, a.value)),
    );
}

const isAbove = (order: number): boolean => order > 0;
