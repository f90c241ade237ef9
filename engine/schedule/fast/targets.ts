// Where a workload goes, in few bytes: a million decisions stay in memory together.
// Most targets have one replica and lie close together, so that a target takes one or two bytes in a shared chunk.
import type { TargetCluster } from '../../api/binding.ts';
import { byName } from '../../base/order.ts';

export interface Targets {
  readonly count: number;
  /** In rising order of the fleet's indices; null replicas mean that the resource has none. */
  forEach(visit: (index: number, replicas: number | null) => void): void;
}

/** The same for every cluster of a list that others share. */
export class UniformTargets implements Targets {
  readonly #indices: Int32Array;
  readonly #replicas: number | null;

  constructor(indices: Int32Array, replicas: number | null) {
    this.#indices = indices;
    this.#replicas = replicas;
  }

  get count(): number {
    return this.#indices.length;
  }

  forEach(visit: (index: number, replicas: number | null) => void): void {
    for (const index of this.#indices) visit(index, this.#replicas);
  }
}

class PackedTargets implements Targets {
  readonly count: number;
  readonly #chunk: Uint8Array;
  readonly #offset: number;

  constructor(chunk: Uint8Array, offset: number, count: number) {
    this.#chunk = chunk;
    this.#offset = offset;
    this.count = count;
  }

  forEach(visit: (index: number, replicas: number | null) => void): void {
    const chunk = this.#chunk;
    let at = this.#offset;
    const next = (): number => {
      let value = 0;
      let scale = 1;
      for (;;) {
        const byte = chunk[at++]!;
        value += (byte & 127) * scale;
        if (byte < 128) return value;
        scale *= 128;
      }
    };
    let index = -1;
    for (let seen = 0; seen < this.count; seen += 1) {
      const head = next();
      index += Math.floor(head / 2) + 1;
      visit(index, head % 2 === 1 ? 1 : next());
    }
  }
}

const CHUNK_BYTES = 1 << 18;
/** A gap of up to 2^31 doubled, and replicas of up to 2^31: five bytes each. */
const TARGET_BYTES_MAX = 10;

/** Packs the targets of one decision after the other into shared chunks. */
export class TargetPacker {
  #chunk = new Uint8Array(0);
  #at = 0;

  /** Targets with no replicas are left out. */
  pack(indices: Int32Array, replicas: Float64Array, size: number): Targets {
    if (this.#at + size * TARGET_BYTES_MAX > this.#chunk.length) {
      this.#chunk = new Uint8Array(Math.max(CHUNK_BYTES, size * TARGET_BYTES_MAX));
      this.#at = 0;
    }
    const offset = this.#at;
    let count = 0;
    let previous = -1;
    for (let at = 0; at < size; at += 1) {
      const amount = replicas[at]!;
      if (amount <= 0) continue;
      const gap = indices[at]! - previous - 1;
      previous = indices[at]!;
      this.#write(gap * 2 + (amount === 1 ? 1 : 0));
      if (amount !== 1) this.#write(amount);
      count += 1;
    }
    return new PackedTargets(this.#chunk, offset, count);
  }

  #write(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.#chunk[this.#at++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#chunk[this.#at++] = rest;
  }
}

export function toTargetClusters(targets: Targets, names: readonly string[]): TargetCluster[] {
  const clusters: TargetCluster[] = [];
  targets.forEach((index, replicas) => {
    clusters.push(replicas === null ? { name: names[index]! } : { name: names[index]!, replicas });
  });
  return clusters.sort(byName);
}
