// Loses each failure domain in turn: which replicas stop, whether the rest of the fleet has room for them, and how much is missing
// where it has not.

import type { ResourceBinding, TargetCluster } from '../api/binding.ts';
import type { Cluster } from '../api/cluster.ts';
import { replicasIn } from '../api/target-clusters.ts';
import { largestWith } from '../base/largest.ts';
import { byKey, byNumber, byText } from '../base/order.ts';
import { Fleet } from '../fleet/fleet.ts';
import { addPromises, type Promised } from '../fleet/ledger.ts';
import { reservationsOf, scheduleAll } from '../schedule/batch.ts';
import { promiseOf } from '../schedule/estimate/promises.ts';
import { Scheduler } from '../schedule/fast/scheduler.ts';
import type { BindingInput } from '../schedule/request.ts';
import { type Decided, decideAll, type PlanInput, type PlanPorts } from './decide.ts';
import type { FailureDomain } from './failure-domains.ts';

/** Of a workload that loses something. */
export interface WorkloadLoss {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  /** Replicas that ran before. */
  readonly before: number;
  readonly lost: number;
  /** Where it is once it has been decided anew. */
  readonly after: readonly TargetCluster[];
  /** Replicas for which nothing is left that would take them. */
  readonly missing: number;
  /** Why they have no place; null where all have one. */
  readonly reason: string | null;
}

export interface DomainLoss {
  readonly domain: FailureDomain;
  readonly workloads: readonly WorkloadLoss[];
  /** What the missing replicas ask for, by resource: CPU in thousandths, all else in whole units. */
  readonly missing: Readonly<Record<string, number>>;
}

export interface Audit {
  readonly profile: string;
  /** Workloads with replicas, before anything is lost. */
  readonly workloads: number;
  /** Those that have no place even then. */
  readonly unplaced: readonly string[];
  readonly losses: readonly DomainLoss[];
}

interface Standing {
  /** When it is decided on, among all. */
  readonly rank: number;
  readonly decided: Decided;
  readonly binding: ResourceBinding;
  readonly replicas: number;
}

export function audit(input: PlanInput, domains: readonly FailureDomain[], ports: PlanPorts): Audit {
  const standing = decideAll(input, ports).flatMap((decided, rank): Standing[] => {
    const { binding } = decided;
    const replicas = replicasIn(binding?.spec.clusters);
    return binding === null || !((binding.spec.replicas ?? 0) > 0) ? [] : [{ rank, decided, binding, replicas }];
  });
  const unplaced = standing.filter(({ decided }) => decided.outcome === 'unplaced');
  const fleet = new AuditedFleet(input.clusters, standing, ports);
  return {
    profile: ports.profile.name,
    workloads: standing.length,
    unplaced: unplaced.map(({ binding }) => titleOf(binding)).sort(byText),
    losses: domains.map((domain) => fleet.without(domain.clusters, (hit, scheduler) => lose(domain, hit, scheduler))),
  };
}

type Loss<T> = (hit: readonly Standing[], scheduler: Scheduler) => T;

/** The fleet with all that runs in it, from which clusters are taken away for a moment. */
class AuditedFleet {
  readonly #scheduler: Scheduler;
  readonly #clusters: ReadonlyMap<string, Cluster>;
  readonly #standingIn = new Map<string, Standing[]>();

  constructor(clusters: readonly Cluster[], standing: readonly Standing[], { profile, plugins }: PlanPorts) {
    this.#clusters = new Map(clusters.map((cluster) => [cluster.metadata.name, cluster]));
    this.#scheduler = new Scheduler(new Fleet(clusters), profile, plugins);
    for (const one of standing) {
      // What runs takes room that no status shows yet.
      for (const { cluster, promised } of one.decided.reservations) this.#scheduler.fleet.promise(cluster, promised);
      this.#scheduler.peers.note(one.binding.spec, namesLeft(one.binding, null));
      for (const { name } of one.binding.spec.clusters ?? []) {
        this.#standingIn.set(name, [...(this.#standingIn.get(name) ?? []), one]);
      }
    }
  }

  /** Afterwards all is as it was, whatever was promised meanwhile. */
  without<T>(names: readonly string[], run: Loss<T>): T {
    const { fleet, peers } = this.#scheduler;
    const gone = new Set(names);
    const hit = [...new Set(names.flatMap((name) => this.#standingIn.get(name) ?? []))].sort(inTurn);
    const before = new Map(fleet.ledger.promises);
    for (const name of names) fleet.remove(name);
    for (const { binding } of hit) peers.note(binding.spec, namesLeft(binding, gone));
    try {
      return run(
        hit.map((one) => withoutClusters(one, gone)),
        this.#scheduler,
      );
    } finally {
      for (const { binding } of hit) peers.note(binding.spec, namesLeft(binding, null));
      this.#restore(before);
      for (const name of names) fleet.upsert(this.#clusters.get(name)!);
    }
  }

  #restore(before: ReadonlyMap<string, Promised>): void {
    const { fleet } = this.#scheduler;
    for (const [name, promised] of [...fleet.ledger.promises]) {
      const earlier = before.get(name);
      if (earlier === promised) continue;
      fleet.release(name, promised);
      if (earlier !== undefined) fleet.promise(name, earlier);
    }
  }
}

const inTurn = byKey(({ rank }: Standing) => rank, byNumber);

const titleOf = ({ spec: { resource } }: ResourceBinding): string =>
  `${resource.kind} ${resource.namespace === undefined ? '' : `${resource.namespace}/`}${resource.name}`;

function lose(domain: FailureDomain, hit: readonly Standing[], scheduler: Scheduler): DomainLoss {
  const inputs = hit.map(({ binding, decided }): BindingInput => {
    const status = decided.affinity === null ? binding.status : { schedulerObservingAffinityName: decided.affinity };
    return { spec: binding.spec, ...(status !== undefined && { status }) };
  });
  const decisions = scheduleAll(inputs, scheduler);
  let missing: Promised | undefined;
  const workloads = hit.map((one, at): WorkloadLoss => {
    const { verdict, part } = decisions[at]!;
    const input = inputs[at]!;
    const kept = replicasIn(input.spec.clusters);
    const partial = verdict.ok ? null : (part?.clusters ?? mostThatFits(input, kept, scheduler));
    const after = verdict.ok ? verdict.clusters : (partial ?? input.spec.clusters ?? []);
    const short = verdict.ok ? 0 : Math.max(0, one.replicas - replicasIn(after));
    if (short > 0) missing = addPromises(missing, promiseOf(short, input.spec.replicaRequirements));
    const { apiVersion, kind, namespace = null, name } = one.binding.spec.resource;
    return {
      apiVersion,
      kind,
      namespace,
      name,
      before: one.replicas,
      lost: one.replicas - kept,
      after,
      missing: short,
      reason: verdict.ok ? null : `${verdict.code}: ${verdict.message}`,
    };
  });
  return { domain, workloads, missing: amountsOf(missing) };
}

const namesLeft = ({ spec }: ResourceBinding, gone: ReadonlySet<string> | null): string[] =>
  (spec.clusters ?? []).map(({ name }) => name).filter((name) => gone?.has(name) !== true);

function withoutClusters(one: Standing, gone: ReadonlySet<string>): Standing {
  const clusters = (one.binding.spec.clusters ?? []).filter(({ name }) => !gone.has(name));
  return { ...one, binding: { ...one.binding, spec: { ...one.binding.spec, clusters } } };
}

/** Where as many of its replicas as find room would go; that room is taken. Null where not one more does. */
function mostThatFits(
  { spec, status }: BindingInput,
  kept: number,
  scheduler: Scheduler,
): readonly TargetCluster[] | null {
  const most = largestWith(kept + 1, (spec.replicas ?? 0) - 1, (replicas) => {
    const verdict = scheduler.decide({ spec: { ...spec, replicas }, status });
    return verdict.ok ? verdict.clusters : null;
  });
  for (const { cluster, promised } of reservationsOf(spec, most ?? [])) scheduler.fleet.promise(cluster, promised);
  return most;
}

function amountsOf(promised: Promised | undefined): Record<string, number> {
  if (promised === undefined) return {};
  const units = [...promised.units].sort(([a], [b]) => byText(a, b));
  return Object.fromEntries([...units, ['pods', promised.pods] as const].map(([name, one]) => [name, Number(one)]));
}
