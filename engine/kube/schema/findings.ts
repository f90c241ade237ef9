// What a validation has found so far: a bounded list; and the patterns that are known.
import type { Limits } from '../../base/limits.ts';
import { type FieldError, joinPath } from '../field-error.ts';
import type { PatternMemory } from './pattern-memory.ts';

/** `field` is where problems are told; `body` is how their sentences name the place. */
export interface Place {
  readonly field: string;
  readonly body: string;
}

export const below = (place: Place, step: string): Place => ({
  field: joinPath(place.field, step),
  body: joinPath(place.body, step),
});

export class Findings {
  readonly limits: Limits;
  readonly patterns: PatternMemory;
  readonly errors: FieldError[] = [];

  constructor(limits: Limits, patterns: PatternMemory) {
    this.limits = limits;
    this.patterns = patterns;
  }

  get isFull(): boolean {
    return this.errors.length >= this.limits.problemsMax;
  }

  add(...errors: readonly FieldError[]): void {
    for (const error of errors) if (!this.isFull) this.errors.push(error);
  }

  /** The same limits and patterns, nothing found: to try an alternative. */
  fresh(): Findings {
    return new Findings(this.limits, this.patterns);
  }
}
