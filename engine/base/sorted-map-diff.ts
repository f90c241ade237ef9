// What differs between two sorted maps, in key order; parts that both share are skipped unseen, so that comparing two
// versions of one map costs what changed between them.
import type { SortedMap, TreeNode } from './sorted-map.ts';

/** `before` is undefined for a new key, `after` for one that is gone. */
export type DifferenceVisitor<V> = (key: string, before: V | undefined, after: V | undefined) => void;

export function visitDifferences<V>(before: SortedMap<V>, after: SortedMap<V>, visitor: DifferenceVisitor<V>): void {
  const left = new Cursor(before.root);
  const right = new Cursor(after.root);
  while (!left.isDone || !right.isDone) {
    const [leftNode, rightNode] = [left.node, right.node];
    if (leftNode !== null && leftNode === rightNode) {
      left.skip();
      right.skip();
    } else if (leftNode !== null && (rightNode === null || left.height >= right.height)) {
      left.descend();
    } else if (rightNode !== null) {
      right.descend();
    } else {
      const [leftKey, rightKey] = [left.key, right.key];
      if (rightKey === null || (leftKey !== null && leftKey < rightKey)) {
        visitor(leftKey!, left.value, undefined);
        left.skip();
      } else if (leftKey === null || rightKey < leftKey) {
        visitor(rightKey, undefined, right.value);
        right.skip();
      } else {
        if (left.value !== right.value) visitor(leftKey, left.value, right.value);
        left.skip();
        right.skip();
      }
    }
  }
}

/** Stands before a node that it has not entered, or on an entry of a leaf. */
class Cursor<V> {
  readonly #stack: { readonly node: TreeNode<V>; at: number }[] = [];
  #node: TreeNode<V> | null;
  #height: number;

  constructor(root: TreeNode<V>) {
    this.#node = root;
    this.#height = 0;
    for (let node = root; node.children !== null; node = node.children[0]!) this.#height += 1;
  }

  /** The node ahead, if it has not been entered. */
  get node(): TreeNode<V> | null {
    return this.#node;
  }

  /** Of the node ahead: 0 for a leaf. */
  get height(): number {
    return this.#height - this.#stack.length;
  }

  get isDone(): boolean {
    return this.#node === null && this.#stack.length === 0;
  }

  get key(): string | null {
    const top = this.#stack.at(-1);
    return top === undefined ? null : top.node.keys[top.at]!;
  }

  get value(): V | undefined {
    const top = this.#stack.at(-1);
    return top === undefined || top.node.values === null ? undefined : top.node.values[top.at];
  }

  descend(): void {
    const node = this.#node;
    if (node === null) return;
    this.#node = null;
    this.#stack.push({ node, at: 0 });
    this.#settle();
  }

  /** Past the node ahead or the entry it stands on. */
  skip(): void {
    this.#node = null;
    const top = this.#stack.at(-1);
    if (top !== undefined) top.at += 1;
    this.#settle();
  }

  #settle(): void {
    let top = this.#stack.at(-1);
    while (top !== undefined && top.at >= top.node.keys.length) {
      this.#stack.pop();
      top = this.#stack.at(-1);
      if (top !== undefined) top.at += 1;
    }
    this.#node = top !== undefined && top.node.children !== null ? top.node.children[top.at]! : null;
  }
}
