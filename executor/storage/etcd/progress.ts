// How far a hub has followed what is written to etcd, and waiting until it is far enough.

/** The hub's own revision, and etcd's at which the head says so. */
export interface Position {
  readonly revision: number;
  readonly modRevision: number;
}

export class Progress {
  #position: Position = { revision: 0, modRevision: 0 };
  #waiting: (() => void)[] = [];
  #isClosed = false;

  get modRevision(): number {
    return this.#position.modRevision;
  }

  moveTo(position: Position): void {
    this.#position = position;
    this.#wakeAll();
  }

  /** Nothing more will be reached. */
  close(): void {
    this.#isClosed = true;
    this.#wakeAll();
  }

  /** Whether it was reached in time. */
  async reached(modRevision: number, withinMs: number): Promise<boolean> {
    const untilMs = performance.now() + withinMs;
    while (this.#position.modRevision < modRevision) {
      const leftMs = untilMs - performance.now();
      if (leftMs <= 0 || this.#isClosed) return false;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return true;
  }

  #wakeAll(): void {
    const woken = this.#waiting;
    this.#waiting = [];
    for (const wake of woken) wake();
  }
}
