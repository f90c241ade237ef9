import { describe, expect, it } from 'vitest';
import { APPS, app, DEPLOYMENTS, spreader } from '../../test/builders/spreader.ts';
import { COLLECTIONS } from '../api/kinds.ts';
import { HUB } from '../control/place.ts';
import type { KubeObject } from '../kube/meta.ts';
import { Simulation } from './driver.ts';

function started(): Simulation {
  const simulation = new Simulation({ seed: 'faults', start: 0 });
  for (const name of ['m1', 'm2']) {
    simulation.addMember({ name, nodes: [{ name: 'node', count: 2, allocatable: { cpu: '8', pods: 50 } }] });
  }
  simulation.addProcess({ name: 'manager', at: HUB, controllers: [spreader] });
  return simulation;
}

const put = (simulation: Simulation, object: KubeObject) => {
  const result = simulation.world.hub.create(APPS, object);
  if (!result.ok) throw new Error(result.message);
};

const deploymentIn = (simulation: Simulation, cluster: string, name: string) =>
  simulation.world.member(cluster)!.api.store.get(DEPLOYMENTS, 'default', name);

describe('a process that is paused', () => {
  it('does nothing until its time is over, and then all that it missed', () => {
    const simulation = started();
    simulation.runFor(2_000);
    simulation.inject({ fault: 'pause', name: 'manager', forMs: 30_000 });
    put(simulation, app('web', 1, ['m1']));
    simulation.runFor(29_000);
    expect(deploymentIn(simulation, 'm1', 'web')).toBeNull();
    simulation.runFor(10_000);
    expect(deploymentIn(simulation, 'm1', 'web')).not.toBeNull();
    expect(simulation.processes[0]!.starts).toBe(1);
  });

  it('hears the answer to what it had asked when it wakes up', () => {
    const simulation = started();
    simulation.addTrigger({
      place: HUB,
      occurrence: 1,
      verbs: ['update-status'],
      moment: 'after',
      fault: { fault: 'pause', name: 'manager', forMs: 60_000 },
    });
    put(simulation, app('web', 2, ['m1', 'm2']));
    simulation.runFor(200_000);
    expect(simulation.world.hub.store.get(APPS, 'default', 'web')?.status).toEqual({ ready: 4 });
  });
});

describe('a process in disorder', () => {
  const orderOf = (isDisorderly: boolean): readonly string[] => {
    const simulation = started();
    simulation.runFor(1_000);
    const began: string[] = [];
    simulation.onChange(({ type, collection, object }, place) => {
      if (place !== HUB && type === 'ADDED' && collection === DEPLOYMENTS) began.push(object.metadata.name);
    });
    simulation.inject({ fault: 'pause', name: 'manager', forMs: 5_000 });
    if (isDisorderly) simulation.inject({ fault: 'disorder', name: 'manager', forMs: 20_000 });
    for (const name of 'abcdefgh') put(simulation, app(name, 1, ['m1']));
    simulation.runFor(60_000);
    return began;
  };

  it('does all that it does in order, and not in that order', () => {
    expect([...orderOf(true)].sort()).toEqual([...orderOf(false)].sort());
    expect(orderOf(true)).not.toEqual(orderOf(false));
  });
});

describe('a server that errs', () => {
  it('may have done what it says went wrong, but not what it refused', () => {
    for (const [code, isThere] of [
      ['ServerError', true],
      ['Timeout', true],
      ['TooManyRequests', false],
      ['Conflict', false],
    ] as const) {
      const simulation = started();
      simulation.runFor(1_000);
      simulation.inject({ fault: 'api-errors', place: 'member/m1', code, perMille: 1_000, isDone: true });
      put(simulation, app('web', 1, ['m1']));
      simulation.runFor(30_000);
      expect([code, deploymentIn(simulation, 'm1', 'web') !== null]).toEqual([code, isThere]);
    }
  });
});

describe('somebody in the hub', () => {
  const work = (name: string): KubeObject => ({
    apiVersion: 'work.karmada.io/v1alpha1',
    kind: 'Work',
    metadata: { name, namespace: 'karmada-es-m1' },
    spec: { workload: { manifests: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }] } },
  });

  it('lays hands on what the control plane keeps there, and what is held goes when all is healed', () => {
    const simulation = started();
    const { hub } = simulation.world;
    hub.create('/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'karmada-es-m1' } });
    hub.create(COLLECTIONS.works, work('a'));
    const there = () => hub.store.get(COLLECTIONS.works, 'karmada-es-m1', 'a');
    simulation.inject({ fault: 'hub-meddling', act: 'delete-binding' });
    simulation.inject({ fault: 'hub-meddling', act: 'edit-work' });
    expect(JSON.stringify(there()?.spec)).toContain('"meddled":"yes"');
    simulation.inject({ fault: 'hub-meddling', act: 'hold-work' });
    simulation.inject({ fault: 'hub-meddling', act: 'delete-work' });
    expect(there()?.metadata.deletionTimestamp).toBeDefined();
    simulation.heal();
    expect(there()).toBeNull();
    hub.create(COLLECTIONS.works, work('a'));
    simulation.inject({ fault: 'hub-meddling', act: 'delete-space' });
    simulation.runFor(5_000);
    expect([there(), hub.store.get('/namespaces', '', 'karmada-es-m1')]).toEqual([null, null]);
  });
});

describe('a second leader', () => {
  it('works beside the first for its time, and is gone', () => {
    const simulation = started();
    simulation.runFor(1_000);
    simulation.inject({ fault: 'second-leader', name: 'manager', forMs: 20_000 });
    put(simulation, app('web', 2, ['m1', 'm2']));
    expect(simulation.processes).toHaveLength(2);
    simulation.runFor(120_000);
    expect(simulation.processes).toHaveLength(1);
    expect(simulation.world.hub.store.get(APPS, 'default', 'web')?.status).toEqual({ ready: 4 });
  });
});

describe('a member', () => {
  it('that lies tells of room that it does not have', () => {
    const simulation = started();
    const told = () => {
      const answer = simulation.world.member('m1')!.answer({ about: 'state', withApis: false });
      return (answer as { resourceSummary: { allocatable: { cpu: string } } }).resourceSummary.allocatable.cpu;
    };
    expect(told()).toBe('16');
    simulation.inject({ fault: 'lie', cluster: 'm1', perMille: 1500, forMs: 5_000 });
    expect(told()).toBe('24');
    simulation.runFor(6_000);
    expect(told()).toBe('16');
  });

  it('that does not serve an API neither lists it nor takes its objects', () => {
    const simulation = started();
    const { apis, api } = simulation.world.member('m1')!;
    simulation.inject({ fault: 'api-missing', cluster: 'm1', collection: DEPLOYMENTS });
    expect(apis.serves(DEPLOYMENTS)).toBe(false);
    expect(
      apis
        .list()
        .find(({ groupVersion }) => groupVersion === 'apps/v1')
        ?.resources?.map(({ kind }) => kind),
    ).toEqual(['ControllerRevision', 'DaemonSet', 'ReplicaSet', 'StatefulSet']);
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a', namespace: 'default' } };
    expect(api.create(DEPLOYMENTS, deployment).ok).toBe(false);
    simulation.heal();
    expect(apis.serves(DEPLOYMENTS)).toBe(true);
  });

  it('has a clock that drifts, and is set right when all is healed', () => {
    const simulation = started();
    const { api } = simulation.world.member('m1')!;
    simulation.inject({ fault: 'clock-drift', cluster: 'm1', ppm: 1_000 });
    simulation.runFor(100_000);
    expect(api.now - simulation.now).toBe(100);
    simulation.inject({ fault: 'clock-skew', cluster: 'm1', ms: -1_000, forMs: 1_000 });
    expect(api.now - simulation.now).toBe(-900);
    simulation.heal();
    simulation.runFor(100_000);
    expect(api.now).toBe(simulation.now);
  });

  it('can have somebody who lays hands on what the hub sent, and on nothing else', () => {
    const configMap = (name: string, labels: Record<string, string>) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: 'default', labels },
      data: { a: '1' },
    });
    const simulation = started();
    const { api } = simulation.world.member('m1')!;
    api.create('/configmaps', configMap('own', {}));
    api.create('/configmaps', configMap('sent', { 'karmada.io/managed': 'true' }));
    const sent = () => api.store.get('/configmaps', 'default', 'sent');
    simulation.inject({ fault: 'meddling', cluster: 'm1', act: 'edit' });
    expect(sent()?.data).toEqual({ a: '1', meddled: 'yes' });
    simulation.inject({ fault: 'meddling', cluster: 'm1', act: 'hold', forMs: 10_000 });
    simulation.inject({ fault: 'meddling', cluster: 'm1', act: 'delete' });
    expect(sent()?.metadata.deletionTimestamp).toBeDefined();
    simulation.runFor(11_000);
    expect(sent()).toBeNull();
    simulation.inject({ fault: 'meddling', cluster: 'm1', act: 'delete' });
    expect(api.store.get('/configmaps', 'default', 'own')?.data).toEqual({ a: '1' });
  });
});

describe('what no API server does', () => {
  const watching = { by: null, place: HUB, collection: APPS } as const;

  it('keeps a change from a process until everything is healed', () => {
    const simulation = started();
    put(simulation, app('first', 1, ['m1']));
    simulation.runFor(5_000);
    simulation.inject({ fault: 'watch-drops', ...watching });
    put(simulation, app('second', 1, ['m1']));
    simulation.runFor(60_000);
    expect(deploymentIn(simulation, 'm1', 'second')).toBeNull();
    simulation.heal();
    simulation.runFor(10_000);
    expect(deploymentIn(simulation, 'm1', 'second')).not.toBeNull();
  });

  it('tells changes twice or in the wrong order, and is got over', () => {
    for (const fault of ['watch-repeats', 'watch-reorders'] as const) {
      const simulation = started();
      put(simulation, app('first', 1, ['m1']));
      simulation.runFor(5_000);
      simulation.inject({ fault, ...watching });
      put(simulation, app('second', 1, ['m1']));
      put(simulation, app('third', 1, ['m2']));
      simulation.runFor(5_000);
      simulation.heal();
      simulation.runFor(30_000);
      expect([deploymentIn(simulation, 'm1', 'second'), deploymentIn(simulation, 'm2', 'third')]).not.toContain(null);
    }
  });
});

describe('troubles of one sort that overlap', () => {
  const serving = (simulation: Simulation) =>
    simulation.world.member('m1')!.servingPods({ collection: DEPLOYMENTS, namespace: 'default', name: 'web' });

  it.each([
    ['power', { fault: 'power-off', cluster: 'm1' } as const],
    ['nodes', { fault: 'node-silent', cluster: 'm1', node: 'node-0' } as const],
  ])('end with the last of them: %s', (_, fault) => {
    const simulation = started();
    simulation.inject({ fault: 'node-removed', cluster: 'm1', node: 'node-1' });
    put(simulation, app('web', 1, ['m1']));
    simulation.runFor(60_000);
    expect(serving(simulation)).toBe(1);
    const [first, second] = [simulation.inject(fault), simulation.inject(fault)];
    simulation.runFor(10_000);
    first!();
    simulation.runFor(60_000);
    expect(serving(simulation)).toBe(0);
    second!();
    simulation.runFor(60_000);
    expect(serving(simulation)).toBe(1);
  });
});
