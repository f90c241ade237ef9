// Shapes of JSON documents: says where a value read from outside departs from what it should be, and what would be right.
import { own } from './own.ts';
import { remembered } from './remembered.ts';

export interface ShapeProblem {
  /** As a reader would find it: `clusters[2].metadata.name`; empty for the document itself. */
  readonly path: string;
  /** "is a number, and should be a text". */
  readonly message: string;
}

/** Where shapes put what they find. */
export interface ShapeProblems {
  /** Of all that were found. */
  readonly length: number;
  push(problem: ShapeProblem): unknown;
}

/** Adds what is wrong with the value; adds nothing where it is right. */
export type Shape = (value: unknown, path: string, problems: ShapeProblems) => void;

/** Counts all, and keeps the first: a document of a million wrong entries shall not become a million sentences. */
export class ProblemTally implements ShapeProblems {
  readonly kept: ShapeProblem[] = [];
  readonly #keep: number;
  #found = 0;

  constructor(keep: number) {
    this.#keep = keep;
  }

  get length(): number {
    return this.#found;
  }

  push(problem: ShapeProblem): void {
    this.#found += 1;
    if (this.kept.length < this.#keep) this.kept.push(problem);
  }
}

/** Nobody reads more. */
const PROBLEMS_MAX = 20;

/** The first that is wrong with a document; the last entry says how much more there is. */
export function problemsOf(shape: Shape, document: unknown): readonly ShapeProblem[] {
  const tally = new ProblemTally(PROBLEMS_MAX);
  shape(document, '', tally);
  const more = tally.length - tally.kept.length;
  return more === 0
    ? tally.kept
    : [...tally.kept, { path: '', message: `has ${more} more ${more === 1 ? 'mistake' : 'mistakes'}` }];
}

export const formatProblem = ({ path, message }: ShapeProblem): string =>
  path === '' ? `the document ${message}` : `${path} ${message}`;

/** The path of a field below another; keys that are no plain words are quoted. */
export const fieldPath = (path: string, key: string): string => pathBelow(path, key, stepTo(key));

const pathBelow = (path: string, key: string, step: string): string =>
  path === '' && step.startsWith('.') ? key : path + step;

const stepTo = remembered((key: string): string =>
  /^[A-Za-z_$][\w$-]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`,
);

/** A test of one value, with the words for what would be right: "should be a text". */
export const scalar =
  (expected: string, isRight: (value: unknown) => boolean): Shape =>
  (value, path, problems) => {
    if (!isRight(value)) problems.push({ path, message: `is ${shown(value)}, and should be ${expected}` });
  };

export const text = scalar('a text', (value) => typeof value === 'string');
export const flag = scalar('true or false', (value) => typeof value === 'boolean');
export const anything: Shape = () => {};

export const filledText = scalar('a text that is not empty', (value) => typeof value === 'string' && value !== '');

export const decimal = (min: number, max: number): Shape =>
  scalar(
    `a number from ${min} to ${max}`,
    (value) => typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max,
  );

export const wholeNumber = (min: number, max: number): Shape =>
  scalar(
    `a whole number from ${min} to ${max}`,
    (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
  );

export const oneOf = (...words: readonly string[]): Shape =>
  scalar(`one of ${words.join(', ')}`, (value) => typeof value === 'string' && words.includes(value));

export const listOf =
  (item: Shape): Shape =>
  (value, path, problems) => {
    if (!Array.isArray(value)) {
      problems.push({ path, message: `is ${shown(value)}, and should be a list` });
      return;
    }
    for (let at = 0; at < value.length; at += 1) item(value[at], `${path}[${at}]`, problems);
  };

/** An object whose keys are free. */
export const mapOf =
  (item: Shape): Shape =>
  (value, path, problems) => {
    if (!isRecord(value)) {
      problems.push({ path, message: `is ${shown(value)}, and should be an object` });
      return;
    }
    for (const key of Object.keys(value)) item(value[key], fieldPath(path, key), problems);
  };

/** An object of these fields; optional ones may be absent or null, and fields that are not named are not looked at. */
export function fields(
  required: Readonly<Record<string, Shape>>,
  optional: Readonly<Record<string, Shape>> = {},
): Shape {
  const needed = stepsOf(required);
  const others = stepsOf(optional);
  return (value, path, problems) => {
    if (!isRecord(value)) {
      problems.push({ path, message: `is ${shown(value)}, and should be an object` });
      return;
    }
    for (const { key, step, shape } of needed) {
      const found = own(value, key);
      if (found === undefined) problems.push({ path: pathBelow(path, key, step), message: 'is missing' });
      else shape(found, pathBelow(path, key, step), problems);
    }
    for (const { key, step, shape } of others) {
      const found = own(value, key);
      if (found !== undefined && found !== null) shape(found, pathBelow(path, key, step), problems);
    }
  };
}

const stepsOf = (named: Readonly<Record<string, Shape>>) =>
  Object.entries(named).map(([key, shape]) => ({ key, step: stepTo(key), shape }));

/** As `fields`, and every other field is a mistake: for documents that only people write. */
export function onlyFields(
  required: Readonly<Record<string, Shape>>,
  optional: Readonly<Record<string, Shape>> = {},
): Shape {
  const named = fields(required, optional);
  const known = new Set([...Object.keys(required), ...Object.keys(optional)]);
  return (value, path, problems) => {
    named(value, path, problems);
    if (!isRecord(value)) return;
    for (const key of Object.keys(value)) {
      if (known.has(key)) continue;
      problems.push({ path: fieldPath(path, key), message: `is unknown here; known are ${[...known].join(', ')}` });
    }
  };
}

/** As the shape; what nobody can change any more and was found right is not looked at again, however many documents share it. */
export function unlessKnown(shape: Shape): Shape {
  const right = new WeakSet<object>();
  return (value, path, problems) => {
    const lasting = typeof value === 'object' && value !== null && Object.isFrozen(value) ? value : null;
    if (lasting !== null && right.has(lasting)) return;
    const found = problems.length;
    shape(value, path, problems);
    if (lasting !== null && problems.length === found) right.add(lasting);
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const SHOWN_MAX = 40;

/** Short values themselves, long ones by their kind. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  const written = JSON.stringify(value) ?? String(value);
  return written.length <= SHOWN_MAX ? written : `${written.slice(0, SHOWN_MAX)}...`;
}
