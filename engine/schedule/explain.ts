// Tells the full story of a decision: every filter's verdict, every score and estimate, the selection and the arithmetic.
// The outcome is `schedule`'s own; the steps are taken again with the same functions, so that the two cannot differ.
import type { ReplicaRequirements } from '../api/binding.ts';
import type { Cluster } from '../api/cluster.ts';
import { byKey, byText, sortedKeys } from '../base/order.ts';
import type { Profile } from '../profile/profile.ts';
import { asManyAsFit, type Decide } from './as-many-as-fit.ts';
import type { AttemptTrace, Decision, Success } from './decision.ts';
import { whyNoMore } from './filter/closed.ts';
import type { FleetView } from './fleet-view.ts';
import type { PluginSet } from './plugin.ts';
import { type BindingInput, readRequest, type ScheduleRequest } from './request.ts';
import { affinityTerms, isDeleting, schedule, scoreOf, toCandidate } from './schedule.ts';
import { type Candidate, candidateOrder } from './select/candidate.ts';
import { readConstraints } from './select/topology/constraints.ts';
import { tellDivisions } from './story/division.ts';
import { whyIdle } from './story/idle.ts';
import { tellGroups, whyLeftOut } from './story/selection.ts';
import type {
  AttemptStory,
  CandidateStory,
  ClusterStory,
  DivisionStory,
  EstimateStory,
  Explanation,
  OutcomeStory,
  WorkloadStory,
} from './story/story.ts';

export function explain(binding: BindingInput, fleet: FleetView, profile: Profile, plugins: PluginSet): Explanation {
  const decision = schedule(binding, fleet, profile, plugins);
  const terms = affinityTerms(binding);
  return {
    profile: profile.name,
    workload: tellWorkload(binding, readRequest(binding, profile, [])),
    outcome: tellOutcome(binding, decision, (input) => schedule(input, fleet, profile, plugins), profile),
    attempts: decision.attempts.map((trace, at) => {
      const request = readRequest(binding, profile, terms[at]!.tiers);
      const success = decision.ok && at === decision.attempts.length - 1 ? decision : null;
      return new Attempt(request, fleet, plugins, trace, success).tell();
    }),
  };
}

function tellWorkload({ spec }: BindingInput, request: ScheduleRequest): WorkloadStory {
  const { apiVersion, kind, namespace, name } = spec.resource;
  const constraints = request.placement.spreadConstraints ?? [];
  return {
    apiVersion,
    kind,
    namespace: namespace || null,
    name,
    replicas: request.replicas,
    divisible: request.isWorkload,
    request: tellRequest(spec.replicaRequirements),
    components: (spec.components ?? []).map((component) => ({
      name: component.name,
      replicas: component.replicas,
      request: tellRequest(component.replicaRequirements),
    })),
    strategy: request.strategy,
    fresh: request.fresh,
    previous: spec.clusters ?? [],
    constraints: readConstraints(constraints, request.profile).map(({ field }, at) => ({
      over: field,
      minGroups: constraints[at]!.minGroups ?? null,
      maxGroups: constraints[at]!.maxGroups ?? null,
    })),
  };
}

function tellRequest(requirements: ReplicaRequirements | undefined): Record<string, string> {
  const asked = requirements?.resourceRequest ?? {};
  return Object.fromEntries(sortedKeys(asked).map((resource) => [resource, String(asked[resource])]));
}

function tellOutcome(binding: BindingInput, decision: Decision, decide: Decide, { switches }: Profile): OutcomeStory {
  if (decision.ok) return { ok: true, clusters: decision.clusters, affinity: decision.affinity };
  const part = switches.placesWhatFits ? asManyAsFit(binding, decision, decide) : null;
  return {
    ok: false,
    code: decision.code,
    step: decision.step,
    message: decision.message,
    part: part?.clusters ?? [],
  };
}

/** One try of one affinity group, gone through again cluster by cluster. */
class Attempt {
  readonly #request: ScheduleRequest;
  readonly #fleet: FleetView;
  readonly #plugins: PluginSet;
  readonly #trace: AttemptTrace;
  readonly #candidates: readonly Candidate[];
  readonly #selected: ReadonlySet<string>;
  readonly #leftOut: ReadonlyMap<string, string>;
  readonly #replicas: ReadonlyMap<string, number | null>;

  constructor(
    request: ScheduleRequest,
    fleet: FleetView,
    plugins: PluginSet,
    trace: AttemptTrace,
    success: Success | null,
  ) {
    this.#request = request;
    this.#fleet = fleet;
    this.#plugins = plugins;
    this.#trace = trace;
    this.#candidates = fleet.clusters
      .filter(({ metadata }) => trace.scores.has(metadata.name))
      .map((cluster) => toCandidate(cluster, scoreOf(cluster, request, fleet, plugins), request, fleet, plugins))
      .sort(candidateOrder);
    this.#selected = new Set(trace.selected ?? []);
    this.#leftOut = trace.selected === null ? new Map() : whyLeftOut(this.#candidates, this.#selected, request);
    this.#replicas = new Map(success?.clusters.map(({ name, replicas }) => [name, replicas ?? null]));
  }

  tell(): AttemptStory {
    const { affinity, selected, failure } = this.#trace;
    const byNames = new Map(this.#candidates.map((candidate) => [candidate.name, candidate]));
    const chosen = (selected ?? []).map((name) => byNames.get(name)!);
    const others = this.#candidates.filter(({ name }) => !this.#selected.has(name));
    const ranks = new Map(this.#candidates.map(({ name }, at) => [name, at + 1]));
    const divisions = tellDivisions(chosen, this.#request, this.#replicas);
    const rejected = this.#fleet.clusters
      .filter(({ metadata }) => !byNames.has(metadata.name))
      .sort(byKey((cluster: Cluster) => cluster.metadata.name, byText));
    return {
      affinity,
      clusters: [
        ...[...chosen, ...others].map((candidate) =>
          this.#tellCandidate(candidate, ranks.get(candidate.name)!, divisions),
        ),
        ...rejected.map((cluster) => this.#tellRejected(cluster)),
      ],
      groups: tellGroups(this.#candidates, this.#selected, this.#request),
      divisions,
      failure,
    };
  }

  #tellRejected(cluster: Cluster): ClusterStory {
    return { name: cluster.metadata.name, verdicts: this.#verdictsOn(cluster), candidate: null };
  }

  #tellCandidate(candidate: Candidate, rank: number, divisions: readonly DivisionStory[]): ClusterStory {
    const { name, cluster, tier, score, room } = candidate;
    const previous = this.#request.previous.get(name);
    const selected = this.#selected.has(name);
    const replicas = this.#replicasOn(name);
    const told: CandidateStory = {
      rank,
      tier,
      scores: this.#plugins.scores.map((plugin) => ({
        plugin: plugin.name,
        score: plugin.score(cluster, this.#request, this.#fleet),
      })),
      score,
      estimates: this.#estimatesOf(cluster),
      room,
      previous: previous === undefined ? null : (previous.replicas ?? 0),
      selected,
      leftOut: this.#leftOut.get(name) ?? null,
      idle: selected && replicas === 0 ? whyIdle(candidate, divisions, this.#request) : null,
      replicas,
    };
    return { name, verdicts: this.#verdictsOn(cluster), candidate: told };
  }

  /** A candidate that the result does not name got none. */
  #replicasOn(name: string): number | null {
    if (this.#trace.failure !== null || !this.#request.isWorkload) return null;
    return this.#replicas.get(name) ?? 0;
  }

  #verdictsOn(cluster: Cluster): ClusterStory['verdicts'] {
    const deleting = isDeleting(cluster) ? [{ filter: 'Deleting', fact: 'the cluster is being deleted' }] : [];
    const verdicts = this.#plugins.filters.map((filter) => ({
      filter: filter.name,
      fact: filter.reject(cluster, this.#request, this.#fleet),
    }));
    return [...deleting, ...verdicts];
  }

  /** Nothing is estimated for what asks for nothing: `estimateRoom` then answers without an estimator. */
  #estimatesOf(cluster: Cluster): EstimateStory[] {
    const { replicas, spec } = this.#request;
    if (replicas === 0 && (spec.components?.length ?? 0) === 0) return [];
    const closed = whyNoMore(cluster, this.#request);
    return [
      ...this.#plugins.estimators.map((estimator) => ({
        estimator: estimator.name,
        room: estimator.estimate(cluster, this.#request, this.#fleet),
        bounds: estimator.bounds?.(cluster, this.#request, this.#fleet) ?? [],
      })),
      ...(closed === null
        ? []
        : [{ estimator: 'closed', room: 0, bounds: [{ by: 'closed', fits: 0, detail: closed }] }]),
    ];
  }
}
