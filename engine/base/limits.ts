// The maxima that keep one hostile or mistaken document from costing more than its answer; tests may make them tiny.

export interface Limits {
  /** Levels of objects and lists in one document, or of schemas in one schema. */
  readonly depthMax: number;
  /** Problems told of one document: nobody reads more. */
  readonly problemsMax: number;
  /** Characters of a text that a pattern is held against. */
  readonly patternTextMax: number;
}

export const LIMITS: Limits = { depthMax: 512, problemsMax: 100, patternTextMax: 16_384 };

/** Patterns that are kept once they are read, and of each what it said of so many texts. */
export const PATTERNS_KEPT_MAX = 1_000;
export const PATTERN_VERDICTS_KEPT_MAX = 1_000;

/** Steps into which one pattern may unfold: counted repetitions multiply. */
export const PATTERN_STEPS_MAX = 4_000;
/** As in Go, no repetition counts higher. */
export const PATTERN_REPEAT_MAX = 1_000;
/** Groups within groups of one pattern. */
export const PATTERN_DEPTH_MAX = 200;
/** Characters that one JSON patch may copy, all copies together. */
export const COPIED_SIZE_MAX = 3_145_728;
