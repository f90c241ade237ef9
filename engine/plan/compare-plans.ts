// What changes from one plan to another: what comes, goes and moves, by how much, and what is at risk on the way.
import { byText } from '../base/order.ts';
import { canonicalJson } from '../kube/json.ts';
import { objectKey } from '../kube/meta.ts';
import type { Plan, PlannedCluster, PlannedWorkload } from './plan.ts';
import type { PlannedRolloutWave } from './planned-rollout.ts';

export interface ClusterChange {
  readonly cluster: string;
  /** Null where it is not there; for what has no replicas, 1 stands for being there. */
  readonly before: number | null;
  readonly after: number | null;
  /** The manifest itself changes, besides its number of replicas: pods there are replaced. */
  readonly isRewritten: boolean;
}

export interface WorkloadChange {
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly clusters: readonly ClusterChange[];
  /** In which waves it goes to them; empty where all of it goes at once. */
  readonly waves: readonly PlannedRolloutWave[];
  /** Replicas that stop in one cluster and start in another. */
  readonly moved: number;
  /** What may go wrong, the worst first. */
  readonly risks: readonly string[];
}

export interface PlanComparison {
  readonly workloads: readonly WorkloadChange[];
  readonly moved: number;
  readonly added: number;
  readonly removed: number;
}

/** Only what differs, in the order of the plans. */
export function comparePlans(before: Plan, after: Plan): PlanComparison {
  const earlier = new Map(before.workloads.map((workload) => [keyOf(workload), workload]));
  const later = new Map(after.workloads.map((workload) => [keyOf(workload), workload]));
  const keys = [...new Set([...earlier.keys(), ...later.keys()])].sort(byText);
  const workloads = keys.flatMap((key) => compareWorkloads(earlier.get(key) ?? null, later.get(key) ?? null) ?? []);
  const sum = (part: (change: ClusterChange) => number) =>
    workloads.reduce((all, { clusters }) => all + clusters.reduce((own, change) => own + part(change), 0), 0);
  const growth = ({ before: from, after: to }: ClusterChange) => (to ?? 0) - (from ?? 0);
  const moved = workloads.reduce((all, workload) => all + workload.moved, 0);
  return {
    workloads,
    moved,
    added: sum((change) => Math.max(0, growth(change))) - moved,
    removed: sum((change) => Math.max(0, -growth(change))) - moved,
  };
}

const keyOf = ({ namespace, kind, name, apiVersion }: PlannedWorkload): string =>
  JSON.stringify([namespace ?? '', kind, name, apiVersion]);

function compareWorkloads(before: PlannedWorkload | null, after: PlannedWorkload | null): WorkloadChange | null {
  const { kind, namespace, name } = (after ?? before)!;
  const clusters = compareClusters(before?.clusters ?? [], after?.clusters ?? []);
  const isEqual = clusters.length === 0 && (before === null) === (after === null) && before?.outcome === after?.outcome;
  if (isEqual) return null;
  const starts = clusters.reduce((sum, change) => sum + Math.max(0, (change.after ?? 0) - (change.before ?? 0)), 0);
  const stops = clusters.reduce((sum, change) => sum + Math.max(0, (change.before ?? 0) - (change.after ?? 0)), 0);
  const waves = wavesOf(after, clusters);
  return {
    kind,
    namespace,
    name,
    waves,
    change: before === null ? 'added' : after === null ? 'removed' : 'changed',
    clusters,
    moved: Math.min(starts, stops),
    risks: risksOf(before, after, clusters, waves),
  };
}

const amountOf = ({ replicas }: PlannedCluster): number => replicas ?? 1;

function compareClusters(before: readonly PlannedCluster[], after: readonly PlannedCluster[]): ClusterChange[] {
  const names = [...new Set([...before, ...after].map(({ name }) => name))].sort(byText);
  return names.flatMap((cluster): ClusterChange[] => {
    const one = before.find(({ name }) => name === cluster);
    const other = after.find(({ name }) => name === cluster);
    const isRewritten = one !== undefined && other !== undefined && contentOf(one) !== contentOf(other);
    const from = one === undefined ? null : amountOf(one);
    const to = other === undefined ? null : amountOf(other);
    return from === to && !isRewritten ? [] : [{ cluster, before: from, after: to, isRewritten }];
  });
}

/** Everything but the number of replicas. */
function contentOf({ manifest }: PlannedCluster): string {
  const { spec, ...rest } = manifest;
  const { replicas: _replicas, ...others } = (spec ?? {}) as Record<string, unknown>;
  return canonicalJson({ ...rest, spec: others });
}

function risksOf(
  before: PlannedWorkload | null,
  after: PlannedWorkload | null,
  clusters: readonly ClusterChange[],
  waves: readonly PlannedRolloutWave[],
): string[] {
  const isStaged = (cluster: string): boolean => waves.some((wave) => wave.clusters.includes(cluster));
  const risks: string[] = [];
  const ran = (before?.clusters ?? []).length > 0;
  const runs = (after?.clusters ?? []).length > 0;
  if (ran && !runs) risks.push(`${titleOf((after ?? before)!)} runs nowhere any more`);
  if (after?.outcome === 'unplaced') risks.push(after.reason ?? 'it is not placed');
  const stays = clusters.length > 0 && (before?.clusters ?? []).every(({ name }) => leaves(name, clusters));
  // What goes in waves leaves no cluster before it is well in others.
  if (ran && runs && stays && !clusters.some(({ cluster, after: to }) => to === null && isStaged(cluster)))
    risks.push('it leaves every cluster that it runs in: nothing serves until the new pods do');
  const rewritten = clusters.filter(({ isRewritten }) => isRewritten).map(({ cluster }) => cluster);
  if (rewritten.length > 0) {
    risks.push(`its pods are replaced in ${rewritten.join(', ')}${rewritten.every(isStaged) ? ', wave by wave' : ''}`);
  }
  return risks;
}

/** Those with clusters that they change anything in. */
function wavesOf(after: PlannedWorkload | null, clusters: readonly ClusterChange[]): readonly PlannedRolloutWave[] {
  const { changes = [], waves = [] } = after?.rollout ?? {};
  const isStaged = ({ before: from, after: to, isRewritten }: ClusterChange): boolean =>
    (isRewritten && changes.includes('Template')) || (from !== to && changes.includes('Placement'));
  const concerned = new Set(clusters.filter(isStaged).map(({ cluster }) => cluster));
  return waves
    .map((wave) => ({ ...wave, clusters: wave.clusters.filter((name) => concerned.has(name)) }))
    .filter((wave) => wave.clusters.length > 0);
}

const leaves = (name: string, clusters: readonly ClusterChange[]): boolean =>
  clusters.some(({ cluster, after }) => cluster === name && after === null);

const titleOf = ({ kind, namespace, name }: PlannedWorkload): string => `${kind} ${objectKey(namespace ?? '', name)}`;
