import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDesiredState } from './desired-state.ts';
import { loadFleet } from './fleet-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-files-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const POLICY = `apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata: {name: web}
spec:
  resourceSelectors: [{apiVersion: apps/v1, kind: Deployment}]
`;

describe('desired state', () => {
  it('has one of a workload that does not say how many, as an API has it', async () => {
    const of = (kind: string, apiVersion: string, spec: string) =>
      `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${kind.toLowerCase()}}\nspec: ${spec}\n`;
    const texts = [
      of('Deployment', 'apps/v1', '{paused: true}'),
      of('StatefulSet', 'apps/v1', '{replicas: 0}'),
      of('Job', 'batch/v1', '{suspend: true}'),
      of('DaemonSet', 'apps/v1', '{minReadySeconds: 3}'),
    ];
    const { templates } = await loadDesiredState([await file('counts.yaml', texts.join('---\n'))]);
    expect(templates.map(({ object }) => object.spec)).toEqual([
      { paused: true, replicas: 1 },
      { replicas: 0 },
      { suspend: true, parallelism: 1, completions: 1 },
      { minReadySeconds: 3 },
    ]);
  });

  it('sorts objects by what they are for, and gives a namespace to those that have none', async () => {
    const path = await file(
      'all.yaml',
      `${POLICY}---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: policy.karmada.io/v1alpha1
kind: ClusterPropagationPolicy
metadata: {name: all}
spec:
  resourceSelectors: [{apiVersion: v1, kind: Namespace}]
---
apiVersion: work.karmada.io/v1alpha2
kind: ResourceBinding
metadata: {name: web-deployment, namespace: shop}
spec:
  resource: {apiVersion: apps/v1, kind: Deployment, name: web, namespace: shop}
---
apiVersion: cluster.karmada.io/v1alpha1
kind: Cluster
metadata: {name: m1}
`,
    );
    const state = await loadDesiredState([path], { namespace: 'shop' });
    const names = (list: readonly { object: { metadata: { name: string; namespace?: string } } }[]) =>
      list.map(({ object: { metadata } }) => [metadata.namespace, metadata.name]);
    expect(names(state.templates)).toEqual([
      ['shop', 'web'],
      [undefined, 'shop'],
    ]);
    expect(names(state.policies)).toEqual([['shop', 'web']]);
    expect(names(state.clusterPolicies)).toEqual([[undefined, 'all']]);
    expect(names(state.bindings)).toEqual([['shop', 'web-deployment']]);
    expect(names(state.clusters)).toEqual([[undefined, 'm1']]);
    expect((await loadDesiredState([path])).templates[0]?.object.metadata.namespace).toBe('default');
  });

  it('refuses what admission would refuse, with file and line', async () => {
    const path = await file(
      'bad.yaml',
      `${POLICY}  placement:
    replicaScheduling: {replicaSchedulingType: Sideways}
    clusterAffinity: {clusterNames: [m1]}
    clusterAffinities: [{affinityName: a, clusterNames: [m1]}]
`,
    );
    await expect(loadDesiredState([path])).rejects.toThrow(/bad\.yaml:7:\d+: .*replicaSchedulingType is "Sideways"/);
  });
});

describe('a fleet', () => {
  const cluster = (name: string, extra = '') => `apiVersion: cluster.karmada.io/v1alpha1
kind: Cluster
metadata: {name: ${name}}
${extra}`;

  it('is read from objects, sorted by name; other kinds are left aside', async () => {
    const path = await file('fleet.yaml', [cluster('m2'), POLICY, cluster('m1', 'spec: {region: eu}')].join('---\n'));
    const fleet = await loadFleet(path);
    expect(fleet.map(({ metadata, spec }) => [metadata.name, spec.region])).toEqual([
      ['m1', 'eu'],
      ['m2', undefined],
    ]);
  });

  it('is read from a list under "clusters", where type and kind may be left out', async () => {
    const path = await file('fleet.json', JSON.stringify({ clusters: [{ metadata: { name: 'm1' } }] }));
    expect((await loadFleet(path)).map(({ metadata }) => metadata.name)).toEqual(['m1']);
  });

  it('is read from a directory', async () => {
    const inner = await mkdtemp(join(folder, 'fleet-'));
    await writeFile(join(inner, 'a.yaml'), cluster('m1'));
    await writeFile(join(inner, 'b.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [] }));
    expect((await loadFleet(inner)).map(({ metadata }) => metadata.name)).toEqual(['m1']);
  });

  it('says which field of which cluster is wrong', async () => {
    const listed = await file('bad.json', `{\n"clusters": [\n{"metadata": {"name": "m1"}, "spec": {"taints": 5}}]}`);
    await expect(loadFleet(listed)).rejects.toThrow(/bad\.json:3:\d+: spec\.taints is 5, and should be a list/);
    const quantity = cluster('m1', 'status: {resourceSummary: {allocatable: {cpu: lots}}}');
    const path = await file('quantity.yaml', quantity);
    await expect(loadFleet(path)).rejects.toThrow(/quantity\.yaml:4:\d+: .*allocatable\.cpu is "lots"/);
  });

  it('refuses the same name twice, no clusters at all, and a list that is none', async () => {
    const twice = await file(
      'twice.json',
      JSON.stringify({ clusters: [{ metadata: { name: 'm1' } }, { metadata: { name: 'm1' } }] }),
    );
    await expect(loadFleet(twice)).rejects.toThrow(/repeats the name of the cluster at .*twice\.json:1/);
    await expect(loadFleet(await file('none.yaml', POLICY))).rejects.toThrow(/none\.yaml has no clusters/);
    await expect(loadFleet(await file('odd.json', '{"clusters": 7}'))).rejects.toThrow(/clusters should be a list/);
    await expect(loadFleet(join(folder, 'absent.yaml'))).rejects.toThrow(/cannot read .*absent\.yaml/);
  });
});
