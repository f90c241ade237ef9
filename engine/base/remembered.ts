// Answers about texts that come back again and again: sizes, placements written out in annotations, names of kinds.

/** So many answers are kept before all are forgotten. */
const KEPT_MAX = 1_024;
/** Whoever writes longer texts writes each of them once. */
const LENGTH_MAX = 4_096;

/** The same function, which must depend on nothing but the text; nobody may change what it answers. */
export function remembered<T>(answer: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined || known.has(text)) return before as T;
    const found = answer(text);
    if (text.length > LENGTH_MAX) return found;
    if (known.size === KEPT_MAX) known.clear();
    known.set(text, found);
    return found;
  };
}
