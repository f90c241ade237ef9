// Kubernetes quantities, exactly: "100m", "1.5Gi", "9223372036854775807", "1e3". No floating point anywhere.
// A quantity is held in billionths, the finest step that Kubernetes keeps; finer digits round away from zero.
import { remembered } from '../base/remembered.ts';

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

export interface Quantity {
  readonly nano: bigint;
  readonly format: QuantityFormat;
}

const NANO = 1_000_000_000n;
const INT64_MAX = 9_223_372_036_854_775_807n;
const NANO_MAX = INT64_MAX * NANO;
const PATTERN = /^([+-]?)(\d*)(?:\.(\d*))?([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;
/** Longer texts are refused: nobody means them, and their exponents would cost time. */
const LENGTH_MAX = 128;
const EXPONENT_MAX = 400;

const DECIMAL_POWER: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const BINARY_POWER: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

/** The quantity that a text (or a JSON number) stands for, or null where Kubernetes would refuse it. */
export const parseQuantity = (text: string | number): Quantity | null => quantityOf(String(text));

const quantityOf = remembered((source: string): Quantity | null => {
  if (source.length > LENGTH_MAX) return null;
  const match = PATTERN.exec(source);
  if (match === null) return null;
  const [, sign, whole = '', fraction = '', suffix = ''] = match;
  if (whole === '' && fraction === '') return null;

  const digits = BigInt(`${whole}${fraction}`);
  const binary = BINARY_POWER[suffix];
  const decimal = DECIMAL_POWER[suffix] ?? (binary === undefined ? Number(suffix.slice(1)) : 0);
  if (Math.abs(decimal) > EXPONENT_MAX) return null;

  const scale = decimal - fraction.length + 9;
  const multiplied = binary === undefined ? digits : digits << BigInt(binary);
  const magnitude = scale >= 0 ? multiplied * 10n ** BigInt(scale) : divideUp(multiplied, 10n ** BigInt(-scale));
  const capped = magnitude > NANO_MAX ? NANO_MAX : magnitude;
  const format =
    binary !== undefined ? 'BinarySI' : /^[eE]/.test(suffix) && suffix.length > 1 ? 'DecimalExponent' : 'DecimalSI';
  return { nano: sign === '-' ? -capped : capped, format };
});

/** The whole units, rounded up, held within 64 bits. */
export const quantityValue = (quantity: Quantity): bigint => divideUp(quantity.nano, NANO);

/** The thousandths, rounded up. */
export const quantityMilli = (quantity: Quantity): bigint => divideUp(quantity.nano, 1_000_000n);

export const addQuantity = (a: Quantity, b: Quantity): Quantity => ({ nano: a.nano + b.nano, format: formatOf(a, b) });
export const subtractQuantity = (a: Quantity, b: Quantity): Quantity => ({
  nano: a.nano - b.nano,
  format: formatOf(a, b),
});
export const compareQuantity = (a: Quantity, b: Quantity): number => (a.nano < b.nano ? -1 : a.nano > b.nano ? 1 : 0);

const formatOf = (a: Quantity, b: Quantity): QuantityFormat => (a.nano === 0n ? b.format : a.format);

/** Rounds away from zero, as Kubernetes does whenever precision is lost. */
function divideUp(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  if (quotient * divisor === dividend) return quotient;
  return dividend > 0n ? quotient + 1n : quotient - 1n;
}

/** The canonical text: the largest suffix that leaves no fraction, in the format in which it was written. */
export function formatQuantity({ nano, format }: Quantity): string {
  if (nano === 0n) return '0';
  const sign = nano < 0n ? '-' : '';
  const magnitude = nano < 0n ? -nano : nano;
  if (format === 'BinarySI' && magnitude % NANO === 0n && magnitude >= 1024n * NANO) {
    return `${sign}${binaryText(magnitude / NANO)}`;
  }
  return `${sign}${decimalText(magnitude, format === 'DecimalExponent')}`;
}

function binaryText(value: bigint): string {
  let shift = 0;
  let rest = value;
  while (shift < 60 && rest % 1024n === 0n) {
    rest /= 1024n;
    shift += 10;
  }
  const suffix = Object.keys(BINARY_POWER).find((key) => BINARY_POWER[key] === shift);
  return `${rest}${suffix ?? ''}`;
}

function decimalText(nano: bigint, exponential: boolean): string {
  let power = -9;
  let rest = nano;
  while (power < 18 && rest % 1000n === 0n) {
    rest /= 1000n;
    power += 3;
  }
  if (exponential) return power === 0 ? String(rest) : `${rest}e${power}`;
  const suffix = Object.keys(DECIMAL_POWER).find((key) => DECIMAL_POWER[key] === power);
  return `${rest}${suffix ?? ''}`;
}
