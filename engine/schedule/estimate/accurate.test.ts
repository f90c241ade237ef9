import { describe, expect, it } from 'vitest';
import type { NodeClaim, ResourceBindingSpec } from '../../api/binding.ts';
import type { Cluster } from '../../api/cluster.ts';
import type { ClusterInside, MemberNode, MemberPod } from '../../api/node.ts';
import type { Promised } from '../../fleet/ledger.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE, type Profile } from '../../profile/profile.ts';
import { readRequest } from '../request.ts';
import { accurateEstimator } from './accurate.ts';

const cluster: Cluster = { metadata: { name: 'm1' }, spec: {} };
const node = (
  name: string,
  cpu: string,
  more: Partial<MemberNode> & { labels?: Record<string, string> } = {},
): MemberNode => ({
  metadata: { name, labels: more.labels ?? {} },
  spec: more.spec ?? {},
  status: { allocatable: { cpu, memory: '8Gi', pods: '10' } },
});
const pod = (nodeName: string, cpu: string, more: Partial<MemberPod['spec']> & { phase?: string } = {}): MemberPod => {
  const { phase = 'Running', ...spec } = more;
  return {
    metadata: { name: `p-${nodeName}-${cpu}` },
    spec: { nodeName, containers: [{ resources: { requests: { cpu } } }], ...spec },
    status: { phase },
  };
};

interface Asked {
  readonly claim?: NodeClaim;
  readonly request?: Record<string, string>;
  readonly priority?: number;
  readonly profile?: Profile;
  readonly promised?: Promised;
  readonly spec?: Partial<ResourceBindingSpec>;
}

const room = (inside: ClusterInside | null, asked: Asked = {}): number | null => {
  const { claim, request = { cpu: '1' }, priority, profile = KARMADA_PROFILE, promised, spec = {} } = asked;
  const binding: ResourceBindingSpec = {
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    replicas: 5,
    replicaRequirements: { resourceRequest: request, ...(claim ? { nodeClaim: claim } : {}) },
    ...(priority === undefined ? {} : { schedulePriority: { priority } }),
    ...spec,
  };
  return accurateEstimator.estimate(cluster, readRequest({ spec: binding }, profile, []), {
    clusters: [cluster],
    ...(inside === null ? {} : { insides: new Map([['m1', inside]]) }),
    ...(promised ? { promised: new Map([['m1', promised]]) } : {}),
  });
};

describe('the accurate estimator', () => {
  it('says nothing of a cluster that nobody looked into', () => {
    expect(room(null)).toBeNull();
  });

  it('counts node by node, so that leftovers of two nodes never make one replica', () => {
    const inside = { nodes: [node('n1', '3500m'), node('n2', '2500m')], pods: [] };
    expect(room(inside)).toBe(5);
    expect(room(inside, { request: { cpu: '2' } })).toBe(2);
  });

  it('takes off what pods hold, unless they have ended or run elsewhere', () => {
    const pods = [
      pod('n1', '1'),
      pod('n1', '1', { phase: 'Succeeded' }),
      pod('n1', '1', { phase: 'Failed' }),
      pod('gone', '1'),
    ];
    expect(room({ nodes: [node('n1', '4')], pods })).toBe(3);
  });

  it('counts the pods that a node may still take', () => {
    const pods = Array.from({ length: 8 }, () => pod('n1', '0'));
    expect(room({ nodes: [node('n1', '64')], pods })).toBe(2);
    expect(room({ nodes: [node('n1', '64')], pods: [] }, { request: {} })).toBe(10);
  });

  it('has no room for a resource that the nodes do not have', () => {
    expect(room({ nodes: [node('n1', '4')], pods: [] }, { request: { 'example.com/gpu': '1' } })).toBe(0);
  });

  it('counts init containers and sidecars as Kubernetes does', () => {
    const requests = (cpu: string) => ({ resources: { requests: { cpu } } });
    const heavyStart = pod('n1', '1', { initContainers: [requests('3')] });
    expect(room({ nodes: [node('n1', '4')], pods: [heavyStart] })).toBe(1);
    const sidecar = pod('n1', '1', {
      initContainers: [{ ...requests('1'), restartPolicy: 'Always' }, requests('1')],
      overhead: { cpu: '500m' },
    });
    expect(room({ nodes: [node('n1', '4')], pods: [sidecar] })).toBe(1);
  });

  describe('by node', () => {
    const nodes = [
      node('n1', '1', { labels: { disk: 'ssd', rank: '5' } }),
      node('n2', '2', { labels: { disk: 'hdd', rank: '7' } }),
      node('n3', '4', { spec: { taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] } }),
      node('n4', '8', { spec: { unschedulable: true } }),
    ];
    const inside = { nodes, pods: [] };
    const affinity = (...matchExpressions: { key: string; operator: string; values?: string[] }[]): Asked => ({
      claim: { hardNodeAffinity: { nodeSelectorTerms: [{ matchExpressions }] } },
    });

    it('leaves out tainted and cordoned nodes, unless tolerated', () => {
      expect(room(inside)).toBe(3);
      expect(room(inside, { claim: { tolerations: [{ key: 'gpu', operator: 'Exists' }] } })).toBe(7);
      expect(room(inside, { claim: { tolerations: [{ operator: 'Exists' }] } })).toBe(15);
    });

    it('keeps to the node selector', () => {
      expect(room(inside, { claim: { nodeSelector: { disk: 'ssd' } } })).toBe(1);
      expect(room(inside, { claim: { nodeSelector: { disk: 'tape' } } })).toBe(0);
    });

    it('keeps to the required affinity, with every operator', () => {
      expect(room(inside, affinity({ key: 'disk', operator: 'In', values: ['ssd', 'hdd'] }))).toBe(3);
      expect(room(inside, affinity({ key: 'disk', operator: 'NotIn', values: ['ssd'] }))).toBe(2);
      expect(room(inside, affinity({ key: 'disk', operator: 'Exists' }))).toBe(3);
      expect(room(inside, affinity({ key: 'disk', operator: 'DoesNotExist' }))).toBe(0);
      expect(room(inside, affinity({ key: 'rank', operator: 'Gt', values: ['5'] }))).toBe(2);
      expect(room(inside, affinity({ key: 'rank', operator: 'Lt', values: ['7'] }))).toBe(1);
      expect(room(inside, affinity({ key: 'disk', operator: 'Gt', values: ['1'] }))).toBe(0);
      expect(room(inside, affinity({ key: 'disk', operator: 'Near', values: ['ssd'] }))).toBe(0);
    });

    it('takes any term, matches names as fields, and nothing by a term that asks for nothing', () => {
      const named = { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n2'] }] };
      expect(room(inside, { claim: { hardNodeAffinity: { nodeSelectorTerms: [{}, named] } } })).toBe(2);
      expect(room(inside, { claim: { hardNodeAffinity: { nodeSelectorTerms: [{}] } } })).toBe(0);
    });
  });

  it('takes off what was promised since', () => {
    const inside = { nodes: [node('n1', '2'), node('n2', '2')], pods: [] };
    expect(room(inside, { promised: { pods: 3n, units: new Map([['cpu', 3000n]]) } })).toBe(1);
  });

  it('counts room that pods of less priority hold only where the profile says so', () => {
    const inside = {
      nodes: [node('n1', '4')],
      pods: [pod('n1', '2', { priority: 10 }), pod('n1', '1', { priority: 100 })],
    };
    const eager = { ...MUSTER_PROFILE, switches: { ...MUSTER_PROFILE.switches, estimatesCountPreemption: true } };
    expect(room(inside, { priority: 50 })).toBe(1);
    expect(room(inside, { priority: 50, profile: eager })).toBe(3);
    expect(room(inside, { profile: eager })).toBe(1);
  });

  describe('for sets of components', () => {
    const spreadConstraints = [{ spreadByField: 'cluster' as const, minGroups: 1, maxGroups: 1 }];
    const components = [
      { name: 'manager', replicas: 1, replicaRequirements: { resourceRequest: { cpu: '1' } } },
      { name: 'worker', replicas: 2, replicaRequirements: { resourceRequest: { cpu: '2' } } },
    ];
    const sets = (inside: ClusterInside, parts = components) =>
      room(inside, {
        profile: MUSTER_PROFILE,
        spec: { components: parts, replicas: 0, placement: { spreadConstraints } },
      });

    it('places whole sets', () => {
      expect(sets({ nodes: [node('n1', '6'), node('n2', '5')], pods: [] })).toBe(2);
      expect(sets({ nodes: [node('n1', '4')], pods: [] })).toBe(0);
    });

    it('has no limit for sets of nothing', () => {
      const none = components.map((component) => ({ ...component, replicas: 0 }));
      expect(sets({ nodes: [], pods: [] }, none)).toBe(2_147_483_647);
    });
  });

  it('reads nodes and pods that say little', () => {
    const nodes = [
      { metadata: { name: 'n1' } },
      { metadata: { name: 'n2' }, status: { allocatable: { cpu: '2', pods: '5' } } },
    ];
    const pods: MemberPod[] = [
      { metadata: { name: 'p1' }, spec: { nodeName: 'n2', containers: [{}] } },
      { metadata: { name: 'p2' }, spec: { nodeName: 'n2' } },
      { metadata: { name: 'p3' }, spec: {} },
    ];
    expect(room({ nodes, pods })).toBe(2);
    expect(room({ nodes, pods }, { spec: { replicaRequirements: undefined } })).toBe(3);
    expect(room({ nodes, pods }, { request: { cpu: 'much', memory: '0' } })).toBe(3);
    expect(room({ nodes, pods }, { promised: { pods: 1n, units: new Map([['example.com/gpu', 1n]]) } })).toBe(2);
  });
});
