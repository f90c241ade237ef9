// One phase for many clusters: the worst that any of them reports.

/** Null when no known phase is among them. */
export const worstPhase = (phases: readonly (string | undefined)[], worstFirst: readonly string[]): string | null =>
  worstFirst.find((phase) => phases.includes(phase)) ?? null;
