// Numbers as texts, and texts as numbers: as Karmada's Lua, which is written in Go, prints and reads them.

const INT64_MAX = 2 ** 63;
/** From here on shortest decimals are written with an exponent. */
const EXPONENT_MAX = 21;
const EXPONENT_MIN = -4;

export function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Number.isInteger(value) && Math.abs(value) < INT64_MAX) return BigInt(value).toString();
  return shortest(value);
}

/** The shortest decimal that is read back as the same number; with an exponent of at least two digits where it is far from one. */
export function shortest(value: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= EXPONENT_MIN && power < EXPONENT_MAX) return plainText(mantissa, power);
  const digits = String(Math.abs(power)).padStart(2, '0');
  return `${mantissa}e${power < 0 ? '-' : '+'}${digits}`;
}

function plainText(mantissa: string, power: number): string {
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${digits}`;
  if (digits.length <= power + 1) return sign + digits.padEnd(power + 1, '0');
  return `${sign}${digits.slice(0, power + 1)}.${digits.slice(power + 1)}`;
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const WORDS = /^([+-]?)(inf|infinity|nan)$/i;
const PREFIXED = /^([+-]?)0(x[\da-f]+|b[01]+|o?[0-7]+)$/i;

/** Undefined for what is no number. Whole numbers with a leading zero are octal, as in Go. */
export function numberIn(text: string): number | undefined {
  const bare = text.replace(/^[ \t\n]+|[ \t\n]+$/g, '');
  const prefixed = PREFIXED.exec(bare);
  if (prefixed !== null) return signed(prefixed[1], prefixedValue(prefixed[2] ?? ''));
  if (DECIMAL.test(bare)) return Number(bare);
  const word = WORDS.exec(bare);
  if (word === null) return undefined;
  return signed(word[1], word[2]?.toLowerCase() === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY);
}

const signed = (sign: string | undefined, value: number): number => (sign === '-' ? -value : value);

function prefixedValue(digits: string): number {
  const [head = ''] = digits.toLowerCase();
  if (head === 'x' || head === 'b' || head === 'o') return Number(`0${digits}`);
  return Number(`0o${digits}`);
}
