// What decisions have taken and no cluster tells of yet: it is not given twice. It comes free when it is told of, when it is decided
// otherwise, and at last by itself, so that news that never come hold no room for ever.
import { merged } from '../../../base/merged.ts';
import type { Fleet } from '../../../fleet/fleet.ts';
import type { Millis } from '../../../kube/time.ts';
import type { Reservation } from '../../../schedule/batch.ts';
import type { BindingKey } from '../../bindings.ts';

interface Taken {
  readonly since: Millis;
  readonly reservations: readonly Reservation[];
}

export class Promises {
  readonly #fleet: Fleet;
  readonly #ttlMs: Millis;
  /** The oldest first. */
  readonly #taken = new Map<BindingKey, Taken>();
  readonly #keysIn = new Map<string, Set<BindingKey>>();
  #now: Millis = 0;

  constructor(fleet: Fleet, ttlMs: Millis) {
    this.#fleet = fleet;
    this.#ttlMs = ttlMs;
  }

  /** It has become so late. */
  tick(now: Millis): void {
    this.#now = now;
    for (const [key, { since }] of this.#taken) {
      if (since + this.#ttlMs > now) return;
      this.release(key);
    }
  }

  /** Whatever was promised to the binding before is no longer. */
  make(key: BindingKey, reservations: readonly Reservation[]): void {
    this.release(key);
    for (const { cluster, promised } of reservations) this.#fleet.promise(cluster, promised);
    this.#keep(key, { since: this.#now, reservations });
  }

  release(key: BindingKey, isMeant: (reservation: Reservation) => boolean = () => true): void {
    const taken = this.#taken.get(key);
    if (taken === undefined) return;
    for (const { cluster, promised } of taken.reservations.filter(isMeant)) this.#fleet.release(cluster, promised);
    for (const { cluster } of taken.reservations) this.#keysIn.get(cluster)?.delete(key);
    this.#keep(key, merged(taken, { reservations: taken.reservations.filter((one) => !isMeant(one)) }));
  }

  /** Bindings that were promised something in a cluster. */
  keysIn(cluster: string): readonly BindingKey[] {
    return [...(this.#keysIn.get(cluster) ?? [])];
  }

  #keep(key: BindingKey, taken: Taken): void {
    if (taken.reservations.length === 0) this.#taken.delete(key);
    else this.#taken.set(key, taken);
    for (const { cluster } of taken.reservations) {
      const keys = this.#keysIn.get(cluster) ?? new Set();
      this.#keysIn.set(cluster, keys.add(key));
    }
  }
}
