// TypeScript as the tokens that rules are about: no comments, no white space, and texts told from code without guessing.

export interface Token {
  readonly kind: 'word' | 'sign' | 'text' | 'number' | 'regex';
  /** Of a text, what it says; of a regular expression, nothing. */
  readonly value: string;
  readonly line: number;
}

/** What this reader cannot take apart with certainty: better no answer than one that code could hide behind. */
export class UnreadableSource extends Error {
  override readonly name = 'UnreadableSource';
}

export const tokenize = (source: string): Token[] => new Tokenizer(source).run();

const WORD = /#?[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
const NUMBER = /0[xXoObB][\da-fA-F_]+n?|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?n?/y;
const SPACE = /[\s\ufeff]/;

/** Words after which a value begins, so that a slash begins a regular expression. */
const BEFORE_VALUE = new Set(
  'return typeof case in of delete void throw new else do await yield instanceof extends default'.split(' '),
);
/** Words whose parentheses hold a condition, after which a statement begins. */
const BEFORE_CONDITION = new Set(['if', 'while', 'for', 'with']);

class Tokenizer {
  readonly #source: string;
  readonly #tokens: Token[] = [];
  /** For each open parenthesis: does a statement follow it? */
  readonly #conditions: boolean[] = [];
  #afterCondition = false;
  #at = 0;
  #line = 1;

  constructor(source: string) {
    this.#source = source;
  }

  run(): Token[] {
    if (this.#source.startsWith('#!')) this.#skipTo(this.#source.indexOf('\n'));
    this.#code(false);
    return this.#tokens;
  }

  /** Reads to the end, or to the brace that closes a template's expression. */
  #code(inTemplate: boolean): void {
    let depth = 0;
    while (this.#at < this.#source.length) {
      const character = this.#source[this.#at]!;
      if (character === '{') depth += 1;
      if (character === '}') depth -= 1;
      if (depth < 0 && inTemplate) {
        this.#at += 1;
        return;
      }
      this.#next(character);
    }
    if (inTemplate) this.#refuse('a template that does not end');
  }

  #next(character: string): void {
    const following = this.#source[this.#at + 1];
    if (character === '\n') {
      this.#line += 1;
      this.#at += 1;
    } else if (SPACE.test(character)) this.#at += 1;
    else if (character === '/' && following === '/') this.#skipTo(this.#source.indexOf('\n', this.#at));
    else if (character === '/' && following === '*') this.#comment();
    else if (character === '"' || character === "'") this.#text(character);
    else if (character === '`') this.#template();
    else if (character === '/') this.#slash();
    else if (/\d/.test(character) || (character === '.' && /\d/.test(following ?? ''))) this.#match('number', NUMBER);
    else if (character === '#' || /[\p{ID_Start}$_]/u.test(this.#character())) this.#match('word', WORD);
    else this.#sign(character);
  }

  #character(): string {
    return String.fromCodePoint(this.#source.codePointAt(this.#at)!);
  }

  #sign(character: string): void {
    if (character === '\\') this.#refuse('a name with an escape in it');
    if (character === '(') this.#conditions.push(BEFORE_CONDITION.has(this.#word(-1)));
    const closesCondition = character === ')' && this.#conditions.pop() === true;
    this.#push('sign', character);
    this.#afterCondition = closesCondition;
    this.#at += 1;
  }

  #push(kind: Token['kind'], value: string): void {
    this.#tokens.push({ kind, value, line: this.#line });
    this.#afterCondition = false;
  }

  #match(kind: Token['kind'], pattern: RegExp): void {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match === null) this.#refuse(`"${this.#character()}"`);
    this.#push(kind, match[0]);
    this.#at += match[0].length;
  }

  #comment(): void {
    const end = this.#source.indexOf('*/', this.#at + 2);
    if (end < 0) this.#refuse('a comment that does not end');
    this.#skipTo(end + 2);
  }

  #skipTo(end: number): void {
    const to = end < 0 ? this.#source.length : end;
    for (let at = this.#at; at < to; at += 1) if (this.#source[at] === '\n') this.#line += 1;
    this.#at = to;
  }

  #text(quote: string): void {
    let value = '';
    for (this.#at += 1; this.#source[this.#at] !== quote; this.#at += 1) {
      const character = this.#source[this.#at];
      if (character === undefined || character === '\n') this.#refuse('a text that does not end on its line');
      value += character === '\\' ? this.#escaped() : character;
    }
    this.#at += 1;
    this.#push('text', value);
  }

  /** The character that an escape stands for: 'Da\u0074e' is "Date" too. */
  #escaped(): string {
    this.#at += 1;
    const code = /u\{([\da-fA-F]+)\}|u([\da-fA-F]{4})|x([\da-fA-F]{2})/y;
    code.lastIndex = this.#at;
    const match = code.exec(this.#source);
    if (match !== null) {
      this.#at += match[0].length - 1;
      return String.fromCodePoint(Number.parseInt(match[1] ?? match[2] ?? match[3]!, 16));
    }
    const character = this.#source[this.#at] ?? '';
    if (character === '\n') this.#line += 1;
    return character === 'n' ? '\n' : character;
  }

  /** Its fixed parts are one text; the code inside comes before it, as tokens of its own. */
  #template(): void {
    let value = '';
    this.#at += 1;
    while (this.#source[this.#at] !== '`') {
      const character = this.#source[this.#at];
      if (character === undefined) this.#refuse('a template that does not end');
      if (character === '\n') this.#line += 1;
      if (this.#source.startsWith('${', this.#at)) {
        this.#at += 2;
        this.#push('sign', '${');
        this.#code(true);
        this.#push('sign', '}$');
      } else {
        value += character === '\\' ? this.#escaped() : character;
        this.#at += 1;
      }
    }
    this.#at += 1;
    this.#push('text', value);
  }

  #slash(): void {
    const last = this.#tokens.at(-1);
    if (last?.value === '}' && last.kind === 'sign') this.#refuse('a slash after a brace, which may divide or not');
    if (this.#endsValue(-1)) {
      this.#push('sign', '/');
      this.#at += 1;
    } else this.#regex();
  }

  /** Whether the token so far back ends a value, after which a slash divides. */
  #endsValue(back: number): boolean {
    const token = this.#tokens.at(back);
    if (token === undefined) return false;
    if (token.kind !== 'sign') return token.kind !== 'word' || !BEFORE_VALUE.has(token.value) || this.#isMember(back);
    if (token.value === ')') return !(back === -1 && this.#afterCondition);
    if (token.value === ']') return true;
    // "i++ / 2" and "found! / 2": what stands after a value belongs to it.
    if (token.value === '+' || token.value === '-') {
      return this.#tokens.at(back - 1)?.value === token.value && this.#endsValue(back - 2);
    }
    return token.value === '!' && this.#endsValue(back - 1);
  }

  #isMember(back: number): boolean {
    return this.#tokens.at(back - 1)?.value === '.';
  }

  #word(back: number): string {
    const token = this.#tokens.at(back);
    return token?.kind === 'word' && !this.#isMember(back) ? token.value : '';
  }

  #regex(): void {
    let inClass = false;
    for (this.#at += 1; inClass || this.#source[this.#at] !== '/'; this.#at += 1) {
      const character = this.#source[this.#at];
      if (character === undefined || character === '\n') this.#refuse('a regular expression that does not end');
      if (character === '[') inClass = true;
      if (character === ']') inClass = false;
      if (character === '\\') this.#at += 1;
    }
    this.#at += 1;
    while (/[a-z]/.test(this.#source[this.#at] ?? '')) this.#at += 1;
    this.#push('regex', '');
  }

  #refuse(what: string): never {
    throw new UnreadableSource(`line ${this.#line}: ${what}`);
  }
}
