// A binary heap whose ties leave in the order in which they came.
import type { Comparator } from './order.ts';

interface Entry<T> {
  readonly item: T;
  readonly sequence: number;
}

export class Heap<T> {
  readonly #entries: Entry<T>[] = [];
  readonly #order: Comparator<T>;
  #sequence = 0;

  constructor(order: Comparator<T>) {
    this.#order = order;
  }

  get size(): number {
    return this.#entries.length;
  }

  peek(): T | undefined {
    return this.#entries[0]?.item;
  }

  push(item: T): void {
    const entries = this.#entries;
    const entry = { item, sequence: this.#sequence++ };
    let at = entries.length;
    entries.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(entry, entries[parent]!)) break;
      entries[at] = entries[parent]!;
      at = parent;
    }
    entries[at] = entry;
  }

  pop(): T | undefined {
    const entries = this.#entries;
    const top = entries[0];
    const last = entries.pop();
    if (top === undefined || last === undefined) return undefined;
    if (entries.length > 0) this.#sink(last);
    return top.item;
  }

  #sink(entry: Entry<T>): void {
    const entries = this.#entries;
    const size = entries.length;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#before(entries[child + 1]!, entries[child]!)) child += 1;
      if (!this.#before(entries[child]!, entry)) break;
      entries[at] = entries[child]!;
      at = child;
    }
    entries[at] = entry;
  }

  #before(a: Entry<T>, b: Entry<T>): boolean {
    const order = this.#order(a.item, b.item);
    return order < 0 || (order === 0 && a.sequence < b.sequence);
  }
}
