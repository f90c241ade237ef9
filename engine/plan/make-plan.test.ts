import { describe, expect, it } from 'vitest';
import { yamlCodec } from '../../executor/script/yaml-codec.ts';
import { makeCluster } from '../../test/builders/cluster.ts';
import type { Cluster } from '../api/cluster.ts';
import type { OverridePolicy } from '../api/override.ts';
import type { PropagationPolicy } from '../api/policy.ts';
import type { StagedRollout } from '../api/staged-rollout.ts';
import type { KubeObject } from '../kube/meta.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../profile/profile.ts';
import { builtInLayers } from '../propagate/interpret/built-in.ts';
import { Interpreter } from '../propagate/interpret/interpreter.ts';
import { pluginsFor } from '../schedule/default-plugins.ts';
import { comparePlans } from './compare-plans.ts';
import type { PlanInput } from './decide.ts';
import { makePlan } from './make-plan.ts';
import type { Plan } from './plan.ts';

const deployment = (name: string, replicas: number, spec: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop' },
  spec: {
    replicas,
    template: {
      spec: { containers: [{ name: 'a', image: 'shop/a:1', resources: { requests: { cpu: '1' } } }], ...spec },
    },
  },
});

const policy = (name: string, spec: Partial<PropagationPolicy['spec']> = {}): PropagationPolicy => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: { name, namespace: 'shop' },
  spec: {
    resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name }],
    placement: {
      replicaScheduling: {
        replicaSchedulingType: 'Divided',
        replicaDivisionPreference: 'Weighted',
        weightPreference: { dynamicWeight: 'AvailableReplicas' },
      },
    },
    ...spec,
  },
});

const withRoom = (name: string, cpu: string): Cluster =>
  makeCluster(name, { allocatable: { cpu, memory: '100Gi', pods: '100' } });

const planOf = (input: Partial<PlanInput>, profile = MUSTER_PROFILE): Plan =>
  makePlan(
    {
      templates: [],
      policies: [],
      clusterPolicies: [],
      bindings: [],
      clusters: [withRoom('m1', '10'), withRoom('m2', '10')],
      overrides: { clusterOverridePolicies: [], overridePolicies: [] },
      ...input,
    },
    { profile, plugins: pluginsFor(profile), interpreter: new Interpreter(builtInLayers), yaml: yamlCodec },
  );

const placesIn = (plan: Plan) =>
  Object.fromEntries(
    plan.workloads.map(({ name, clusters }) => [
      name,
      Object.fromEntries(clusters.map((one) => [one.name, one.replicas ?? null])),
    ]),
  );

describe('a plan', () => {
  it('places each workload once, the most urgent first, and promises no room twice', () => {
    const urgent = { schedulePriority: { priorityClassSource: 'KubePriorityClass', priorityClassName: 'high' } };
    const plan = planOf({
      templates: [
        { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: 100 },
        deployment('a', 12),
        deployment('b', 16),
      ],
      policies: [policy('a'), policy('b', urgent)],
    });
    expect(placesIn(plan)).toEqual({ high: {}, a: { m1: 2, m2: 2 }, b: { m1: 8, m2: 8 } });
    expect(plan.workloads.map(({ outcome }) => outcome)).toEqual(['unselected', 'unplaced', 'placed']);
    expect(plan.workloads[1]!.reason).toMatch(/room for 4 replicas, and 12 are wanted; 4 of them are placed$/);
  });

  it('renders what each cluster gets, without the marks of the hub', () => {
    const override: OverridePolicy = {
      metadata: { name: 'mirror', namespace: 'shop' },
      spec: {
        overrideRules: [
          {
            targetCluster: { clusterNames: ['m2'] },
            overriders: { imageOverrider: [{ component: 'Registry', operator: 'add', value: 'mirror.example' }] },
          },
        ],
      },
    };
    const plan = planOf({
      templates: [deployment('a', 4)],
      policies: [policy('a')],
      overrides: { clusterOverridePolicies: [], overridePolicies: [override] },
    });
    const [m1, m2] = plan.workloads[0]!.clusters;
    const imageIn = (one: typeof m1) =>
      (one!.manifest.spec as { template: { spec: { containers: { image: string }[] } } }).template.spec.containers[0]!
        .image;
    expect([imageIn(m1), m1!.overrides, imageIn(m2), m2!.overrides]).toEqual([
      'shop/a:1',
      [],
      'mirror.example/shop/a:1',
      ['mirror'],
    ]);
    expect(m1!.manifest.metadata).toEqual({ name: 'a', namespace: 'shop' });
  });

  it('takes along what a workload needs', () => {
    const volumes = [{ name: 'v', configMap: { name: 'settings' } }];
    const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' } };
    const plan = planOf({
      templates: [deployment('a', 2, { volumes }), settings],
      policies: [policy('a', { propagateDeps: true })],
    });
    expect(plan.workloads.find(({ name }) => name === 'settings')).toMatchObject({
      outcome: 'follows',
      policy: null,
      clusters: [{ name: 'm1' }, { name: 'm2' }],
    });
  });

  it('leaves alone what something else than a policy has claimed, or already places', () => {
    const placed = (labels: Record<string, string>, binding: Record<string, string> | null) =>
      planOf({
        templates: [{ ...deployment('web', 2), metadata: { name: 'web', namespace: 'shop', labels } }],
        policies: [policy('web', { placement: { clusterAffinity: { clusterNames: ['m1'] } } })],
        bindings:
          binding === null
            ? []
            : [
                {
                  metadata: { name: 'web-deployment', namespace: 'shop', labels: binding },
                  spec: {
                    resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
                    placement: { clusterAffinity: { clusterNames: ['m2'] } },
                    replicas: 2,
                    clusters: [{ name: 'm2', replicas: 2 }],
                  },
                },
              ],
      }).workloads.map(({ policy: by, clusters }) => [by?.name ?? null, ...clusters.map(({ name }) => name)]);
    const claimed = { 'resourcetemplate.karmada.io/claimed-by': 'MultiClusterService' };
    expect(placed({}, null)).toEqual([['web', 'm1']]);
    expect(placed(claimed, null)).toEqual([[null]]);
    expect(placed(claimed, {})).toEqual([[null, 'm2']]);
    expect(placed({}, { 'binding.karmada.io/managed-by': 'MultiClusterService' })).toEqual([[null, 'm2']]);
  });

  it('keeps what fits nowhere where it is, unlike Karmada', () => {
    const nowhere = policy('a', {
      placement: {
        clusterAffinity: { clusterNames: ['gone'] },
        replicaScheduling: { replicaSchedulingType: 'Divided' },
      },
    });
    const bindings = [
      {
        metadata: { name: 'a-deployment', namespace: 'shop' },
        spec: {
          resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'a' },
          replicas: 2,
          clusters: [{ name: 'm1', replicas: 2 }],
        },
      },
    ];
    const input = { templates: [deployment('a', 2)], policies: [nowhere], bindings };
    expect(placesIn(planOf(input))).toEqual({ a: { m1: 2 } });
    expect(placesIn(planOf(input, KARMADA_PROFILE))).toEqual({ a: {} });
  });
});

describe('two plans', () => {
  const before = planOf({ templates: [deployment('a', 8), deployment('b', 2)], policies: [policy('a'), policy('b')] });

  it('differ in nothing from themselves', () => {
    expect(comparePlans(before, before)).toEqual({ workloads: [], moved: 0, added: 0, removed: 0 });
  });

  it('differ in what moves, grows and goes', () => {
    const toM1 = { clusterAffinity: { clusterNames: ['m1'] } };
    const after = planOf({
      templates: [deployment('a', 8)],
      policies: [policy('a', { placement: { ...policy('a').spec.placement, ...toM1 } })],
    });
    const { workloads, moved, added, removed } = comparePlans(before, after);
    expect({ moved, added, removed }).toEqual({ moved: 4, added: 0, removed: 2 });
    expect(workloads.map(({ name, change, moved: own }) => [name, change, own])).toEqual([
      ['a', 'changed', 4],
      ['b', 'removed', 0],
    ]);
    expect(workloads[1]!.risks).toEqual(['Deployment shop/b runs nowhere any more']);
  });

  it('tell of pods that are replaced, and of a workload that leaves everywhere at once', () => {
    const elsewhere = (name: string) =>
      planOf({
        templates: [deployment('a', 2, { hostNetwork: name === 'm2' })],
        policies: [policy('a', { placement: { clusterAffinity: { clusterNames: [name] } } })],
      });
    expect(comparePlans(elsewhere('m1'), elsewhere('m2')).workloads[0]!.risks).toEqual([
      'it leaves every cluster that it runs in: nothing serves until the new pods do',
    ]);
    const rewritten = planOf({
      templates: [deployment('a', 2, { hostNetwork: true })],
      policies: [policy('a', { placement: { clusterAffinity: { clusterNames: ['m1'] } } })],
    });
    expect(comparePlans(elsewhere('m1'), rewritten).workloads[0]).toMatchObject({
      clusters: [{ cluster: 'm1', before: 2, after: 2, isRewritten: true }],
      risks: ['its pods are replaced in m1'],
    });
  });

  describe('with a staged rollout', () => {
    const to = (name: string) => policy('a', { placement: { clusterAffinity: { clusterNames: [name] } } });
    const bindings = [
      {
        metadata: {
          name: 'a-deployment',
          namespace: 'shop',
          annotations: { 'policy.karmada.io/applied-placement': JSON.stringify(to('m1').spec.placement) },
        },
        spec: {
          resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'a' },
          replicas: 2,
          clusters: [{ name: 'm1', replicas: 2 }],
        },
      },
    ];
    const rollout = (spec: Partial<StagedRollout['spec']> = {}): StagedRollout => ({
      metadata: { name: 'a', namespace: 'shop' },
      spec: {
        resources: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' }],
        waves: [{ name: 'canary', clusters: { clusterNames: ['m2'] }, approval: true }],
        ...spec,
      },
    });
    const standing = planOf({ templates: [deployment('a', 2)], policies: [to('m1')], bindings });
    const changed = (name: string, template: object, rollouts: readonly StagedRollout[]) => {
      const after = planOf({ templates: [deployment('a', 2, template)], policies: [to(name)], bindings, rollouts });
      const [{ waves, risks } = { waves: [], risks: [] }] = comparePlans(standing, after).workloads;
      return { waves, risks };
    };
    const canary = { name: 'canary', clusters: ['m2'], approval: true };
    const rest = { name: 'rest', clusters: ['m1'], approval: false };

    it('tell the wave of each cluster, and are not afraid of what waves prevent', () => {
      expect(changed('m2', {}, [rollout()])).toEqual({ waves: [canary, rest], risks: [] });
      expect(changed('m1', { hostNetwork: true }, [rollout()])).toEqual({
        waves: [rest],
        risks: ['its pods are replaced in m1, wave by wave'],
      });
    });

    it('tell of none where that change is not staged, or nobody asks for it', () => {
      const everywhere = ['it leaves every cluster that it runs in: nothing serves until the new pods do'];
      expect(changed('m2', {}, [rollout({ changes: ['Template'] })])).toEqual({ waves: [], risks: everywhere });
      expect(changed('m2', {}, [rollout({ resources: [] })])).toEqual({ waves: [], risks: everywhere });
      expect(changed('m1', { hostNetwork: true }, [rollout({ changes: ['Placement'] })])).toEqual({
        waves: [],
        risks: ['its pods are replaced in m1'],
      });
    });

    it('tell of none for what is placed for the first time', () => {
      const first = planOf({ templates: [deployment('a', 2)], policies: [to('m1')], rollouts: [rollout()] });
      expect(first.workloads[0]!.rollout).toBeUndefined();
    });
  });
});
