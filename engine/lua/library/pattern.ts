// Lua's patterns: where one is found in a text, and what it captured.
import { LuaError, type Purse } from '../value.ts';

export type Captured = string | number;

export interface Match {
  /** From the first char to before the last. */
  readonly start: number;
  readonly end: number;
  /** A place, counted from 1, for `()`. */
  readonly captures: readonly Captured[];
}

interface Open {
  readonly start: number;
  /** Null while it is open; before the start for a place. */
  end: number | null;
  readonly isPlace: boolean;
}

const DEPTH_MAX = 200;
const CAPTURES_MAX = 32;

/** The first match that begins at or after a place; null where there is none. */
export function findPattern(text: string, pattern: string, from: number, purse: Purse): Match | null {
  const isAnchored = pattern.startsWith('^');
  const begin = isAnchored ? 1 : 0;
  for (let start = from; start <= text.length; start += 1) {
    const matcher = new Matcher(text, pattern, purse);
    const end = matcher.match(start, begin);
    if (end !== null) return { start, end, captures: matcher.captures() };
    if (isAnchored) return null;
  }
  return null;
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  a: /[A-Za-z]/,
  c: /[^ -~\u0080-\u00ff]/,
  d: /[0-9]/,
  l: /[a-z]/,
  p: /[!-/:-@[-`{-~]/,
  s: /[\t-\r ]/,
  u: /[A-Z]/,
  w: /[A-Za-z0-9]/,
  x: /[A-Fa-f0-9]/,
  z: /\0/,
};

function isOfClass(char: string, letter: string): boolean {
  const known = CLASSES[letter.toLowerCase()];
  if (known === undefined) return char === letter;
  return known.test(char) === (letter === letter.toLowerCase());
}

class Matcher {
  readonly #text: string;
  readonly #pattern: string;
  readonly #purse: Purse;
  readonly #open: Open[] = [];
  #depth = 0;

  constructor(text: string, pattern: string, purse: Purse) {
    this.#text = text;
    this.#pattern = pattern;
    this.#purse = purse;
  }

  captures(): readonly Captured[] {
    return this.#open.map(({ start, end, isPlace }) => {
      if (end === null) throw new LuaError('the pattern opens a capture that it does not close');
      return isPlace ? start + 1 : this.#text.slice(start, end);
    });
  }

  /** The end of what matches the pattern from a place in both on; null where nothing does. */
  match(at: number, step: number): number | null {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw new LuaError('the pattern is too involved');
    const end = this.#matchHere(at, step);
    this.#depth -= 1;
    return end;
  }

  #matchHere(start: number, begin: number): number | null {
    let [at, step] = [start, begin];
    for (;;) {
      this.#purse.spend(1);
      if (step === this.#pattern.length) return at;
      const char = this.#pattern[step];
      if (char === '(') return this.#opened(at, step);
      if (char === ')') return this.#closed(at, step);
      if (char === '$' && step + 1 === this.#pattern.length) return at === this.#text.length ? at : null;
      if (char === '%') {
        const special = this.#pattern[step + 1] ?? '';
        if (special === 'b') return this.#balanced(at, step);
        if (special === 'f') {
          const after = this.#frontier(at, step);
          if (after === null) return null;
          step = after;
          continue;
        }
        if (/[0-9]/.test(special)) return this.#repeated(at, step, Number(special));
      }
      const after = this.#endOfItem(step);
      const suffix = this.#pattern[after];
      if (suffix === '*') return this.#most(at, step, after, 0);
      if (suffix === '+') return this.#most(at, step, after, 1);
      if (suffix === '-') return this.#fewest(at, step, after);
      const fits = this.#fits(at, step, after);
      if (suffix === '?') {
        const taken = fits ? this.match(at + 1, after + 1) : null;
        if (taken !== null) return taken;
        step = after + 1;
        continue;
      }
      if (!fits) return null;
      at += 1;
      step = after;
    }
  }

  #opened(at: number, step: number): number | null {
    const isPlace = this.#pattern[step + 1] === ')';
    if (this.#open.length === CAPTURES_MAX) throw new LuaError('the pattern has too many captures');
    this.#open.push({ start: at, end: isPlace ? at : null, isPlace });
    const end = this.match(at, step + (isPlace ? 2 : 1));
    if (end === null) this.#open.pop();
    return end;
  }

  #closed(at: number, step: number): number | null {
    const last = this.#open.findLast(({ end }) => end === null);
    if (last === undefined) throw new LuaError('the pattern closes a capture that it did not open');
    last.end = at;
    const end = this.match(at, step + 1);
    if (end === null) last.end = null;
    return end;
  }

  #balanced(at: number, step: number): number | null {
    const [opening, closing] = [this.#pattern[step + 2], this.#pattern[step + 3]];
    if (opening === undefined || closing === undefined) throw new LuaError('%b in a pattern wants two chars');
    if (this.#text[at] !== opening) return null;
    let depth = 1;
    for (let next = at + 1; next < this.#text.length; next += 1) {
      this.#purse.spend(1);
      if (this.#text[next] === closing) {
        depth -= 1;
        if (depth === 0) return this.match(next + 1, step + 4);
      } else if (this.#text[next] === opening) {
        depth += 1;
      }
    }
    return null;
  }

  /** The place in the pattern after it; null where this is no frontier. */
  #frontier(at: number, step: number): number | null {
    const set = step + 2;
    if (this.#pattern[set] !== '[') throw new LuaError('%f in a pattern wants a set');
    const after = this.#endOfItem(set);
    const [before, here] = [this.#text[at - 1] ?? '\0', this.#text[at] ?? '\0'];
    return !this.#isInSet(before, set, after) && this.#isInSet(here, set, after) ? after : null;
  }

  #repeated(at: number, step: number, number: number): number | null {
    const captured = this.#open[number - 1];
    if (captured === undefined || captured.end === null)
      throw new LuaError(`the pattern has no capture %${number} yet`);
    const text = this.#text.slice(captured.start, captured.end);
    return this.#text.startsWith(text, at) ? this.match(at + text.length, step + 2) : null;
  }

  #most(at: number, step: number, after: number, least: number): number | null {
    let count = 0;
    while (this.#fits(at + count, step, after)) count += 1;
    this.#purse.spend(count);
    for (; count >= least; count -= 1) {
      const end = this.match(at + count, after + 1);
      if (end !== null) return end;
    }
    return null;
  }

  #fewest(start: number, step: number, after: number): number | null {
    for (let at = start; ; at += 1) {
      const end = this.match(at, after + 1);
      if (end !== null) return end;
      if (!this.#fits(at, step, after)) return null;
    }
  }

  #endOfItem(step: number): number {
    const char = this.#pattern[step];
    if (char === '%') {
      if (step + 1 === this.#pattern.length) throw new LuaError('the pattern ends with %');
      return step + 2;
    }
    if (char !== '[') return step + 1;
    let at = step + (this.#pattern[step + 1] === '^' ? 2 : 1);
    do {
      if (at >= this.#pattern.length) throw new LuaError('the pattern has a set without an end');
      at += this.#pattern[at] === '%' ? 2 : 1;
    } while (this.#pattern[at] !== ']');
    return at + 1;
  }

  #fits(at: number, step: number, after: number): boolean {
    const char = this.#text[at];
    if (char === undefined) return false;
    switch (this.#pattern[step]) {
      case '.':
        return true;
      case '%':
        return isOfClass(char, this.#pattern[step + 1] ?? '');
      case '[':
        return this.#isInSet(char, step, after);
      default:
        return char === this.#pattern[step];
    }
  }

  #isInSet(char: string, step: number, after: number): boolean {
    const end = after - 1;
    const isOther = this.#pattern[step + 1] === '^';
    for (let at = step + (isOther ? 2 : 1); at < end; at += 1) {
      const item = this.#pattern[at]!;
      if (item === '%') {
        at += 1;
        if (isOfClass(char, this.#pattern[at] ?? '')) return !isOther;
      } else if (this.#pattern[at + 1] === '-' && at + 2 < end) {
        if (item <= char && char <= this.#pattern[at + 2]!) return !isOther;
        at += 2;
      } else if (item === char) {
        return !isOther;
      }
    }
    return isOther;
  }
}
