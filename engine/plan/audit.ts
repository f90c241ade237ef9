// Loses each failure domain in turn: which replicas stop, whether the rest of the fleet has room for them, and how much is missing
// where it has not.
import type { ResourceBinding, TargetCluster } from '../api/binding.ts';
import { byText } from '../base/order.ts';
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
  readonly decided: Decided;
  readonly binding: ResourceBinding;
  readonly replicas: number;
}

export function audit(input: PlanInput, domains: readonly FailureDomain[], ports: PlanPorts): Audit {
  const standing = decideAll(input, ports).flatMap((decided): Standing[] => {
    const { binding } = decided;
    const replicas = sumOf(binding?.spec.clusters);
    return binding === null || !((binding.spec.replicas ?? 0) > 0) ? [] : [{ decided, binding, replicas }];
  });
  const unplaced = standing.filter(({ decided }) => decided.outcome === 'unplaced');
  return {
    profile: ports.profile.name,
    workloads: standing.length,
    unplaced: unplaced.map(({ binding }) => titleOf(binding)).sort(byText),
    losses: domains.map((domain) => lose(domain, standing, input, ports)),
  };
}

const sumOf = (clusters: readonly TargetCluster[] | undefined): number =>
  (clusters ?? []).reduce((sum, { replicas = 0 }) => sum + replicas, 0);

const titleOf = ({ spec: { resource } }: ResourceBinding): string =>
  `${resource.kind} ${resource.namespace === undefined ? '' : `${resource.namespace}/`}${resource.name}`;

function lose(
  domain: FailureDomain,
  standing: readonly Standing[],
  { clusters }: PlanInput,
  { profile, plugins }: PlanPorts,
): DomainLoss {
  const gone = new Set(domain.clusters);
  const left = new Fleet(clusters.filter(({ metadata }) => !gone.has(metadata.name)));
  const scheduler = new Scheduler(left, profile, plugins);
  // What goes on running takes room that no status shows yet.
  for (const { decided } of standing) {
    for (const { cluster, promised } of decided.reservations) if (!gone.has(cluster)) left.promise(cluster, promised);
  }
  const hit = standing.filter(({ binding }) => binding.spec.clusters?.some(({ name }) => gone.has(name)));
  for (const { binding } of standing) scheduler.peers.note(binding.spec, namesLeft(binding, gone));
  const inputs = hit.map((one) => survivorOf(one, gone));
  const decisions = scheduleAll(inputs, scheduler);
  let missing: Promised | undefined;
  const workloads = hit.map((one, at): WorkloadLoss => {
    const { verdict } = decisions[at]!;
    const input = inputs[at]!;
    const kept = sumOf(input.spec.clusters);
    const partial = verdict.ok ? null : mostThatFits(input, kept, scheduler);
    const after = verdict.ok ? verdict.clusters : (partial ?? input.spec.clusters ?? []);
    const short = verdict.ok ? 0 : Math.max(0, one.replicas - sumOf(after));
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

const namesLeft = ({ spec }: ResourceBinding, gone: ReadonlySet<string>): string[] =>
  (spec.clusters ?? []).map(({ name }) => name).filter((name) => !gone.has(name));

function survivorOf({ binding, decided }: Standing, gone: ReadonlySet<string>): BindingInput {
  const clusters = (binding.spec.clusters ?? []).filter(({ name }) => !gone.has(name));
  const status = decided.affinity === null ? binding.status : { schedulerObservingAffinityName: decided.affinity };
  return { spec: { ...binding.spec, clusters }, ...(status !== undefined && { status }) };
}

/** Where as many of its replicas as find room would go; that room is taken. Null where not one more does. */
function mostThatFits(
  { spec, status }: BindingInput,
  kept: number,
  scheduler: Scheduler,
): readonly TargetCluster[] | null {
  let best: readonly TargetCluster[] | null = null;
  let [low, high] = [kept + 1, (spec.replicas ?? 0) - 1];
  while (low <= high) {
    const replicas = Math.floor((low + high) / 2);
    const verdict = scheduler.decide({ spec: { ...spec, replicas }, status });
    if (verdict.ok) {
      best = verdict.clusters;
      low = replicas + 1;
    } else high = replicas - 1;
  }
  for (const { cluster, promised } of reservationsOf(spec, best ?? [])) scheduler.fleet.promise(cluster, promised);
  return best;
}

function amountsOf(promised: Promised | undefined): Record<string, number> {
  if (promised === undefined) return {};
  const units = [...promised.units].sort(([a], [b]) => byText(a, b));
  return Object.fromEntries([...units, ['pods', promised.pods] as const].map(([name, one]) => [name, Number(one)]));
}
