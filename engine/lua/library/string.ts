// The library `string`, and what a text answers to its methods.
import { LuaTable } from '../table.ts';
import { isTrue, LuaError, LuaFunction, type LuaValue, type Purse, typeName } from '../value.ts';
import type { Arguments } from './arguments.ts';
import { textFor } from './base.ts';
import { formatted } from './format.ts';
import { type Functions, libraryFunction, libraryTable } from './library.ts';
import { findPattern, type Match } from './pattern.ts';

/** From 1 on; negative ones count from the end. */
const placeIn = (text: string, place: number): number => (place < 0 ? Math.max(text.length + place + 1, 0) : place);

function sliced(text: string, first: number, last: number): string {
  const from = Math.max(placeIn(text, first), 1);
  return text.slice(from - 1, Math.max(placeIn(text, last), from - 1));
}

/** What a match tells: its captures, or all of it where it has none. */
const told = (text: string, { start, end, captures }: Match): readonly LuaValue[] =>
  captures.length > 0 ? captures : [text.slice(start, end)];

const STRING: Functions = {
  byte: (given) => {
    const text = given.text(1);
    const first = given.whole(2, 1);
    return [...sliced(text, first, given.whole(3, first))].map((char) => char.charCodeAt(0));
  },
  char: (given) => String.fromCharCode(...given.from(1).map((_, at) => given.whole(at + 1) & 0xff)),
  find: (given, purse) => {
    const [text, pattern] = [given.text(1), given.text(2)];
    const from = startIn(text, given);
    if (from > text.length) return undefined;
    if (isTrue(given.value(4)) || !/[\^$*+?.()[\]%-]/.test(pattern)) {
      purse.spend(text.length);
      const at = text.indexOf(pattern, from);
      return at < 0 ? undefined : [at + 1, at + pattern.length];
    }
    const found = findPattern(text, pattern, from, purse);
    return found === null ? undefined : [found.start + 1, found.end, ...found.captures];
  },
  format: (given, purse) => {
    const text = formatted(given);
    purse.spend(text.length);
    return text;
  },
  gmatch: (given) => walkOver(given),
  gsub: (given, purse) => replaced(given, purse),
  len: (given) => given.text(1).length,
  lower: (given) => given.text(1).replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
  match: (given, purse) => {
    const text = given.text(1);
    const from = startIn(text, given);
    const found = from > text.length ? null : findPattern(text, given.text(2), from, purse);
    return found === null ? undefined : told(text, found);
  },
  rep: (given, purse) => {
    const text = given.text(1);
    const count = Math.max(given.whole(2), 0);
    purse.spend(1 + text.length * count);
    return text.repeat(count);
  },
  reverse: (given) => [...given.text(1)].reverse().join(''),
  sub: (given) => sliced(given.text(1), given.whole(2, 1), given.whole(3, -1)),
  upper: (given) => given.text(1).replace(/[a-z]+/g, (letters) => letters.toUpperCase()),
};

const startIn = (text: string, given: Arguments): number => Math.max(placeIn(text, given.whole(3, 1)), 1) - 1;

/** A function that answers the next match each time it is called. */
function walkOver(given: Arguments): LuaFunction {
  const [text, pattern] = [given.text(1), given.text(2)];
  let from = 0;
  return libraryFunction('gmatch', (_none, purse) => {
    const found = from > text.length ? null : findPattern(text, pattern, from, purse);
    if (found === null) {
      from = text.length + 1;
      return undefined;
    }
    // What is tied to the beginning is there once.
    from = pattern.startsWith('^') ? text.length + 1 : found.end + (found.end > found.start ? 0 : 1);
    return told(text, found);
  });
}

function replaced(given: Arguments, purse: Purse): readonly LuaValue[] {
  const [text, pattern] = [given.text(1), given.text(2)];
  const most = given.whole(4, Number.MAX_SAFE_INTEGER);
  const pieces: string[] = [];
  let count = 0;
  let from = 0;
  while (count < most && from <= text.length) {
    const found = findPattern(text, pattern, from, purse);
    if (found === null) break;
    count += 1;
    const whole = text.slice(found.start, found.end);
    const piece = replacement(given.value(3), whole, told(text, found), purse);
    pieces.push(text.slice(from, found.start), piece);
    purse.spend(piece.length);
    from = found.end;
    if (found.end === found.start) {
      pieces.push(text.slice(from, from + 1));
      from += 1;
    }
    if (pattern.startsWith('^')) break;
  }
  return [pieces.join('') + text.slice(from), count];
}

function replacement(by: LuaValue, whole: string, captures: readonly LuaValue[], purse: Purse): string {
  const found = replacementValue(by, whole, captures, purse);
  if (!isTrue(found)) return whole;
  if (typeof found === 'string' || typeof found === 'number') return textFor(found);
  throw new LuaError(`string.gsub: a ${typeName(found)} cannot take the place of a text`);
}

function replacementValue(by: LuaValue, whole: string, captures: readonly LuaValue[], purse: Purse): LuaValue {
  if (by instanceof LuaFunction) return purse.call(by, captures)[0];
  if (by instanceof LuaTable) return by.get(captures[0]);
  if (typeof by !== 'string' && typeof by !== 'number') {
    throw new LuaError('string.gsub: argument 3 should be a string, a table or a function');
  }
  return textFor(by).replace(/%(.)/gs, (_escape, char: string) => {
    if (char === '0') return whole;
    const captured = captures[Number(char) - 1];
    if (/\d/.test(char) && captured === undefined) throw new LuaError(`the pattern has no capture %${char}`);
    return /\d/.test(char) ? textFor(captured) : char;
  });
}

export const stringLibrary = (): LuaTable => libraryTable('string.', { ...STRING, gfind: STRING.gmatch! });

/** Of `text:name(...)`; no script can change them. */
export const STRING_METHODS: LuaTable = stringLibrary();
