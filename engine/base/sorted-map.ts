// An immutable map in key order: a B-tree with path copying. A changed map shares all but a few nodes with the one before,
// so that a snapshot costs nothing and can be kept while the world goes on.

/** Entries of a leaf, or children of a branch. */
const WIDTH_MAX = 32;
const WIDTH_MIN = WIDTH_MAX / 4;

export interface Leaf<V> {
  readonly keys: readonly string[];
  readonly values: readonly V[];
  readonly children: null;
  readonly size: number;
}

export interface Branch<V> {
  /** The first key below each child. */
  readonly keys: readonly string[];
  readonly values: null;
  readonly children: readonly TreeNode<V>[];
  readonly size: number;
}

export type TreeNode<V> = Leaf<V> | Branch<V>;

/** Returns false to end the visit. */
export type Visitor<V> = (value: V, key: string) => unknown;

export class SortedMap<V> {
  readonly #root: TreeNode<V>;

  private constructor(root: TreeNode<V>) {
    this.#root = root;
  }

  static empty<V>(): SortedMap<V> {
    return new SortedMap<V>(leaf([], []));
  }

  get size(): number {
    return this.#root.size;
  }

  /** For walking two maps at once; nobody else looks inside. */
  get root(): TreeNode<V> {
    return this.#root;
  }

  get(key: string): V | undefined {
    let node = this.#root;
    while (node.children !== null) node = node.children[childFor(node.keys, key)]!;
    const at = firstNotBefore(node.keys, key);
    return node.keys[at] === key ? node.values[at] : undefined;
  }

  has(key: string): boolean {
    let node = this.#root;
    while (node.children !== null) node = node.children[childFor(node.keys, key)]!;
    return node.keys[firstNotBefore(node.keys, key)] === key;
  }

  set(key: string, value: V): SortedMap<V> {
    const same = replaced(this.#root, key, value);
    if (same !== null) return same === this.#root ? this : new SortedMap(same);
    const nodes = inserted(this.#root, key, value);
    return new SortedMap(nodes.length === 1 ? nodes[0]! : branch(nodes));
  }

  delete(key: string): SortedMap<V> {
    const root = removed(this.#root, key);
    if (root === this.#root) return this;
    let top = root;
    while (top.children !== null && top.children.length === 1) top = top.children[0]!;
    return new SortedMap(top.size === 0 ? leaf<V>([], []) : top);
  }

  /** In key order from `from`, included, to `until`, excluded; null for no bound. */
  visit(visitor: Visitor<V>, from: string | null = null, until: string | null = null): void {
    visitNode(this.#root, visitor, from, until);
  }

  values(from: string | null = null, until: string | null = null): V[] {
    const values: V[] = [];
    this.visit((value) => void values.push(value), from, until);
    return values;
  }

  keys(): string[] {
    const keys: string[] = [];
    this.visit((_value, key) => void keys.push(key));
    return keys;
  }

  /** How many keys come before this one; `size` for null. */
  rank(key: string | null): number {
    if (key === null) return this.#root.size;
    let before = 0;
    let node = this.#root;
    while (node.children !== null) {
      const at = childFor(node.keys, key);
      for (let left = 0; left < at; left += 1) before += node.children[left]!.size;
      node = node.children[at]!;
    }
    return before + firstNotBefore(node.keys, key);
  }
}

const leaf = <V>(keys: readonly string[], values: readonly V[]): Leaf<V> => ({
  keys,
  values,
  children: null,
  size: keys.length,
});

function branch<V>(children: readonly TreeNode<V>[]): Branch<V> {
  let size = 0;
  for (const child of children) size += child.size;
  return { keys: children.map((child) => child.keys[0]!), values: null, children, size };
}

function firstNotBefore(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last child that begins at or before the key; the first where none does. */
function childFor(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keys[middle]! <= key) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : low - 1;
}

/** With another value at a key that is there, which is what happens most; null where it is not. */
function replaced<V>(node: TreeNode<V>, key: string, value: V): TreeNode<V> | null {
  if (node.children === null) {
    const at = firstNotBefore(node.keys, key);
    if (node.keys[at] !== key) return null;
    if (node.values[at] === value) return node;
    return { keys: node.keys, values: node.values.with(at, value), children: null, size: node.size };
  }
  const at = childFor(node.keys, key);
  const child = replaced(node.children[at]!, key, value);
  if (child === null || child === node.children[at]) return child === null ? null : node;
  return { keys: node.keys, values: null, children: node.children.with(at, child), size: node.size };
}

/** With a key that is not there yet: one node, or two where it had to be split. */
function inserted<V>(node: TreeNode<V>, key: string, value: V): readonly TreeNode<V>[] {
  if (node.children === null) {
    const at = firstNotBefore(node.keys, key);
    return splitLeaf(leaf(node.keys.toSpliced(at, 0, key), node.values.toSpliced(at, 0, value)));
  }
  const at = childFor(node.keys, key);
  const nodes = inserted(node.children[at]!, key, value);
  if (nodes.length === 1) return [withChild(node, at, nodes[0]!)];
  return splitBranch(branch(node.children.toSpliced(at, 1, ...nodes)));
}

/** Most changes leave the first keys as they are, and then they are shared. */
function withChild<V>(node: Branch<V>, at: number, child: TreeNode<V>): Branch<V> {
  const first = child.keys[0]!;
  return {
    keys: node.keys[at] === first ? node.keys : node.keys.with(at, first),
    values: null,
    children: node.children.with(at, child),
    size: node.size - node.children[at]!.size + child.size,
  };
}

function splitLeaf<V>(full: Leaf<V>): readonly Leaf<V>[] {
  if (full.keys.length <= WIDTH_MAX) return [full];
  const half = full.keys.length >> 1;
  return [
    leaf(full.keys.slice(0, half), full.values.slice(0, half)),
    leaf(full.keys.slice(half), full.values.slice(half)),
  ];
}

function splitBranch<V>(full: Branch<V>): readonly Branch<V>[] {
  if (full.children.length <= WIDTH_MAX) return [full];
  const half = full.children.length >> 1;
  return [branch(full.children.slice(0, half)), branch(full.children.slice(half))];
}

/** The same node where the key is not in it; may come back too narrow, or empty. */
function removed<V>(node: TreeNode<V>, key: string): TreeNode<V> {
  if (node.children === null) {
    const at = firstNotBefore(node.keys, key);
    if (node.keys[at] !== key) return node;
    return leaf(node.keys.toSpliced(at, 1), node.values.toSpliced(at, 1));
  }
  const at = childFor(node.keys, key);
  const below = node.children[at]!;
  const child = removed(below, key);
  if (child === below) return node;
  if (child.keys.length === 0) return branch(node.children.toSpliced(at, 1));
  if (child.keys.length >= WIDTH_MIN || node.children.length === 1) return withChild(node, at, child);
  const left = at === 0 ? 0 : at - 1;
  const pair: readonly TreeNode<V>[] = at === 0 ? [child, node.children[1]!] : [node.children[left]!, child];
  return branch(node.children.toSpliced(left, 2, ...joined(pair[0]!, pair[1]!)));
}

/** Neighbours are of one height, hence both leaves or both branches. */
function joined<V>(first: TreeNode<V>, second: TreeNode<V>): readonly TreeNode<V>[] {
  if (first.children !== null && second.children !== null) {
    return splitBranch(branch([...first.children, ...second.children]));
  }
  return splitLeaf(
    leaf([...first.keys, ...second.keys], [...(first as Leaf<V>).values, ...(second as Leaf<V>).values]),
  );
}

function visitNode<V>(node: TreeNode<V>, visitor: Visitor<V>, from: string | null, until: string | null): boolean {
  if (node.children === null) {
    for (let at = from === null ? 0 : firstNotBefore(node.keys, from); at < node.keys.length; at += 1) {
      const key = node.keys[at]!;
      if (until !== null && key >= until) return false;
      if (visitor(node.values[at]!, key) === false) return false;
    }
    return true;
  }
  const first = from === null ? 0 : childFor(node.keys, from);
  for (let at = first; at < node.children.length; at += 1) {
    if (until !== null && node.keys[at]! >= until) return false;
    if (!visitNode(node.children[at]!, visitor, at === first ? from : null, until)) return false;
  }
  return true;
}
