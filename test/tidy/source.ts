// The project's own files, and TypeScript reduced to the tokens that rules are about: no comments, no text contents.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Tracked files and new ones that are not ignored, by their path from the root. */
export function projectFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root });
  const removed = new Set(execFileSync('git', ['ls-files', '--deleted', '-z'], { cwd: root }).toString().split('\0'));
  return listed
    .toString()
    .split('\0')
    .filter((file) => file !== '' && !removed.has(file))
    .sort();
}

export const read = (file: string): string => readFileSync(root + file, 'utf8');

export interface Token {
  readonly kind: 'word' | 'sign' | 'text';
  readonly value: string;
  readonly line: number;
}

const WORD_START = /[A-Za-z_$#]/;
const WORD = /[\w$]/;

/** A word before which a slash divides instead of beginning a regular expression would be a value: these are none. */
const BEFORE_REGEX = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'delete',
  'void',
  'throw',
  'new',
  'else',
  'do',
  'await',
  'yield',
]);

export function tokenize(source: string): Token[] {
  return new Tokenizer(source).run();
}

class Tokenizer {
  readonly #source: string;
  readonly #tokens: Token[] = [];
  #at = 0;
  #line = 1;

  constructor(source: string) {
    this.#source = source;
  }

  run(): Token[] {
    this.#code(null);
    return this.#tokens;
  }

  /** Reads code up to the closing brace of a template's expression, or to the end. */
  #code(until: '}' | null): void {
    let depth = 0;
    while (this.#at < this.#source.length) {
      const character = this.#source[this.#at]!;
      if (until !== null && character === '}' && depth === 0) {
        this.#at += 1;
        return;
      }
      if (character === '{') depth += 1;
      if (character === '}') depth -= 1;
      this.#next(character);
    }
  }

  #next(character: string): void {
    const following = this.#source[this.#at + 1];
    if (character === '\n') {
      this.#line += 1;
      this.#at += 1;
    } else if (/\s/.test(character)) this.#at += 1;
    else if (character === '/' && following === '/') this.#skipTo('\n', 0);
    else if (character === '/' && following === '*') this.#skipTo('*/', 2);
    else if (character === '"' || character === "'") this.#text(character);
    else if (character === '`') this.#template();
    else if (character === '/' && this.#startsRegex()) this.#regex();
    else if (WORD_START.test(character)) this.#word();
    else if (/\d/.test(character)) this.#number();
    else {
      this.#push('sign', character);
      this.#at += 1;
    }
  }

  #push(kind: Token['kind'], value: string): void {
    this.#tokens.push({ kind, value, line: this.#line });
  }

  #skipTo(end: string, beyond: number): void {
    const found = this.#source.indexOf(end, this.#at + beyond);
    const to = found < 0 ? this.#source.length : found + beyond;
    this.#line += this.#source.slice(this.#at, to).split('\n').length - 1;
    this.#at = to;
  }

  #text(quote: string): void {
    let value = '';
    this.#at += 1;
    while (this.#at < this.#source.length && this.#source[this.#at] !== quote) {
      if (this.#source[this.#at] === '\\') this.#at += 1;
      value += this.#source[this.#at] ?? '';
      this.#at += 1;
    }
    this.#at += 1;
    this.#push('text', value);
  }

  #template(): void {
    let value = '';
    this.#at += 1;
    while (this.#at < this.#source.length && this.#source[this.#at] !== '`') {
      if (this.#source[this.#at] === '\n') this.#line += 1;
      if (this.#source[this.#at] === '\\') {
        this.#at += 2;
      } else if (this.#source.startsWith('${', this.#at)) {
        this.#at += 2;
        this.#code('}');
      } else {
        value += this.#source[this.#at];
        this.#at += 1;
      }
    }
    this.#at += 1;
    this.#push('text', value);
  }

  #startsRegex(): boolean {
    const last = this.#tokens.at(-1);
    if (last === undefined) return true;
    if (last.kind === 'word') return BEFORE_REGEX.has(last.value);
    return last.kind === 'sign' && last.value !== ')' && last.value !== ']' && last.value !== '}';
  }

  #regex(): void {
    let inClass = false;
    this.#at += 1;
    while (this.#at < this.#source.length && (inClass || this.#source[this.#at] !== '/')) {
      if (this.#source[this.#at] === '[') inClass = true;
      if (this.#source[this.#at] === ']') inClass = false;
      this.#at += this.#source[this.#at] === '\\' ? 2 : 1;
    }
    this.#at += 1;
    while (this.#at < this.#source.length && WORD.test(this.#source[this.#at]!)) this.#at += 1;
    this.#push('text', '');
  }

  #word(): void {
    const from = this.#at;
    this.#at += 1;
    while (this.#at < this.#source.length && WORD.test(this.#source[this.#at]!)) this.#at += 1;
    this.#push('word', this.#source.slice(from, this.#at));
  }

  #number(): void {
    while (this.#at < this.#source.length && /[\w.]/.test(this.#source[this.#at]!)) this.#at += 1;
    this.#push('text', '');
  }
}

/** Where each import, export-from or dynamic import leads; null for a target that only running would tell. */
export function importsOf(tokens: readonly Token[]): { readonly target: string | null; readonly line: number }[] {
  const found: { target: string | null; line: number }[] = [];
  tokens.forEach((token, at) => {
    if (token.kind !== 'word') return;
    const [next, afterNext] = [tokens[at + 1], tokens[at + 2]];
    if (token.value === 'from' && next?.kind === 'text' && tokens[at - 1]?.value !== '.') {
      found.push({ target: next.value, line: next.line });
    } else if (token.value === 'import' && next?.kind === 'text') {
      found.push({ target: next.value, line: next.line });
    } else if (
      (token.value === 'import' || token.value === 'require') &&
      next?.value === '(' &&
      tokens[at - 1]?.value !== '.'
    ) {
      found.push({ target: afterNext?.kind === 'text' ? afterNext.value : null, line: token.line });
    }
  });
  return found;
}
