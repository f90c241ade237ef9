// What is free in each cluster, in columns: one number a cluster and resource, so that room for a request is a division.
import type { Cluster, ResourceSummary } from '../api/cluster.ts';
import { own } from '../base/own.ts';
import { parseQuantity, quantityMilli, quantityValue, subtractQuantity } from '../kube/quantity.ts';
import { countsInMilli, plainUnits } from '../kube/quantity-units.ts';
import { GradeTables, type ModelledNodes } from './grades.ts';
import type { Promised } from './ledger.ts';

/** How a cluster's room is found. */
export const SUMMARY = { none: 0, columns: 1, models: 2, exact: 3 } as const;

export class CapacityColumns {
  /** One of SUMMARY a cluster. */
  kinds = new Uint8Array(0);
  /** Pods that may still be created; never below zero. */
  pods = new Float64Array(0);
  readonly models = new Map<number, ModelledNodes>();
  /** Clusters whose room is more than a division of columns. */
  specials = 0;
  readonly #free = new Map<string, Float64Array>();
  readonly #tables = new GradeTables();
  #size = 0;

  /** Free units of a resource by cluster, NaN where the cluster does not know it; undefined where none does. */
  free(resource: string): Float64Array | undefined {
    return this.#free.get(resource);
  }

  grow(size: number): void {
    this.#size = size;
    this.kinds = grownBytes(this.kinds, size);
    this.pods = grownNumbers(this.pods, size, 0);
    for (const [resource, column] of this.#free) this.#free.set(resource, grownNumbers(column, size, Number.NaN));
  }

  clear(index: number): void {
    if (this.kinds[index]! >= SUMMARY.models) this.specials -= 1;
    this.kinds[index] = SUMMARY.none;
    this.pods[index] = 0;
    this.models.delete(index);
    for (const column of this.#free.values()) column[index] = Number.NaN;
  }

  read(index: number, cluster: Cluster, promised: Promised | undefined): void {
    this.clear(index);
    const summary = cluster.status?.resourceSummary;
    if (summary === undefined || summary === null) return;
    let kind: number = SUMMARY.columns;
    this.pods[index] = Math.max(podsLeft(summary), 0);
    if (!Number.isSafeInteger(this.pods[index]!)) kind = SUMMARY.exact;
    for (const resource in summary.allocatable ?? {}) {
      const units = freeUnits(summary, resource);
      if (units === null) continue;
      if (typeof units === 'bigint') kind = SUMMARY.exact;
      else this.#columnOf(resource)[index] = units;
    }
    if ((summary.allocatableModelings?.length ?? 0) > 0) {
      const modelled = this.#tables.read(cluster);
      if (modelled !== null) {
        this.models.set(index, modelled);
        if (kind === SUMMARY.columns) kind = SUMMARY.models;
      }
    }
    if (promised !== undefined) kind = this.#takeOff(index, promised, kind);
    this.kinds[index] = kind;
    if (kind >= SUMMARY.models) this.specials += 1;
  }

  /** Models say nothing of what is promised on their nodes: the exact count has to. */
  #takeOff(index: number, { pods, units }: Promised, kind: number): number {
    if (kind !== SUMMARY.columns) return SUMMARY.exact;
    this.pods[index] = Math.max(this.pods[index]! - Number(pods), 0);
    for (const [resource, amount] of units) {
      const column = this.#free.get(resource);
      if (column === undefined) continue;
      column[index]! -= Number(amount);
      if (!Number.isSafeInteger(Number(amount))) return SUMMARY.exact;
    }
    return kind;
  }

  #columnOf(resource: string): Float64Array {
    let column = this.#free.get(resource);
    if (column === undefined) {
      column = new Float64Array(this.#size).fill(Number.NaN);
      this.#free.set(resource, column);
    }
    return column;
  }
}

/** Each list rounds on its own for pods, as Karmada counts them. */
function podsLeft({ allocatable, allocated, allocating }: ResourceSummary): number {
  let left = 0;
  for (const [list, sign] of [
    [allocatable, 1],
    [allocated, -1],
    [allocating, -1],
  ] as const) {
    const text = list?.pods;
    if (text === undefined) continue;
    const plain = plainUnits(text, false);
    const quantity = Number.isNaN(plain) ? parseQuantity(text) : null;
    left += sign * (quantity === null ? plain || 0 : Number(quantityValue(quantity)));
  }
  return left;
}

/** Allocatable less allocated and allocating; a bigint where a plain number could lose something. */
export function freeUnits(summary: ResourceSummary, resource: string): number | bigint | null {
  const total = own(summary.allocatable, resource);
  if (total === undefined) return null;
  const inMilli = countsInMilli(resource);
  const used = own(summary.allocated, resource);
  const coming = own(summary.allocating, resource);
  const units =
    plainUnits(total, inMilli) -
    (used === undefined ? 0 : plainUnits(used, inMilli)) -
    (coming === undefined ? 0 : plainUnits(coming, inMilli));
  return Number.isNaN(units) ? freeExactly(total, [used, coming], inMilli) : units;
}

function freeExactly(
  total: string | number,
  taken: readonly (string | number | undefined)[],
  inMilli: boolean,
): number | bigint | null {
  let free = parseQuantity(total);
  if (free === null) return null;
  for (const text of taken) {
    const quantity = text === undefined ? null : parseQuantity(text);
    if (quantity !== null) free = subtractQuantity(free, quantity);
  }
  const units = inMilli ? quantityMilli(free) : quantityValue(free);
  const plain = Number(units);
  return Number.isSafeInteger(plain) ? plain : units;
}

function grownNumbers(column: Float64Array, size: number, empty: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(size).fill(empty);
  grown.set(column);
  return grown;
}

function grownBytes(column: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(size);
  grown.set(column);
  return grown;
}
