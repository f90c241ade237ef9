// The clusters that have one property. A rare property costs a few bytes, a common one a bit for each cluster.
import type { Bitset } from '../base/bitset.ts';
import { Bitset as Bits } from '../base/bitset.ts';

const SPARSE_MAX = 64;

export class Posting {
  #few: number[] | null = [];
  #many: Bitset | null = null;

  add(index: number): void {
    if (this.#many !== null) {
      this.#many.add(index);
      return;
    }
    const few = this.#few!;
    if (few.includes(index)) return;
    few.push(index);
    if (few.length > SPARSE_MAX) {
      this.#many = new Bits();
      for (const each of few) this.#many.add(each);
      this.#few = null;
    }
  }

  delete(index: number): void {
    if (this.#many !== null) {
      this.#many.delete(index);
      return;
    }
    const few = this.#few!;
    const at = few.indexOf(index);
    if (at < 0) return;
    few[at] = few[few.length - 1]!;
    few.pop();
  }

  has(index: number): boolean {
    return this.#many === null ? this.#few!.includes(index) : this.#many.has(index);
  }

  addTo(target: Bitset): void {
    if (this.#many !== null) target.or(this.#many);
    else for (const index of this.#few!) target.add(index);
  }

  removeFrom(target: Bitset): void {
    if (this.#many !== null) target.andNot(this.#many);
    else for (const index of this.#few!) target.delete(index);
  }
}

/** Postings by a text, made when first named. */
export class PostingIndex {
  readonly #postings = new Map<string, Posting>();

  of(text: string): Posting | undefined {
    return this.#postings.get(text);
  }

  add(text: string, index: number): void {
    let posting = this.#postings.get(text);
    if (posting === undefined) {
      posting = new Posting();
      this.#postings.set(text, posting);
    }
    posting.add(index);
  }

  delete(text: string, index: number): void {
    this.#postings.get(text)?.delete(index);
  }

  entries(): IterableIterator<[string, Posting]> {
    return this.#postings.entries();
  }
}
