// Regular expressions that cannot be made to run for ever: every state is followed at once, so that a text costs its
// length times the pattern's, whatever the two are. Texts of others' patterns may not go to JavaScript's own.
import { PATTERN_STEPS_MAX } from './limits.ts';
import { type Assertion, type CharSet, PatternError, type PatternNode, parsePattern } from './pattern-syntax.ts';

type Step =
  | { readonly op: 'char'; readonly set: CharSet }
  | { readonly op: 'assertion'; readonly what: Assertion }
  | { op: 'fork'; to: number; or: number }
  | { op: 'jump'; to: number }
  | { readonly op: 'match' };

/** A part of a text, and how far the text was read to find it. */
export interface Find {
  readonly start: number;
  readonly end: number;
  readonly readTo: number;
}

export class Pattern {
  readonly #steps: readonly Step[];

  private constructor(steps: readonly Step[]) {
    this.#steps = steps;
  }

  /** The pattern, or why it is none. */
  static read(source: string): Pattern | PatternError {
    try {
      const steps: Step[] = [];
      emit(parsePattern(source), steps);
      push(steps, { op: 'match' });
      return new Pattern(steps);
    } catch (error) {
      if (error instanceof PatternError) return error;
      throw error;
    }
  }

  /** Whether the pattern is found anywhere in the text. */
  isIn(text: string): boolean {
    const codes = Array.from(text, (char) => char.codePointAt(0)!);
    let current = new States(this.#steps.length);
    let next = new States(this.#steps.length);
    for (let at = 0; at <= codes.length; at += 1) {
      if (this.#follow(0, at, codes, current)) return true;
      if (at === codes.length) break;
      for (let place = 0; place < current.size; place += 1) {
        const state = current.at(place);
        const step = this.#steps[state]!;
        if (step.op !== 'char' || !accepts(step.set, codes[at]!)) continue;
        if (this.#follow(state + 1, at + 1, codes, next)) return true;
      }
      [current, next] = [next, current];
      next.clear();
    }
    return false;
  }

  /** What the pattern takes of the text at the first place from there where it takes anything, as a Perl user expects. */
  find(codes: readonly number[], from = 0): Find | null {
    let current = new States(this.#steps.length);
    let next = new States(this.#steps.length);
    let found: Find | null = null;
    for (let at = from; at <= codes.length; at += 1) {
      if (found === null) this.#follow(0, at, codes, current, at);
      else if (current.size === 0) break;
      for (let place = 0; place < current.size; place += 1) {
        const state = current.at(place);
        const step = this.#steps[state]!;
        if (step.op === 'match') {
          // Whatever comes later in the list was wanted less.
          found = { start: current.startOf(place), end: at, readTo: at };
          break;
        }
        if (step.op !== 'char' || at === codes.length || !accepts(step.set, codes[at]!)) continue;
        this.#follow(state + 1, at + 1, codes, next, current.startOf(place));
      }
      if (found !== null) found = { ...found, readTo: at };
      [current, next] = [next, current];
      next.clear();
    }
    return found;
  }

  /** Adds all states reachable without a character; true where one of them is the end. */
  #follow(first: number, at: number, codes: readonly number[], states: States, start = 0): boolean {
    const open = [first];
    let ends = false;
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      if (!states.add(state, start)) continue;
      const step = this.#steps[state]!;
      if (step.op === 'match') ends = true;
      if (step.op === 'jump') open.push(step.to);
      else if (step.op === 'fork') open.push(step.or, step.to);
      else if (step.op === 'assertion' && holds(step.what, at, codes)) open.push(state + 1);
    }
    return ends;
  }
}

/** A set of states that keeps their order and where each began, and is emptied at no cost. */
class States {
  readonly #list: Uint32Array;
  readonly #starts: Uint32Array;
  readonly #seen: Uint32Array;
  #round = 1;
  size = 0;

  constructor(capacity: number) {
    this.#list = new Uint32Array(capacity);
    this.#starts = new Uint32Array(capacity);
    this.#seen = new Uint32Array(capacity);
  }

  at(place: number): number {
    return this.#list[place]!;
  }

  startOf(place: number): number {
    return this.#starts[place]!;
  }

  add(state: number, start: number): boolean {
    if (this.#seen[state] === this.#round) return false;
    this.#seen[state] = this.#round;
    this.#list[this.size] = state;
    this.#starts[this.size] = start;
    this.size += 1;
    return true;
  }

  clear(): void {
    this.#round += 1;
    this.size = 0;
  }
}

function push(steps: Step[], step: Step): number {
  if (steps.length >= PATTERN_STEPS_MAX) throw new PatternError(`unfolds into more than ${PATTERN_STEPS_MAX} steps`);
  return steps.push(step) - 1;
}

function emit(node: PatternNode, steps: Step[]): void {
  switch (node.kind) {
    case 'char':
      push(steps, { op: 'char', set: node.set });
      return;
    case 'assertion':
      push(steps, { op: 'assertion', what: node.what });
      return;
    case 'sequence':
      for (const item of node.items) emit(item, steps);
      return;
    case 'choice':
      emitChoice(node.items, steps);
      return;
    case 'repeat':
      emitRepeat(node, steps);
  }
}

function emitChoice(items: readonly PatternNode[], steps: Step[]): void {
  const exits: { to: number }[] = [];
  items.forEach((item, at) => {
    if (at === items.length - 1) {
      emit(item, steps);
      return;
    }
    const fork = { op: 'fork' as const, to: 0, or: 0 };
    fork.to = push(steps, fork) + 1;
    emit(item, steps);
    const exit = { op: 'jump' as const, to: 0 };
    push(steps, exit);
    exits.push(exit);
    fork.or = steps.length;
  });
  for (const exit of exits) exit.to = steps.length;
}

interface Fork {
  readonly op: 'fork';
  to: number;
  or: number;
}

type Repeat = Extract<PatternNode, { kind: 'repeat' }>;

function emitRepeat({ item, min, max, isLazy }: Repeat, steps: Step[]): void {
  for (let count = 0; count < min; count += 1) emit(item, steps);
  const forks: Fork[] = [];
  const before = steps.length;
  for (let count = min; count < (max ?? min + 1); count += 1) {
    const fork: Fork = { op: 'fork', to: 0, or: 0 };
    fork[isLazy ? 'or' : 'to'] = push(steps, fork) + 1;
    forks.push(fork);
    emit(item, steps);
  }
  if (max === null) push(steps, { op: 'jump', to: before });
  for (const fork of forks) fork[isLazy ? 'to' : 'or'] = steps.length;
}

function accepts(set: CharSet, code: number): boolean {
  if (!set.ignoreCase) return holdsCode(set, code) !== set.negated;
  const char = String.fromCodePoint(code);
  const forms = [code, char.toLowerCase().codePointAt(0)!, char.toUpperCase().codePointAt(0)!];
  return forms.some((form) => holdsCode(set, form)) !== set.negated;
}

const holdsCode = ({ ranges, classes }: CharSet, code: number): boolean =>
  ranges.some(([low, high]) => code >= low && code <= high) ||
  classes.some(({ test, negated }) => test.test(String.fromCodePoint(code)) !== negated);

const LINE_END = 10;

function holds(what: Assertion, at: number, codes: readonly number[]): boolean {
  switch (what) {
    case 'text start':
      return at === 0;
    case 'text end':
      return at === codes.length;
    case 'line start':
      return at === 0 || codes[at - 1] === LINE_END;
    case 'line end':
      return at === codes.length || codes[at] === LINE_END;
    case 'word edge':
      return isWord(codes[at - 1]) !== isWord(codes[at]);
    case 'no word edge':
      return isWord(codes[at - 1]) === isWord(codes[at]);
  }
}

const isWord = (code: number | undefined): boolean => code !== undefined && /^\w$/.test(String.fromCodePoint(code));
