// How much work there is for a workload over the whole fleet. Whatever pods serve, in whichever cluster, share it evenly: fewer pods
// use more each.
import type { Amounts } from '../autoscale/load.ts';
import { sortedKeys } from '../base/order.ts';
import { formatKey, type ObjectKey } from '../store/key.ts';

export class Demand {
  readonly #wanted = new Map<string, Record<string, number>>();
  readonly #servingPods: (key: ObjectKey) => number;

  constructor(servingPods: (key: ObjectKey) => number) {
    this.#servingPods = servingPods;
  }

  /** In thousandths of the resource. */
  set(key: ObjectKey, resource: string, milli: number): void {
    const text = formatKey(key);
    const known = this.#wanted.get(text) ?? {};
    known[resource] = milli;
    this.#wanted.set(text, known);
  }

  /** What each pod that serves uses. */
  perPod(key: ObjectKey): Amounts {
    const wanted = this.#wanted.get(formatKey(key)) ?? {};
    const serving = Math.max(1, this.#servingPods(key));
    return Object.fromEntries(sortedKeys(wanted).map((name) => [name, Math.ceil(wanted[name]! / serving)]));
  }
}
