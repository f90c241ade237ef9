// Whether what several clients saw of one register can be put into one order that respects time: every operation takes effect
// at one moment between its beginning and its end. The search is Wing and Gong's, with Lowe's memory of what was tried.

/** Null for a register that does not exist. Values are never written twice. */
export type Value = string | null;

export type Deed =
  | { readonly kind: 'read'; readonly found: Value }
  /** Compare and swap: to create expects null, to remove writes null. */
  | {
      readonly kind: 'swap';
      readonly expected: Value;
      readonly next: Value;
      /** `unknown` may have happened, at any time after its beginning, or not. */
      readonly outcome: 'done' | 'refused' | 'unknown';
    };

export interface Operation {
  readonly began: number;
  /** Infinity where nobody knows the end. */
  readonly ended: number;
  readonly deed: Deed;
}

/** The state after a deed, or undefined where it cannot have gone so. */
function after(state: Value, deed: Deed): Value | undefined {
  if (deed.kind === 'read') return deed.found === state ? state : undefined;
  const happens = deed.expected === state;
  if (deed.outcome === 'refused') return happens ? undefined : state;
  return happens ? deed.next : undefined;
}

export function isLinearizable(history: readonly Operation[], initial: Value = null): boolean {
  const operations = [...history].sort((a, b) => a.began - b.began);
  const isDone = new Array<boolean>(operations.length).fill(false);
  const tried = new Set<string>();
  const must = (index: number) => {
    const { deed } = operations[index]!;
    return !(deed.kind === 'swap' && deed.outcome === 'unknown');
  };
  const search = (state: Value): boolean => {
    const open = operations.map((_, index) => index).filter((index) => !isDone[index]);
    if (!open.some(must)) return true;
    const mark = `${isDone.map((done) => (done ? 1 : 0)).join('')} ${state}`;
    if (tried.has(mark)) return false;
    tried.add(mark);
    // Nothing takes effect after the end of something that has not yet.
    const horizon = Math.min(...open.filter(must).map((index) => operations[index]!.ended));
    for (const index of open) {
      const { began, deed } = operations[index]!;
      if (began > horizon) break;
      const next = after(state, deed);
      if (next === undefined) continue;
      isDone[index] = true;
      if (search(next)) return true;
      isDone[index] = false;
    }
    return false;
  };
  return search(initial);
}
