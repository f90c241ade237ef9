// One round serves all who ask before it begins; who comes while it is on its way needs the next.

export class SharedRound {
  readonly #work: () => Promise<void>;
  #current: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  join(): Promise<void> {
    if (this.#current === null) return this.#begin();
    const begin = () => {
      this.#next = null;
      return this.#begin();
    };
    // A round that fails fails those whom it serves, and nobody after them.
    this.#next ??= this.#current.then(begin, begin);
    return this.#next;
  }

  #begin(): Promise<void> {
    const round = this.#work().finally(() => {
      if (this.#current === round) this.#current = null;
    });
    this.#current = round;
    return round;
  }
}
