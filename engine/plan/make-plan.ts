// Manifests + policies + fleet -> plan: everything is decided, and each object rendered as each cluster is to have it.
import type { Cluster } from '../api/cluster.ts';
import { ANNOTATIONS, clusterOfExecutionSpace } from '../api/names.ts';
import type { PropagationPolicy } from '../api/policy.ts';
import type { Work } from '../api/work.ts';
import { byKey, byText, inOrder } from '../base/order.ts';
import type { KubeObject } from '../kube/meta.ts';
import { attachedBinding, isDependency } from '../propagate/dependencies.ts';
import type { Interpreter } from '../propagate/interpret/interpreter.ts';
import { withoutMarks } from '../propagate/manifest.ts';
import { worksFor } from '../propagate/works.ts';
import { apportion } from '../schedule/assign/apportion.ts';
import { keyOfBinding } from './bind-templates.ts';
import { type Decided, decideAll, type PlanInput, type PlanPorts } from './decide.ts';
import type { Plan, PlannedCluster, PlannedWorkload, PolicyReference } from './plan.ts';
import { rolloutFor } from './planned-rollout.ts';
import { standingTargets } from './standing-plan.ts';

export function makePlan(input: PlanInput, ports: PlanPorts): Plan {
  const { profile, interpreter } = ports;
  const decided = withFollowers(decideAll(input, ports), interpreter, profile.gates.PropagateDeps);
  const clusters = new Map(input.clusters.map((cluster) => [cluster.metadata.name, cluster]));
  return {
    apiVersion: 'muster/v1alpha1',
    kind: 'Plan',
    profile: profile.name,
    fleet: [...clusters.keys()].sort(byText),
    workloads: decided.map((one) => render(one, input, clusters, ports)).sort(byName),
  };
}

const byName = inOrder<PlannedWorkload>(
  byKey(({ namespace }) => namespace ?? '', byText),
  byKey(({ kind }) => kind, byText),
  byKey(({ name }) => name, byText),
  byKey(({ apiVersion }) => apiVersion, byText),
);

/** What others need goes along with them. */
function withFollowers(decided: readonly Decided[], interpreter: Interpreter, isOn: boolean): Decided[] {
  if (!isOn) return [...decided];
  const needs = decided.flatMap(({ template, binding }) =>
    binding?.spec.propagateDeps === true
      ? interpreter.dependencies(template).map((reference) => ({ reference, binding }))
      : [],
  );
  return decided.map((one) => {
    const referrers = needs
      .filter(({ reference }) => isDependency(one.template, reference))
      .map(({ binding }) => binding);
    if (referrers.length === 0) return one;
    const binding = attachedBinding(one.template, referrers, one.binding);
    return one.outcome === 'unselected' ? { ...one, binding, outcome: 'follows', reason: null } : { ...one, binding };
  });
}

function render(
  { template, policy, binding, outcome, reason }: Decided,
  { bindings, overrides, rollouts = [] }: PlanInput,
  clusters: ReadonlyMap<string, Cluster>,
  { interpreter, yaml }: PlanPorts,
): PlannedWorkload {
  const { apiVersion, kind, metadata } = template;
  const told = { apiVersion, kind, namespace: metadata.namespace ?? null, name: metadata.name };
  const wanted = interpreter.replicas(template)?.replicas ?? null;
  if (binding === null) {
    return { ...told, policy: null, outcome, reason, replicas: wanted, before: [], clusters: [] };
  }
  const recorded = bindings.find((one) => keyOfBinding(one) === keyOfBinding(binding));
  const before = recorded === undefined ? [] : standingTargets(recorded.spec);
  const planned = worksFor(
    { binding, template, clusters, policies: overrides },
    { interpreter, yaml, apportion: (seats, parties, ties) => apportion(seats, parties, ties), workId: () => '' },
  );
  const refusals = planned.refusals.map(({ cluster, message }) => `${cluster}: ${message}`);
  const replicasIn = new Map((binding.spec.clusters ?? []).map((target) => [target.name, target.replicas]));
  const targets = [...before, ...(binding.spec.clusters ?? [])].map(({ name }) => name);
  const rollout = rolloutFor(template, { recorded, wanted: binding }, rollouts, clusters, targets);
  return {
    ...told,
    policy: policy === null ? null : referenceTo(policy),
    outcome,
    reason: [...(reason === null ? [] : [reason]), ...refusals].join('; ') || null,
    replicas: wanted,
    before,
    clusters: planned.works.map((work) => inCluster(work, replicasIn)),
    ...(rollout !== null && { rollout }),
  };
}

function inCluster({ metadata, spec }: Work, replicasIn: ReadonlyMap<string, number | undefined>): PlannedCluster {
  const name = clusterOfExecutionSpace(metadata.namespace ?? '') ?? '';
  const replicas = replicasIn.get(name);
  return {
    name,
    ...(replicas === undefined ? {} : { replicas }),
    overrides: [ANNOTATIONS.appliedClusterOverrides, ANNOTATIONS.appliedOverrides].flatMap((annotation) =>
      namesIn(metadata.annotations?.[annotation]),
    ),
    manifest: withoutMarks(spec.workload.manifests![0] as KubeObject),
  };
}

const namesIn = (record: string | undefined): string[] =>
  record === undefined ? [] : (JSON.parse(record) as { readonly policyName: string }[]).map((one) => one.policyName);

const referenceTo = ({ kind, metadata }: PropagationPolicy): PolicyReference => ({
  kind: kind ?? (metadata.namespace ? 'PropagationPolicy' : 'ClusterPropagationPolicy'),
  namespace: metadata.namespace ?? null,
  name: metadata.name,
});
