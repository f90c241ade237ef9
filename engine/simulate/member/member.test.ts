import { describe, expect, it } from 'vitest';
import type { WorkloadLoad } from '../../autoscale/load.ts';
import { Random } from '../../base/random.ts';
import type { MemberState } from '../../control/command.ts';
import type { JsonObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { deployment as nativeDeployment } from '../../propagate/interpret/native/deployment.ts';
import { Clock } from '../clock.ts';
import { always } from '../latency.ts';
import type { Behavior } from './behavior.ts';
import { Member, type MemberOptions } from './member.ts';

const QUICK: Partial<Behavior> = { start: always(2_000), stop: always(1_000), run: always(5_000) };

const COLLECTIONS: Readonly<Record<string, string>> = {
  Deployment: 'apps/deployments',
  StatefulSet: 'apps/statefulsets',
  DaemonSet: 'apps/daemonsets',
  ReplicaSet: 'apps/replicasets',
  Job: 'batch/jobs',
  Pod: '/pods',
};

/** A member whose pods all take the same time. */
class Bench {
  readonly clock = new Clock(0);
  readonly member: Member;

  constructor(options: Partial<MemberOptions> = {}) {
    this.member = new Member({
      name: 'm',
      clock: this.clock,
      random: new Random('seed'),
      nodes: [{ name: 'node', count: 3, allocatable: { cpu: '4', memory: '8Gi', pods: 110 } }],
      behaviors: [{ match: {}, behavior: QUICK }],
      ...options,
    });
  }

  apply(kind: string, name: string, spec: Record<string, unknown>): void {
    const collection = COLLECTIONS[kind]!;
    const object = { apiVersion: 'v1', kind, metadata: { name, namespace: 'default' }, spec };
    const known = this.member.api.store.get(collection, 'default', name);
    const result =
      known === null
        ? this.member.api.create(collection, object)
        : this.member.api.writer.update(collection, object as KubeObject);
    if (!result.ok) throw new Error(result.message);
  }

  delete(kind: string, name: string): void {
    this.member.api.writer.delete({ collection: COLLECTIONS[kind]!, namespace: 'default', name }, this.clock.now);
  }

  status(kind: string, name: string): JsonObject {
    return (this.object(kind, name).status ?? {}) as JsonObject;
  }

  object(kind: string, name: string): KubeObject {
    return this.member.api.store.get(COLLECTIONS[kind]!, 'default', name)!;
  }

  ready(kind: string, name: string): number {
    return this.member.servingPods({ collection: COLLECTIONS[kind]!, namespace: 'default', name });
  }

  run(ms: number): void {
    this.clock.runUntil(this.clock.now + ms);
  }
}

const template = (cpu = '100m', image = 'web:1', more: Record<string, unknown> = {}) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image, resources: { requests: { cpu } } }], ...more },
});

const allocatedCpu = (bench: Bench) => {
  const answer = bench.member.answer({ about: 'state', withApis: false }) as {
    resourceSummary: { allocated: { cpu?: string } };
  };
  return answer.resourceSummary.allocated.cpu ?? '0';
};

describe('an API of a member', () => {
  it('refuses a workload whose pods nobody could read', () => {
    const bench = new Bench();
    const of = (pod: object) => ({ replicas: 1, template: { spec: pod } });
    expect(() => bench.apply('Deployment', 'web', of({ containers: 'none' }))).toThrow(
      'apps/deployments/default/web is none that can be read: containers must be a list, not "none"',
    );
    bench.apply('Deployment', 'web', of({ containers: [{ name: 'a' }] }));
    expect(() => bench.apply('Deployment', 'web', of({ containers: [], tolerations: 7 }))).toThrow('tolerations');
    bench.clock.runUntil(60_000);
    expect(bench.status('Deployment', 'web').readyReplicas).toBe(1);
  });
});

describe('a Deployment in a member', () => {
  it('starts its pods and tells it as the real controller would', () => {
    const bench = new Bench();
    bench.apply('Deployment', 'web', { replicas: 3, template: template() });
    bench.run(1_000);
    expect(bench.status('Deployment', 'web')).toMatchObject({
      observedGeneration: 1,
      replicas: 3,
      unavailableReplicas: 3,
    });
    expect(nativeDeployment.healthy!(bench.object('Deployment', 'web'))).toBe(false);
    bench.run(3_000);
    const status = bench.status('Deployment', 'web');
    expect(status).toMatchObject({ replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 });
    expect(status.unavailableReplicas).toBeUndefined();
    expect((status.conditions as { type: string; status: string; reason: string }[]).map((one) => one.reason)).toEqual([
      'MinimumReplicasAvailable',
      'NewReplicaSetAvailable',
    ]);
    expect(nativeDeployment.healthy!(bench.object('Deployment', 'web'))).toBe(true);
  });

  it('rolls over without going below what must be available, nor above what may surge', () => {
    const bench = new Bench();
    bench.apply('Deployment', 'web', { replicas: 8, template: template() });
    bench.run(5_000);
    bench.apply('Deployment', 'web', { replicas: 8, template: template('100m', 'web:2') });
    const seen = { least: 8, most: 0 };
    for (let at = 0; at < 300; at += 1) {
      bench.run(100);
      const { availableReplicas = 0, replicas = 0 } = bench.status('Deployment', 'web') as Record<string, number>;
      seen.least = Math.min(seen.least, availableReplicas, bench.ready('Deployment', 'web'));
      seen.most = Math.max(seen.most, replicas);
    }
    expect(seen).toEqual({ least: 6, most: 10 });
    expect(bench.status('Deployment', 'web')).toMatchObject({ observedGeneration: 2, replicas: 8, updatedReplicas: 8 });
  });

  it('never mixes old and new when it recreates', () => {
    const bench = new Bench();
    const spec = { replicas: 2, strategy: { type: 'Recreate' } };
    bench.apply('Deployment', 'web', { ...spec, template: template() });
    bench.run(5_000);
    bench.apply('Deployment', 'web', { ...spec, template: template('100m', 'web:2') });
    bench.run(500);
    expect(bench.ready('Deployment', 'web')).toBe(0);
    bench.run(700);
    expect(bench.status('Deployment', 'web').updatedReplicas).toBe(2);
    bench.run(3_000);
    expect(bench.ready('Deployment', 'web')).toBe(2);
  });

  it('counts pods as available only after the time it asks for', () => {
    const bench = new Bench();
    bench.apply('Deployment', 'web', { replicas: 1, minReadySeconds: 30, template: template() });
    bench.run(20_000);
    expect(bench.status('Deployment', 'web')).toMatchObject({ readyReplicas: 1, unavailableReplicas: 1 });
    bench.run(13_000);
    expect(bench.status('Deployment', 'web')).toMatchObject({ availableReplicas: 1 });
  });

  it('scales down the pods that are not ready first, and frees their room', () => {
    const bench = new Bench();
    bench.apply('Deployment', 'web', { replicas: 14, template: template('1') });
    bench.run(10_000);
    expect([bench.ready('Deployment', 'web'), allocatedCpu(bench)]).toEqual([12, '12']);
    bench.apply('Deployment', 'web', { replicas: 12, template: template('1') });
    bench.run(2_000);
    expect([bench.ready('Deployment', 'web'), allocatedCpu(bench)]).toEqual([12, '12']);
    bench.delete('Deployment', 'web');
    bench.run(2_000);
    expect([bench.ready('Deployment', 'web'), allocatedCpu(bench)]).toEqual([0, '0']);
  });

  it('stops no more old pods that fail than it would let fail of the new', () => {
    const bench = new Bench({ behaviors: [{ match: {}, behavior: { ...QUICK, isBroken: true } }] });
    bench.apply('Deployment', 'web', { replicas: 8, template: template() });
    bench.run(5_000);
    bench.apply('Deployment', 'web', { replicas: 8, template: template('100m', 'web:2') });
    bench.run(60_000);
    // Six must be available at least, ten may be there at most: four of the new fail, and that is all that is risked.
    expect(bench.status('Deployment', 'web')).toMatchObject({ replicas: 10, updatedReplicas: 4 });
  });

  it('says when a rollout is stuck', () => {
    const bench = new Bench({ behaviors: [{ match: { name: 'web' }, behavior: { ...QUICK, isBroken: true } }] });
    bench.apply('Deployment', 'web', { replicas: 1, progressDeadlineSeconds: 60, template: template() });
    bench.run(70_000);
    expect(bench.status('Deployment', 'web').conditions).toContainEqual(
      expect.objectContaining({ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }),
    );
  });
});

describe('other workloads', () => {
  it('StatefulSets start and roll one pod at a time, in order', () => {
    const bench = new Bench();
    bench.apply('StatefulSet', 'db', { replicas: 3, template: template() });
    bench.run(2_500);
    expect(bench.status('StatefulSet', 'db')).toMatchObject({ replicas: 2, readyReplicas: 1 });
    bench.run(5_000);
    expect(bench.status('StatefulSet', 'db')).toMatchObject({ replicas: 3, readyReplicas: 3, currentRevision: 'db-1' });
    bench.apply('StatefulSet', 'db', { replicas: 3, template: template('100m', 'web:2') });
    const least: number[] = [];
    for (let at = 0; at < 200; at += 1) {
      bench.run(100);
      least.push(bench.ready('StatefulSet', 'db'));
    }
    expect(Math.min(...least)).toBe(2);
    expect(bench.status('StatefulSet', 'db')).toMatchObject({ updatedReplicas: 3, currentRevision: 'db-2' });
  });

  it('StatefulSets keep to a partition, and in parallel start all at once', () => {
    const bench = new Bench();
    const spec = (partition: number, image: string) => ({
      replicas: 3,
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } },
      template: template('100m', image),
    });
    bench.apply('StatefulSet', 'db', spec(0, 'web:1'));
    bench.run(2_500);
    expect(bench.status('StatefulSet', 'db')).toMatchObject({ readyReplicas: 3 });
    bench.apply('StatefulSet', 'db', spec(2, 'web:2'));
    bench.run(20_000);
    expect(bench.status('StatefulSet', 'db')).toMatchObject({
      readyReplicas: 3,
      updatedReplicas: 1,
      currentReplicas: 2,
    });
  });

  it('DaemonSets have a pod on every node that they may be on', () => {
    const bench = new Bench();
    bench.apply('DaemonSet', 'agent', { template: template() });
    bench.run(5_000);
    expect(bench.status('DaemonSet', 'agent')).toMatchObject({ desiredNumberScheduled: 3, numberReady: 3 });
    const taints = [{ key: 'gpu', effect: 'NoSchedule' as const }];
    bench.member.addNodes({ name: 'gpu', count: 1, allocatable: { cpu: '4', pods: 110 }, taints });
    bench.member.addNodes({ name: 'more', count: 2, allocatable: { cpu: '4', pods: 110 } });
    bench.run(5_000);
    expect(bench.status('DaemonSet', 'agent')).toMatchObject({ desiredNumberScheduled: 5, numberAvailable: 5 });
    bench.member.removeNode('node-1');
    bench.run(1_000);
    expect(bench.status('DaemonSet', 'agent')).toMatchObject({ desiredNumberScheduled: 4, numberReady: 4 });
  });

  it('ReplicaSets keep their number, and bare pods are not made again', () => {
    const bench = new Bench();
    bench.apply('ReplicaSet', 'rs', { replicas: 2, template: template() });
    bench.apply('Pod', 'alone', { containers: [{ name: 'a', image: 'b' }] });
    bench.run(5_000);
    expect(bench.status('ReplicaSet', 'rs')).toEqual({
      replicas: 2,
      fullyLabeledReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      observedGeneration: 1,
    });
    expect(bench.status('Pod', 'alone')).toMatchObject({
      phase: 'Running',
      containerStatuses: [{ name: 'a', ready: true }],
    });
    for (const node of ['node-0', 'node-1', 'node-2']) bench.member.removeNode(node);
    bench.run(5_000);
    expect(bench.status('Pod', 'alone')).toMatchObject({ phase: 'Failed' });
    expect(bench.status('ReplicaSet', 'rs')).toMatchObject({ replicas: 2 });
  });

  it('Jobs run so many pods at once until enough have succeeded', () => {
    const bench = new Bench();
    bench.apply('Job', 'sum', { parallelism: 2, completions: 5, template: template() });
    bench.run(3_000);
    expect(bench.status('Job', 'sum')).toMatchObject({ active: 2, ready: 2, startTime: '1970-01-01T00:00:00Z' });
    bench.run(30_000);
    const status = bench.status('Job', 'sum');
    expect(status).toMatchObject({ succeeded: 5, ready: 0, conditions: [{ type: 'Complete', status: 'True' }] });
    expect(status.completionTime).toMatch(/^1970-01-01T00:00:2\dZ$/);
    expect(allocatedCpu(bench)).toBe('0');
  });

  it('Jobs give up after so many failures', () => {
    const bench = new Bench({ behaviors: [{ match: {}, behavior: { ...QUICK, isBroken: true } }] });
    bench.apply('Job', 'bad', { backoffLimit: 1, template: template() });
    bench.run(60_000);
    expect(bench.status('Job', 'bad')).toMatchObject({ failed: 2, conditions: [{ type: 'Failed', status: 'True' }] });
  });
});

describe('what a member provides', () => {
  it('addresses and volumes, after a while', () => {
    const bench = new Bench();
    const make = (collection: string, kind: string, spec: Record<string, unknown>) =>
      bench.member.api.create(collection, {
        apiVersion: 'v1',
        kind,
        metadata: { name: 'a', namespace: 'default' },
        spec,
      });
    make('/services', 'Service', { type: 'LoadBalancer' });
    make('networking.k8s.io/ingresses', 'Ingress', {});
    make('/persistentvolumeclaims', 'PersistentVolumeClaim', {});
    bench.run(60_000);
    const statusOf = (collection: string) => bench.member.api.store.get(collection, 'default', 'a')!.status;
    const address = { loadBalancer: { ingress: [{ ip: expect.stringMatching(/^10\.\d+\.\d+\.\d+$/) }] } };
    expect(statusOf('/services')).toEqual(address);
    expect(statusOf('networking.k8s.io/ingresses')).toEqual(address);
    expect(statusOf('/persistentvolumeclaims')).toEqual({ phase: 'Bound' });
  });

  it('no address to a service that does not ask for one', () => {
    const bench = new Bench();
    const metadata = { name: 'a', namespace: 'default' };
    bench.member.api.create('/services', { apiVersion: 'v1', kind: 'Service', metadata, spec: { type: 'ClusterIP' } });
    bench.run(60_000);
    expect(bench.member.api.store.get('/services', 'default', 'a')!.status).toBeUndefined();
  });
});

describe('nodes', () => {
  it('take what fits, and what does not waits until there is room', () => {
    const bench = new Bench();
    bench.apply('Deployment', 'big', { replicas: 4, template: template('3') });
    bench.run(10_000);
    const key = { collection: 'apps/deployments', namespace: 'default', name: 'big' };
    expect(bench.ready('Deployment', 'big')).toBe(3);
    expect(bench.member.answer({ about: 'unschedulable', key, forMs: 5_000 })).toEqual({ replicas: 1 });
    expect(bench.member.answer({ about: 'unschedulable', key, forMs: 50_000 })).toEqual({ replicas: 0 });
    expect(bench.member.answer({ about: 'state', withApis: false })).toMatchObject({
      nodeSummary: { totalNum: 3, readyNum: 3 },
      resourceSummary: {
        allocatable: { cpu: '12' },
        allocated: { cpu: '9', pods: '3' },
        allocating: { cpu: '3', pods: '1' },
      },
    });
    bench.member.addNodes({ name: 'more', count: 1, allocatable: { cpu: '4', memory: '8Gi', pods: 110 } });
    bench.run(3_000);
    expect(bench.ready('Deployment', 'big')).toBe(4);
  });

  it('that go quiet keep their pods for a while, and then these are replaced', () => {
    const bench = new Bench();
    bench.apply('Deployment', 'web', { replicas: 3, template: template() });
    bench.run(5_000);
    bench.member.silenceNode('node-0');
    expect(bench.ready('Deployment', 'web')).toBe(2);
    bench.run(30_000);
    expect(bench.status('Deployment', 'web')).toMatchObject({ readyReplicas: 3 });
    bench.run(20_000);
    expect(bench.status('Deployment', 'web')).toMatchObject({ readyReplicas: 2 });
    bench.run(310_000);
    expect(bench.status('Deployment', 'web')).toMatchObject({ replicas: 3, readyReplicas: 3 });
    expect(allocatedCpu(bench)).toBe('400m');
    bench.member.reviveNode('node-0');
    bench.run(5_000);
    expect(allocatedCpu(bench)).toBe('300m');
  });

  it('that shrink send the youngest pods away', () => {
    const bench = new Bench({ nodes: [{ name: 'pool', count: 1, allocatable: { cpu: '4', pods: 110 } }] });
    bench.apply('Deployment', 'web', { replicas: 4, template: template('1') });
    bench.run(5_000);
    bench.member.addNodes({ name: 'pool', count: 1, allocatable: { cpu: '2', pods: 110 } });
    bench.run(5_000);
    expect([bench.ready('Deployment', 'web'), allocatedCpu(bench)]).toEqual([2, '2']);
  });

  it('are chosen by selector, affinity, taint and room', () => {
    const bench = new Bench({
      nodes: [
        { name: 'plain', count: 1, allocatable: { cpu: '4', pods: 110 } },
        { name: 'ssd', count: 1, allocatable: { cpu: '2', pods: 110 }, labels: { disk: 'ssd' } },
      ],
    });
    bench.apply('Deployment', 'db', {
      replicas: 3,
      template: template('1', 'db:1', { nodeSelector: { disk: 'ssd' } }),
    });
    bench.run(5_000);
    expect(bench.ready('Deployment', 'db')).toBe(2);
    expect(bench.member.answer({ about: 'capacity', requirements: { resourceRequest: { cpu: '500m' } } })).toEqual({
      replicas: 8,
    });
    const nodeClaim = { nodeSelector: { disk: 'ssd' } };
    expect(
      bench.member.answer({ about: 'capacity', requirements: { nodeClaim, resourceRequest: { cpu: '500m' } } }),
    ).toEqual({
      replicas: 0,
    });
  });

  it('are counted by grade', () => {
    const bench = new Bench();
    const model = (grade: number, min: number, max: number) => ({ grade, ranges: [{ name: 'cpu', min, max }] });
    const models = [model(0, 0, 2), model(1, 2, 4), model(2, 4, 8)];
    bench.apply('Deployment', 'web', { replicas: 1, template: template('3') });
    bench.run(5_000);
    expect(bench.member.answer({ about: 'state', models, withApis: false })).toMatchObject({
      resourceSummary: {
        allocatableModelings: [
          { grade: 0, count: 1 },
          { grade: 1, count: 0 },
          { grade: 2, count: 2 },
        ],
      },
    });
  });

  it('that take no more pods are of no grade', () => {
    const bench = new Bench({ nodes: [{ name: 'small', count: 2, allocatable: { cpu: '8', pods: 1 } }] });
    const models = [{ grade: 0, ranges: [{ name: 'cpu', min: '0', max: '100' }] }];
    const count = () => {
      const { resourceSummary } = bench.member.answer({
        about: 'state',
        models,
        withApis: false,
      }) as unknown as MemberState;
      return resourceSummary!.allocatableModelings![0]!.count;
    };
    expect(count()).toBe(2);
    bench.apply('Deployment', 'web', { replicas: 1, template: template('1') });
    bench.run(5_000);
    expect(count()).toBe(1);
  });

  it('have what they say that they have, whatever grades and pods speak of', () => {
    const bench = new Bench({ nodes: [{ name: 'node', count: 1, allocatable: { cpu: '4', gpu: 0, pods: 110 } }] });
    const models = [{ grade: 0, ranges: [{ name: 'storage', min: '0', max: '100' }] }];
    const resources = { requests: { 'example.com/chip': 1 } };
    bench.apply('Deployment', 'web', {
      replicas: 1,
      template: template('1', 'web:1', { initContainers: [{ resources }] }),
    });
    bench.run(5_000);
    const allocatable = () => {
      const state = bench.member.answer({
        about: 'state',
        models: [...models],
        withApis: false,
      }) as unknown as MemberState;
      return state.resourceSummary!.allocatable;
    };
    expect(allocatable()).toEqual({ cpu: '4', gpu: '0', pods: '110' });
    expect(allocatable()).toEqual({ cpu: '4', gpu: '0', pods: '110' });
    bench.member.removeNode('node-0');
    expect(allocatable()).toEqual({});
  });
});

describe('a member', () => {
  it('without power runs nothing, and starts everything again', () => {
    const bench = new Bench();
    bench.apply('Deployment', 'web', { replicas: 3, template: template() });
    bench.run(5_000);
    bench.member.powerOff();
    bench.run(60_000);
    expect(bench.ready('Deployment', 'web')).toBe(0);
    expect(bench.status('Deployment', 'web')).toMatchObject({ readyReplicas: 3 });
    bench.member.powerOn();
    bench.run(1_000);
    expect(bench.status('Deployment', 'web').readyReplicas).toBeUndefined();
    bench.run(2_000);
    expect(bench.ready('Deployment', 'web')).toBe(3);
  });

  it('crashes pods as it is told, each time waiting longer', () => {
    const bench = new Bench({ behaviors: [{ match: {}, behavior: { ...QUICK, crash: always(1_000) } }] });
    bench.apply('Pod', 'alone', { containers: [{ name: 'a', image: 'b' }] });
    bench.run(30_000);
    const restarts = (bench.status('Pod', 'alone').containerStatuses as { restartCount: number }[])[0]!.restartCount;
    // Crashes 3.1 s, 6.1 s and 19.1 s after the start; the next would be at 42.1 s.
    expect(restarts).toBe(3);
  });

  it('serves custom resources as long as they are defined', () => {
    const { member, clock } = new Bench();
    const thing = { apiVersion: 'x.io/v1', kind: 'Thing', metadata: { name: 'a', namespace: 'default' } };
    expect(member.api.create('x.io/things', thing).ok).toBe(false);
    member.api.create('apiextensions.k8s.io/customresourcedefinitions', {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.x.io' },
      spec: { group: 'x.io', names: { plural: 'things', kind: 'Thing' }, versions: [{ name: 'v1', served: true }] },
    });
    expect(member.api.create('x.io/things', thing).ok).toBe(true);
    const { apis } = member.answer({ about: 'state', withApis: true }) as { apis: unknown[] };
    expect(apis).toContainEqual({ groupVersion: 'x.io/v1', resources: [{ name: 'things', kind: 'Thing' }] });
    const definition = {
      collection: 'apiextensions.k8s.io/customresourcedefinitions',
      namespace: '',
      name: 'things.x.io',
    };
    member.api.writer.delete(definition, clock.now);
    clock.runUntil(1_000);
    expect(member.api.store.list('x.io/things')).toEqual([]);
    expect(member.api.create('x.io/things', thing).ok).toBe(false);
  });
});

describe('a member that is resized', () => {
  it('loses nodes that are no more, keeps those that stay, and gets the new ones', () => {
    const { member } = new Bench();
    const before = [{ name: 'node', count: 3, allocatable: { cpu: '4', memory: '8Gi', pods: 110 } }];
    const room = { cpu: '2', memory: '4Gi', pods: 110 };
    member.resize(before, [
      { name: 'node', count: 1, allocatable: room },
      { name: 'spare', count: 2, allocatable: room },
    ]);
    expect(member.nodes.all.map(({ name }) => name).sort()).toEqual(['node-0', 'spare-0', 'spare-1']);
    const kept = member.api.store.get('/nodes', '', 'node-0');
    expect(kept?.status).toMatchObject({ allocatable: { cpu: '2' } });
  });
});

describe('the load of a workload', () => {
  const containers = [
    { name: 'main', resources: { requests: { cpu: '600m' } } },
    { name: 'side', resources: { requests: { cpu: '200m' } } },
  ];
  const spec = { replicas: 2, template: { spec: { containers } } };
  const key = { collection: 'apps/deployments', namespace: 'default', name: 'web' };
  const loadIn = ({ member }: Bench) => {
    const wish = {
      resources: ['cpu'],
      pods: [],
      objects: [{ object: { kind: 'Ingress', name: 'a' }, metric: { name: 'b' } }],
    };
    return member.answer({ about: 'load', key, wish }) as unknown as WorkloadLoad;
  };

  it('is shared by its containers as they request, of pods that have served when it was measured', () => {
    const bench = new Bench({ usageOf: () => ({ cpu: 1_000, memory: 5 }) });
    expect(loadIn(bench)).toBeNull();
    bench.apply('Deployment', 'web', spec);
    bench.clock.runUntil(1_000);
    expect(loadIn(bench)).toMatchObject({
      replicas: 2,
      present: 2,
      pods: [
        {
          phase: 'Pending',
          ready: { status: 'False' },
          containers: [{ name: 'main', requests: { cpu: 600 } }, { name: 'side' }],
        },
        { phase: 'Pending' },
      ],
      objects: [null],
    });
    const silent = new Bench();
    silent.apply('Deployment', 'web', spec);
    silent.clock.runUntil(60_000);
    expect(loadIn(silent).pods?.map(({ usage }) => usage)).toEqual([undefined, undefined]);
    bench.clock.runUntil(10_000);
    expect(loadIn(bench).pods?.map(({ phase, usage }) => [phase, usage])).toEqual([
      ['Running', undefined],
      ['Running', undefined],
    ]);
    bench.clock.runUntil(16_000);
    const [pod] = loadIn(bench).pods ?? [];
    expect(pod).toMatchObject({
      ready: { status: 'True', since: 2_100 },
      startedAt: 100,
      usage: {
        at: 15_000,
        windowMs: 15_000,
        containers: [
          { name: 'main', usage: { cpu: 750 } },
          { name: 'side', usage: { cpu: 250 } },
        ],
      },
    });
    bench.apply('Deployment', 'web', { ...spec, replicas: 1 });
    bench.clock.runUntil(16_500);
    const told = loadIn(bench);
    expect([told.replicas, told.present, told.pods?.map(({ isGoing }) => isGoing ?? false)]).toEqual([
      1,
      1,
      expect.arrayContaining([true, false]),
    ]);
  });
});
