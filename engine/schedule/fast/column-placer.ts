// Selects and divides over columns: what most placements need, and all of Karmada's own strategies.
import type { Placement, SpreadConstraint, WeightPreference } from '../../api/placement.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Profile } from '../../profile/profile.ts';
import { tieOrderOf } from '../assign/divide.ts';
import type { Failure } from '../decision.ts';
import { nothingSelected, spreadUnsupported } from '../reasons.ts';
import { type BindingInput, isDuplicated, isRescheduleTriggered, type Strategy, strategyOf } from '../request.ts';
import { isSpreadIgnored } from '../select/select.ts';
import { type Attempt, isWorkload, RARE } from './attempt.ts';
import { BoundedCache } from './bounded-cache.ts';
import { type Candidates, KeySpace } from './candidates.ts';
import { Divider } from './divide-columns.ts';
import { keyCandidates, selectByCluster } from './select-by-cluster.ts';
import { selectByRegion } from './select-by-region.ts';
import { StaticWeights } from './static-weights.ts';
import { type TargetPacker, UniformTargets } from './targets.ts';
import { TopScratch } from './top.ts';

const PREFERENCES_MAX = 4096;

export class ColumnPlacer {
  readonly #fleet: Fleet;
  readonly #profile: Profile;
  readonly #candidates: Candidates;
  readonly #divider: Divider;
  readonly #topScratch = new TopScratch();
  readonly #weights = new BoundedCache<StaticWeights>(PREFERENCES_MAX);
  #space: KeySpace | null = null;
  #spaceSlots = -1;

  constructor(fleet: Fleet, profile: Profile, candidates: Candidates, packer: TargetPacker) {
    this.#fleet = fleet;
    this.#profile = profile;
    this.#candidates = candidates;
    this.#divider = new Divider(fleet, packer);
  }

  /** Whether the room of the candidates must be known before `place`. */
  needsRoom(binding: BindingInput, placement: Placement): boolean {
    if (this.#constraints(placement) !== null) return true;
    const strategy = strategyOf(placement);
    if (!isWorkload(binding.spec) || strategy === 'Duplicated') return false;
    return strategy !== 'StaticWeight' || this.#profile.switches.staticWeightsRespectCapacity;
  }

  /** Narrows the candidates to what Karmada selects; false where it selects nothing. */
  select({ spec }: BindingInput, placement: Placement): boolean {
    return this.#select(placement.spreadConstraints ?? [], placement, spec.replicas ?? 0) === null;
  }

  /** `shared` is the list of candidates where others hold it too, so that it can be kept instead of copied. */
  place(binding: BindingInput, placement: Placement, shared: Int32Array | null): Attempt | typeof RARE {
    const { spec } = binding;
    const replicas = spec.replicas ?? 0;
    const constraints = this.#constraints(placement);
    if (constraints !== null) {
      const failure = this.#select(constraints, placement, replicas);
      if (failure !== null) return { ok: false, failure };
      if (this.#candidates.size === 0) return { ok: false, failure: nothingSelected() };
    }
    const strategy = strategyOf(placement);
    if (isWorkload(spec) && strategy !== 'Duplicated') return this.#divide(binding, placement, replicas, strategy);
    const { indices, size } = this.#candidates;
    const everywhere = constraints === null && shared !== null ? shared : indices.slice(0, size);
    return { ok: true, targets: this.#copies(everywhere, isWorkload(spec) ? replicas : null) };
  }

  #copies(indices: Int32Array, replicas: number | null): UniformTargets {
    return new UniformTargets(replicas === 0 ? new Int32Array(0) : indices, replicas);
  }

  #constraints(placement: Placement): readonly SpreadConstraint[] | null {
    const constraints = placement.spreadConstraints ?? [];
    if (constraints.length === 0) return null;
    if (this.#profile.switches.staticWeightsRespectSpread) return constraints;
    return isSpreadIgnored(placement) ? null : constraints;
  }

  #select(constraints: readonly SpreadConstraint[], placement: Placement, replicas: number): Failure | null {
    let region: SpreadConstraint | undefined;
    let cluster: SpreadConstraint | undefined;
    for (const constraint of constraints) {
      if (constraint.spreadByField === 'region') region = constraint;
      else if (constraint.spreadByField === 'cluster') cluster = constraint;
    }
    if (region === undefined && cluster === undefined) {
      return spreadUnsupported(constraints.map((each) => each.spreadByField || `label ${each.spreadByLabel}`));
    }
    const space = this.#keySpace();
    const duplicated = isDuplicated(placement);
    keyCandidates(this.#candidates, this.#fleet, space);
    if (region !== undefined) {
      return selectByRegion(this.#candidates, region, cluster, { replicas, duplicated }, this.#fleet, space);
    }
    const wanted = duplicated ? null : replicas;
    return selectByCluster(this.#candidates, cluster!, wanted, this.#fleet, space, this.#topScratch);
  }

  #divide(binding: BindingInput, placement: Placement, replicas: number, strategy: Strategy): Attempt | typeof RARE {
    const { spec } = binding;
    const ties = tieOrderOf(spec);
    const preference = placement.replicaScheduling?.weightPreference;
    if (strategy === 'StaticWeight') {
      this.#writeStaticWeights(preference);
      const limited = this.#profile.switches.staticWeightsRespectCapacity;
      return this.#divider.byStaticWeights(this.#candidates, replicas, ties, limited);
    }
    if (strategy === 'DynamicWeight' && preference?.dynamicWeight !== 'AvailableReplicas') return RARE;
    const aggregated = strategy === 'Aggregated';
    const fresh = isRescheduleTriggered(binding);
    const demand = { replicas, previous: spec.clusters ?? [], aggregated, fresh, ties };
    return this.#divider.byRoom(this.#candidates, demand, this.#keySpace());
  }

  #writeStaticWeights(preference: WeightPreference | undefined): void {
    const { indices, weights, size } = this.#candidates;
    let total = 0;
    if (preference != null && (preference.staticWeightList?.length ?? 0) > 0) {
      const column = this.#weights
        .get(JSON.stringify(preference.staticWeightList), () => new StaticWeights(this.#fleet, preference))
        .current();
      for (let at = 0; at < size; at += 1) {
        const weight = column[indices[at]!]!;
        weights[at] = weight;
        total += weight;
      }
    }
    if (total === 0) weights.fill(1, 0, size);
  }

  #keySpace(): KeySpace {
    if (this.#space === null || this.#spaceSlots !== this.#fleet.slots) {
      this.#space = new KeySpace(this.#fleet);
      this.#spaceSlots = this.#fleet.slots;
    }
    return this.#space;
  }
}
