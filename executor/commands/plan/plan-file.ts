// A plan as a file: what it decides, what it took for granted of the fleet, and the manifests by which it can be carried out.
import {
  type Cluster,
  type ClusterFacts,
  fleetFacts,
  type KubeObject,
  type Plan,
  type PlannedWorkload,
  parseApiVersion,
} from '../../../engine/index.ts';

export interface PlanFile extends Plan {
  /** Left out by what only wants to compare. */
  readonly clusters?: readonly ClusterFacts[];
  readonly sources?: readonly KubeObject[];
}

export const planFile = (plan: Plan, clusters: readonly Cluster[], sources: readonly KubeObject[]): PlanFile => ({
  ...plan,
  clusters: fleetFacts(clusters),
  sources: sources.filter(isApplied),
});

/** Of a plan with manifests, what those are about; a plan of all that a hub has is about all of it. */
export function ownPart(plan: PlanFile): PlanFile {
  const sources = plan.sources ?? [];
  if (sources.length === 0) return plan;
  const keyOf = (kind: string, namespace: string | null | undefined, name: string) =>
    JSON.stringify([kind, namespace ?? '', name]);
  const given = new Set(sources.map(({ kind, metadata }) => keyOf(kind, metadata.namespace, metadata.name)));
  const isOwn = ({ kind, namespace, name, policy }: PlannedWorkload) =>
    given.has(keyOf(kind, namespace, name)) ||
    (policy !== null && given.has(keyOf(policy.kind, policy.namespace, policy.name)));
  return { ...plan, workloads: plan.workloads.filter(isOwn) };
}

/** Clusters join by themselves, and bindings and Works are the control plane's. */
export const isApplied = ({ apiVersion }: KubeObject): boolean =>
  !['cluster.karmada.io', 'work.karmada.io'].includes(parseApiVersion(apiVersion).group);
