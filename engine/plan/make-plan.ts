// Manifests + policies + fleet -> plan: decides everything, the most urgent first, so that no room is promised twice, and
// renders each object as each cluster is to have it.
import type { ResourceBinding, TargetCluster } from '../api/binding.ts';
import type { Cluster } from '../api/cluster.ts';
import { ANNOTATIONS, clusterOfExecutionSpace } from '../api/names.ts';
import type { PropagationPolicy } from '../api/policy.ts';
import type { Work } from '../api/work.ts';
import { byKey, byNumber, byText, inOrder, reversed } from '../base/order.ts';
import { Fleet } from '../fleet/fleet.ts';
import type { KubeObject } from '../kube/meta.ts';
import type { Profile } from '../profile/profile.ts';
import { attachedBinding, isDependency } from '../propagate/dependencies.ts';
import type { Interpreter } from '../propagate/interpret/interpreter.ts';
import { withoutMarks } from '../propagate/manifest.ts';
import type { YamlCodec } from '../propagate/override/field.ts';
import type { OverridePolicies } from '../propagate/override/override.ts';
import { worksFor } from '../propagate/works.ts';
import { apportion } from '../schedule/assign/apportion.ts';
import { scheduleAll } from '../schedule/batch.ts';
import { Scheduler } from '../schedule/fast/scheduler.ts';
import type { Verdict } from '../schedule/fast/verdict.ts';
import type { PluginSet } from '../schedule/plugin.ts';
import { type BoundTemplate, bindTemplates, keyOfBinding, type Wishes } from './bind-templates.ts';
import type { Plan, PlannedCluster, PlannedWorkload, PolicyReference } from './plan.ts';

export interface PlanInput extends Wishes {
  readonly clusters: readonly Cluster[];
  readonly overrides: OverridePolicies;
}

export interface PlanPorts {
  readonly profile: Profile;
  readonly plugins: PluginSet;
  readonly interpreter: Interpreter;
  readonly yaml: YamlCodec;
}

interface Decided extends BoundTemplate {
  readonly outcome: PlannedWorkload['outcome'];
  readonly reason: string | null;
}

export function makePlan(input: PlanInput, ports: PlanPorts): Plan {
  const { profile, plugins, interpreter } = ports;
  const bound = bindTemplates(input, { interpreter, gates: profile.gates });
  const scheduler = new Scheduler(new Fleet(input.clusters), profile, plugins);
  for (const binding of input.bindings) {
    scheduler.peers.note(
      binding.spec,
      (binding.spec.clusters ?? []).map(({ name }) => name),
    );
  }
  const decided = withFollowers(decide(bound, scheduler), interpreter, profile.gates.PropagateDeps);
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

const mostUrgentFirst = inOrder<BoundTemplate>(
  byKey(({ binding }) => binding?.spec.schedulePriority?.priority ?? 0, reversed(byNumber)),
  byKey(({ template }) => template.metadata.namespace ?? '', byText),
  byKey(({ template }) => template.kind, byText),
  byKey(({ template }) => template.metadata.name, byText),
);

function decide(bound: readonly BoundTemplate[], scheduler: Scheduler): Decided[] {
  const unselected = bound.filter(({ binding }) => binding?.spec.placement === undefined);
  const placed = bound.filter(({ binding }) => binding?.spec.placement !== undefined).sort(mostUrgentFirst);
  const bindings = placed.map(({ binding }) => binding as ResourceBinding);
  const decisions = scheduleAll(bindings, scheduler);
  return [
    ...placed.map((one, at) => withVerdict(one, bindings[at]!, decisions[at]!.verdict, scheduler.profile)),
    ...unselected.map((one): Decided => ({ ...one, outcome: 'unselected', reason: 'no policy selects it' })),
  ];
}

function withVerdict(one: BoundTemplate, binding: ResourceBinding, verdict: Verdict, profile: Profile): Decided {
  if (verdict.ok) {
    return { ...one, binding: withClusters(binding, verdict.clusters), outcome: 'placed', reason: null };
  }
  // What finds too little room keeps what it has; what fits nowhere is removed everywhere, unless the profile keeps it.
  const keeps = verdict.code !== 'NoClusterFits' || profile.switches.keepsWhatFitsNowhere;
  const clusters = keeps ? (binding.spec.clusters ?? []) : [];
  const reason = `${verdict.code}: ${verdict.message}`;
  return { ...one, binding: withClusters(binding, clusters), outcome: 'unplaced', reason };
}

const withClusters = (binding: ResourceBinding, clusters: readonly TargetCluster[]): ResourceBinding => ({
  ...binding,
  spec: { ...binding.spec, clusters: [...clusters] },
});

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
  { bindings, overrides }: PlanInput,
  clusters: ReadonlyMap<string, Cluster>,
  { interpreter, yaml }: PlanPorts,
): PlannedWorkload {
  const { apiVersion, kind, metadata } = template;
  const told = { apiVersion, kind, namespace: metadata.namespace ?? null, name: metadata.name };
  const wanted = interpreter.replicas(template)?.replicas ?? null;
  if (binding === null) {
    return { ...told, policy: null, outcome, reason, replicas: wanted, before: [], clusters: [] };
  }
  const before = bindings.find((one) => keyOfBinding(one) === keyOfBinding(binding))?.spec.clusters ?? [];
  const planned = worksFor(
    { binding, template, clusters, policies: overrides },
    { interpreter, yaml, apportion: (seats, parties, ties) => apportion(seats, parties, ties), workId: () => '' },
  );
  const refusals = planned.refusals.map(({ cluster, message }) => `${cluster}: ${message}`);
  const replicasIn = new Map((binding.spec.clusters ?? []).map((target) => [target.name, target.replicas]));
  return {
    ...told,
    policy: policy === null ? null : referenceTo(policy),
    outcome,
    reason: [...(reason === null ? [] : [reason]), ...refusals].join('; ') || null,
    replicas: wanted,
    before,
    clusters: planned.works.map((work) => inCluster(work, replicasIn)),
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
