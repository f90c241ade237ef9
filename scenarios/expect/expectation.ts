// What a scenario expects: when, and a condition over named facts, compiled when the file was loaded.
import type { Place } from '../../executor/files/file-problem.ts';
import type { Value } from '../../executor/script/expression.ts';
import type { Facts } from './facts.ts';
import type { Moment } from './moment.ts';

/** A fact that a condition reads, with the words for it: `ready("web")`. */
export interface FactRead {
  /** Of the fact: `ready`. */
  readonly name: string;
  readonly text: string;
  readonly value: (facts: Facts) => Value | undefined;
}

export interface Condition {
  readonly text: string;
  readonly reads: readonly FactRead[];
  /** What has to change before its answer can. */
  readonly topics: ReadonlySet<string>;
  readonly holds: (facts: Facts) => boolean;
}

export interface Expectation {
  /** The author's id, or moment and condition as they stand in the file. */
  readonly name: string;
  readonly moment: Moment;
  readonly condition: Condition;
  /** Judged with this profile only; null for all. */
  readonly profile: string | null;
  readonly because: string | null;
  readonly place: Place;
}
