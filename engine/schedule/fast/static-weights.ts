// The static weight of every cluster under one preference, kept up to date through the fleet's change log.
import { type AffinityCheck, compileAffinity } from '../../api/cluster-affinity.ts';
import type { WeightPreference } from '../../api/placement.ts';
import { affinityMembers } from '../../fleet/affinity.ts';
import type { Fleet } from '../../fleet/fleet.ts';

export class StaticWeights {
  readonly #fleet: Fleet;
  readonly #rules: readonly { readonly check: AffinityCheck; readonly weight: number }[];
  readonly #preference: WeightPreference;
  #weights = new Float64Array(0);
  #version = -1;

  constructor(fleet: Fleet, preference: WeightPreference) {
    this.#fleet = fleet;
    this.#preference = preference;
    this.#rules = (preference.staticWeightList ?? []).map(({ targetCluster, weight }) => ({
      check: compileAffinity(targetCluster),
      weight,
    }));
  }

  /** By fleet index; 0 where no rule matches. */
  current(): Float64Array {
    const { changes, slots } = this.#fleet;
    if (this.#version < 0 || this.#weights.length < slots || !changes.reaches(this.#version)) this.#compute();
    else for (let at = this.#version; at < changes.version; at += 1) this.#reconsider(changes.changedAt(at));
    this.#version = changes.version;
    return this.#weights;
  }

  #compute(): void {
    this.#weights = new Float64Array(this.#fleet.slots);
    for (const { targetCluster, weight } of this.#preference.staticWeightList ?? []) {
      for (const index of affinityMembers(targetCluster, this.#fleet)) {
        if (weight > this.#weights[index]!) this.#weights[index] = weight;
      }
    }
  }

  #reconsider(index: number): void {
    const cluster = this.#fleet.cluster(index);
    let most = 0;
    for (const { check, weight } of this.#rules) {
      if (cluster !== undefined && weight > most && check(cluster) === null) most = weight;
    }
    this.#weights[index] = most;
  }
}
