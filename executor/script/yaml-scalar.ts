// What an unquoted YAML scalar means to Kubernetes: YAML 1.1 as its Go library reads it, "yes" and "017" and all.

export type PlainScalar =
  | { readonly tag: 'string' | 'timestamp' | 'merge'; readonly value: string }
  | { readonly tag: 'null'; readonly value: null }
  | { readonly tag: 'bool'; readonly value: boolean }
  | { readonly tag: 'int'; readonly value: bigint }
  | { readonly tag: 'float'; readonly value: number };

const WORDS: ReadonlyMap<string, PlainScalar> = new Map([
  ...words({ tag: 'bool', value: true }, 'y Y yes Yes YES true True TRUE on On ON'),
  ...words({ tag: 'bool', value: false }, 'n N no No NO false False FALSE off Off OFF'),
  ...words({ tag: 'null', value: null }, '~ null Null NULL'),
  ...words({ tag: 'float', value: Number.NaN }, '.nan .NaN .NAN'),
  ...words({ tag: 'float', value: Number.POSITIVE_INFINITY }, '.inf .Inf .INF +.inf +.Inf +.INF'),
  ...words({ tag: 'float', value: Number.NEGATIVE_INFINITY }, '-.inf -.Inf -.INF'),
  ['', { tag: 'null', value: null }],
  ['<<', { tag: 'merge', value: '<<' }],
]);

function words(scalar: PlainScalar, list: string): [string, PlainScalar][] {
  return list.split(' ').map((word) => [word, scalar]);
}

const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;
const FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;
const TIMESTAMP =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?(?:Z|[-+]\d{2}:\d{2}))|(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?))?$/;

export function readPlainScalar(text: string): PlainScalar {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (/^[-+.\d]/.test(text)) {
    const number = readNumber(text);
    if (number !== null) return number;
  }
  return { tag: 'string', value: text };
}

function readNumber(text: string): PlainScalar | null {
  if (isTimestamp(text)) return { tag: 'timestamp', value: text };
  // A number that begins with its point may not hold underscores.
  const digits = text.startsWith('.') ? text : text.replaceAll('_', '');
  const integer = readInteger(digits);
  if (integer !== null) return { tag: 'int', value: integer };
  if (!FLOAT.test(digits)) return null;
  const value = Number(digits);
  return Number.isFinite(value) ? { tag: 'float', value } : null;
}

/** Decimal, 0x, 0b, 0o, or octal after a plain zero, within 64 bits. */
function readInteger(text: string): bigint | null {
  const match = /^([-+]?)(0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+|0[0-7]+|0|[1-9]\d*)$/.exec(text);
  if (match === null) return null;
  const [, sign, digits = ''] = match;
  const magnitude = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits.toLowerCase());
  if (sign === '-') return magnitude <= INT64_MAX + 1n ? -magnitude : null;
  return magnitude <= (sign === '+' ? INT64_MAX : UINT64_MAX) ? magnitude : null;
}

function isTimestamp(text: string): boolean {
  const match = TIMESTAMP.exec(text);
  if (match === null) return false;
  const [year, month, day] = match.slice(1, 4).map(Number) as [number, number, number];
  const [hour, minute, second] = [4, 5, 6].map((at) => Number(match[at] ?? match[at + 3] ?? 0)) as [
    number,
    number,
    number,
  ];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= days && hour < 24 && minute < 60 && second < 60;
}

/** Whether YAML 1.1 would read the text as a number to the base of 60; Go does not, but quotes it for those who do. */
export const isBase60 = (text: string): boolean => /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/.test(text);

/** A float as Go's shortest "general" format prints it: 1.5, 1e+06, 1e-05. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const [, sign = '', lead = '0', rest = '', exponentText = '0'] =
    /^(-?)(\d)(?:\.(\d+))?e([-+]\d+)$/.exec(value.toExponential()) ?? [];
  const exponent = Number(exponentText);
  const minus = Object.is(value, -0) ? '-' : sign;
  if (exponent < -4 || exponent >= 6) {
    const digits = rest === '' ? lead : `${lead}.${rest}`;
    return `${minus}${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  if (exponent < 0) return `${minus}0.${'0'.repeat(-exponent - 1)}${lead}${rest}`;
  const whole = `${lead}${rest}`.padEnd(exponent + 1, '0');
  const fraction = whole.slice(exponent + 1);
  return `${minus}${whole.slice(0, exponent + 1)}${fraction === '' ? '' : `.${fraction}`}`;
}
