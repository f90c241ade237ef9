import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../kube/meta.ts';
import { admit } from './admit.ts';
import { withoutNulls } from './nulls.ts';

const selectors = [
  { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', labelSelector: { matchLabels: { a: 'b' } } },
];
const affinity = {
  clusterNames: ['m1'],
  exclude: ['m2'],
  labelSelector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['b'] }] },
  fieldSelector: { matchExpressions: [{ key: 'region', operator: 'In', values: ['eu'] }] },
};
const placement = {
  clusterAffinity: affinity,
  clusterTolerations: [{ key: 'a', operator: 'Equal', value: 'b', effect: 'NoExecute', tolerationSeconds: 3 }],
  spreadConstraints: [{ spreadByField: 'cluster', minGroups: 1, maxGroups: 2 }],
  replicaScheduling: {
    replicaSchedulingType: 'Divided',
    replicaDivisionPreference: 'Weighted',
    weightPreference: { staticWeightList: [{ targetCluster: affinity, weight: 1 }] },
  },
};
const policy: KubeObject = {
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: { name: 'a', namespace: 'default' },
  spec: {
    resourceSelectors: selectors,
    placement,
    propagateDeps: true,
    priority: 1,
    preemption: 'Always',
    dependentOverrides: ['a'],
    schedulerName: 'default-scheduler',
    failover: {
      application: {
        decisionConditions: { tolerationSeconds: 3 },
        purgeMode: 'Gracefully',
        gracePeriodSeconds: 5,
        statePreservation: { rules: [{ aliasLabelName: 'a', jsonPath: '{.b}' }] },
      },
      cluster: { purgeMode: 'Gracefully' },
    },
    suspension: { dispatchingOnClusters: { clusterNames: ['m1'] } },
    conflictResolution: 'Abort',
    activationPreference: 'Lazy',
  },
};
const overriders = {
  imageOverrider: [{ predicate: { path: '/a' }, component: 'Tag', operator: 'replace', value: '2' }],
  commandOverrider: [{ containerName: 'a', operator: 'add', value: ['x'] }],
  labelsOverrider: [{ operator: 'add', value: { a: 'b' } }],
  fieldOverrider: [{ fieldPath: '/data/a', json: [{ subPath: '/b', operator: 'replace', value: 1 }] }],
  plaintext: [{ path: '/spec/a', operator: 'replace', value: 1 }],
};
const override: KubeObject = {
  ...policy,
  kind: 'OverridePolicy',
  spec: { resourceSelectors: selectors, overrideRules: [{ targetCluster: affinity, overriders }] },
};
const cluster: KubeObject = {
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name: 'm1' },
  spec: {
    syncMode: 'Push',
    apiEndpoint: 'https://m1',
    provider: 'aws',
    region: 'eu',
    zones: ['eu-a'],
    taints: [{ key: 'a', value: 'b', effect: 'NoSchedule' }],
    resourceModels: [{ grade: 0, ranges: [{ name: 'cpu', min: '0', max: '1' }] }],
  },
};
const binding: KubeObject = {
  apiVersion: 'work.karmada.io/v1alpha2',
  kind: 'ResourceBinding',
  metadata: { name: 'web-deployment', namespace: 'default' },
  spec: {
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'default' },
    replicas: 2,
    replicaRequirements: { nodeClaim: { nodeSelector: { a: 'b' } }, resourceRequest: { cpu: '1' } },
    clusters: [{ name: 'm1', replicas: 2 }],
    placement,
    gracefulEvictionTasks: [{ fromCluster: 'm2', reason: 'TaintUntolerated', producer: 'TaintManager' }],
    requiredBy: [{ namespace: 'default', name: 'b', clusters: [{ name: 'm1' }] }],
  },
};

/** The object with a null in place of one field, for each field at any depth of its spec. */
function* blanked(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) for (const one of blanked(item)) yield value.with(at, one);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield { ...value, [key]: null };
      for (const one of blanked(item)) yield { ...value, [key]: one };
    }
  }
}

const absent = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (_, item) => item ?? undefined));

describe('a field that is left empty', () => {
  it.each([policy, override, cluster, binding])('of a $kind says no more than one that is left out', (object) => {
    expect(admit(object, 0).problems).toEqual([]);
    for (const spec of blanked(object.spec)) {
      const isPatch = JSON.stringify(spec).includes('"operator":"replace","value":null');
      const answer = admit({ ...object, spec }, 0);
      if (!isPatch) expect(answer).toEqual(admit({ ...object, spec: absent(spec) }, 0));
    }
  });

  it('is a value where a plaintext edit puts it, and none in the document of a field', () => {
    const put = (overriders: object) => admit({ ...override, spec: { overrideRules: [{ overriders }] } }, 0);
    const plaintext = [{ path: '/spec/a', operator: 'replace', value: null }];
    expect(put({ plaintext })).toMatchObject({
      problems: [],
      object: { spec: { overrideRules: [{ overriders: { plaintext } }] } },
    });
    const json = [{ subPath: '/b', operator: 'replace', value: null }];
    expect(put({ fieldOverrider: [{ fieldPath: '/data/a', json }] }).problems).toHaveLength(1);
  });

  it('goes from the files of kinds that are known', () => {
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', labels: null },
      spec: { replicas: null, template: { spec: { volumes: null, containers: [{ name: 'a', env: null }] } } },
    } as unknown as KubeObject;
    expect(withoutNulls(deployment)).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { template: { spec: { containers: [{ name: 'a' }] } } },
    });
  });

  it.each([
    ['a definition', 'apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
    ['a kind that nobody knows here', 'example.com/v1', 'Thing'],
  ])('stays in the content of %s', (_, apiVersion, kind) => {
    const object = { apiVersion, kind, metadata: { name: 'a' }, spec: { default: null } };
    expect(withoutNulls(object)).toBe(object);
    const blank = { name: 'a', labels: null, annotations: null } as unknown as KubeObject['metadata'];
    expect(withoutNulls({ ...object, metadata: blank })).toEqual(object);
  });
});
