import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../engine/index.ts';
import { MemberRoom } from './member-room.ts';
import type { FollowListener } from './place-client.ts';

const NOW = Date.parse('2026-01-01T01:00:00Z');
const WEB = { collection: 'apps/deployments', namespace: 'shop', name: 'web' };

/** A room that has heard of these. */
function roomOf(nodes: readonly KubeObject[], pods: readonly KubeObject[]) {
  const listeners = new Map<string, FollowListener>();
  const follow = (collection: string, listener: FollowListener) => {
    listeners.set(collection, listener);
    return { close: () => {} };
  };
  const room = new MemberRoom({ follow }, () => NOW);
  listeners.get('/nodes')!.listed(nodes, 1);
  listeners.get('/pods')!.listed(pods, 1);
  return room;
}

const node = (name: string, cpu: string, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
  status: { allocatable: { cpu, memory: '64Gi', pods: '110' }, conditions: [{ type: 'Ready', status: 'True' }] },
});

const owner = (kind: string, name: string) => ({
  apiVersion: 'apps/v1',
  kind,
  name,
  uid: `uid-${name}`,
  controller: true,
});

interface PodParts {
  readonly owner?: object;
  readonly hash?: string;
  readonly namespace?: string;
  readonly node?: string;
  readonly condition?: object;
}

let pods = 0;
/** One of Deployment shop/web that no node has had room for during ten minutes. */
function pod(parts: PodParts = {}): KubeObject {
  const { hash = 'abc', namespace = 'shop', node: nodeName, condition = {} } = parts;
  pods += 1;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `pod-${pods}`,
      namespace,
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: { 'pod-template-hash': hash },
      ownerReferences: [parts.owner ?? owner('ReplicaSet', 'web-abc')],
    },
    spec: { ...(nodeName && { nodeName }), containers: [{ name: 'main', resources: { requests: { cpu: '1' } } }] },
    status: {
      phase: 'Pending',
      conditions: [
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'Unschedulable',
          lastTransitionTime: '2026-01-01T00:50:00Z',
          ...condition,
        },
      ],
    },
  } as unknown as KubeObject;
}

const waiting = (all: readonly KubeObject[], key = WEB, forMs = 300_000) =>
  (roomOf([], all).answer({ about: 'unschedulable', key, forMs }) as { replicas: number }).replicas;

describe('pods that have waited for a node', () => {
  it('are counted from when no node had room for them', () => {
    expect(waiting([pod(), pod()])).toBe(2);
    expect(waiting([pod()], WEB, 600_000)).toBe(1);
    expect(waiting([pod()], WEB, 600_001)).toBe(0);
    expect(waiting([pod({ condition: { lastTransitionTime: '2026-01-01T00:58:00Z' } })])).toBe(0);
  });

  it.each([
    ['has a node', { node: 'n1', condition: { status: 'True', reason: '' } }],
    ['is held back by a gate', { condition: { reason: 'SchedulingGated' } }],
    ['is of another namespace', { namespace: 'other' }],
    ['is of a Deployment whose name begins so', { owner: owner('ReplicaSet', 'web-api-abc') }],
    ['is of a StatefulSet whose name looks so', { owner: owner('StatefulSet', 'web-abc') }],
    ['is of a ReplicaSet of its own whose name looks so', { owner: owner('ReplicaSet', 'web-api'), hash: 'x' }],
  ])('are no such as one that %s', (_, parts: PodParts) => {
    expect(waiting([pod(parts)])).toBe(0);
  });

  it('may be of other workloads, which own them by themselves', () => {
    const key = { collection: 'apps/statefulsets', namespace: 'shop', name: 'db' };
    expect(waiting([pod({ owner: owner('StatefulSet', 'db') }), pod()], key)).toBe(1);
  });
});

it('has room for as many as fit on its nodes one by one, where they may be', () => {
  const nodes = [node('n1', '4', { disk: 'ssd' }), node('n2', '3')];
  const room = roomOf(nodes, [pod({ node: 'n1', condition: { status: 'True' } }), pod()]);
  const roomFor = (cpu: string, nodeSelector?: Record<string, string>) =>
    room.answer({
      about: 'capacity',
      requirements: { resourceRequest: { cpu }, ...(nodeSelector && { nodeClaim: { nodeSelector } }) },
    });
  expect([roomFor('1'), roomFor('2'), roomFor('1', { disk: 'ssd' })]).toEqual([
    { replicas: 6 },
    { replicas: 2 },
    { replicas: 3 },
  ]);
});
