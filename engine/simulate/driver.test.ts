import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { APPS, type AppSpec, app, DEPLOYMENTS, spreader } from '../../test/builders/spreader.ts';
import type { Command } from '../control/command.ts';
import type { Controller } from '../control/controller.ts';
import { HUB, memberPlace } from '../control/place.ts';
import { rerun } from '../control/rerun.ts';
import { formatTraceLine, type TraceLine } from '../control/trace.ts';
import type { KubeObject } from '../kube/meta.ts';
import { Simulation } from './driver.ts';
import type { Fault } from './faults.ts';
import { always } from './latency.ts';
import { drawFaults } from './swarm.ts';

const CLUSTERS = ['m1', 'm2', 'm3'];

function simulated(seed = 'seed', trace?: (line: TraceLine) => void): Simulation {
  const simulation = new Simulation({ seed, start: 0 });
  for (const name of CLUSTERS) {
    const nodes = [{ name: 'node', count: 2, allocatable: { cpu: '8', pods: 50 } }];
    simulation.addMember({ name, nodes, behaviors: [{ match: {}, behavior: { start: always(2_000) } }] });
  }
  simulation.addProcess({
    name: 'manager',
    at: HUB,
    controllers: [spreader],
    ...(trace === undefined ? {} : { trace }),
  });
  return simulation;
}

const put = (simulation: Simulation, object: KubeObject) => {
  const { hub } = simulation.world;
  const known = hub.store.get(APPS, 'default', object.metadata.name);
  const result = known === null ? hub.create(APPS, object) : hub.writer.update(APPS, object);
  if (!result.ok) throw new Error(result.message);
};

const readyOf = (simulation: Simulation, name: string) =>
  (simulation.world.hub.store.get(APPS, 'default', name)?.status as { ready?: number } | undefined)?.ready ?? 0;

const replicasIn = (simulation: Simulation, cluster: string, name: string) =>
  (simulation.world.member(cluster)!.api.store.get(DEPLOYMENTS, 'default', name)?.spec as AppSpec | undefined)
    ?.replicas;

describe('a simulation', () => {
  it('carries a workload to its clusters and its status back', () => {
    const simulation = simulated();
    put(simulation, app('web', 2, ['m1', 'm3']));
    simulation.runFor(10_000);
    expect([readyOf(simulation, 'web'), replicasIn(simulation, 'm2', 'web')]).toEqual([4, undefined]);
    put(simulation, app('web', 3, ['m1', 'm3']));
    expect(simulation.runUntilQuiet({ forMs: 20_000, until: simulation.now + 100_000 })).toBe(true);
    expect(readyOf(simulation, 'web')).toBe(6);
  });

  it('gives the same bytes again from the same seed, and others from another', () => {
    const traceOf = (seed: string) => {
      const lines: string[] = [];
      const simulation = simulated(seed, (line) => lines.push(formatTraceLine(line)));
      for (const name of ['a', 'b', 'c']) put(simulation, app(name, 2, CLUSTERS));
      simulation.inject({ fault: 'partition', between: [[HUB], [memberPlace('m2')]], forMs: 5_000 });
      simulation.runFor(60_000);
      return lines.join('\n');
    };
    expect(traceOf('x')).toBe(traceOf('x'));
    expect(traceOf('x')).not.toBe(traceOf('y'));
  });

  it('writes a trace that runs again, step by step, restarts and all', () => {
    const lines: TraceLine[] = [];
    const simulation = simulated('x', (line) => lines.push(line));
    for (const name of ['a', 'b']) put(simulation, app(name, 2, CLUSTERS));
    simulation.runFor(3_000);
    simulation.inject({ fault: 'restart', name: 'manager', forMs: 1_000 });
    simulation.runFor(30_000);
    const steps = lines.filter(({ type }) => type === 'step').length;
    expect(lines.filter(({ type }) => type === 'started')).toHaveLength(2);
    expect(rerun(lines, () => [spreader])).toEqual({ ok: true, steps });
  });

  it('stops in the middle of a rollout without power, and ends it afterwards', () => {
    const simulation = simulated();
    put(simulation, app('web', 4, ['m1']));
    simulation.runFor(1_000);
    simulation.inject({ fault: 'power-off', cluster: 'm1', forMs: 60_000 });
    simulation.runFor(30_000);
    expect(
      simulation.world.member('m1')!.servingPods({ collection: DEPLOYMENTS, namespace: 'default', name: 'web' }),
    ).toBe(0);
    simulation.runFor(90_000);
    expect(readyOf(simulation, 'web')).toBe(4);
  });
});

describe('faults', () => {
  it('a partition keeps both sides from hearing of each other until it ends', () => {
    const simulation = simulated();
    put(simulation, app('web', 2, ['m1']));
    simulation.runFor(10_000);
    simulation.inject({ fault: 'partition', between: [[HUB], [memberPlace('m1')]], forMs: 60_000 });
    put(simulation, app('web', 5, ['m1']));
    simulation.runFor(55_000);
    expect([replicasIn(simulation, 'm1', 'web'), readyOf(simulation, 'web')]).toEqual([2, 2]);
    simulation.runFor(60_000);
    expect([replicasIn(simulation, 'm1', 'web'), readyOf(simulation, 'web')]).toEqual([5, 5]);
  });

  it('a partition of one direction lets writes through whose answers are lost', () => {
    const simulation = simulated();
    put(simulation, app('web', 2, ['m1']));
    simulation.runFor(10_000);
    simulation.inject({ fault: 'partition', between: [[memberPlace('m1')], [HUB]], isOneWay: true });
    put(simulation, app('web', 5, ['m1']));
    simulation.runFor(30_000);
    expect([replicasIn(simulation, 'm1', 'web'), readyOf(simulation, 'web')]).toEqual([5, 2]);
    simulation.heal();
    simulation.runFor(60_000);
    expect(readyOf(simulation, 'web')).toBe(5);
  });

  it('an API that is down refuses, and one that errs does so as often as it is told', () => {
    const simulation = simulated();
    simulation.inject({ fault: 'api-down', place: memberPlace('m1'), forMs: 20_000 });
    put(simulation, app('web', 2, ['m1']));
    simulation.runFor(15_000);
    expect(replicasIn(simulation, 'm1', 'web')).toBeUndefined();
    simulation.runFor(60_000);
    expect(readyOf(simulation, 'web')).toBe(2);
    for (const code of ['Conflict', 'ServerError', 'TooManyRequests', 'Timeout'] as const) {
      simulation.inject({ fault: 'api-errors', place: HUB, code, perMille: 300, forMs: 60_000 });
    }
    put(simulation, app('web', 4, ['m1']));
    simulation.runFor(180_000);
    expect(readyOf(simulation, 'web')).toBe(4);
  });

  it('a write that is done but not answered is not done twice', () => {
    const simulation = simulated();
    const creations: string[] = [];
    simulation.onChange(({ type, collection, object }, place) => {
      if (type === 'ADDED' && collection === DEPLOYMENTS) creations.push(`${place} ${object.metadata.name}`);
    });
    const code = 'Timeout';
    simulation.inject({
      fault: 'api-errors',
      place: memberPlace('m1'),
      code,
      perMille: 1_000,
      isDone: true,
      verbs: ['create'],
      forMs: 40_000,
    });
    put(simulation, app('web', 2, ['m1']));
    simulation.runFor(120_000);
    expect(creations).toEqual(['member/m1 web']);
    expect(readyOf(simulation, 'web')).toBe(2);
  });

  it('a trigger strikes at the n-th write, before it is done or after', () => {
    for (const moment of ['before', 'after'] as const) {
      const simulation = simulated();
      const fault: Fault = { fault: 'restart', name: 'manager', forMs: 30_000 };
      simulation.addTrigger({ place: memberPlace('m2'), verbs: ['create'], occurrence: 2, moment, fault });
      put(simulation, app('a', 1, ['m2']));
      simulation.runFor(5_000);
      put(simulation, app('b', 1, ['m2']));
      simulation.runFor(5_000);
      expect(replicasIn(simulation, 'm2', 'b')).toBe(moment === 'before' ? undefined : 1);
      expect(simulation.processes[0]!.isUp).toBe(false);
      simulation.runFor(60_000);
      expect([readyOf(simulation, 'a'), readyOf(simulation, 'b'), simulation.processes[0]!.starts]).toEqual([1, 1, 2]);
    }
  });

  it('a watch that is held hears later, one that broke resumes, and one whose history is gone lists again', () => {
    const lines: TraceLine[] = [];
    const simulation = simulated('x', (line) => lines.push(line));
    put(simulation, app('web', 1, ['m1']));
    simulation.runFor(10_000);
    const lists = () => lines.filter((line) => line.type === 'listed' && line.collection === APPS).length;
    const watches = { by: null, place: HUB, collection: APPS } as const;
    simulation.inject({ fault: 'watch-held', forMs: 20_000, ...watches });
    put(simulation, app('web', 2, ['m1']));
    simulation.runFor(19_000);
    expect([replicasIn(simulation, 'm1', 'web'), lists()]).toEqual([1, 1]);
    simulation.runFor(11_000);
    expect(readyOf(simulation, 'web')).toBe(2);
    simulation.inject({ fault: 'watch-broken', ...watches });
    put(simulation, app('web', 3, ['m1']));
    simulation.runFor(10_000);
    expect([readyOf(simulation, 'web'), lists()]).toEqual([3, 1]);
    simulation.inject({ fault: 'watch-expired', ...watches });
    put(simulation, app('web', 4, ['m1']));
    simulation.runFor(10_000);
    expect([readyOf(simulation, 'web'), lists()]).toEqual([4, 2]);
    simulation.inject({ fault: 'stale-list', revisions: 3, ...watches });
    simulation.runFor(10_000);
    expect([readyOf(simulation, 'web'), lists()]).toEqual([4, 3]);
  });

  it('a member that is removed is forgotten', () => {
    const simulation = simulated();
    put(simulation, app('web', 1, ['m1']));
    simulation.runFor(10_000);
    simulation.world.removeMember('m1');
    const { manager } = simulation.processes[0]!;
    expect(manager!.cache.isWatched(memberPlace('m1'), DEPLOYMENTS)).toBe(false);
    put(simulation, app('web', 2, ['m1']));
    simulation.runFor(10_000);
    expect(readyOf(simulation, 'web')).toBe(0);
  });

  const span = { at: fc.nat(60_000), forMs: fc.integer({ min: 1_000, max: 40_000 }) };
  const someCluster = fc.constantFrom(...CLUSTERS);
  const placeOf = fc.oneof(fc.constant(HUB), someCluster.map(memberPlace));
  const faults: fc.Arbitrary<{ at: number; fault: Fault }> = fc.oneof(
    fc.record({ ...span, cluster: someCluster, isOneWay: fc.boolean() }).map(({ at, forMs, cluster, isOneWay }) => ({
      at,
      fault: { fault: 'partition', between: [[HUB], [memberPlace(cluster)]], isOneWay, forMs } as const,
    })),
    fc
      .record({ ...span, place: placeOf })
      .map(({ at, forMs, place }) => ({ at, fault: { fault: 'api-down', place, forMs } as const })),
    fc.record({ ...span, cluster: someCluster }).map(({ at, forMs, cluster }) => ({
      at,
      fault: { fault: 'power-off', cluster, forMs } as const,
    })),
    fc.record(span).map(({ at, forMs }) => ({ at, fault: { fault: 'restart', name: 'manager', forMs } as const })),
    fc
      .record({
        ...span,
        place: placeOf,
        code: fc.constantFrom('Conflict', 'Timeout', 'ServerError'),
        isDone: fc.boolean(),
      })
      .map(({ at, forMs, place, code, isDone }) => ({
        at,
        fault: { fault: 'api-errors', place, code, isDone, perMille: 500, forMs } as const,
      })),
    fc
      .record({ ...span, kind: fc.constantFrom('watch-broken', 'watch-expired', 'watch-held', 'stale-list') })
      .map(({ at, forMs, kind }) => ({
        at,
        fault: { fault: kind, by: null, place: null, collection: null, forMs, revisions: 5 } as Fault,
      })),
  );

  it('in any number and order do no lasting harm: once they end, everything is as wanted', () => {
    fc.assert(
      fc.property(fc.array(faults, { maxLength: 12 }), fc.string({ maxLength: 4 }), (list, seed) => {
        const simulation = simulated(seed);
        const { clock } = simulation.world;
        for (const { at, fault } of list) clock.at(at, () => simulation.inject(fault));
        put(simulation, app('a', 2, ['m1', 'm2']));
        clock.at(20_000, () => put(simulation, app('b', 3, ['m2', 'm3'])));
        clock.at(40_000, () => put(simulation, app('a', 4, ['m1', 'm2'])));
        simulation.runUntil(60_000);
        simulation.heal();
        expect(simulation.runUntilQuiet({ forMs: 120_000, until: 1_000_000 })).toBe(true);
        expect([readyOf(simulation, 'a'), readyOf(simulation, 'b')]).toEqual([8, 6]);
      }),
      { numRuns: 150 },
    );
  });

  it('of a swarm do no lasting harm either', () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const simulation = simulated(`swarm ${seed}`);
      const { clock, random } = simulation.world;
      const options = {
        clusters: CLUSTERS,
        processes: ['manager'],
        from: 0,
        until: 90_000,
        faults: 15,
        longestMs: 60_000,
      };
      for (const { at, fault } of drawFaults(random.stream('swarm'), options))
        clock.at(at, () => simulation.inject(fault));
      for (const at of [0, 30_000, 60_000]) clock.at(at, () => put(simulation, app('a', 1 + at / 15_000, CLUSTERS)));
      simulation.runUntil(90_000);
      simulation.heal();
      expect(simulation.runUntilQuiet({ forMs: 400_000, until: 3_000_000 })).toBe(true);
      expect([seed, readyOf(simulation, 'a')]).toEqual([seed, 15]);
    }
  });
});

describe('a process', () => {
  it('in a member, as an agent, reaches its own API while the hub is cut off', () => {
    const seen: string[] = [];
    const agent: Controller = {
      name: 'agent',
      watches: [{ on: 'hub', collection: APPS, keysOf: ({ object }) => [object.metadata.name] }],
      reconcile: (name, view, now) => {
        const { results } = view.attempt;
        if (results.length === 0) {
          const commands: Command[] = (['m1', 'm2'] as const).map((cluster) => ({
            on: memberPlace(cluster),
            verb: 'ask',
            question: { about: 'state', withApis: false },
            isIndependent: true,
          }));
          return { commands, requeue: 'when-done', events: [] };
        }
        seen.push(`${name} ${results.map(({ result }) => (result.ok ? 'ok' : result.code)).join(' ')}`);
        return { commands: [], requeue: { afterMs: 60_000 - (now % 60_000) }, events: [] };
      },
    };
    const simulation = new Simulation({ seed: 'x', start: 0 });
    for (const name of ['m1', 'm2']) simulation.addMember({ name });
    simulation.addProcess({ name: 'agent', at: memberPlace('m1'), controllers: [agent] });
    put(simulation, app('a', 1, []));
    simulation.runFor(30_000);
    simulation.inject({ fault: 'partition', between: [[memberPlace('m1')], [HUB, memberPlace('m2')]] });
    simulation.runFor(60_000);
    // A failed question is asked again after a back-off, with the results of the one before.
    expect(seen.slice(0, 2)).toEqual(['a ok ok', 'a ok Timeout']);
  });

  it('sends no more than its limit lets it', () => {
    const simulation = new Simulation({ seed: 'x', start: 0 });
    const arrivals: number[] = [];
    simulation.onChange(({ type, collection }) => {
      if (type === 'ADDED' && collection === DEPLOYMENTS) arrivals.push(simulation.now);
    });
    simulation.addMember({ name: 'm1' });
    const creator: Controller = {
      name: 'creator',
      watches: [],
      initialKeys: Array.from({ length: 50 }, (_, at) => `key-${at}`),
      concurrency: 50,
      reconcile: (name) => {
        const key = { collection: DEPLOYMENTS, namespace: 'default', name };
        const object = {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name, namespace: 'default' },
          spec: { paused: true, replicas: 0 },
        };
        return {
          commands: [{ on: memberPlace('m1'), verb: 'create', key, object }],
          requeue: 'await-change',
          events: [],
        };
      },
    };
    simulation.addProcess({ name: 'p', at: HUB, controllers: [creator], rateLimit: { perSecond: 10, burst: 5 } });
    simulation.runFor(60_000);
    const inFirst = (ms: number) => arrivals.filter((at) => at < ms).length;
    expect([inFirst(300) >= 5, inFirst(2_000) <= 30, inFirst(3_000) > 20]).toEqual([true, true, true]);
  });
});
