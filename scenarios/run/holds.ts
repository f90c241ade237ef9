// What is wrong with clusters for now: each trouble ends once, after its time or when its cluster is released.
import type { Millis } from '../../engine/index.ts';

type End = () => void;

export class Holds {
  readonly #after: (ms: Millis, run: () => void) => void;
  readonly #byCluster = new Map<string, Set<End>>();

  constructor(after: (ms: Millis, run: () => void) => void) {
    this.#after = after;
  }

  /** Until it is released where there is no time. */
  hold(cluster: string, end: End, forMs: Millis | null): void {
    const held = this.#byCluster.get(cluster) ?? new Set();
    this.#byCluster.set(cluster, held.add(end));
    if (forMs === null) return;
    this.#after(forMs, () => {
      if (held.delete(end)) end();
    });
  }

  /** Tells how many troubles that ended. */
  release(clusters: readonly string[]): number {
    let ended = 0;
    for (const name of clusters) {
      const held = this.#byCluster.get(name) ?? new Set();
      this.#byCluster.delete(name);
      ended += held.size;
      for (const end of held) end();
      held.clear();
    }
    return ended;
  }

  releaseAll(): void {
    this.release([...this.#byCluster.keys()]);
  }

  isHeld(cluster: string): boolean {
    return (this.#byCluster.get(cluster)?.size ?? 0) > 0;
  }
}
