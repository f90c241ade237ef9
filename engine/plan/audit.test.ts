import { describe, expect, it } from 'vitest';
import { yamlCodec } from '../../executor/script/yaml-codec.ts';
import { makeCluster } from '../../test/builders/cluster.ts';
import type { Cluster } from '../api/cluster.ts';
import type { Placement } from '../api/placement.ts';
import type { PropagationPolicy } from '../api/policy.ts';
import type { KubeObject } from '../kube/meta.ts';
import { MUSTER_PROFILE } from '../profile/profile.ts';
import { builtInLayers } from '../propagate/interpret/built-in.ts';
import { Interpreter } from '../propagate/interpret/interpreter.ts';
import { pluginsFor } from '../schedule/default-plugins.ts';
import { audit } from './audit.ts';
import { type FailureDomain, failureDomains } from './failure-domains.ts';

const deployment = (name: string, replicas: number): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop' },
  spec: {
    replicas,
    template: { spec: { containers: [{ name: 'a', image: 'a', resources: { requests: { cpu: '1' } } }] } },
  },
});

const BY_ROOM: Placement = {
  replicaScheduling: {
    replicaSchedulingType: 'Divided',
    replicaDivisionPreference: 'Weighted',
    weightPreference: { dynamicWeight: 'AvailableReplicas' },
  },
};

const policy = (name: string, placement: Placement): PropagationPolicy => ({
  metadata: { name, namespace: 'shop' },
  spec: { resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name }], placement },
});

const cluster = (name: string, zone: string, cpu: string): Cluster => {
  const made = makeCluster(name, { allocatable: { cpu, memory: '100Gi', pods: '100' } });
  return { ...made, spec: { ...made.spec, zones: [zone], region: zone.slice(0, 2) } };
};

function auditOf(
  workloads: readonly (readonly [string, number, Placement])[],
  clusters: readonly Cluster[],
  by: string[],
  isMeant: (domain: FailureDomain) => boolean = () => true,
) {
  return audit(
    {
      templates: workloads.map(([name, replicas]) => deployment(name, replicas)),
      policies: workloads.map(([name, , placement]) => policy(name, placement)),
      clusterPolicies: [],
      bindings: [],
      clusters,
      overrides: { clusterOverridePolicies: [], overridePolicies: [] },
    },
    failureDomains(clusters, by).filter(isMeant),
    {
      profile: MUSTER_PROFILE,
      plugins: pluginsFor(MUSTER_PROFILE),
      interpreter: new Interpreter(builtInLayers),
      yaml: yamlCodec,
    },
  );
}

describe('failure domains', () => {
  it('are clusters and what they share', () => {
    const clusters = [cluster('m1', 'eu-a', '1'), cluster('m2', 'eu-b', '1'), cluster('m3', 'eu-a', '1')];
    expect(failureDomains(clusters, ['zone', 'region', 'provider'])).toEqual([
      { sort: 'zone', name: 'eu-a', clusters: ['m1', 'm3'] },
      { sort: 'zone', name: 'eu-b', clusters: ['m2'] },
      { sort: 'region', name: 'eu', clusters: ['m1', 'm2', 'm3'] },
    ]);
    const labelled = clusters.map((one) => ({ ...one, metadata: { ...one.metadata, labels: { rack: 'r1' } } }));
    expect(failureDomains(labelled, ['rack'])).toMatchObject([{ sort: 'rack', name: 'r1' }]);
  });
});

describe('an audit', () => {
  const fleet = [cluster('m1', 'eu-a', '8'), cluster('m2', 'eu-b', '8'), cluster('m3', 'us-a', '8')];

  it('counts what keeps running as room that is taken', () => {
    const { losses } = auditOf([['web', 15, BY_ROOM]], fleet, ['cluster']);
    expect(losses.map(({ workloads }) => workloads.map(({ lost, missing }) => [lost, missing]))).toEqual([
      [[5, 0]],
      [[5, 0]],
      [[5, 0]],
    ]);
    expect(losses[0]!.workloads[0]!.after).toEqual([
      { name: 'm2', replicas: 8 },
      { name: 'm3', replicas: 7 },
    ]);
  });

  it('tells how much room is missing, and fills what there is', () => {
    const { losses } = auditOf([['web', 21, BY_ROOM]], fleet, ['zone']);
    expect(losses[0]).toMatchObject({
      domain: { name: 'eu-a' },
      workloads: [{ before: 21, lost: 7, missing: 5 }],
      missing: { cpu: 5000, pods: 5 },
    });
    expect(losses[0]!.workloads[0]!.after.reduce((sum, { replicas = 0 }) => sum + replicas, 0)).toBe(16);
    expect(losses[0]!.workloads[0]!.reason).toContain('room for');
  });

  it('promises the room that is left only once', () => {
    const { losses } = auditOf(
      [
        ['a', 9, BY_ROOM],
        ['b', 9, BY_ROOM],
      ],
      fleet,
      ['cluster'],
    );
    const missing = losses[0]!.workloads.map((one) => one.missing);
    expect(missing[0]! + missing[1]!).toBe(2);
  });

  it('finds each loss as if it were the only one', () => {
    const workloads: Parameters<typeof auditOf>[0] = [
      ['a', 9, BY_ROOM],
      ['b', 13, BY_ROOM],
      ['copies', 1, { clusterAffinity: { clusterNames: ['m2', 'm3'] } }],
    ];
    const by = ['cluster', 'zone', 'region'];
    const all = auditOf(workloads, fleet, by);
    const alone = failureDomains(fleet, by).flatMap(
      ({ sort, name }) => auditOf(workloads, fleet, by, (one) => one.sort === sort && one.name === name).losses,
    );
    expect(all.losses).toEqual(alone);
    expect(auditOf(workloads, [...fleet].reverse(), by)).toEqual(all);
  });

  it('needs no room for copies that belong to what is lost, and counts nothing where nothing ran', () => {
    const pinned = { clusterAffinity: { clusterNames: ['m1', 'm2'] } };
    const { losses, unplaced, workloads } = auditOf(
      [
        ['copies', 2, pinned],
        ['nowhere', 1, { clusterAffinity: { clusterNames: ['gone'] }, ...BY_ROOM }],
      ],
      fleet,
      ['cluster', 'region'],
    );
    expect([workloads, unplaced]).toEqual([2, ['Deployment shop/nowhere']]);
    const told = losses.map(({ domain, workloads: hit }) => [domain.name, hit.map((one) => [one.lost, one.missing])]);
    expect(told).toEqual([
      ['m1', [[2, 0]]],
      ['m2', [[2, 0]]],
      ['m3', []],
      ['eu', [[4, 4]]],
      ['us', []],
    ]);
  });
});
