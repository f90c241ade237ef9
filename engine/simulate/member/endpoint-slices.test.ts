import { describe, expect, it } from 'vitest';
import { Random } from '../../base/random.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { Clock } from '../clock.ts';
import { always } from '../latency.ts';
import { Member } from './member.ts';

const SLICES = 'discovery.k8s.io/endpointslices';
const MINUTE = 60_000;

function memberWith(replicas: number, service: object = {}): { readonly member: Member; readonly clock: Clock } {
  const clock = new Clock(0);
  const member = new Member({
    name: 'm',
    clock,
    random: new Random('seed'),
    nodes: [{ name: 'node', count: 3, allocatable: { cpu: '100', memory: '100Gi', pods: 110 } }],
    behaviors: [{ match: {}, behavior: { start: always(2_000), stop: always(1_000), run: always(5_000) } }],
  });
  member.api.create('apps/deployments', deployment(replicas));
  member.api.create('/services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default', labels: { tier: 'front' } },
    spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }], ...service },
  });
  clock.runUntil(clock.now + MINUTE);
  return { member, clock };
}

const deployment = (replicas: number, name = 'web'): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: 'a' }] } },
  },
});

const slicesOf = ({ api }: Member) => api.store.list(SLICES);
const counts = (member: Member) =>
  slicesOf(member)
    .map(({ endpoints }) => (endpoints as unknown[]).length)
    .sort((a, b) => b - a);
const key = (collection: string) => ({ collection, namespace: 'default', name: 'web' });

describe('slices of a member', () => {
  it('are made when somebody asks for them, and not before', () => {
    const { member } = memberWith(2);
    expect(slicesOf(member)).toEqual([]);
    member.api.asked('/pods');
    expect(slicesOf(member)).toEqual([]);
    member.api.asked(SLICES);
    expect(slicesOf(member)).toMatchObject([
      {
        metadata: { labels: { tier: 'front', 'kubernetes.io/service-name': 'web' } },
        endpoints: [{ conditions: { ready: true } }, { conditions: { ready: true } }],
        ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
      },
    ]);
  });

  it('follow pods as they come and go, and other Services as they come', () => {
    const { member, clock } = memberWith(2);
    member.api.asked(SLICES);
    member.api.writer.patch(key('apps/deployments'), (one) => ({
      ...one,
      spec: { ...(one.spec as object), replicas: 5 },
    }));
    clock.runUntil(clock.now + MINUTE);
    expect(counts(member)).toEqual([5]);
    member.powerOff();
    clock.runUntil(clock.now + MINUTE);
    expect(counts(member)).toEqual([5]);
    member.api.writer.patch(key('apps/deployments'), (one) => ({
      ...one,
      spec: { ...(one.spec as object), replicas: 1 },
    }));
    member.powerOn();
    clock.runUntil(clock.now + MINUTE);
    expect(counts(member)).toEqual([1]);
    member.api.writer.delete(key('apps/deployments'), member.api.now);
    clock.runUntil(clock.now + MINUTE);
    expect(counts(member)).toEqual([0]);
    member.api.writer.delete(key('/services'), member.api.now);
    clock.runUntil(clock.now + MINUTE);
    expect(counts(member)).toEqual([]);
  });

  it('hold a hundred endpoints each', () => {
    const { member, clock } = memberWith(150);
    member.api.asked(SLICES);
    expect(counts(member)).toEqual([100, 50]);
    member.api.writer.patch(key('apps/deployments'), (one) => ({
      ...one,
      spec: { ...(one.spec as object), replicas: 3 },
    }));
    clock.runUntil(clock.now + MINUTE);
    expect(counts(member)).toEqual([3]);
  });

  it('are of Services that select pods by themselves', () => {
    for (const service of [{ selector: undefined }, { selector: {} }, { type: 'ExternalName' }]) {
      const { member } = memberWith(2, service);
      member.api.asked(SLICES);
      expect(slicesOf(member)).toEqual([]);
    }
  });
});
