// Keeps what was made for a key, and forgets the oldest when there is too much of it.

export class BoundedCache<T> {
  readonly #entries = new Map<string, T>();
  readonly #sizeMax: number;

  constructor(sizeMax: number) {
    this.#sizeMax = sizeMax;
  }

  get(key: string, make: () => T): T {
    const known = this.#entries.get(key);
    if (known !== undefined) return known;
    if (this.#entries.size >= this.#sizeMax) this.#entries.delete(this.#entries.keys().next().value!);
    const made = make();
    this.#entries.set(key, made);
    return made;
  }
}
