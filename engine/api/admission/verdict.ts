// What admission says of an object: its completed form, every mistake, and what will surprise.
import type { ShapeProblem } from '../../base/shape.ts';

export type Warn = (path: string, message: string) => void;

export interface Admission<T> {
  /** With defaults filled in; what was given where there are problems. */
  readonly object: T;
  readonly problems: readonly ShapeProblem[];
  readonly warnings: readonly ShapeProblem[];
}
