// Capacity that was promised but that no cluster's status shows yet, in the units in which capacity is counted.

export interface Promised {
  readonly pods: bigint;
  /** CPU in thousandths, every other resource in whole units. */
  readonly units: ReadonlyMap<string, bigint>;
}

export type Promises = ReadonlyMap<string, Promised>;

export class Ledger {
  readonly #promises = new Map<string, Promised>();

  /** By cluster. */
  get promises(): Promises {
    return this.#promises;
  }

  of(cluster: string): Promised | undefined {
    return this.#promises.get(cluster);
  }

  add(cluster: string, promised: Promised): void {
    this.#promises.set(cluster, addPromises(this.#promises.get(cluster), promised));
  }

  /** Takes a promise back: it was kept and shows in the status, or it will not be kept. */
  release(cluster: string, promised: Promised): void {
    const known = this.#promises.get(cluster);
    if (known === undefined) return;
    const left = addPromises(known, negated(promised));
    if (left.pods <= 0n && [...left.units.values()].every((amount) => amount <= 0n)) this.#promises.delete(cluster);
    else this.#promises.set(cluster, left);
  }
}

export function addPromises(a: Promised | undefined, b: Promised): Promised {
  if (a === undefined) return b;
  const units = new Map(a.units);
  for (const [resource, amount] of b.units) units.set(resource, (units.get(resource) ?? 0n) + amount);
  return { pods: a.pods + b.pods, units };
}

const negated = ({ pods, units }: Promised): Promised => ({
  pods: -pods,
  units: new Map([...units].map(([resource, amount]) => [resource, -amount])),
});
