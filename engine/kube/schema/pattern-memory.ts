// Patterns that schemas demand, read once, with what they said of short texts: most objects repeat what others said before. Whoever
// validates many objects keeps one.
import { PATTERN_VERDICTS_KEPT_MAX, PATTERNS_KEPT_MAX } from '../../base/limits.ts';
import { Pattern } from '../../base/pattern.ts';
import { PatternError } from '../../base/pattern-syntax.ts';

export interface KnownPattern {
  isIn(text: string): boolean;
}

/** Longer texts are seldom told twice. */
const TEXT_MAX = 64;

export class PatternMemory {
  readonly #known = new Map<string, KnownPattern | null>();

  /** Null where Go would refuse the pattern: it was refused with its schema, and holds nothing against a value. */
  find(source: string): KnownPattern | null {
    const found = this.#known.get(source);
    if (found !== undefined) return found;
    const read = Pattern.read(source);
    const pattern = read instanceof PatternError ? null : remembering(read);
    // Schemas come and go; whoever sends one after the other is not to fill the memory.
    if (this.#known.size >= PATTERNS_KEPT_MAX) this.#known.clear();
    this.#known.set(source, pattern);
    return pattern;
  }
}

function remembering(pattern: Pattern): KnownPattern {
  const verdicts = new Map<string, boolean>();
  return {
    isIn(text) {
      if (text.length > TEXT_MAX) return pattern.isIn(text);
      const told = verdicts.get(text);
      if (told !== undefined) return told;
      const verdict = pattern.isIn(text);
      if (verdicts.size >= PATTERN_VERDICTS_KEPT_MAX) verdicts.clear();
      verdicts.set(text, verdict);
      return verdict;
    },
  };
}
