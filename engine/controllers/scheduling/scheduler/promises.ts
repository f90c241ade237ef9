// What decisions have taken and no cluster tells of yet: it is not given twice. It comes free when it is told of, when it is decided
// otherwise, and at last by itself, so that news that never come hold no room for ever.
import type { Fleet } from '../../../fleet/fleet.ts';
import type { Millis } from '../../../kube/time.ts';
import type { Reservation } from '../../../schedule/batch.ts';
import type { BindingKey } from '../../bindings.ts';

/** By one decision, in one cluster. */
interface Taken extends Reservation {
  readonly key: BindingKey;
  readonly since: Millis;
}

export class Promises {
  readonly #fleet: Fleet;
  readonly #ttlMs: Millis;
  /** The oldest first. */
  readonly #taken = new Set<Taken>();
  readonly #takenBy = new Map<BindingKey, Set<Taken>>();
  readonly #takenIn = new Map<string, Set<Taken>>();
  /** By the last decision on a binding. */
  readonly #last = new Map<BindingKey, readonly Taken[]>();
  #now: Millis = 0;

  constructor(fleet: Fleet, ttlMs: Millis) {
    this.#fleet = fleet;
    this.#ttlMs = ttlMs;
  }

  /** It has become so late. */
  tick(now: Millis): void {
    this.#now = now;
    for (const one of this.#taken) {
      if (one.since + this.#ttlMs > now) return;
      this.#end(one);
    }
  }

  /** Beside what was promised to the binding before: that may be on its way still. */
  make(key: BindingKey, reservations: readonly Reservation[]): void {
    const made = reservations.map(({ cluster, promised }): Taken => ({ key, cluster, promised, since: this.#now }));
    this.#last.set(key, made);
    for (const one of made) {
      this.#fleet.promise(one.cluster, one.promised);
      this.#taken.add(one);
      addTo(this.#takenBy, key, one);
      addTo(this.#takenIn, one.cluster, one);
    }
  }

  /** The last decision has come to nothing. */
  takeBack(key: BindingKey): void {
    for (const one of this.#last.get(key) ?? []) this.#end(one);
    this.#last.delete(key);
  }

  release(key: BindingKey, isMeant: (cluster: string) => boolean = () => true): void {
    for (const one of [...(this.#takenBy.get(key) ?? [])]) if (isMeant(one.cluster)) this.#end(one);
    if (!this.#takenBy.has(key)) this.#last.delete(key);
  }

  /** Bindings that were promised something in a cluster. */
  keysIn(cluster: string): readonly BindingKey[] {
    return [...new Set([...(this.#takenIn.get(cluster) ?? [])].map(({ key }) => key))];
  }

  #end(one: Taken): void {
    if (!this.#taken.delete(one)) return;
    this.#fleet.release(one.cluster, one.promised);
    removeFrom(this.#takenBy, one.key, one);
    removeFrom(this.#takenIn, one.cluster, one);
  }
}

function addTo<T>(sets: Map<string, Set<T>>, key: string, value: T): void {
  const known = sets.get(key);
  if (known === undefined) sets.set(key, new Set([value]));
  else known.add(value);
}

function removeFrom<T>(sets: Map<string, Set<T>>, key: string, value: T): void {
  const known = sets.get(key);
  known?.delete(value);
  if (known?.size === 0) sets.delete(key);
}
