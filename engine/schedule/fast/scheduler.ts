// The scheduler that everything uses: decides over the fleet's columns, and leaves to the readable path what is rare.
import type { ResourceBindingSpec, TargetCluster } from '../../api/binding.ts';
import type { ClusterAffinity, Placement, SpreadConstraint, WeightPreference } from '../../api/placement.ts';
import { byNumber } from '../../base/order.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { assignReplicas } from '../assign/assign.ts';
import { tieOrderOf } from '../assign/divide.ts';
import type { Decision, Failure } from '../decision.ts';
import { DEFAULT_PLUGINS } from '../default-plugins.ts';
import type { PluginSet } from '../plugin.ts';
import type { Profile } from '../profile.ts';
import { noClusterFits, nothingSelected, spreadUnsupported } from '../reasons.ts';
import { type BindingInput, isDuplicated, isRescheduleTriggered, readRequest, strategyOf } from '../request.ts';
import { affinityTerms, schedule } from '../schedule.ts';
import { type Candidate, candidateOrder } from '../select/candidate.ts';
import { isSpreadIgnored, selectClusters } from '../select/select.ts';
import { BoundedCache } from './bounded-cache.ts';
import { Candidates, KeySpace } from './candidates.ts';
import { CompiledPlacement } from './compiled-placement.ts';
import { Divider } from './divide-columns.ts';
import { BEYOND_COLUMNS, RoomColumns } from './room.ts';
import { keyCandidates, selectByCluster } from './select-by-cluster.ts';
import { selectByRegion } from './select-by-region.ts';
import { StaticWeights } from './static-weights.ts';
import { TargetPacker, type Targets, UniformTargets } from './targets.ts';
import { TopScratch } from './top.ts';
import { Placed, type Verdict } from './verdict.ts';

const PLACEMENTS_MAX = 4096;
const RARE = Symbol('left to the readable path');

const isWorkload = (spec: ResourceBindingSpec): boolean => (spec.replicas ?? 0) > 0 || spec.replicaRequirements != null;

type Attempt = { readonly ok: true; readonly targets: Targets } | { readonly ok: false; readonly failure: Failure };

export class Scheduler {
  readonly fleet: Fleet;
  readonly profile: Profile;
  readonly #plugins: PluginSet;
  readonly #plainOnly: boolean;
  readonly #packer = new TargetPacker();
  readonly #candidates = new Candidates();
  readonly #topScratch = new TopScratch();
  readonly #divider: Divider;
  readonly #room: RoomColumns;
  readonly #placements = new BoundedCache<CompiledPlacement>(PLACEMENTS_MAX);
  readonly #weights = new BoundedCache<StaticWeights>(PLACEMENTS_MAX);
  #space: KeySpace | null = null;
  #spaceSlots = -1;

  constructor(fleet: Fleet, profile: Profile, plugins: PluginSet = DEFAULT_PLUGINS) {
    this.fleet = fleet;
    this.profile = profile;
    this.#plugins = plugins;
    this.#plainOnly =
      plugins !== DEFAULT_PLUGINS ||
      profile.enableEmptyWorkloadPropagation ||
      !profile.gates.CustomizedClusterResourceModeling;
    this.#divider = new Divider(fleet, this.#packer);
    this.#room = new RoomColumns(fleet);
  }

  decide(binding: BindingInput): Verdict {
    const { spec } = binding;
    const placement = spec.placement ?? {};
    if (this.#plainOnly || this.#isRare(spec, placement)) return this.#plainly(binding);
    const { clusterAffinity, clusterAffinities } = placement;
    if (clusterAffinities != null) return this.#decideByGroups(binding, placement);
    const attempt = this.#attempt(binding, placement, clusterAffinity ? [clusterAffinity] : [], '');
    if (attempt === RARE) return this.#plainly(binding);
    return attempt.ok ? new Placed(attempt.targets, this.fleet.names, null) : { ok: false, ...attempt.failure };
  }

  /** The same decision with everything that was seen on the way. */
  explain(binding: BindingInput): Decision {
    return schedule(binding, { clusters: this.fleet.clusters() }, this.profile, this.#plugins);
  }

  #plainly(binding: BindingInput): Verdict {
    const decision = this.explain(binding);
    if (decision.ok) return { ok: true, affinity: decision.affinity, clusters: decision.clusters };
    const { code, step, message } = decision;
    return { ok: false, code, step, message };
  }

  #decideByGroups(binding: BindingInput, placement: Placement): Verdict {
    const terms = affinityTerms(binding);
    if (terms.length === 0) return this.#plainly(binding);
    let first: Failure | null = null;
    for (const { name, tiers } of terms) {
      const attempt = this.#attempt(binding, placement, tiers, name ?? '');
      if (attempt === RARE) return this.#plainly(binding);
      if (attempt.ok) return new Placed(attempt.targets, this.fleet.names, name);
      first ??= attempt.failure;
    }
    return { ok: false, ...first! };
  }

  /** What the columns do not hold. */
  #isRare(spec: ResourceBindingSpec, placement: Placement): boolean {
    if ((spec.components?.length ?? 0) > 0) return true;
    if (this.profile.gates.WorkloadAffinity && spec.workloadAffinityGroups !== undefined) return true;
    return strategyOf(placement) === 'Unsupported';
  }

  #attempt(
    binding: BindingInput,
    placement: Placement,
    tiers: readonly ClusterAffinity[],
    term: string,
  ): Attempt | typeof RARE {
    const { spec } = binding;
    const compiled = this.#compiled(spec, placement, tiers, term);
    const candidates = this.#candidates;
    candidates.fit(this.fleet.slots);
    const previous = spec.clusters ?? [];
    if (!this.#markPrevious(previous)) return RARE;
    try {
      const shared = this.#listCandidates(compiled, spec, previous);
      if (candidates.size === 0) return { ok: false, failure: noClusterFits(this.fleet.size, new Map()) };
      if (this.#isIntricate(placement, tiers)) return this.#placeReadably(binding, compiled, tiers);
      return this.#place(binding, placement, shared);
    } finally {
      this.#unmarkPrevious(previous);
    }
  }

  #compiled(
    spec: ResourceBindingSpec,
    placement: Placement,
    tiers: readonly ClusterAffinity[],
    term: string,
  ): CompiledPlacement {
    const { apiVersion, kind } = spec.resource;
    // Only workloads overflow.
    const open = tiers.length > 1 && !isWorkload(spec) ? tiers.slice(0, 1) : tiers;
    const key = `${apiVersion} ${kind} ${term} ${open.length} ${JSON.stringify(placement)}`;
    const labelsSpread = this.profile.switches.spreadByAnyTopology;
    const compiled = this.#placements.get(
      key,
      () => new CompiledPlacement(this.fleet, { placement, tiers: open, apiVersion, kind, labelsSpread }),
    );
    compiled.catchUp();
    return compiled;
  }

  /** False where a cluster is named twice: only the readable path knows what that means. */
  #markPrevious(previous: readonly TargetCluster[]): boolean {
    const { previous: replicas, isPrevious } = this.#candidates;
    for (let at = 0; at < previous.length; at += 1) {
      const index = this.fleet.indexOf(previous[at]!.name);
      if (index === undefined) continue;
      if (isPrevious[index] === 1) {
        this.#unmarkPrevious(previous);
        return false;
      }
      isPrevious[index] = 1;
      replicas[index] = previous[at]!.replicas ?? 0;
    }
    return true;
  }

  #unmarkPrevious(previous: readonly TargetCluster[]): void {
    for (const { name } of previous) {
      const index = this.fleet.indexOf(name);
      if (index !== undefined) this.#candidates.isPrevious[index] = 0;
    }
  }

  /** Fills in the candidates by rising index; returns the shared array where it is exactly the open clusters. */
  #listCandidates(
    compiled: CompiledPlacement,
    spec: ResourceBindingSpec,
    previous: readonly TargetCluster[],
  ): Int32Array | null {
    const open = compiled.openIndices();
    const candidates = this.#candidates;
    const kept: number[] = [];
    for (const { name } of previous) {
      const index = this.fleet.indexOf(name);
      if (index !== undefined && compiled.isMember(index) && !compiled.isOpen(index)) kept.push(index);
    }
    const evicting = new Set<number>();
    for (const { fromCluster } of spec.gracefulEvictionTasks ?? []) {
      const index = this.fleet.indexOf(fromCluster);
      if (index !== undefined) evicting.add(index);
    }
    if (kept.length === 0 && evicting.size === 0) {
      candidates.share(open);
      return open;
    }
    candidates.merge(open, kept.sort(byNumber), evicting);
    return null;
  }

  #place(binding: BindingInput, placement: Placement, shared: Int32Array | null): Attempt | typeof RARE {
    const { spec } = binding;
    const replicas = spec.replicas ?? 0;
    const strategy = strategyOf(placement);
    const constraints = this.#constraints(placement);
    if (strategy === 'Unsupported') return RARE;

    const divides = isWorkload(spec) && strategy !== 'Duplicated';
    const { staticWeightsRespectCapacity } = this.profile.switches;
    const needsRoom =
      constraints !== null || (divides && (strategy !== 'StaticWeight' || staticWeightsRespectCapacity));
    if (needsRoom && this.#fillRoom(spec, replicas) === RARE) return RARE;

    if (constraints !== null) {
      const failure = this.#select(constraints, placement, replicas);
      if (failure !== null) return { ok: false, failure };
      if (this.#candidates.size === 0) return { ok: false, failure: nothingSelected() };
    }
    if (!divides) {
      const same =
        constraints === null && shared !== null ? shared : this.#candidates.indices.slice(0, this.#candidates.size);
      return this.#copyTo(same, isWorkload(spec), replicas);
    }
    return this.#divide(binding, placement, replicas, strategy);
  }

  #copyTo(indices: Int32Array, hasReplicas: boolean, replicas: number): Attempt {
    const none = hasReplicas && replicas === 0;
    return {
      ok: true,
      targets: new UniformTargets(none ? new Int32Array(0) : indices, hasReplicas ? replicas : null),
    };
  }

  /** Overflow tiers, and spreads that reach further than Karmada's: found in columns, decided on candidates. */
  #isIntricate(placement: Placement, tiers: readonly ClusterAffinity[]): boolean {
    if (tiers.length > 1) return true;
    const { spreadByAnyTopology, unsetMaxGroupsIsUnlimited } = this.profile.switches;
    return (spreadByAnyTopology || unsetMaxGroupsIsUnlimited) && (placement.spreadConstraints?.length ?? 0) > 0;
  }

  #placeReadably(
    binding: BindingInput,
    compiled: CompiledPlacement,
    tiers: readonly ClusterAffinity[],
  ): Attempt | typeof RARE {
    if (this.#fillRoom(binding.spec, binding.spec.replicas ?? 0) === RARE) return RARE;
    const { indices, room, previous, isPrevious, size } = this.#candidates;
    const found: Candidate[] = [];
    for (let at = 0; at < size; at += 1) {
      const index = indices[at]!;
      const known = isPrevious[index] === 1;
      found.push({
        name: this.fleet.names[index]!,
        cluster: this.fleet.cluster(index)!,
        tier: compiled.tierOf(index),
        score: known ? 100 : 0,
        room: room[at]!,
        available: room[at]! + (known ? previous[index]! : 0),
      });
    }
    const request = readRequest(binding, this.profile, tiers);
    const selection = selectClusters(found.sort(candidateOrder), request);
    const assigned = selection.ok ? assignReplicas(selection.value, request) : selection;
    if (!assigned.ok) return assigned;
    const targets = [...assigned.value]
      .map(({ name, replicas }) => ({ index: this.fleet.indexOf(name)!, replicas }))
      .sort((a, b) => a.index - b.index);
    const placed = Int32Array.from(targets, ({ index }) => index);
    if (!request.isWorkload) return { ok: true, targets: new UniformTargets(placed, null) };
    const replicas = Float64Array.from(targets, (target) => target.replicas ?? 0);
    return { ok: true, targets: this.#packer.pack(placed, replicas, placed.length) };
  }

  #constraints(placement: Placement): readonly SpreadConstraint[] | null {
    const constraints = placement.spreadConstraints ?? [];
    if (constraints.length === 0) return null;
    if (!this.profile.switches.staticWeightsRespectSpread) return isSpreadIgnored(placement) ? null : constraints;
    return constraints;
  }

  #fillRoom(spec: ResourceBindingSpec, replicas: number): typeof RARE | null {
    const { indices, room, size } = this.#candidates;
    if (replicas === 0) {
      room.fill(2_147_483_647, 0, size);
      return null;
    }
    const { estimatesSaturate } = this.profile.switches;
    const filled = this.#room.fill(spec.replicaRequirements, indices, size, replicas, estimatesSaturate, room);
    return filled === BEYOND_COLUMNS ? RARE : null;
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
    keyCandidates(this.#candidates, this.fleet, space);
    if (region !== undefined) {
      return selectByRegion(this.#candidates, region, cluster, { replicas, duplicated }, this.fleet, space);
    }
    return selectByCluster(
      this.#candidates,
      cluster!,
      duplicated ? null : replicas,
      this.fleet,
      space,
      this.#topScratch,
    );
  }

  #divide(
    binding: BindingInput,
    placement: Placement,
    replicas: number,
    strategy: 'StaticWeight' | 'DynamicWeight' | 'Aggregated',
  ): Attempt | typeof RARE {
    const { spec } = binding;
    const ties = tieOrderOf(spec);
    const preference = placement.replicaScheduling?.weightPreference;
    if (strategy === 'StaticWeight') {
      this.#writeStaticWeights(preference);
      const limited = this.profile.switches.staticWeightsRespectCapacity;
      return this.#divider.byStaticWeights(this.#candidates, replicas, ties, limited);
    }
    if (strategy === 'DynamicWeight' && preference?.dynamicWeight !== 'AvailableReplicas') return RARE;
    return this.#divider.byRoom(
      this.#candidates,
      {
        replicas,
        previous: spec.clusters ?? [],
        aggregated: strategy === 'Aggregated',
        fresh: isRescheduleTriggered(binding),
        ties,
      },
      this.#keySpace(),
    );
  }

  #writeStaticWeights(preference: WeightPreference | undefined): void {
    const { indices, weights, size } = this.#candidates;
    let total = 0;
    if (preference != null && (preference.staticWeightList?.length ?? 0) > 0) {
      const column = this.#weights
        .get(JSON.stringify(preference.staticWeightList), () => new StaticWeights(this.fleet, preference))
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
    if (this.#space === null || this.#spaceSlots !== this.fleet.slots) {
      this.#space = new KeySpace(this.fleet);
      this.#spaceSlots = this.fleet.slots;
    }
    return this.#space;
  }
}
