// Quantities as plain numbers in the unit in which a resource is counted, for the texts in which nothing can be lost.
import { parseQuantity, quantityMilli, quantityValue } from './quantity.ts';

const DIGITS_MAX = 15;
const MULTIPLIER: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** CPU counts in thousandths, every other resource in whole units. */
export const countsInMilli = (resource: string): boolean => resource === 'cpu';

/** A whole number of units below 2^53, or NaN where the text needs exact arithmetic (or is no quantity). */
export function plainUnits(text: string | number, inMilli: boolean): number {
  if (typeof text === 'number') return exact(inMilli ? text * 1000 : text);
  const { length } = text;
  let digits = 0;
  let at = 0;
  for (; at < length; at += 1) {
    const code = text.charCodeAt(at) - 48;
    if (code < 0 || code > 9) break;
    digits = digits * 10 + code;
  }
  if (at === 0 || at > DIGITS_MAX) return Number.NaN;
  if (at === length) return exact(inMilli ? digits * 1000 : digits);
  const suffix = text.slice(at);
  if (suffix === 'm') return inMilli ? digits : digits % 1000 === 0 ? digits / 1000 : Number.NaN;
  const multiplier = MULTIPLIER[suffix];
  return multiplier === undefined ? Number.NaN : exact(inMilli ? digits * multiplier * 1000 : digits * multiplier);
}

const exact = (value: number): number => (Number.isSafeInteger(value) && value >= 0 ? value : Number.NaN);

/** Units as an exact integer, rounded up; 0 for what is no quantity. */
export function exactUnits(text: string | number, inMilli: boolean): bigint {
  const plain = plainUnits(text, inMilli);
  if (!Number.isNaN(plain)) return BigInt(plain);
  const quantity = parseQuantity(text);
  if (quantity === null) return 0n;
  return inMilli ? quantityMilli(quantity) : quantityValue(quantity);
}
