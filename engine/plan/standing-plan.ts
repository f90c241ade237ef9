// What runs now as a plan, from a hub's bindings and Works: so that it can be compared with what is to be.
import type { ResourceBinding, ResourceBindingSpec, TargetCluster } from '../api/binding.ts';
import { clusterOfExecutionSpace } from '../api/names.ts';
import type { Work } from '../api/work.ts';
import { byKey, byText } from '../base/order.ts';
import type { KubeObject } from '../kube/meta.ts';
import { withoutClaim } from '../propagate/claim.ts';
import { withoutMarks } from '../propagate/manifest.ts';
import { targetsOf } from '../propagate/targets.ts';
import type { Plan, PlannedCluster, PlannedWorkload } from './plan.ts';

const keyOf = (manifest: KubeObject, cluster: string): string =>
  JSON.stringify([manifest.kind, manifest.metadata.namespace ?? '', manifest.metadata.name, cluster]);

/** Where it is, with what goes along with others there, too; only what has replicas of its own has a number of them. */
export const standingTargets = (spec: ResourceBindingSpec): readonly TargetCluster[] =>
  targetsOf(spec)
    .map(({ name }): TargetCluster => {
      const replicas = spec.clusters?.find((own) => own.name === name)?.replicas;
      return { name, ...(replicas !== undefined && { replicas }) };
    })
    .sort(byKey(({ name }) => name, byText));

export function standingPlan(bindings: readonly ResourceBinding[], works: readonly Work[], profile: string): Plan {
  const manifests = new Map<string, KubeObject>();
  for (const { metadata, spec } of works) {
    const cluster = clusterOfExecutionSpace(metadata.namespace ?? '') ?? '';
    for (const manifest of spec.workload.manifests ?? []) {
      manifests.set(keyOf(manifest as KubeObject, cluster), manifest as KubeObject);
    }
  }
  const workloads = bindings.map(({ spec }): PlannedWorkload => {
    const { apiVersion, kind, namespace, name } = spec.resource;
    const bare = { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
    return {
      apiVersion,
      kind,
      namespace: namespace ?? null,
      name,
      policy: null,
      outcome: spec.placement === undefined ? 'follows' : 'placed',
      reason: null,
      replicas: spec.replicas ?? null,
      before: standingTargets(spec),
      clusters: standingTargets(spec).map((target): PlannedCluster => {
        const manifest = manifests.get(keyOf(bare, target.name)) ?? bare;
        return { ...target, overrides: [], manifest: unclaimed(withoutMarks(manifest)) };
      }),
    };
  });
  return { apiVersion: 'muster/v1alpha1', kind: 'Plan', profile, fleet: [], workloads };
}

/** Which policy has claimed it is no content of its own. */
const unclaimed = (manifest: KubeObject): KubeObject => {
  const { labels, annotations, ...metadata } = withoutClaim(manifest.metadata);
  const filled = (texts: Record<string, string> | undefined) => Object.keys(texts ?? {}).length > 0;
  return {
    ...manifest,
    metadata: { ...metadata, ...(filled(labels) && { labels }), ...(filled(annotations) && { annotations }) },
  };
};

/** The plan with only what runs somewhere, or should, and as its author wrote it. */
export const comparable = (plan: Plan): Plan => ({
  ...plan,
  workloads: plan.workloads
    .filter(({ clusters, outcome }) => clusters.length > 0 || outcome === 'unplaced')
    .map((workload) => ({
      ...workload,
      clusters: workload.clusters.map((one) => ({ ...one, manifest: unclaimed(one.manifest) })),
    })),
});
