// A script's text as words, numbers, texts and signs.
import { numberIn } from './number.ts';

export type TokenKind = 'name' | 'word' | 'number' | 'text' | 'sign' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Of a text what it says, else as it is written. */
  readonly text: string;
  readonly number: number;
  readonly line: number;
}

/** What is no Lua: told with the line. */
export class LuaSyntaxError extends Error {
  override readonly name = 'LuaSyntaxError';
  readonly line: number;

  constructor(line: number, problem: string) {
    super(`line ${line}: ${problem}`);
    this.line = line;
  }
}

const WORDS = new Set(
  (
    'and break do else elseif end false for function goto if in local nil not or repeat return then true until ' +
    'while'
  ).split(' '),
);

const SIGNS = /\.\.\.|\.\.|::|==|~=|<=|>=|[-+*/%^#<>=(){}[\];:,.]/y;
const NAME = /[A-Za-z_]\w*/y;
const NUMBER = /0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const BLANK = /[ \t\r\n\v\f]+/y;
const LONG_OPENING = /\[(=*)\[/y;
const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

export function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;

  const found = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0] ?? null;
  };
  const pass = (text: string): void => {
    at += text.length;
    for (const char of text) if (char === '\n') line += 1;
  };
  const add = (kind: TokenKind, text: string, number = 0): void => {
    tokens.push({ kind, text, number, line });
  };
  /** What stands between brackets of one length, and null where no such bracket opens. */
  const longText = (): string | null => {
    const opening = found(LONG_OPENING);
    if (opening === null) return null;
    const closing = opening.replaceAll('[', ']');
    const end = source.indexOf(closing, at + opening.length);
    if (end < 0) throw new LuaSyntaxError(line, `the text that begins with ${opening} has no end`);
    const text = source.slice(at + opening.length, end);
    pass(source.slice(at, end + closing.length));
    return text.replace(/^\r?\n/, '');
  };

  while (at < source.length) {
    const blank = found(BLANK);
    if (blank !== null) {
      pass(blank);
      continue;
    }
    if (source.startsWith('--', at)) {
      at += 2;
      if (longText() === null) pass(source.slice(at, endOfLine(source, at)));
      continue;
    }
    const begun = line;
    const long = longText();
    if (long !== null) {
      tokens.push({ kind: 'text', text: long, number: 0, line: begun });
      continue;
    }
    const name = found(NAME);
    if (name !== null) {
      add(WORDS.has(name) ? 'word' : 'name', name);
      at += name.length;
      continue;
    }
    const number = found(NUMBER);
    if (number !== null) {
      const value = numberIn(number);
      if (value === undefined || /\w/.test(source[at + number.length] ?? '')) {
        throw new LuaSyntaxError(line, `${number}${source[at + number.length] ?? ''} is no number`);
      }
      add('number', number, value);
      at += number.length;
      continue;
    }
    const quote = source[at];
    if (quote === '"' || quote === "'") {
      const { text, length } = quotedText(source, at, line);
      add('text', text);
      pass(source.slice(at, at + length));
      continue;
    }
    const sign = found(SIGNS);
    if (sign === null) throw new LuaSyntaxError(line, `nothing can begin with ${JSON.stringify(quote)}`);
    add('sign', sign);
    at += sign.length;
  }
  add('end', 'the end of the script');
  return tokens;
}

function endOfLine(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end < 0 ? source.length : end;
}

function quotedText(source: string, start: number, line: number): { readonly text: string; readonly length: number } {
  const quote = source[start];
  let text = '';
  let at = start + 1;
  for (;;) {
    const char = source[at];
    if (char === undefined || char === '\n') throw new LuaSyntaxError(line, 'a text has no end');
    at += 1;
    if (char === quote) return { text, length: at - start };
    if (char !== '\\') {
      text += char;
      continue;
    }
    const digits = /^\d{1,3}/.exec(source.slice(at, at + 3))?.[0];
    if (digits !== undefined) {
      if (Number(digits) > 255) throw new LuaSyntaxError(line, `\\${digits} is no byte`);
      text += String.fromCharCode(Number(digits));
      at += digits.length;
    } else {
      const escaped = source[at] ?? '';
      text += ESCAPES[escaped] ?? escaped;
      at += 1;
    }
  }
}
