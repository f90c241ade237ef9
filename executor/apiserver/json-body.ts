// Reads JSON as the API server does: with Go's words for what is wrong, and every duplicate field remembered.
import { setField } from '../../engine/index.ts';

export type JsonBody =
  | { readonly ok: true; readonly value: unknown; readonly duplicates: ReadonlySet<string> }
  | { readonly ok: false; readonly why: string };

class Malformed extends Error {}

/** Deeper documents are refused before they can cost a stack. */
const DEPTH_MAX = 1000;

export function readJsonBody(text: string): JsonBody {
  const reader = new Reader(text);
  try {
    const value = reader.document();
    return { ok: true, value, duplicates: reader.duplicates };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, why: error.message };
    throw error;
  }
}

class Reader {
  readonly duplicates = new Set<string>();
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  document(): unknown {
    const value = this.value('', 0);
    this.space();
    if (this.at < this.text.length) throw this.unexpected('after top-level value');
    return value;
  }

  private value(path: string, depth: number): unknown {
    if (depth > DEPTH_MAX) throw new Malformed('exceeded max depth');
    this.space();
    const char = this.text[this.at];
    switch (char) {
      case undefined:
        throw new Malformed('unexpected end of JSON input');
      case '{':
        return this.object(path, depth);
      case '[':
        return this.array(path, depth);
      case '"':
        return this.string();
      case 't':
        return this.literal('true', true);
      case 'f':
        return this.literal('false', false);
      case 'n':
        return this.literal('null', null);
      default:
        if (char === '-' || isDigit(char)) return this.number();
        throw this.unexpected('looking for beginning of value');
    }
  }

  private object(path: string, depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    this.at += 1;
    this.space();
    if (this.text[this.at] === '}') {
      this.at += 1;
      return object;
    }
    for (;;) {
      this.space();
      if (this.text[this.at] !== '"') throw this.unexpected('looking for beginning of object key string');
      const key = this.string();
      this.space();
      if (this.text[this.at] !== ':') throw this.unexpected('after object key');
      this.at += 1;
      const own = path === '' ? key : `${path}.${key}`;
      if (Object.hasOwn(object, key)) this.duplicates.add(own);
      const value = this.value(own, depth + 1);
      setField(object, key, value);
      this.space();
      const next = this.text[this.at];
      if (next === ',') {
        this.at += 1;
        continue;
      }
      if (next !== '}') throw this.unexpected('after object key:value pair');
      this.at += 1;
      return object;
    }
  }

  private array(path: string, depth: number): unknown[] {
    const items: unknown[] = [];
    this.at += 1;
    this.space();
    if (this.text[this.at] === ']') {
      this.at += 1;
      return items;
    }
    for (;;) {
      items.push(this.value(`${path}[${items.length}]`, depth + 1));
      this.space();
      const next = this.text[this.at];
      if (next === ',') {
        this.at += 1;
        continue;
      }
      if (next !== ']') throw this.unexpected('after array element');
      this.at += 1;
      return items;
    }
  }

  private string(): string {
    const start = this.at;
    this.at += 1;
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (Number.isNaN(code)) throw new Malformed('unexpected end of JSON input');
      if (code === 0x22) break;
      if (code === 0x5c) {
        this.at += 1;
        const escaped = this.text[this.at];
        if (escaped === undefined) throw new Malformed('unexpected end of JSON input');
        if (!'"\\/bfnrtu'.includes(escaped)) throw this.unexpected('in string escape code');
        if (escaped === 'u') {
          for (let digit = 0; digit < 4; digit += 1) {
            this.at += 1;
            if (!/[0-9a-fA-F]/.test(this.text[this.at] ?? ''))
              throw this.unexpected('in \\u hexadecimal character escape');
          }
        }
      } else if (code < 0x20) {
        throw this.unexpected('in string literal');
      }
      this.at += 1;
    }
    this.at += 1;
    return JSON.parse(this.text.slice(start, this.at)) as string;
  }

  private literal<T>(word: string, value: T): T {
    for (let step = 1; step < word.length; step += 1) {
      if (this.text[this.at + step] !== word[step]) {
        this.at += step;
        throw this.unexpected(`in literal ${word} (expecting '${word[step]}')`);
      }
    }
    this.at += word.length;
    return value;
  }

  private number(): number {
    const start = this.at;
    const digits = (where: string) => {
      if (!isDigit(this.text[this.at])) throw this.unexpected(where);
      while (isDigit(this.text[this.at])) this.at += 1;
    };
    if (this.text[this.at] === '-') this.at += 1;
    if (this.text[this.at] === '0') this.at += 1;
    else digits('in numeric literal');
    if (this.text[this.at] === '.') {
      this.at += 1;
      digits('after decimal point in numeric literal');
    }
    if (this.text[this.at] === 'e' || this.text[this.at] === 'E') {
      this.at += 1;
      if (this.text[this.at] === '+' || this.text[this.at] === '-') this.at += 1;
      digits('in exponent of numeric literal');
    }
    return Number(this.text.slice(start, this.at));
  }

  private space(): void {
    while (this.at < this.text.length && ' \t\r\n'.includes(this.text[this.at]!)) this.at += 1;
  }

  private unexpected(where: string): Malformed {
    const code = this.text.codePointAt(this.at);
    if (code === undefined) return new Malformed('unexpected end of JSON input');
    return new Malformed(`invalid character ${quoted(code)} ${where}`);
  }
}

const isDigit = (char: string | undefined): boolean => char !== undefined && char >= '0' && char <= '9';

const ESCAPES: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 39: "\\'", 92: '\\\\' };

function quoted(code: number): string {
  const known = ESCAPES[code];
  if (known !== undefined) return `'${known}'`;
  if (code < 0x20 || code === 0x7f) return `'\\x${code.toString(16).padStart(2, '0')}'`;
  if (code >= 0x80 && code < 0xa0) return `'\\u${code.toString(16).padStart(4, '0')}'`;
  return `'${String.fromCodePoint(code)}'`;
}
