// Quantities in rules in CEL: "1500m", "2Gi" and their arithmetic.
import type { Environment } from '@marcbachmann/cel-js';
import {
  addQuantity,
  compareQuantity,
  parseQuantity,
  type Quantity,
  quantityValue,
  subtractQuantity,
} from '../../../engine/index.ts';

const NANO = 1_000_000_000n;
const INT64_MAX = 9_223_372_036_854_775_807n;

class Amount {
  readonly value: Quantity;

  constructor(value: Quantity) {
    this.value = value;
  }
}

function amount(text: string): Amount {
  const value = parseQuantity(text);
  if (value === null) throw new Error(`"${text}" is no quantity`);
  return new Amount(value);
}

const ofInt = (count: bigint): Quantity => ({ nano: count * NANO, format: 'DecimalExponent' });

const isWhole = ({ value: { nano } }: Amount): boolean => nano % NANO === 0n && nano < INT64_MAX * NANO;

function asInteger(one: Amount): bigint {
  if (!isWhole(one)) throw new Error('cannot convert value to integer');
  return quantityValue(one.value);
}

const sign = ({ value: { nano } }: Amount): bigint => (nano > 0n ? 1n : nano < 0n ? -1n : 0n);

const order = (a: Amount, b: Amount): number => compareQuantity(a.value, b.value);

export function addQuantities(environment: Environment): Environment {
  return environment
    .registerType('Quantity', Amount)
    .registerFunction('isQuantity(string): bool', (text: string) => parseQuantity(text) !== null)
    .registerFunction('quantity(string): Quantity', amount)
    .registerOperator('Quantity == Quantity', (a: Amount, b: Amount) => order(a, b) === 0)
    .registerFunction('Quantity.compareTo(Quantity): int', (a: Amount, b: Amount) => BigInt(order(a, b)))
    .registerFunction('Quantity.isGreaterThan(Quantity): bool', (a: Amount, b: Amount) => order(a, b) > 0)
    .registerFunction('Quantity.isLessThan(Quantity): bool', (a: Amount, b: Amount) => order(a, b) < 0)
    .registerFunction('Quantity.sign(): int', sign)
    .registerFunction('sign(Quantity): int', sign)
    .registerFunction('Quantity.isInteger(): bool', isWhole)
    .registerFunction('Quantity.asInteger(): int', asInteger)
    .registerFunction('Quantity.asApproximateFloat(): double', ({ value }: Amount) => Number(value.nano) / Number(NANO))
    .registerFunction(
      'Quantity.add(Quantity): Quantity',
      (a: Amount, b: Amount) => new Amount(addQuantity(a.value, b.value)),
    )
    .registerFunction(
      'Quantity.add(int): Quantity',
      (a: Amount, b: bigint) => new Amount(addQuantity(a.value, ofInt(b))),
    )
    .registerFunction(
      'Quantity.sub(Quantity): Quantity',
      (a: Amount, b: Amount) => new Amount(subtractQuantity(a.value, b.value)),
    )
    .registerFunction(
      'Quantity.sub(int): Quantity',
      (a: Amount, b: bigint) => new Amount(subtractQuantity(a.value, ofInt(b))),
    );
}
