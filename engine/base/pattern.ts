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

  /** Adds all states reachable without a character; true where one of them is the end. */
  #follow(start: number, at: number, codes: readonly number[], states: States): boolean {
    const open = [start];
    for (let state = open.pop(); state !== undefined; state = open.pop()) {
      if (!states.add(state)) continue;
      const step = this.#steps[state]!;
      if (step.op === 'match') return true;
      if (step.op === 'jump') open.push(step.to);
      else if (step.op === 'fork') open.push(step.or, step.to);
      else if (step.op === 'assertion' && holds(step.what, at, codes)) open.push(state + 1);
    }
    return false;
  }
}

/** A set of states that keeps their order and is emptied at no cost. */
class States {
  readonly #list: Uint32Array;
  readonly #seen: Uint32Array;
  #round = 1;
  size = 0;

  constructor(capacity: number) {
    this.#list = new Uint32Array(capacity);
    this.#seen = new Uint32Array(capacity);
  }

  at(place: number): number {
    return this.#list[place]!;
  }

  add(state: number): boolean {
    if (this.#seen[state] === this.#round) return false;
    this.#seen[state] = this.#round;
    this.#list[this.size] = state;
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
      emitRepeat(node.item, node.min, node.max, steps);
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

function emitRepeat(item: PatternNode, min: number, max: number | null, steps: Step[]): void {
  for (let count = 0; count < min; count += 1) emit(item, steps);
  if (max === null) {
    const fork = { op: 'fork' as const, to: 0, or: 0 };
    const at = push(steps, fork);
    fork.to = at + 1;
    emit(item, steps);
    push(steps, { op: 'jump', to: at });
    fork.or = steps.length;
    return;
  }
  const forks: { or: number }[] = [];
  for (let count = min; count < max; count += 1) {
    const fork = { op: 'fork' as const, to: 0, or: 0 };
    fork.to = push(steps, fork) + 1;
    forks.push(fork);
    emit(item, steps);
  }
  for (const fork of forks) fork.or = steps.length;
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
