// Reads regular expressions as Go writes them (RE2's syntax) into a tree. What Go refuses is refused here too: back
// references and looking around among them.
import { PATTERN_DEPTH_MAX, PATTERN_REPEAT_MAX } from './limits.ts';
import { CONTROL, complement, LAST, PERL, POSIX, type Range } from './pattern-classes.ts';

/** Characters that one step accepts. */
export interface CharSet {
  readonly negated: boolean;
  readonly ranges: readonly (readonly [number, number])[];
  /** Unicode classes, each for one character. */
  readonly classes: readonly { readonly test: RegExp; readonly negated: boolean }[];
  readonly ignoreCase: boolean;
}

export type Assertion = 'text start' | 'text end' | 'line start' | 'line end' | 'word edge' | 'no word edge';

export type PatternNode =
  | { readonly kind: 'char'; readonly set: CharSet }
  | { readonly kind: 'assertion'; readonly what: Assertion }
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly items: readonly PatternNode[] }
  | {
      readonly kind: 'repeat';
      readonly item: PatternNode;
      readonly min: number;
      readonly max: number | null;
      /** Takes as little as it can. */
      readonly isLazy: boolean;
    };

/** Why a text is no regular expression. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  A: 'text start',
  z: 'text end',
  b: 'word edge',
  B: 'no word edge',
};

export function parsePattern(source: string): PatternNode {
  return new Reader(source).read();
}

interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotTakesLineEnd: boolean;
  readonly isLazy: boolean;
}

interface SetParts {
  readonly ranges: Range[];
  readonly classes: { test: RegExp; negated: boolean }[];
}

class Reader {
  readonly #chars: readonly string[];
  #at = 0;
  #depth = 0;
  #flags: Flags = { ignoreCase: false, multiline: false, dotTakesLineEnd: false, isLazy: false };

  constructor(source: string) {
    this.#chars = Array.from(source);
  }

  read(): PatternNode {
    const node = this.#choice();
    if (this.#at < this.#chars.length) throw new PatternError('has a ")" that closes nothing');
    return node;
  }

  #peek(ahead = 0): string | undefined {
    return this.#chars[this.#at + ahead];
  }

  #take(): string {
    const char = this.#chars[this.#at];
    if (char === undefined) throw new PatternError('ends too early');
    this.#at += 1;
    return char;
  }

  #takes(text: string): boolean {
    const chars = Array.from(text);
    if (!chars.every((char, ahead) => this.#peek(ahead) === char)) return false;
    this.#at += chars.length;
    return true;
  }

  #choice(): PatternNode {
    const items = [this.#sequence()];
    while (this.#takes('|')) items.push(this.#sequence());
    return items.length === 1 ? items[0]! : { kind: 'choice', items };
  }

  #sequence(): PatternNode {
    const items: PatternNode[] = [];
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; next = this.#peek()) {
      const item = this.#atom();
      if (item !== null) items.push(...(Array.isArray(item) ? item : [this.#repeated(item)]));
    }
    return { kind: 'sequence', items };
  }

  #repeated(item: PatternNode): PatternNode {
    const count = this.#count();
    if (count === null) return item;
    const isLazy = this.#takes('?') !== this.#flags.isLazy;
    if (this.#isRepetition()) throw new PatternError('repeats a repetition');
    return { kind: 'repeat', item, isLazy, ...count };
  }

  #isRepetition(): boolean {
    const at = this.#at;
    const count = this.#count();
    this.#at = at;
    return count !== null;
  }

  #count(): { min: number; max: number | null } | null {
    if (this.#takes('*')) return { min: 0, max: null };
    if (this.#takes('+')) return { min: 1, max: null };
    if (this.#takes('?')) return { min: 0, max: 1 };
    const written = /^\{(\d{1,9})(,(\d{0,9}))?\}/.exec(this.#chars.slice(this.#at, this.#at + 24).join(''));
    if (written === null) return null;
    const [whole, low, range, high] = written;
    const min = Number(low);
    const max = range === undefined ? min : high === '' ? null : Number(high);
    if (min > PATTERN_REPEAT_MAX || (max !== null && (max > PATTERN_REPEAT_MAX || max < min))) {
      throw new PatternError(`has a repetition ${whole} that is no count up to ${PATTERN_REPEAT_MAX}`);
    }
    this.#at += whole.length;
    return { min, max };
  }

  /** One item, several that repetition does not bind together (a quotation), or null where only flags changed. */
  #atom(): PatternNode | PatternNode[] | null {
    const char = this.#take();
    switch (char) {
      case '(':
        return this.#group();
      case '[':
        return this.#charClass();
      case '.':
        return this.#set({ ranges: this.#flags.dotTakesLineEnd ? [] : [[10, 10]], classes: [] }, true);
      case '^':
        return { kind: 'assertion', what: this.#flags.multiline ? 'line start' : 'text start' };
      case '$':
        return { kind: 'assertion', what: this.#flags.multiline ? 'line end' : 'text end' };
      case '*':
      case '+':
      case '?':
        throw new PatternError(`has a "${char}" that repeats nothing`);
      case '\\':
        return this.#escape();
      default:
        return this.#literal(char);
    }
  }

  #set(parts: SetParts, negated: boolean): PatternNode {
    return { kind: 'char', set: { ...parts, negated, ignoreCase: this.#flags.ignoreCase } };
  }

  #literal(char: string): PatternNode {
    const code = char.codePointAt(0)!;
    return this.#set({ ranges: [[code, code]], classes: [] }, false);
  }

  #group(): PatternNode | null {
    this.#depth += 1;
    if (this.#depth > PATTERN_DEPTH_MAX) throw new PatternError(`nests deeper than ${PATTERN_DEPTH_MAX} groups`);
    const before = this.#flags;
    if (this.#takes('?')) {
      const named = this.#takes('P<') || this.#takes('<');
      if (named) this.#name();
      else if (this.#flagGroup()) {
        this.#depth -= 1;
        return null;
      }
    }
    const node = this.#choice();
    if (!this.#takes(')')) throw new PatternError('has a "(" that is never closed');
    this.#flags = before;
    this.#depth -= 1;
    return node;
  }

  #name(): void {
    let name = '';
    for (let char = this.#take(); char !== '>'; char = this.#take()) name += char;
    if (!/^\w+$/.test(name)) throw new PatternError(`has a group named "${name}"`);
  }

  /** Whether the flags stand alone, as in (?i), and hold for the rest of the group around. */
  #flagGroup(): boolean {
    const next = { ...this.#flags };
    let value = true;
    let seen = 0;
    for (let char = this.#take(); ; char = this.#take()) {
      if (char === ':' || char === ')') {
        if (!value && seen === 0) throw new PatternError('has flags that are none');
        this.#flags = next;
        return char === ')';
      }
      seen += 1;
      if (char === 'i') next.ignoreCase = value;
      else if (char === 'm') next.multiline = value;
      else if (char === 's') next.dotTakesLineEnd = value;
      else if (char === '-' && value) {
        value = false;
        seen = 0;
      } else if (char === 'U') next.isLazy = value;
      else throw new PatternError(`has a group that begins with "(?${char}"`);
    }
  }

  #escape(): PatternNode | PatternNode[] {
    const char = this.#take();
    const what = ASSERTIONS[char];
    if (what !== undefined) return { kind: 'assertion', what };
    if (char === 'Q') return this.#quotation();
    const parts = this.#escapedClass(char);
    if (parts !== null) return this.#set(parts, false);
    const code = this.#escapedCode(char);
    return this.#set({ ranges: [[code, code]], classes: [] }, false);
  }

  #quotation(): PatternNode[] {
    const items: PatternNode[] = [];
    while (this.#at < this.#chars.length && !this.#takes('\\E')) items.push(this.#literal(this.#take()));
    const last = items.pop();
    return last === undefined ? [] : [...items, this.#repeated(last)];
  }

  #escapedClass(char: string): SetParts | null {
    const perl = PERL[char.toLowerCase()];
    if (perl !== undefined) return { ranges: char === char.toLowerCase() ? [...perl] : complement(perl), classes: [] };
    if (char !== 'p' && char !== 'P') return null;
    let name = this.#take();
    if (name === '{') {
      name = '';
      for (let next = this.#take(); next !== '}'; next = this.#take()) name += next;
    }
    const inverted = name.startsWith('^');
    const test = unicodeClass(inverted ? name.slice(1) : name);
    return { ranges: [], classes: [{ test, negated: (char === 'P') !== inverted }] };
  }

  #escapedCode(char: string): number {
    const control = CONTROL[char];
    if (control !== undefined) return control;
    if (char === 'x') return this.#hexCode();
    if (/[0-7]/.test(char)) return this.#octalCode(char);
    if (/[0-9A-Za-z]/.test(char)) throw new PatternError(`has an escape "\\${char}" that means nothing`);
    return char.codePointAt(0)!;
  }

  #hexCode(): number {
    let digits = '';
    if (this.#takes('{')) for (let next = this.#take(); next !== '}'; next = this.#take()) digits += next;
    else digits = this.#take() + this.#take();
    const code = /^[0-9A-Fa-f]{1,8}$/.test(digits) ? Number.parseInt(digits, 16) : LAST + 1;
    if (code > LAST) throw new PatternError(`has an escape "\\x{${digits}}" that is no character`);
    return code;
  }

  #octalCode(first: string): number {
    if (first !== '0' && !/[0-7]/.test(this.#peek() ?? '')) throw new PatternError('refers back to a group');
    let digits = first;
    while (digits.length < 3 && /[0-7]/.test(this.#peek() ?? '')) digits += this.#take();
    return Number.parseInt(digits, 8);
  }

  #charClass(): PatternNode {
    const negated = this.#takes('^');
    const parts: SetParts = { ranges: [], classes: [] };
    for (let isFirst = true; isFirst || this.#peek() !== ']'; isFirst = false) this.#classItem(parts);
    this.#take();
    return this.#set(parts, negated);
  }

  #classItem(parts: SetParts): void {
    if (this.#takes('[:')) {
      let name = '';
      for (let next = this.#take(); next !== ':'; next = this.#take()) name += next;
      const inverted = name.startsWith('^');
      const ranges = POSIX[inverted ? name.slice(1) : name];
      if (ranges === undefined || !this.#takes(']')) throw new PatternError(`has a class [:${name}:] that is none`);
      parts.ranges.push(...(inverted ? complement(ranges) : ranges));
      return;
    }
    const low = this.#classChar(parts);
    if (low === null) return;
    let high: number | null = low;
    if (this.#peek() === '-' && this.#peek(1) !== ']' && this.#peek(1) !== undefined) {
      this.#take();
      high = this.#classChar(null);
    }
    if (high === null || high < low) throw new PatternError('has a range that ends before it begins');
    parts.ranges.push([low, high]);
  }

  /** One character of a class, or null where it was a class of its own and was added. */
  #classChar(parts: SetParts | null): number | null {
    const char = this.#take();
    if (char !== '\\') return char.codePointAt(0)!;
    const escaped = this.#take();
    const own = this.#escapedClass(escaped);
    if (own === null) return this.#escapedCode(escaped);
    if (parts === null) throw new PatternError('has a range that ends in a class');
    parts.ranges.push(...own.ranges);
    parts.classes.push(...own.classes);
    return null;
  }
}

/** General categories by their short names, scripts by their long ones. */
function unicodeClass(name: string): RegExp {
  if (/^[A-Za-z_]+$/.test(name)) {
    for (const property of [name, `Script=${name}`]) {
      try {
        return new RegExp(`^\\p{${property}}$`, 'u');
      } catch {
        // Neither language knows it under this name.
      }
    }
  }
  throw new PatternError(`has a class of characters named "${name}"`);
}
