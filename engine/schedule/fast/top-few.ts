// The few greatest of a stream of numbers, in order; one comparison for each number that is none of them.

const FEW = 8;

export class TopFew {
  readonly #best = new Float64Array(FEW);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#count = 0;
  }

  /** The place-th greatest seen, from 0 on. */
  at(place: number): number {
    return this.#best[place]!;
  }

  offer(key: number): void {
    const best = this.#best;
    let at = this.#count;
    if (at === FEW) {
      if (key <= best[FEW - 1]!) return;
      at = FEW - 1;
    } else {
      this.#count += 1;
    }
    while (at > 0 && best[at - 1]! < key) {
      best[at] = best[at - 1]!;
      at -= 1;
    }
    best[at] = key;
  }
}
