// Logarithm, power of e and a normal draw from plain arithmetic alone: JavaScript's own may differ in the last bit between
// machines, and a trace must not.
import type { Random } from '../../engine/index.ts';

const LN_2 = Math.LN2;
const TERMS = 40;

/** Natural logarithm of a positive number. */
export function naturalLog(value: number): number {
  let mantissa = value;
  let powers = 0;
  while (mantissa > 1.5) {
    mantissa /= 2;
    powers += 1;
  }
  while (mantissa < 0.75) {
    mantissa *= 2;
    powers -= 1;
  }
  const ratio = (mantissa - 1) / (mantissa + 1);
  const square = ratio * ratio;
  let sum = 0;
  let power = ratio;
  for (let term = 0; term < TERMS; term += 1) {
    sum += power / (2 * term + 1);
    power *= square;
  }
  return 2 * sum + powers * LN_2;
}

export function powerOfE(exponent: number): number {
  const halvings = Math.max(0, Math.ceil(Math.abs(exponent)));
  let scaled = exponent;
  let steps = 0;
  for (; steps < halvings && Math.abs(scaled) > 0.5; steps += 1) scaled /= 2;
  let sum = 1;
  let term = 1;
  for (let at = 1; at < TERMS; at += 1) {
    term *= scaled / at;
    sum += term;
  }
  for (; steps > 0; steps -= 1) sum *= sum;
  return sum;
}

const FINE = 0x1_0000_0000;

/** Above 0 and below 1. */
export const fraction = (random: Random): number => (random.uint32() + 0.5) / FINE;

/** Of mean 0 and deviation 1, by the polar method. */
export function normal(random: Random): number {
  for (;;) {
    const x = 2 * fraction(random) - 1;
    const y = 2 * fraction(random) - 1;
    const square = x * x + y * y;
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * naturalLog(square)) / square);
  }
}
