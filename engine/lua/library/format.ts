// `string.format`: as Karmada's Lua writes it, which leaves it to Go.
import { shortest } from '../number.ts';
import { LuaError } from '../value.ts';
import type { Arguments } from './arguments.ts';
import { textFor } from './base.ts';

const DIRECTIVE = /%([-+ #0]*)(\d+)?(?:\.(\d+)?)?([a-zA-Z%])|%/g;
/** Whoever wants more has made a mistake. */
const WIDTH_MAX = 200;

interface Layout {
  readonly flags: string;
  readonly width: number;
  /** Null where it is not said. */
  readonly precision: number | null;
}

export function formatted(given: Arguments): string {
  let next = 1;
  return given.text(1).replace(DIRECTIVE, (directive, flags = '', width = '0', precision, verb) => {
    if (verb === '%') return '%';
    if (verb === undefined) throw new LuaError('string.format: a % stands alone');
    next += 1;
    const hasPrecision = directive.includes('.');
    const layout = { flags, width: Number(width), precision: hasPrecision ? Number(precision ?? 0) : null };
    if (layout.width > WIDTH_MAX || (layout.precision ?? 0) > WIDTH_MAX / 2) {
      throw new LuaError(`string.format: ${directive} is too wide`);
    }
    return written(verb, layout, given, next);
  });
}

function written(verb: string, layout: Layout, given: Arguments, position: number): string {
  switch (verb) {
    case 'd':
    case 'i':
      return whole(BigInt(given.whole(position)).toString(), layout);
    case 'u':
      return whole(BigInt.asUintN(64, BigInt(given.whole(position))).toString(), layout);
    case 'o':
      return whole(BigInt(given.whole(position)).toString(8), layout);
    case 'x':
      return whole(BigInt(given.whole(position)).toString(16), layout);
    case 'X':
      return whole(BigInt(given.whole(position)).toString(16).toUpperCase(), layout);
    case 'c':
      return padded(String.fromCharCode(given.whole(position) & 0xff), layout);
    case 'f':
    case 'F':
    case 'e':
    case 'E':
    case 'g':
    case 'G':
      return number(fraction(verb, given.number(position), layout.precision), layout);
    case 'q':
      return quoted(given.text(position));
    case 's': {
      const text = textFor(given.any(position));
      return padded(layout.precision === null ? text : text.slice(0, layout.precision), layout);
    }
    default:
      throw new LuaError(`string.format: nothing is written by %${verb}`);
  }
}

/** Nothing may be less than nothing. */
const fraction = (verb: string, value: number, precision: number | null): string =>
  `${Object.is(value, -0) ? '-' : ''}${digitsOf(verb, value, precision)}`;

function digitsOf(verb: string, value: number, precision: number | null): string {
  switch (verb) {
    case 'e':
      return exponential(value, precision ?? 6);
    case 'E':
      return exponential(value, precision ?? 6).toUpperCase();
    case 'g':
      return general(value, precision);
    case 'G':
      return general(value, precision).toUpperCase();
    default:
      return value.toFixed(precision ?? 6);
  }
}

const exponential = (value: number, precision: number): string => twoDigits(value.toExponential(precision));

const general = (value: number, precision: number | null): string =>
  precision === null ? shortest(value) : twoDigits(String(Number(value.toPrecision(Math.max(precision, 1)))));

const twoDigits = (text: string): string => text.replace(/e([+-])(\d)$/, 'e$10$2');

/** With as many digits at least as its precision says. */
function whole(digits: string, layout: Layout): string {
  const [sign, bare] = digits.startsWith('-') ? ['-', digits.slice(1)] : ['', digits];
  return number(sign + bare.padStart(layout.precision ?? 1, '0'), layout);
}

function number(digits: string, layout: Layout): string {
  const { flags, width } = layout;
  const isLess = digits.startsWith('-');
  const bare = isLess ? digits.slice(1) : digits;
  const sign = isLess ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  if (flags.includes('0') && !flags.includes('-')) return sign + bare.padStart(width - sign.length, '0');
  return padded(sign + bare, layout);
}

const padded = (text: string, { flags, width }: Layout): string =>
  flags.includes('-') ? text.padEnd(width) : text.padStart(width);

function quoted(text: string): string {
  const inside = text
    .replace(/[\\"]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\0', '\\x00');
  return `"${inside}"`;
}
