// The scheduler that everything uses: decides over the fleet's columns, and leaves to the readable path what is rare.
import type { ResourceBindingSpec } from '../../api/binding.ts';
import type { ClusterInside } from '../../api/node.ts';
import type { ClusterAffinity, Placement } from '../../api/placement.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Decision, Failure } from '../decision.ts';
import { pluginsFor } from '../default-plugins.ts';
import type { FleetView } from '../fleet-view.ts';
import { PeerIndex } from '../peers.ts';
import type { PluginSet } from '../plugin.ts';
import { noClusterFits } from '../reasons.ts';
import { type BindingInput, isRescheduleTriggered, strategyOf } from '../request.ts';
import { affinityTerms, isToldInstead, schedule } from '../schedule.ts';
import { karmadaAnswers } from '../select/select.ts';
import { type Attempt, isWorkload, RARE } from './attempt.ts';
import { BoundedCache } from './bounded-cache.ts';
import { CandidateFinder } from './candidate-finder.ts';
import { Candidates } from './candidates.ts';
import { ColumnPlacer } from './column-placer.ts';
import { CompiledPlacement } from './compiled-placement.ts';
import { isIntricate, placeReadably, placeSelected } from './readable-placer.ts';
import { BEYOND_COLUMNS, RoomColumns } from './room.ts';
import { TargetPacker } from './targets.ts';
import { type PassedOver, Placed, type Verdict } from './verdict.ts';

const PLACEMENTS_MAX = 4096;
/** Room of what asks for no replicas: it is not counted. */
const UNCOUNTED = 2_147_483_647;

export class Scheduler {
  readonly fleet: Fleet;
  readonly profile: Profile;
  /** Nodes and pods of clusters that somebody looked into; such a fleet is estimated node by node. */
  readonly insides = new Map<string, ClusterInside>();
  readonly peers = new PeerIndex();
  readonly #plugins: PluginSet;
  /** Other plugins than the usual ones see clusters, not columns. */
  readonly #readableOnly: boolean;
  readonly #packer = new TargetPacker();
  readonly #candidates = new Candidates();
  readonly #placements = new BoundedCache<CompiledPlacement>(PLACEMENTS_MAX);
  readonly #finder: CandidateFinder;
  readonly #placer: ColumnPlacer;
  readonly #room: RoomColumns;

  constructor(fleet: Fleet, profile: Profile, plugins: PluginSet = pluginsFor(profile)) {
    this.fleet = fleet;
    this.profile = profile;
    this.#plugins = plugins;
    this.#readableOnly =
      plugins !== pluginsFor(profile) ||
      profile.enableEmptyWorkloadPropagation ||
      !profile.gates.CustomizedClusterResourceModeling;
    this.#finder = new CandidateFinder(fleet, this.#candidates);
    this.#placer = new ColumnPlacer(fleet, profile, this.#candidates, this.#packer);
    this.#room = new RoomColumns(fleet);
  }

  decide(binding: BindingInput): Verdict {
    const placement = binding.spec.placement ?? {};
    if (this.#readableOnly || this.#isRare(binding.spec, placement)) return this.#decideReadably(binding);
    if (placement.clusterAffinities != null) return this.#decideByGroups(binding, placement);
    const tiers = placement.clusterAffinity ? [placement.clusterAffinity] : [];
    const attempt = this.#attempt(binding, placement, tiers, '');
    if (attempt === RARE) return this.#decideReadably(binding);
    return attempt.ok ? new Placed(attempt.targets, this.fleet.names, null) : this.#refusal(binding, attempt.failure);
  }

  /** The same decision with everything that was seen on the way; of another fleet than this one, if need be. */
  explain(binding: BindingInput, fleet = this.view()): Decision {
    return schedule(binding, fleet, this.profile, this.#plugins);
  }

  view(): FleetView {
    const { fleet, insides } = this;
    return { clusters: fleet.clusters(), promised: fleet.ledger.promises, insides, peers: this.peers.peers };
  }

  #decideReadably(binding: BindingInput): Verdict {
    const decision = this.explain(binding);
    const passedOver = decision.attempts.flatMap(({ affinity, failure }) =>
      affinity === null || failure === null ? [] : [{ affinity, message: failure.message }],
    );
    if (decision.ok) return { ok: true, affinity: decision.affinity, clusters: decision.clusters, passedOver };
    const { code, step, message } = decision;
    return { ok: false, code, step, message, passedOver };
  }

  #decideByGroups(binding: BindingInput, placement: Placement): Verdict {
    const terms = affinityTerms(binding);
    let told: Failure | null = null;
    const passedOver: PassedOver[] = [];
    for (const { name, tiers } of terms) {
      const attempt = this.#attempt(binding, placement, tiers, name ?? '');
      if (attempt === RARE) return this.#decideReadably(binding);
      if (attempt.ok) return new Placed(attempt.targets, this.fleet.names, name, passedOver);
      passedOver.push({ affinity: name ?? '', message: attempt.failure.message });
      if (told === null || isToldInstead(attempt.failure, told, this.profile)) told = attempt.failure;
    }
    return told === null ? this.#decideReadably(binding) : this.#refusal(binding, told, passedOver);
  }

  /** Which filter rejects how many is looked into when somebody asks: columns do not keep it. */
  #refusal(binding: BindingInput, failure: Failure, passedOver: readonly PassedOver[] = []): Verdict {
    const { code, step } = failure;
    if (code !== 'NoClusterFits') return { ok: false, ...failure, passedOver };
    const message = () => {
      const readable = this.#decideReadably(binding);
      return readable.ok ? failure.message : readable.message;
    };
    return {
      ok: false,
      code,
      step,
      passedOver,
      get message() {
        return message();
      },
    };
  }

  #isRare(spec: ResourceBindingSpec, placement: Placement): boolean {
    if (this.insides.size > 0 || (spec.components?.length ?? 0) > 0) return true;
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
    this.#candidates.fit(this.fleet.slots);
    const previous = spec.clusters ?? [];
    if (!this.#finder.mark(previous)) return RARE;
    try {
      const compiled = this.#compiled(spec, placement, tiers, term);
      const shared = this.#finder.list(compiled, spec);
      if (this.#candidates.size === 0) return { ok: false, failure: noClusterFits(this.fleet.size, new Map()) };
      const intricate = isIntricate(placement, tiers, this.profile);
      if (intricate || this.#placer.needsRoom(binding, placement)) {
        if (this.#fillRoom(binding, compiled) === RARE) return RARE;
      }
      if (!intricate) return this.#placer.place(binding, placement, shared);
      const { fleet, profile } = this;
      if (tiers.length <= 1 && karmadaAnswers(placement)) {
        const isSelected = this.#placer.select(binding, placement);
        const placed = isSelected
          ? placeSelected(binding, compiled, this.#candidates, fleet, profile, this.#packer)
          : null;
        if (placed !== null) return placed;
        this.#finder.list(compiled, spec);
        this.#fillRoom(binding, compiled);
      }
      return placeReadably(binding, tiers, compiled, this.#candidates, fleet, profile, this.#packer);
    } finally {
      this.#finder.unmark(previous);
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

  #fillRoom(binding: BindingInput, compiled: CompiledPlacement): typeof RARE | null {
    const { spec } = binding;
    const { indices, room, size } = this.#candidates;
    const replicas = spec.replicas ?? 0;
    if (replicas === 0) {
      room.fill(UNCOUNTED, 0, size);
      return null;
    }
    const { estimatesSaturate, closedClustersGetNoMore } = this.profile.switches;
    const filled = this.#room.fill(spec.replicaRequirements, indices, size, replicas, estimatesSaturate, room);
    if (filled === BEYOND_COLUMNS) return RARE;
    if (closedClustersGetNoMore && !isRescheduleTriggered(binding)) this.#finder.close(compiled);
    return null;
  }
}
