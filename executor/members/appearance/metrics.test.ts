import { describe, expect, it } from 'vitest';
import { ShownMember, workload } from '../../../test/builders/shown-member.ts';
import { metricsApi } from './metrics.ts';

const RESOURCES = { requests: { cpu: '1', memory: '100Mi' } };
const CONTAINERS = { containers: [{ name: 'web', image: 'web:1', resources: RESOURCES }] };

const measured = (shown: ShownMember) => {
  const sources = {
    now: () => shown.clock.now,
    list: (name: string, ns: string | null) => shown.member.api.store.list(name, ns),
  };
  const [nodes, pods] = metricsApi(sources);
  return { nodes: nodes!.read(null), podsIn: (namespace: string | null) => pods!.read(namespace) };
};

const milli = (usage: unknown) => Number.parseInt((usage as { cpu: string }).cpu, 10);

describe('what is measured', () => {
  it('in pods is a part of what they request, of those that run', () => {
    const shown = new ShownMember();
    shown.apply('Deployment', 'web', workload(2, 'web:1', CONTAINERS));
    shown.run(1_000);
    expect(measured(shown).podsIn('default')).toEqual([]);
    shown.run(4_000);
    const pods = measured(shown).podsIn('default');
    expect(pods).toHaveLength(2);
    expect(pods[0]).toMatchObject({
      apiVersion: 'metrics.k8s.io/v1beta1',
      kind: 'PodMetrics',
      metadata: { namespace: 'default', labels: { app: 'web' } },
      window: '15s',
    });
    for (const { containers } of pods as unknown as { containers: { name: string; usage: unknown }[] }[]) {
      expect(containers.map(({ name }) => name)).toEqual(['web']);
      expect(milli(containers[0]!.usage)).toBeGreaterThanOrEqual(300);
      expect(milli(containers[0]!.usage)).toBeLessThanOrEqual(800);
    }
    expect(measured(shown).podsIn('other')).toEqual([]);
    expect(measured(shown).podsIn('default')).toEqual(pods);
    shown.run(15_000);
    expect(measured(shown).podsIn('default')).not.toEqual(pods);
  });

  it('on nodes is the sum of their pods, and what the node needs itself', () => {
    const shown = new ShownMember();
    shown.apply('Deployment', 'web', workload(1, 'web:1', CONTAINERS));
    shown.run(5_000);
    shown.member.silenceNode('node-2');
    const { nodes, podsIn } = measured(shown);
    const [pod] = podsIn(null) as unknown as { containers: { usage: unknown }[] }[];
    expect(nodes.map(({ metadata, usage }) => [metadata.name, milli(usage)])).toEqual([
      ['node-0', 200 + milli(pod!.containers[0]!.usage)],
      ['node-1', 200],
    ]);
  });
});
