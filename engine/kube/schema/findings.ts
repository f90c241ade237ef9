// What a validation has found so far: a bounded list.
import type { Limits } from '../../base/limits.ts';
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

  constructor(limits: Limits) {
    this.limits = limits;
  }

  get isFull(): boolean {
    return this.errors.length >= this.limits.problemsMax;
  }

  add(...errors: readonly FieldError[]): void {
    for (const error of errors) if (!this.isFull) this.errors.push(error);
  }

  /** The same limits, nothing found: to try an alternative. */
  fresh(): Findings {
    return new Findings(this.limits);
  }
}
