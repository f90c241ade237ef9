// Resource models in columns: clusters with the same grades share one table and keep only their node counts.
import type { Cluster, ResourceModel } from '../api/cluster.ts';
import { byNumber } from '../base/order.ts';
import { rememberedOf } from '../base/remembered.ts';
import { countsInMilli, exactUnits } from '../kube/quantity-units.ts';
import { isNodeResource } from '../kube/resource-name.ts';

/** Kubernetes' default; models do not say how many pods a node takes. */
const PODS_PER_NODE = 110;
const MAX_INT32 = 2_147_483_647;

export interface RequestedUnits {
  readonly resource: string;
  readonly units: number;
}

export class GradeTable {
  readonly grades: readonly number[];
  readonly #capacity = new Map<string, Float64Array>();

  constructor(models: readonly ResourceModel[]) {
    const byGrade = new Map(models.map((model) => [model.grade, model]));
    this.grades = [...byGrade.keys()].sort(byNumber);
    this.grades.forEach((grade, at) => {
      for (const { name, min = 0 } of byGrade.get(grade)!.ranges) {
        if (!isNodeResource(name)) continue;
        let column = this.#capacity.get(name);
        if (column === undefined) {
          column = new Float64Array(this.grades.length);
          this.#capacity.set(name, column);
        }
        // A node's capacity beyond 2^53 units is no real node; the rounding there cannot reach a decision.
        column[at] = Number(exactUnits(min, countsInMilli(name)));
      }
    });
  }

  /** Replicas that fit on one node of each grade. */
  perNode(request: readonly RequestedUnits[]): Float64Array {
    const fits = new Float64Array(this.grades.length).fill(PODS_PER_NODE);
    for (const { resource, units } of request) {
      if (resource === 'pods' || !isNodeResource(resource)) continue;
      const column = this.#capacity.get(resource);
      for (let at = 0; at < fits.length; at += 1) {
        const room = column === undefined ? 0 : Math.floor(column[at]! / units);
        if (room < fits[at]!) fits[at] = room;
      }
    }
    return fits;
  }
}

export interface ModelledNodes {
  readonly table: GradeTable;
  /** Nodes of each grade, in the order of the table's grades. */
  readonly counts: Float64Array;
}

export function modelledReplicas(counts: Float64Array, perNode: Float64Array): number {
  let total = 0;
  for (let at = 0; at < counts.length; at += 1) total += counts[at]! * perNode[at]!;
  return Math.min(total, MAX_INT32);
}

export class GradeTables {
  readonly #tables = new Map<string, GradeTable>();
  readonly #tableOf = rememberedOf((models: readonly ResourceModel[]) =>
    this.#tableFor(JSON.stringify(models), models),
  );

  /** Null where the cluster has no models that can be used. */
  read(cluster: Cluster): ModelledNodes | null {
    const models = cluster.spec.resourceModels ?? [];
    const modelings = cluster.status?.resourceSummary?.allocatableModelings ?? [];
    if (models.length === 0 || modelings.length === 0) return null;
    const table = this.#tableOf(models);
    const counts = new Float64Array(table.grades.length);
    for (const { grade, count } of modelings) {
      if (count < 0) return null;
      const at = table.grades.indexOf(grade);
      if (at >= 0) counts[at]! += count;
    }
    return { table, counts };
  }

  #tableFor(key: string, models: readonly ResourceModel[]): GradeTable {
    let table = this.#tables.get(key);
    if (table === undefined) {
      table = new GradeTable(models);
      this.#tables.set(key, table);
    }
    return table;
  }
}
