// The nodes of a member and the room on them, in numbers: where a pod goes, how many more would fit, what is taken.
import { sortedKeys } from '../../base/order.ts';
import { isObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Taint } from '../../kube/taint.ts';
import { amountOf, Columns, fitsNode, type Labels, type NodeFacts, type Shape } from './shape.ts';

export interface Node extends NodeFacts {
  labels: Labels;
  taints: readonly Taint[];
  isCordoned: boolean;
  isReady: boolean;
  /** By column. */
  allocatable: number[];
  taken: number[];
}

const SCORE_WHOLE = 1_000;

export class Nodes {
  readonly columns = new Columns();
  readonly #byName = new Map<string, Node>();
  /** In the order in which they came; ties between nodes are decided by it. */
  #all: Node[] = [];
  #version = 0;
  /** Sums over all nodes, by column. */
  readonly allocatable: number[] = [];
  readonly taken: number[] = [];

  /** Rises with everything that a summary shows. */
  get version(): number {
    return this.#version;
  }

  changed(): void {
    this.#version += 1;
  }

  get all(): readonly Node[] {
    return this.#all;
  }

  get(name: string): Node | null {
    return this.#byName.get(name) ?? null;
  }

  /** Takes in what a Node object says. */
  upsert({ metadata, spec, status }: KubeObject): Node {
    const wanted = isObject(spec) ? spec : {};
    const allocatable = isObject(status) && isObject(status.allocatable) ? status.allocatable : {};
    let node = this.#byName.get(metadata.name);
    if (node === undefined) {
      node = {
        name: metadata.name,
        labels: {},
        taints: [],
        isCordoned: false,
        isReady: true,
        allocatable: [],
        taken: [],
      };
      this.#byName.set(metadata.name, node);
      this.#all.push(node);
    }
    this.#version += 1;
    node.labels = metadata.labels ?? {};
    node.taints = Array.isArray(wanted.taints) ? (wanted.taints as Taint[]) : [];
    node.isCordoned = wanted.unschedulable === true;
    addTo(this.allocatable, node.allocatable, -1);
    node.allocatable = [];
    for (const name of sortedKeys(allocatable)) {
      node.allocatable[this.columns.of(name)] = amountOf(name, allocatable[name]);
    }
    addTo(this.allocatable, node.allocatable, 1);
    return node;
  }

  remove(name: string): Node | null {
    const node = this.#byName.get(name);
    if (node === undefined) return null;
    this.#version += 1;
    this.#byName.delete(name);
    addTo(this.allocatable, node.allocatable, -1);
    addTo(this.taken, node.taken, -1);
    this.#all = this.#all.filter((one) => one !== node);
    return node;
  }

  /** The node with the most room left afterwards; null where none takes the pod. */
  choose(shape: Shape): Node | null {
    let best: Node | null = null;
    let bestScore = -1;
    for (const node of this.#all) {
      const score = scoreOf(node, shape);
      if (score > bestScore && node.isReady && fitsNode(shape, node)) {
        best = node;
        bestScore = score;
      }
    }
    return best;
  }

  take(node: Node, shape: Shape): void {
    this.#version += 1;
    this.#count(node, shape, 1);
  }

  give(node: Node, shape: Shape): void {
    this.#version += 1;
    this.#count(node, shape, -1);
  }

  /** Whether a node holds more than it has, as after it shrank. */
  isOverfull(node: Node): boolean {
    return node.taken.some((amount, column) => amount > (node.allocatable[column] ?? 0));
  }

  #count(node: Node, { requests }: Shape, sign: 1 | -1): void {
    // What is taken from a node that has been removed counts no more.
    const isHere = this.#byName.get(node.name) === node;
    for (const [column, amount] of requests) {
      node.taken[column] = (node.taken[column] ?? 0) + sign * amount;
      if (isHere) this.taken[column] = (this.taken[column] ?? 0) + sign * amount;
    }
  }

  /** How many more pods of a shape would fit. */
  roomFor(shape: Shape): number {
    let room = 0;
    for (const node of this.#all) {
      if (!node.isReady || !fitsNode(shape, node)) continue;
      let fitting = Number.MAX_SAFE_INTEGER;
      for (const [column, amount] of shape.requests) {
        if (amount > 0) fitting = Math.min(fitting, Math.floor(freeOn(node, column) / amount));
      }
      room += Math.max(0, fitting);
    }
    return room;
  }
}

function addTo(sums: number[], amounts: readonly number[], sign: 1 | -1): void {
  // Columns that a node says nothing of are holes, and are skipped.
  amounts.forEach((amount, column) => {
    sums[column] = (sums[column] ?? 0) + sign * amount;
  });
}

export const freeOn = (node: Node, column: number): number =>
  (node.allocatable[column] ?? 0) - (node.taken[column] ?? 0);

/** -1 where it does not fit, else what part of the scarcest resource would be left, in thousandths. */
function scoreOf(node: Node, { requests }: Shape): number {
  let score = SCORE_WHOLE;
  for (const [column, amount] of requests) {
    if (amount === 0) continue;
    const left = freeOn(node, column) - amount;
    if (left < 0) return -1;
    score = Math.min(score, Math.floor((left * SCORE_WHOLE) / (node.allocatable[column] ?? 1)));
  }
  return score;
}
