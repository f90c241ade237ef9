// Finds the candidates of one binding: the open clusters, those it may keep, less those it is being evicted from.
import type { ResourceBindingSpec, TargetCluster } from '../../api/binding.ts';
import { byNumber } from '../../base/order.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Candidates } from './candidates.ts';
import type { CompiledPlacement } from './compiled-placement.ts';

export class CandidateFinder {
  readonly #fleet: Fleet;
  readonly #candidates: Candidates;
  #hasKept = false;

  constructor(fleet: Fleet, candidates: Candidates) {
    this.#fleet = fleet;
    this.#candidates = candidates;
  }

  /** Notes what runs where. False where a cluster is named twice: only the readable path knows what that means. */
  mark(previous: readonly TargetCluster[]): boolean {
    const { previous: replicas, isPrevious } = this.#candidates;
    for (const target of previous) {
      const index = this.#fleet.indexOf(target.name);
      if (index === undefined) continue;
      if (isPrevious[index] === 1) {
        this.unmark(previous);
        return false;
      }
      isPrevious[index] = 1;
      replicas[index] = target.replicas ?? 0;
    }
    return true;
  }

  unmark(previous: readonly TargetCluster[]): void {
    for (const { name } of previous) {
      const index = this.#fleet.indexOf(name);
      if (index !== undefined) this.#candidates.isPrevious[index] = 0;
    }
  }

  /** Clusters that take nothing new get no more; the room of the candidates must be known. */
  close(compiled: CompiledPlacement): void {
    const { indices, isPrevious, room, size } = this.#candidates;
    if (!this.#hasKept) return;
    for (let at = 0; at < size; at += 1) {
      const index = indices[at]!;
      if (isPrevious[index] === 1 && !compiled.isOpen(index)) room[at] = 0;
    }
  }

  /** Fills in the candidates by rising index; returns the shared array where they are exactly the open clusters. */
  list(compiled: CompiledPlacement, spec: ResourceBindingSpec): Int32Array | null {
    const open = compiled.openIndices();
    const kept = this.#indicesOf((spec.clusters ?? []).map(({ name }) => name)).filter(
      (index) => compiled.isMember(index) && !compiled.isOpen(index),
    );
    const evicting = this.#indicesOf((spec.gracefulEvictionTasks ?? []).map(({ fromCluster }) => fromCluster));
    this.#hasKept = kept.length > 0;
    if (kept.length === 0 && evicting.length === 0) {
      this.#candidates.share(open);
      return open;
    }
    this.#candidates.merge(open, kept.sort(byNumber), new Set(evicting));
    return null;
  }

  #indicesOf(names: readonly string[]): number[] {
    const indices: number[] = [];
    for (const name of names) {
      const index = this.#fleet.indexOf(name);
      if (index !== undefined) indices.push(index);
    }
    return indices;
  }
}
