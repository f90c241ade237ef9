// Where our server is meant to answer differently from the recorded one, and why.

export interface Difference {
  readonly reason: string;
  /** The request: method and URL. */
  readonly request: RegExp;
  /** The place of the difference within the answer; everything where it is left out. */
  readonly at?: RegExp;
  readonly topics?: readonly string[];
}

export const differences: readonly Difference[] = [];
