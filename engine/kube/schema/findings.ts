// What a validation has found so far: a bounded list, and the patterns that it has read already.
import type { Limits } from '../../base/limits.ts';
import { Pattern } from '../../base/pattern.ts';
import { PatternError } from '../../base/pattern-syntax.ts';
import { type FieldError, joinPath } from '../field-error.ts';

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
  readonly errors: FieldError[] = [];
  readonly #patterns: Map<string, Pattern | null>;

  constructor(limits: Limits, patterns = new Map<string, Pattern | null>()) {
    this.limits = limits;
    this.#patterns = patterns;
  }

  get isFull(): boolean {
    return this.errors.length >= this.limits.problemsMax;
  }

  add(...errors: readonly FieldError[]): void {
    for (const error of errors) if (!this.isFull) this.errors.push(error);
  }

  /** The same limits and patterns, nothing found: to try an alternative. */
  fresh(): Findings {
    return new Findings(this.limits, this.#patterns);
  }

  /** Null where Go would refuse the pattern: it was refused with its schema, and holds nothing against a value. */
  pattern(source: string): Pattern | null {
    let pattern = this.#patterns.get(source);
    if (pattern === undefined) {
      const read = Pattern.read(source);
      pattern = read instanceof PatternError ? null : read;
      this.#patterns.set(source, pattern);
    }
    return pattern;
  }
}
