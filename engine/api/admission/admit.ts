// The one door of admission: every mistake of an object at once, its defaults, and what will surprise its author.
import { merged } from '../../base/merged.ts';
import { problemsOf, type Shape, type ShapeProblem } from '../../base/shape.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import type { Cluster } from '../cluster.ts';
import type { OverridePolicy } from '../override.ts';
import type { Placement } from '../placement.ts';
import type { PropagationPolicy } from '../policy.ts';
import { bindingShape } from './binding.ts';
import { clusterShape, defaultCluster } from './cluster.ts';
import { changesTypes, multiClusterServiceShape } from './multi-cluster-service.ts';
import { specWithoutNulls } from './nulls.ts';
import { defaultOverride, overrideShape } from './override.ts';
import { defaultPlacement, warnOfPlacement } from './placement.ts';
import { defaultPolicy, policyShape } from './policy.ts';
import { rebalancerShape } from './rebalancer.ts';
import { stagedRolloutShape } from './staged-rollout.ts';
import { taintPolicyShape } from './taint-policy.ts';
import type { Admission } from './verdict.ts';

interface Rules {
  readonly group: string;
  readonly shape: Shape;
  readonly complete?: (object: KubeObject, now: Millis) => KubeObject;
  readonly placementOf?: (object: KubeObject) => Placement | undefined;
  /** What may not become of what is there. */
  readonly changes?: (object: KubeObject, previous: KubeObject) => readonly ShapeProblem[];
}

const asPolicy = (object: KubeObject) => object as unknown as PropagationPolicy;
const asOverride = (object: KubeObject) => object as unknown as OverridePolicy;
const asObject = (value: unknown) => value as KubeObject;

const POLICY_GROUP = 'policy.karmada.io';

const policyRules = (namespaced: boolean): Rules => ({
  group: POLICY_GROUP,
  shape: policyShape(namespaced),
  complete: (object) => asObject(defaultPolicy(asPolicy(object), namespaced)),
  placementOf: (object) => asPolicy(object).spec.placement,
});
const overrideRules = (namespaced: boolean): Rules => ({
  group: POLICY_GROUP,
  shape: overrideShape,
  complete: (object) => asObject(defaultOverride(asOverride(object), namespaced)),
});
const bindingRules: Rules = {
  group: 'work.karmada.io',
  shape: bindingShape,
  complete: (object) => {
    const spec = object.spec as { placement?: Placement };
    const placement = spec.placement && defaultPlacement(spec.placement);
    return placement === spec.placement ? object : merged(object, { spec: merged(spec, { placement }) });
  },
  placementOf: (object) => (object.spec as { placement?: Placement }).placement,
};

const clusterRules: Rules = {
  group: 'cluster.karmada.io',
  shape: clusterShape,
  complete: (object, now) => asObject(defaultCluster(object as unknown as Cluster, now)),
};

const RULES: ReadonlyMap<string, Rules> = new Map([
  ['PropagationPolicy', policyRules(true)],
  ['ClusterPropagationPolicy', policyRules(false)],
  ['OverridePolicy', overrideRules(true)],
  ['ClusterOverridePolicy', overrideRules(false)],
  ['ResourceBinding', bindingRules],
  ['ClusterResourceBinding', bindingRules],
  ['Cluster', clusterRules],
  ['ClusterTaintPolicy', { group: POLICY_GROUP, shape: taintPolicyShape }],
  ['WorkloadRebalancer', { group: 'apps.karmada.io', shape: rebalancerShape }],
  ['MultiClusterService', { group: 'networking.karmada.io', shape: multiClusterServiceShape, changes: changesTypes }],
  ['StagedRollout', { group: 'muster.dev', shape: stagedRolloutShape }],
]);

/** An object of a kind that has no rules here is admitted as it stands. */
export function admit(written: KubeObject, now: Millis, previous: KubeObject | null = null): Admission<KubeObject> {
  const rules = RULES.get(written.kind);
  if (rules === undefined || !written.apiVersion.startsWith(`${rules.group}/`)) {
    return { object: written, problems: [], warnings: [] };
  }
  const object = withSpecAsMeant(written);
  const wrong = problemsOf(rules.shape, object);
  const problems =
    wrong.length > 0 || previous === null ? wrong : (rules.changes?.(object, withSpecAsMeant(previous)) ?? []);
  if (problems.length > 0) return { object, problems, warnings: [] };
  const completed = rules.complete?.(object, now) ?? object;
  const warnings: ShapeProblem[] = [];
  const placement = rules.placementOf?.(completed);
  if (placement !== undefined)
    warnOfPlacement(placement, 'spec.placement', (path, message) => warnings.push({ path, message }));
  return { object: completed, problems, warnings };
}

function withSpecAsMeant(object: KubeObject): KubeObject {
  const { spec } = object;
  if (typeof spec !== 'object' || spec === null) return object;
  const meant = specWithoutNulls(spec);
  return meant === spec ? object : merged(object, { spec: meant });
}
