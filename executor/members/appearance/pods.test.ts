import { describe, expect, it } from 'vitest';
import { always } from '../../../engine/index.ts';
import { ShownMember, template, workload } from '../../../test/builders/shown-member.ts';

const statusOf = (shown: ShownMember, at = 0) => shown.list('Pod')[at]!.status as Record<string, unknown>;
const conditionsOf = (shown: ShownMember) =>
  Object.fromEntries(
    (statusOf(shown).conditions as { type: string; status: string }[]).map(({ type, status }) => [type, status]),
  );

describe('a pod as an object', () => {
  it('has a node, addresses and containers that run', () => {
    const shown = new ShownMember();
    shown.apply('Deployment', 'web', workload(1, 'web:1', { initContainers: [{ name: 'first', image: 'init:1' }] }));
    shown.run(1_000);
    expect(conditionsOf(shown)).toMatchObject({ PodScheduled: 'True', Initialized: 'True', Ready: 'False' });
    expect(statusOf(shown)).toMatchObject({
      phase: 'Pending',
      containerStatuses: [{ state: { waiting: { reason: 'ContainerCreating' } }, restartCount: 0 }],
    });
    shown.run(5_000);
    const [pod] = shown.list('Pod');
    expect(pod!.spec).toMatchObject({ nodeName: 'node-0', serviceAccountName: 'default' });
    expect(pod!.metadata.generation).toBe(1);
    expect(pod!.status).toMatchObject({
      phase: 'Running',
      hostIP: '172.18.0.2',
      podIP: '10.244.0.2',
      podIPs: [{ ip: '10.244.0.2' }],
      qosClass: 'BestEffort',
      startTime: '2023-11-14T22:13:20Z',
      initContainerStatuses: [{ name: 'first', state: { terminated: { exitCode: 0, reason: 'Completed' } } }],
      containerStatuses: [
        {
          name: 'web',
          image: 'web:1',
          ready: true,
          started: true,
          state: { running: { startedAt: '2023-11-14T22:13:22Z' } },
        },
      ],
    });
    expect(conditionsOf(shown)).toEqual({
      PodReadyToStartContainers: 'True',
      Initialized: 'True',
      Ready: 'True',
      ContainersReady: 'True',
      PodScheduled: 'True',
    });
  });

  it('tells why it waits, as a scheduler would, and gets its node later', () => {
    const shown = new ShownMember({
      nodes: [
        { name: 'small', count: 2, allocatable: { cpu: '2', memory: '1Gi', pods: 10 } },
        {
          name: 'kept',
          count: 1,
          allocatable: { cpu: '8', memory: '8Gi', pods: 10 },
          taints: [{ key: 'for', value: 'others', effect: 'NoSchedule' }],
        },
      ],
    });
    const resources = { requests: { cpu: '2', memory: '2Gi' } };
    shown.apply(
      'Deployment',
      'web',
      workload(1, 'web:1', { containers: [{ name: 'web', image: 'web:1', resources }] }),
    );
    shown.run(1_000);
    const why = '0/3 nodes are available: 1 node(s) had untolerated taint {for: others}, 2 Insufficient memory.';
    expect(statusOf(shown)).toMatchObject({
      phase: 'Pending',
      qosClass: 'Burstable',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: why }],
    });
    const { name } = shown.list('Pod')[0]!.metadata;
    expect(shown.told(name)).toEqual([`FailedScheduling: ${why}`]);
    shown.member.addNodes({ name: 'big', count: 1, allocatable: { cpu: '8', memory: '8Gi', pods: 10 } });
    shown.run(5_000);
    expect(shown.get('Pod', name)).toMatchObject({ spec: { nodeName: 'big-0' }, status: { phase: 'Running' } });
    expect(shown.told(name)).toEqual([
      `FailedScheduling: ${why}`,
      `Scheduled: Successfully assigned default/${name} to big-0`,
      'Pulled: Container image "web:1" already present on machine',
      'Created: Created container: web',
      'Started: Started container web',
    ]);
  });

  it('shows how it crashed, and that it waits to start again', () => {
    const shown = new ShownMember({ behaviors: [{ match: { name: 'web' }, behavior: { isBroken: true } }] });
    shown.apply('Deployment', 'web', workload(1));
    shown.run(20_000);
    expect(statusOf(shown)).toMatchObject({
      phase: 'Running',
      containerStatuses: [
        {
          ready: false,
          restartCount: 3,
          state: { waiting: { reason: 'CrashLoopBackOff' } },
          lastState: { terminated: { exitCode: 1, reason: 'Error' } },
        },
      ],
    });
    const { name, uid } = shown.list('Pod')[0]!.metadata;
    expect(shown.told(name)).toContain(
      `BackOff: Back-off restarting failed container web in pod ${name}_default(${uid})`,
    );
    const counted = shown.list('Event').find(({ reason }) => reason === 'BackOff');
    expect(counted).toMatchObject({ count: 3, type: 'Warning', source: { component: 'kubelet', host: 'node-0' } });
  });

  it('is stopped when its object is deleted, and another is made', () => {
    const shown = new ShownMember();
    shown.apply('Deployment', 'web', workload(1));
    shown.run(5_000);
    const { name } = shown.list('Pod')[0]!.metadata;
    shown.delete('Pod', name, 30);
    shown.run(500);
    expect(shown.get('Pod', name).metadata.deletionTimestamp).toBeDefined();
    shown.run(5_000);
    expect(shown.find('Pod', name)).toBeNull();
    expect(shown.list('Pod')).toHaveLength(1);
    expect(shown.get('Deployment', 'web').status).toMatchObject({ readyReplicas: 1, updatedReplicas: 1 });
    const again = shown.list('Pod')[0]!.metadata.name;
    shown.delete('Pod', again);
    shown.run(5_000);
    expect(shown.find('Pod', again)).toBeNull();
    expect(shown.get('Deployment', 'web').status).toMatchObject({ readyReplicas: 1 });
  });

  it('of a job stays to be seen when it is done, and goes with the job', () => {
    const shown = new ShownMember();
    shown.apply('Job', 'once', { template: template('job:1', { restartPolicy: 'Never' }), completions: 1 });
    shown.run(20_000);
    expect(shown.list('Pod')).toHaveLength(1);
    expect(statusOf(shown)).toMatchObject({
      phase: 'Succeeded',
      containerStatuses: [{ ready: false, state: { terminated: { exitCode: 0, reason: 'Completed' } } }],
    });
    expect(shown.list('Pod')[0]!.spec).toMatchObject({ nodeName: 'node-0' });
    expect(shown.get('Job', 'once').status).toMatchObject({ succeeded: 1 });
    shown.delete('Job', 'once');
    shown.run(5_000);
    expect(shown.list('Pod')).toEqual([]);
  });

  it('that nobody owns gets its node and status too, and goes in peace', () => {
    const shown = new ShownMember();
    shown.apply('Pod', 'alone', template().spec);
    shown.run(5_000);
    expect(shown.get('Pod', 'alone')).toMatchObject({
      metadata: { generation: 1 },
      spec: { nodeName: 'node-0' },
      status: { phase: 'Running', podIP: '10.244.0.2' },
    });
    shown.delete('Pod', 'alone', 30);
    shown.run(5_000);
    expect(shown.find('Pod', 'alone')).toBeNull();
  });

  it('gives its address back when it goes', () => {
    const shown = new ShownMember({
      nodes: [{ name: 'node', count: 1, allocatable: { cpu: '400', memory: '8Gi', pods: 400 } }],
      behaviors: [{ match: {}, behavior: { stop: always(0) } }],
    });
    shown.apply('Deployment', 'web', workload(250));
    shown.run(10_000);
    const addresses = () => new Set(shown.list('Pod').map(({ status }) => (status as { podIP: string }).podIP));
    expect(addresses().size).toBe(250);
    for (const replicas of [0, 250, 0, 250]) {
      shown.change('Deployment', 'web', { replicas });
      shown.run(10_000);
    }
    expect(addresses().size).toBe(250);
    expect([...addresses()].every((address) => address.startsWith('10.244.0.'))).toBe(true);
    shown.change('Deployment', 'web', { replicas: 300 });
    shown.run(10_000);
    expect(addresses().size).toBe(300);
  });

  it('gives its address back once, be it shown for longer', () => {
    const shown = new ShownMember({
      nodes: [{ name: 'node', count: 1, allocatable: { cpu: '400', memory: '8Gi', pods: 400 } }],
    });
    shown.apply('Job', 'once', { template: template('job:1', { restartPolicy: 'Never' }), completions: 1 });
    shown.run(10_000);
    shown.apply('Deployment', 'web', workload(253));
    shown.run(5_000);
    shown.delete('Job', 'once');
    shown.run(5_000);
    shown.change('Deployment', 'web', { replicas: 254 });
    shown.run(5_000);
    expect(new Set(shown.list('Pod').map(({ status }) => (status as { podIP: string }).podIP)).size).toBe(254);
  });
});
