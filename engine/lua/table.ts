// A table: what is counted from 1 on, and everything else in the order in which it first came.
import type { LuaValue } from './value.ts';

type Key = Exclude<LuaValue, undefined>;

/** Whatever index a script writes to, what lies before it takes room. */
const INDEX_MAX = 1_000_000;

export class LuaTable {
  /** Of the indexes from 1 on; nil within is undefined. */
  readonly #list: LuaValue[] = [];
  #named: Map<Key, number> | null = null;
  /** By the order of their first coming; what has gone keeps its place, so that whoever walks along can take away. */
  readonly #keys: Key[] = [];
  readonly #values: LuaValue[] = [];

  get(key: LuaValue): LuaValue {
    if (isIndex(key)) return this.#list[key - 1];
    if (key === undefined || this.#named === null) return undefined;
    const at = this.#named.get(key);
    return at === undefined ? undefined : this.#values[at];
  }

  /** How many places more are taken by it. */
  set(key: Key, value: LuaValue): number {
    if (isIndex(key)) return this.#setAt(key - 1, value);
    this.#named ??= new Map();
    const at = this.#named.get(key);
    if (at !== undefined) {
      this.#values[at] = value;
      return 0;
    }
    if (value === undefined) return 0;
    this.#named.set(key, this.#keys.length);
    this.#keys.push(key);
    this.#values.push(value);
    return 1;
  }

  #setAt(at: number, value: LuaValue): number {
    const list = this.#list;
    const before = list.length;
    if (at >= before && value === undefined) return 0;
    while (list.length < at) list.push(undefined);
    list[at] = value;
    return list.length - before;
  }

  /** The last index that holds anything. */
  get length(): number {
    for (let at = this.#list.length; at > 0; at -= 1) {
      if (this.#list[at - 1] !== undefined) return at;
    }
    return 0;
  }

  insert(index: number, value: LuaValue): void {
    if (index > this.#list.length) this.set(index, value);
    else this.#list.splice(index - 1, 0, value);
  }

  remove(index: number): LuaValue {
    if (index < 1 || index > this.#list.length) return undefined;
    return this.#list.splice(index - 1, 1)[0];
  }

  /** Those from 1 to the length. */
  list(): LuaValue[] {
    return this.#list.slice(0, this.length);
  }

  /** The first entry after a key; the first of all after nil; null at the end; undefined where there is no such key. */
  after(key: LuaValue): readonly [Key, LuaValue] | null | undefined {
    if (key === undefined || isIndex(key)) {
      const listed = this.#listedFrom(key ?? 0);
      return listed ?? this.#namedFrom(0);
    }
    const at = this.#named?.get(key);
    return at === undefined ? undefined : this.#namedFrom(at + 1);
  }

  #listedFrom(start: number): readonly [Key, LuaValue] | null {
    for (let at = start; at < this.#list.length; at += 1) {
      if (this.#list[at] !== undefined) return [at + 1, this.#list[at]];
    }
    return null;
  }

  #namedFrom(start: number): readonly [Key, LuaValue] | null {
    for (let at = start; at < this.#keys.length; at += 1) {
      if (this.#values[at] !== undefined) return [this.#keys[at] as Key, this.#values[at]];
    }
    return null;
  }

  static of(entries: Readonly<Record<string, LuaValue>>): LuaTable {
    const table = new LuaTable();
    for (const key of Object.keys(entries)) table.set(key, entries[key]);
    return table;
  }

  static listing(values: readonly LuaValue[]): LuaTable {
    const table = new LuaTable();
    values.forEach((value, at) => {
      table.set(at + 1, value);
    });
    return table;
  }
}

const isIndex = (key: LuaValue): key is number =>
  typeof key === 'number' && key >= 1 && key <= INDEX_MAX && Number.isInteger(key);
