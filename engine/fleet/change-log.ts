// Which clusters changed since a version: what is derived from the fleet catches up on these instead of starting over.

const LENGTH = 1024;

export class ChangeLog {
  readonly #changed = new Int32Array(LENGTH);
  #version = 0;

  get version(): number {
    return this.#version;
  }

  record(index: number): void {
    this.#changed[this.#version % LENGTH] = index;
    this.#version += 1;
  }

  /** False where so much has changed that catching up one by one is no longer possible. */
  reaches(version: number): boolean {
    return this.#version - version <= LENGTH;
  }

  /** The cluster that changed when the fleet left `version`. */
  changedAt(version: number): number {
    return this.#changed[version % LENGTH]!;
  }
}
