// A set of small whole numbers in 32-bit words. It grows on demand; a bit beyond its size is simply absent.

export class Bitset {
  words: Uint32Array;

  constructor(sizeHint = 0) {
    this.words = new Uint32Array((sizeHint + 31) >>> 5);
  }

  static full(size: number): Bitset {
    const set = new Bitset(size);
    set.words.fill(0xffffffff);
    const spare = size & 31;
    if (spare !== 0) set.words[set.words.length - 1] = 2 ** spare - 1;
    return set;
  }

  has(bit: number): boolean {
    return ((this.words[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  }

  add(bit: number): void {
    this.#reach(bit);
    this.words[bit >>> 5]! |= 1 << (bit & 31);
  }

  delete(bit: number): void {
    if (bit >>> 5 < this.words.length) this.words[bit >>> 5]! &= ~(1 << (bit & 31));
  }

  set(bit: number, present: boolean): void {
    if (present) this.add(bit);
    else this.delete(bit);
  }

  clone(): Bitset {
    const copy = new Bitset();
    copy.words = this.words.slice();
    return copy;
  }

  and(other: Bitset): this {
    const { words } = this;
    for (let at = 0; at < words.length; at += 1) words[at]! &= other.words[at] ?? 0;
    return this;
  }

  andNot(other: Bitset): this {
    const shared = Math.min(this.words.length, other.words.length);
    for (let at = 0; at < shared; at += 1) this.words[at]! &= ~other.words[at]!;
    return this;
  }

  or(other: Bitset): this {
    if (other.words.length > this.words.length) this.#reach(other.words.length * 32 - 1);
    for (let at = 0; at < other.words.length; at += 1) this.words[at]! |= other.words[at]!;
    return this;
  }

  count(): number {
    let total = 0;
    for (const word of this.words) total += popCount(word);
    return total;
  }

  isEmpty(): boolean {
    return this.words.every((word) => word === 0);
  }

  /** The members in rising order, written to `into`; returns how many there are. */
  toIndices(into: Int32Array): number {
    let size = 0;
    for (let at = 0; at < this.words.length; at += 1) {
      let word = this.words[at]!;
      while (word !== 0) {
        const low = word & -word;
        into[size++] = (at << 5) + (31 - Math.clz32(low));
        word ^= low;
      }
    }
    return size;
  }

  *[Symbol.iterator](): Generator<number> {
    for (let at = 0; at < this.words.length; at += 1) {
      let word = this.words[at]!;
      while (word !== 0) {
        const low = word & -word;
        yield (at << 5) + (31 - Math.clz32(low));
        word ^= low;
      }
    }
  }

  #reach(bit: number): void {
    const needed = (bit >>> 5) + 1;
    if (needed <= this.words.length) return;
    const grown = new Uint32Array(Math.max(needed, this.words.length * 2));
    grown.set(this.words);
    this.words = grown;
  }
}

function popCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
