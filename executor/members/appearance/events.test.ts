import { describe, expect, it } from 'vitest';
import { ShownMember, workload } from '../../../test/builders/shown-member.ts';
import { EVENTS_MAX } from './events.ts';

describe('the Events of a member', () => {
  it('count up what is told again', () => {
    const shown = new ShownMember();
    shown.apply('Deployment', 'web', workload(1));
    shown.run(3_000);
    for (const replicas of [2, 1, 2]) {
      shown.change('Deployment', 'web', { replicas });
      shown.run(10_000);
    }
    const [set] = shown.list('ReplicaSet');
    const event = shown.list('Event').find(({ message }) => String(message).endsWith('from 1 to 2'));
    expect(event).toMatchObject({
      count: 2,
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message: `Scaled up replica set ${set!.metadata.name} from 1 to 2`,
      source: { component: 'deployment-controller' },
      involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' },
    });
    expect(event!.firstTimestamp).not.toBe(event!.lastTimestamp);
  });

  it('are few, however much happens at once, and never more than so many', () => {
    const shown = new ShownMember();
    for (let at = 0; at < 100; at += 1) shown.apply('Deployment', `web-${at}`, workload(3));
    shown.run(5_000);
    const first = shown.list('Event').length;
    expect(first).toBeGreaterThanOrEqual(90);
    expect(first).toBeLessThanOrEqual(150);
    for (let round = 0; round < 40; round += 1) {
      for (let at = 0; at < 10; at += 1) shown.change('Deployment', `web-${at}`, { replicas: round % 5 });
      shown.run(20_000);
    }
    expect(shown.list('Event')).toHaveLength(EVENTS_MAX);
  });

  it('are not told in a namespace that goes', () => {
    const shown = new ShownMember();
    shown.apply('Deployment', 'web', workload(1));
    shown.run(3_000);
    shown.member.api.writer.delete({ collection: '/namespaces', namespace: '', name: 'default' }, shown.clock.now);
    shown.run(20_000);
    expect(shown.find('Namespace', 'default', '')).toBeNull();
    expect([...shown.list('Event'), ...shown.list('Pod'), ...shown.list('ReplicaSet')]).toEqual([]);
  });
});
