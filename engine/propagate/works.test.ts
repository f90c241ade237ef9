import { describe, expect, it } from 'vitest';
import type { GracefulEvictionTask, ResourceBinding, ResourceBindingSpec } from '../api/binding.ts';
import type { Cluster } from '../api/cluster.ts';
import { workNameOf } from '../api/names.ts';
import type { OverridePolicy, Overriders } from '../api/override.ts';
import type { KubeObject } from '../kube/meta.ts';
import { apportion } from '../schedule/assign/apportion.ts';
import { Interpreter } from './interpret/interpreter.ts';
import { nativeLayer } from './interpret/native/native.ts';
import { renewWork, type WorkOptions, type WorkPorts, worksFor } from './works.ts';

const ports: WorkPorts = {
  interpreter: new Interpreter([nativeLayer]),
  yaml: {
    toJson: () => {
      throw new Error('no YAML here');
    },
    fromJson: () => '',
  },
  apportion,
  workId: (namespace, name) => `${namespace}/${name}`,
};
const cluster = (name: string): Cluster => ({ metadata: { name }, spec: {} }) as Cluster;
const clusters = new Map(['m1', 'm2', 'm3'].map((name) => [name, cluster(name)]));
const deployment: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'web',
    namespace: 'shop',
    uid: 'u-1',
    generation: 3,
    resourceVersion: '7',
    labels: { app: 'web' },
    annotations: { note: 'n' },
  },
  spec: { replicas: 5, template: { spec: { containers: [{ name: 'c', image: 'nginx:1' }] } } },
  status: { replicas: 5 },
};
const job: KubeObject = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'sum', namespace: 'shop', uid: 'u-2' },
  spec: { parallelism: 4, completions: 10, template: { spec: { containers: [{ name: 'c' }] } } },
};
const spec: ResourceBindingSpec = {
  resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
  replicas: 5,
  clusters: [
    { name: 'm1', replicas: 2 },
    { name: 'm2', replicas: 3 },
  ],
};
const bindingOf = (changes: Partial<ResourceBindingSpec> = {}): ResourceBinding => ({
  metadata: {
    name: 'web-deployment',
    namespace: 'shop',
    labels: { 'resourcebinding.karmada.io/permanent-id': 'rb' },
  },
  spec: { ...spec, ...changes },
});
const none = { clusterOverridePolicies: [], overridePolicies: [] };
const overrideOf = (name: string, overriders: Overriders, namespace?: string): OverridePolicy => ({
  metadata: { name, namespace },
  spec: { overrideRules: [{ targetCluster: { clusterNames: ['m1'] }, overriders }] },
});
const planned = (
  binding: ResourceBinding,
  template = deployment,
  policies: Parameters<typeof worksFor>[0]['policies'] = none,
  options: WorkOptions = {},
) => worksFor({ binding, template, clusters, policies }, ports, options);
const manifestOf = (work: ReturnType<typeof planned>['works'][number] | undefined) =>
  work!.spec.workload.manifests![0]!;

describe('Works of a binding', () => {
  it('hold the pruned object with its marks, and a list of all keys that came from here', () => {
    const { works, refusals } = planned(bindingOf());
    expect(refusals).toEqual([]);
    expect(works[0]).toEqual({
      apiVersion: 'work.karmada.io/v1alpha1',
      kind: 'Work',
      metadata: {
        name: workNameOf('Deployment', 'web', 'shop'),
        namespace: 'karmada-es-m1',
        labels: {
          'resourcebinding.karmada.io/permanent-id': 'rb',
          'work.karmada.io/permanent-id': `karmada-es-m1/${works[0]!.metadata.name}`,
        },
        annotations: {
          'resourcebinding.karmada.io/namespace': 'shop',
          'resourcebinding.karmada.io/name': 'web-deployment',
          'work.karmada.io/conflict-resolution': 'abort',
        },
        finalizers: ['karmada.io/execution-controller'],
      },
      spec: {
        workload: {
          manifests: [
            {
              apiVersion: 'apps/v1',
              kind: 'Deployment',
              metadata: {
                name: 'web',
                namespace: 'shop',
                labels: {
                  app: 'web',
                  'karmada.io/managed': 'true',
                  'resourcebinding.karmada.io/permanent-id': 'rb',
                  'work.karmada.io/permanent-id': `karmada-es-m1/${works[0]!.metadata.name}`,
                },
                annotations: {
                  note: 'n',
                  'resourcebinding.karmada.io/namespace': 'shop',
                  'resourcebinding.karmada.io/name': 'web-deployment',
                  'resourcetemplate.karmada.io/generation': '3',
                  'resourcetemplate.karmada.io/uid': 'u-1',
                  'resourcetemplate.karmada.io/managed-annotations':
                    'note,resourcebinding.karmada.io/name,resourcebinding.karmada.io/namespace,' +
                    'resourcetemplate.karmada.io/generation,resourcetemplate.karmada.io/managed-annotations,' +
                    'resourcetemplate.karmada.io/managed-labels,resourcetemplate.karmada.io/uid,' +
                    'work.karmada.io/conflict-resolution,work.karmada.io/name,work.karmada.io/namespace',
                  'resourcetemplate.karmada.io/managed-labels':
                    'app,karmada.io/managed,resourcebinding.karmada.io/permanent-id,work.karmada.io/permanent-id',
                  'work.karmada.io/conflict-resolution': 'abort',
                  'work.karmada.io/name': works[0]!.metadata.name,
                  'work.karmada.io/namespace': 'karmada-es-m1',
                },
              },
              spec: { replicas: 2, template: { spec: { containers: [{ name: 'c', image: 'nginx:1' }] } } },
            },
          ],
        },
        suspendDispatching: false,
        preserveResourcesOnDeletion: false,
      },
    });
  });

  it('have the name that Karmada gives them', () => {
    const nginx = { ...deployment, metadata: { name: 'nginx', namespace: 'default' } };
    expect(planned(bindingOf(), nginx).works.map(({ metadata }) => [metadata.namespace, metadata.name])).toEqual([
      ['karmada-es-m1', 'nginx-687f7fb96f'],
      ['karmada-es-m2', 'nginx-687f7fb96f'],
    ]);
  });

  it('have each cluster its own replicas, also where these are none', () => {
    const replicas = (binding: ResourceBinding) =>
      planned(binding).works.map((work) => (manifestOf(work).spec as { replicas: number }).replicas);
    expect(replicas(bindingOf())).toEqual([2, 3]);
    expect(replicas(bindingOf({ clusters: [{ name: 'm1' }] }))).toEqual([0]);
    expect(replicas(bindingOf({ replicas: 0, replicaRequirements: {} }))).toEqual([2, 3]);
    expect(replicas(bindingOf({ replicas: undefined }))).toEqual([5, 5]);
  });

  it('are named after the binding alone where neither has a namespace', () => {
    const role: KubeObject = { apiVersion: 'v1', kind: 'ClusterRole', metadata: { name: 'r' } };
    const binding: ResourceBinding = {
      metadata: { name: 'r-clusterrole', labels: { 'clusterresourcebinding.karmada.io/permanent-id': 'crb' } },
      spec: { resource: { apiVersion: 'v1', kind: 'ClusterRole', name: 'r' }, clusters: [{ name: 'm1' }] },
    };
    const work = planned(binding, role).works[0]!;
    expect(work.metadata.labels).toMatchObject({ 'clusterresourcebinding.karmada.io/permanent-id': 'crb' });
    expect(work.metadata.annotations).toEqual({
      'clusterresourcebinding.karmada.io/name': 'r-clusterrole',
      'work.karmada.io/conflict-resolution': 'abort',
    });
    expect(manifestOf(work).metadata.annotations).toMatchObject({ 'resourcetemplate.karmada.io/uid': '' });
    expect(manifestOf(work).metadata.annotations).not.toHaveProperty('resourcetemplate.karmada.io/generation');
  });

  it('tell how a conflict is settled: the template first, then the policy, else not at all', () => {
    const key = 'work.karmada.io/conflict-resolution';
    const settled = (own: string | undefined, asked: 'Overwrite' | 'Abort' | undefined) => {
      const annotations: Record<string, string> = own === undefined ? {} : { [key]: own };
      const template = { ...deployment, metadata: { ...deployment.metadata, annotations } };
      const work = planned(bindingOf({ conflictResolution: asked }), template).works[0]!;
      expect(manifestOf(work).metadata.annotations![key]).toBe(work.metadata.annotations![key]);
      return work.metadata.annotations![key];
    };
    expect(settled('overwrite', 'Abort')).toBe('overwrite');
    expect(settled('abort', 'Overwrite')).toBe('abort');
    expect(settled('perhaps', 'Overwrite')).toBe('overwrite');
    expect(settled(undefined, 'Overwrite')).toBe('overwrite');
    expect(settled(undefined, undefined)).toBe('abort');
  });

  it('are suspended everywhere or in the clusters named', () => {
    const suspended = (suspension: ResourceBindingSpec['suspension']) =>
      planned(bindingOf({ suspension })).works.map((work) => work.spec.suspendDispatching);
    expect(suspended({ dispatching: true })).toEqual([true, true]);
    expect(suspended({ dispatchingOnClusters: { clusterNames: ['m2'] } })).toEqual([false, true]);
    expect(suspended({ scheduling: true })).toEqual([false, false]);
  });

  it('keep what they made when they go, if the policy asks for it', () => {
    const kept = planned(bindingOf({ preserveResourcesOnDeletion: true })).works;
    expect(kept.map((work) => work.spec.preserveResourcesOnDeletion)).toEqual([true, true]);
  });
});

describe('overrides on the way', () => {
  const replicas: Overriders = { plaintext: [{ path: '/spec/replicas', operator: 'replace', value: 7 }] };

  it('have the last word, and are recorded on the Work of their cluster only', () => {
    const policies = {
      clusterOverridePolicies: [overrideOf('cop', { labelsOverrider: [{ operator: 'add', value: { x: 'y' } }] })],
      overridePolicies: [overrideOf('op', replicas, 'shop')],
    };
    const [first, second] = planned(bindingOf(), deployment, policies).works;
    expect(manifestOf(first).spec).toMatchObject({ replicas: 7 });
    expect(manifestOf(first).metadata.labels).toMatchObject({ x: 'y' });
    expect(manifestOf(first).metadata.annotations!['resourcetemplate.karmada.io/managed-labels']).toContain(',x');
    expect(JSON.parse(first!.metadata.annotations!['policy.karmada.io/applied-overrides']!)).toEqual([
      { policyName: 'op', overriders: replicas },
    ]);
    expect(JSON.parse(first!.metadata.annotations!['policy.karmada.io/applied-cluster-overrides']!)).toEqual([
      { policyName: 'cop', overriders: { labelsOverrider: [{ operator: 'add', value: { x: 'y' } }] } },
    ]);
    expect(manifestOf(second).spec).toMatchObject({ replicas: 3 });
    expect(Object.keys(second!.metadata.annotations!).join()).not.toContain('applied');
  });

  it('that do not fit, and clusters that are gone, are told and do not hold up the other clusters', () => {
    const broken = overrideOf('op', { plaintext: [{ path: '/spec/none/x', operator: 'replace', value: 1 }] }, 'shop');
    const binding = bindingOf({ clusters: [{ name: 'm1' }, { name: 'gone' }, { name: 'm2' }] });
    const { works, refusals } = planned(binding, deployment, { ...none, overridePolicies: [broken] });
    expect(works.map(({ metadata }) => metadata.namespace)).toEqual(['karmada-es-m2']);
    expect(refusals.map((refusal) => refusal.cluster)).toEqual(['m1', 'gone']);
    expect(refusals[0]!.message).toContain('/spec/none/x');
    expect(refusals[1]!.message).toBe('there is no cluster gone');
  });

  it('leave the template untouched', () => {
    const before = JSON.stringify(deployment);
    planned(bindingOf(), deployment, { ...none, overridePolicies: [overrideOf('op', replicas, 'shop')] });
    expect(JSON.stringify(deployment)).toBe(before);
  });
});

describe('a divided Job', () => {
  const divided = { replicaScheduling: { replicaSchedulingType: 'Divided' } } as const;
  const counts = (changes: Partial<ResourceBindingSpec>, template = job) =>
    planned(bindingOf({ replicas: 4, placement: divided, ...changes }), template).works.map((work) => {
      const { parallelism, completions } = manifestOf(work).spec as Record<string, number>;
      return [work.metadata.namespace!.slice(-2), parallelism, completions];
    });
  const targets = [
    { name: 'm2', replicas: 1 },
    { name: 'm1', replicas: 3 },
  ];

  it('has its completions divided as its pods are, each cluster its own share', () => {
    expect(counts({ clusters: targets })).toEqual([
      ['m2', 1, 3],
      ['m1', 3, 7],
    ]);
  });

  it('shares the odd completion by the parity of its uid', () => {
    const even = [
      { name: 'm1', replicas: 2 },
      { name: 'm2', replicas: 2 },
    ];
    const odd = (uid: string) => {
      const template = {
        ...job,
        metadata: { ...job.metadata, uid },
        spec: { ...(job.spec as object), completions: 5 },
      };
      return counts({ clusters: even }, template).map(([, , completions]) => completions);
    };
    expect(odd('')).toEqual([3, 2]);
    expect(['a', 'b', 'c', 'd'].map(odd)).toContainEqual([2, 3]);
  });

  it('keeps all its completions in every cluster when it is duplicated, and has none when the template has none', () => {
    expect(counts({ clusters: targets, placement: {} })).toEqual([
      ['m2', 1, 10],
      ['m1', 3, 10],
    ]);
    const { completions: _, ...open } = job.spec as Record<string, unknown>;
    expect(counts({ clusters: targets }, { ...job, spec: open })[0]).toEqual(['m2', 1, undefined]);
  });
});

describe('state that is handed over', () => {
  const task: GracefulEvictionTask = {
    fromCluster: 'm2',
    purgeMode: 'Directly',
    reason: 'ApplicationFailure',
    producer: 'x',
    preservedLabelState: { 'job-id': '42' },
    clustersBeforeFailover: ['m2'],
  };
  const labelsOf = (changes: Partial<ResourceBindingSpec>, options: WorkOptions = { preservedState: true }) =>
    planned(bindingOf(changes), deployment, none, options).works.map((work) => [
      manifestOf(work).metadata.labels?.['job-id'],
      manifestOf(work).metadata.annotations!['resourcetemplate.karmada.io/managed-labels']!.includes('job-id'),
      work.metadata.labels?.['job-id'],
    ]);
  const one = [{ name: 'm1', replicas: 5 }];

  it('arrives as a label in the one cluster that the application moved to', () => {
    const tasks = [{ ...task, preservedLabelState: { 'job-id': 'older' } }, task];
    expect(labelsOf({ clusters: one, gracefulEvictionTasks: tasks })).toEqual([['42', true, undefined]]);
  });

  it('does not arrive otherwise', () => {
    const nothing = [undefined, false, undefined];
    const tasks = [task];
    expect(labelsOf({ clusters: one, gracefulEvictionTasks: tasks }, {})).toEqual([nothing]);
    expect(labelsOf({ gracefulEvictionTasks: tasks })).toEqual([nothing, nothing]);
    expect(labelsOf({ clusters: [{ name: 'm2' }], gracefulEvictionTasks: tasks })).toEqual([nothing]);
    expect(labelsOf({ clusters: one })).toEqual([nothing]);
    const gently = [{ ...task, purgeMode: 'Gracefully' as const }];
    expect(labelsOf({ clusters: one, gracefulEvictionTasks: gently })).toEqual([nothing]);
  });
});

describe('renewed Work', () => {
  it('keeps the keys and status of others, and drops the record of overrides that no longer apply', () => {
    const override = overrideOf('op', { labelsOverrider: [{ operator: 'add', value: { x: 'y' } }] }, 'shop');
    const before = planned(bindingOf(), deployment, { ...none, overridePolicies: [override] }).works[0]!;
    const stored = {
      ...before,
      metadata: {
        ...before.metadata,
        resourceVersion: '9',
        labels: { ...before.metadata.labels, other: 'o' },
        annotations: { ...before.metadata.annotations, other: 'o' },
      },
      status: { conditions: [] },
    };
    const wanted = planned(bindingOf()).works[0]!;
    const renewed = renewWork(stored, wanted);
    expect(renewed.spec).toEqual(wanted.spec);
    expect(renewed.status).toBe(stored.status);
    expect(renewed.metadata).toEqual({
      ...wanted.metadata,
      resourceVersion: '9',
      labels: { ...wanted.metadata.labels, other: 'o' },
      annotations: { ...wanted.metadata.annotations, other: 'o' },
    });
    expect(renewWork(renewed, wanted)).toEqual(renewed);
  });
});
