// Answers about what comes back again and again: texts such as sizes and placements written out in annotations, and parts that
// many objects share.

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

/** The same for what nobody changes any more; forgotten with it. */
export function rememberedOf<K extends object, T>(answer: (key: K) => T): (key: K) => T {
  const known = new WeakMap<K, { readonly found: T }>();
  return (key) => {
    let kept = known.get(key);
    if (kept === undefined) {
      kept = { found: answer(key) };
      known.set(key, kept);
    }
    return kept.found;
  };
}

/** The same for what everybody asks of one thing before anybody asks of the next: only the last answer is kept. */
export function rememberedLast<K extends object, T>(answer: (key: K) => T): (key: K) => T {
  let last: { readonly key: K; readonly found: T } | null = null;
  return (key) => {
    if (last?.key !== key) last = { key, found: answer(key) };
    return last.found;
  };
}
