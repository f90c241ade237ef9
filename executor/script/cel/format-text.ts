// `"%s has %d".format([name, count])` in rules in CEL: values in the clothes that a text's clauses ask for, as the
// language's own library dresses them for readers of American English.
import { Duration, UnsignedInt } from '@marcbachmann/cel-js/evaluator';
import { isObject } from '../../../engine/index.ts';

const CLAUSE = /%(?:%|(?:\.(\d{0,6}))?([a-zA-Z])?)/g;
const DEFAULT_DIGITS = 6;
const DIGITS_MAX = 1000;
/** JavaScript writes no more digits behind the point. */
const EXACT_DIGITS_MAX = 100;

export function formatText(text: string, values: readonly unknown[]): string {
  let next = 0;
  const formatted = text.replaceAll(CLAUSE, (clause, precision: string | undefined, letter: string | undefined) => {
    if (clause === '%%') return '%';
    if (letter === undefined) throw new Error('could not parse formatting clause: unexpected end of string');
    if (next === values.length) throw new Error(`index ${next} out of range`);
    const digits = precision === undefined ? DEFAULT_DIGITS : Number(precision);
    if (digits > DIGITS_MAX) throw new Error(`could not parse formatting clause: precision ${digits} is too large`);
    next += 1;
    return dress(letter, values[next - 1], digits);
  });
  if (next < values.length) {
    throw new Error(`too many arguments supplied to string.format (expected ${next}, got ${values.length})`);
  }
  return formatted;
}

function dress(letter: string, given: unknown, digits: number): string {
  const value = given instanceof UnsignedInt ? BigInt(given.value) : given;
  switch (letter) {
    case 's':
      return typeof value === 'string' ? value : bare(value);
    case 'd':
      if (typeof value === 'bigint') return String(value);
      throw misfit('decimal clause can only be used on integers', value);
    case 'f':
      if (typeof value === 'number') return fixed(value, digits);
      throw misfit('fixed-point clause can only be used on doubles', value);
    case 'e':
      if (typeof value === 'number') return scientific(value, digits);
      throw misfit('scientific clause can only be used on doubles', value);
    case 'b':
      if (typeof value === 'boolean') return value ? '1' : '0';
      if (typeof value === 'bigint') return value.toString(2);
      throw misfit('only integers and bools can be formatted as binary', value);
    case 'o':
      if (typeof value === 'bigint') return value.toString(8);
      throw misfit('octal clause can only be used on integers', value);
    case 'x':
      return hex(value);
    case 'X':
      return hex(value).toUpperCase();
    default:
      throw new Error(`could not parse formatting clause: unrecognized formatting clause "${letter}"`);
  }
}

function hex(value: unknown): string {
  if (typeof value === 'bigint') return value.toString(16);
  if (typeof value === 'string') return Buffer.from(value).toString('hex');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  throw misfit('only integers, byte buffers, and strings can be formatted as hex', value);
}

function fixed(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞';
  const [whole = '', rest] = value.toFixed(Math.min(digits, EXACT_DIGITS_MAX)).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return rest === undefined ? grouped : `${grouped}.${rest.padEnd(digits, '0')}`;
}

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const raised = (digits: string): string => Array.from(digits, (digit) => RAISED[Number(digit)]).join('');

function scientific(value: number, digits: number): string {
  if (!Number.isFinite(value)) return fixed(value, digits);
  const written = value.toExponential(Math.min(digits, EXACT_DIGITS_MAX));
  const [mantissa = '', exponent = ''] = written.split('e');
  const sign = exponent.startsWith('-') ? '⁻' : '';
  return `${mantissa}\u202f×\u202f10${sign}${raised(exponent.slice(1).padStart(2, '0'))}`;
}

const timeText = (time: Date): string => time.toISOString().replace(/\.?0*Z$/, 'Z');

function durationText(duration: Duration): string {
  const nanos = duration.seconds * 1_000_000_000n + BigInt(duration.nanos);
  const digits = String(nanos < 0n ? -nanos : nanos).padStart(10, '0');
  const rest = digits.slice(-9).replace(/0+$/, '');
  return `${nanos < 0n ? '-' : ''}${digits.slice(0, -9)}${rest === '' ? '' : `.${rest}`}s`;
}

/** As a number stands alone in a text; Go writes at least two digits of an exponent. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e21)) return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  return String(value);
}

function bare(value: unknown): string {
  if (typeof value === 'number') return numberText(value);
  if (value instanceof Date) return timeText(value);
  if (value instanceof Duration) return durationText(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  return within(value);
}

/** As values stand in lists and maps. */
function within(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value.toFixed(DEFAULT_DIGITS) : `"${numberText(value)}"`;
  }
  if (value instanceof UnsignedInt) return String(value.value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return `timestamp("${timeText(value)}")`;
  if (value instanceof Duration) return `duration("${durationText(value)}")`;
  if (value instanceof Uint8Array) return `b"${Buffer.from(value).toString('utf8')}"`;
  if (Array.isArray(value)) return `[${value.map(within).join(', ')}]`;
  if (value instanceof Map) return mapText([...value]);
  if (isObject(value) && Object.getPrototypeOf(value) === Object.prototype) return mapText(Object.entries(value));
  if (isObject(value) && 'name' in value && typeof value.name === 'string') return value.name;
  const kinds = 'strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps';
  throw misfit(`string clause can only be used on ${kinds}`, value);
}

const mapText = (pairs: readonly (readonly [unknown, unknown])[]): string =>
  `{${pairs
    .map(([key, value]) => `${within(key)}:${within(value)}`)
    .sort((a, b) => (a < b ? -1 : 1))
    .join(', ')}}`;

const misfit = (what: string, value: unknown): Error =>
  new Error(`error during formatting: ${what}, was given ${typeName(value)}`);

function typeName(value: unknown): string {
  if (value === null) return 'null_type';
  if (typeof value === 'number') return 'double';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'boolean') return 'bool';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Date) return 'google.protobuf.Timestamp';
  if (value instanceof Duration) return 'google.protobuf.Duration';
  if (value instanceof Uint8Array) return 'bytes';
  return typeof value === 'object' ? 'map' : typeof value;
}
