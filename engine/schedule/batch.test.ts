import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../api/cluster.ts';
import { Fleet } from '../fleet/fleet.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../profile/profile.ts';
import { releaseReservations, scheduleAll } from './batch.ts';
import { Scheduler } from './fast/scheduler.ts';
import type { BindingInput } from './request.ts';

const cluster = (name: string, cpu: number, pods: number, nodes?: number): Cluster => ({
  metadata: { name },
  spec: nodes === undefined ? {} : { resourceModels: [{ grade: 1, ranges: [{ name: 'cpu', min: '2', max: '4' }] }] },
  status: {
    apiEnablements: [{ groupVersion: 'apps/v1', resources: [{ kind: 'Deployment' }] }],
    resourceSummary: {
      allocatable: { cpu: String(cpu), pods: String(pods) },
      ...(nodes === undefined ? {} : { allocatableModelings: [{ grade: 1, count: nodes }] }),
    },
  },
});

type Preference = 'Aggregated' | 'Dynamic' | 'Static';
const binding = (replicas: number, cpu: string | null, preference: Preference = 'Dynamic'): BindingInput => ({
  spec: {
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    replicas,
    ...(cpu === null ? {} : { replicaRequirements: { resourceRequest: { cpu } } }),
    placement: {
      replicaScheduling: {
        replicaSchedulingType: 'Divided',
        replicaDivisionPreference: preference === 'Aggregated' ? 'Aggregated' : 'Weighted',
        ...(preference === 'Dynamic' ? { weightPreference: { dynamicWeight: 'AvailableReplicas' } } : {}),
      },
    },
  },
});

const milli = (cpu: string): number => (cpu.endsWith('m') ? Number(cpu.slice(0, -1)) : Number(cpu) * 1000);

describe('a batch', () => {
  it('never promises more than is free, whatever comes in whatever order', () => {
    const bindings = fc.array(
      fc.record({
        replicas: fc.integer({ min: 1, max: 30 }),
        cpu: fc.constantFrom('100m', '500m', '1', '3', null),
        preference: fc.constantFrom<Preference>('Aggregated', 'Dynamic', 'Static'),
      }),
      { maxLength: 20 },
    );
    const fleets = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 60 })), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(fleets, bindings, (sizes, wanted) => {
        const scheduler = new Scheduler(
          new Fleet(sizes.map(([cpu, pods], at) => cluster(`m${at}`, cpu, pods))),
          MUSTER_PROFILE,
        );
        const decided = scheduleAll(
          wanted.map(({ replicas, cpu, preference }) => binding(replicas, cpu, preference)),
          scheduler,
        );
        const used = sizes.map(() => ({ cpu: 0, pods: 0 }));
        decided.forEach(({ verdict }, at) => {
          for (const { name, replicas = 0 } of verdict.ok ? verdict.clusters : []) {
            const place = used[Number(name.slice(1))]!;
            place.pods += replicas;
            place.cpu += replicas * milli(wanted[at]!.cpu ?? '0');
          }
        });
        used.forEach(({ cpu, pods }, at) => {
          expect(cpu).toBeLessThanOrEqual(sizes[at]![0] * 1000);
          expect(pods).toBeLessThanOrEqual(sizes[at]![1]);
        });
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves a fleet as it was once everything is given back', () => {
    const scheduler = new Scheduler(new Fleet([cluster('m1', 10, 100), cluster('m2', 10, 100)]), KARMADA_PROFILE);
    const alone = scheduler.decide(binding(12, '1'));
    const [first, second] = scheduleAll([binding(12, '1'), binding(12, '1')], scheduler);
    expect(first!.verdict.ok && first!.verdict.clusters).toEqual(alone.ok && alone.clusters);
    expect(second!.verdict).toMatchObject({ ok: false, code: 'InsufficientReplicas' });
    releaseReservations(first!.reservations, scheduler);
    const again = scheduler.decide(binding(12, '1'));
    expect(again.ok && again.clusters).toEqual(alone.ok && alone.clusters);
    expect(scheduler.fleet.ledger.promises.size).toBe(0);
  });

  it('promises only what a workload did not run before', () => {
    const scheduler = new Scheduler(new Fleet([cluster('m1', 10, 100)]), KARMADA_PROFILE);
    const running = binding(6, '1');
    const [grown] = scheduleAll([{ spec: { ...running.spec, clusters: [{ name: 'm1', replicas: 4 }] } }], scheduler);
    expect(grown!.reservations).toEqual([{ cluster: 'm1', promised: { pods: 2n, units: new Map([['cpu', 2000n]]) } }]);
  });

  it('keeps a promise through a status that does not show it yet', () => {
    const scheduler = new Scheduler(new Fleet([cluster('m1', 10, 100)]), KARMADA_PROFILE);
    scheduleAll([binding(8, '1')], scheduler);
    scheduler.fleet.upsert(cluster('m1', 10, 100));
    expect(scheduler.decide(binding(3, '1'))).toMatchObject({ ok: false, code: 'InsufficientReplicas' });
    expect(scheduler.decide(binding(2, '1'))).toMatchObject({ ok: true });
  });

  it('takes promises off modelled nodes too', () => {
    const scheduler = new Scheduler(new Fleet([cluster('m1', 100, 100, 3)]), KARMADA_PROFILE);
    const [first, second, third] = scheduleAll([binding(2, '2'), binding(1, '2'), binding(1, '2')], scheduler);
    expect([first!.verdict.ok, second!.verdict.ok, third!.verdict.ok]).toEqual([true, true, false]);
  });

  it('promises the components of a set', () => {
    const scheduler = new Scheduler(new Fleet([cluster('m1', 10, 100)]), MUSTER_PROFILE);
    const components = [
      { name: 'manager', replicas: 1, replicaRequirements: { resourceRequest: { cpu: '1' } } },
      { name: 'worker', replicas: 3, replicaRequirements: { resourceRequest: { cpu: '2' } } },
    ];
    const spreadConstraints = [{ spreadByField: 'cluster' as const, minGroups: 1, maxGroups: 1 }];
    const resource = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'flow' };
    const [decided] = scheduleAll([{ spec: { resource, components, placement: { spreadConstraints } } }], scheduler);
    expect(decided!.reservations).toEqual([
      { cluster: 'm1', promised: { pods: 4n, units: new Map([['cpu', 7000n]]) } },
    ]);
  });

  it('promises only the components that grew', () => {
    const scheduler = new Scheduler(new Fleet([cluster('m1', 10, 100)]), MUSTER_PROFILE);
    const components = [
      { name: 'manager', replicas: 1, replicaRequirements: { resourceRequest: { cpu: '1' } } },
      { name: 'worker', replicas: 3 },
    ];
    const spreadConstraints = [{ spreadByField: 'cluster' as const, minGroups: 1, maxGroups: 1 }];
    const resource = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'flow' };
    const running = {
      name: 'm1',
      components: [
        { name: 'manager', replicas: 1 },
        { name: 'worker', replicas: 1 },
      ],
    };
    const spec = { resource, components, clusters: [running], placement: { spreadConstraints } };
    const [grown] = scheduleAll([{ spec }], scheduler);
    expect(grown!.reservations).toEqual([{ cluster: 'm1', promised: { pods: 2n, units: new Map() } }]);
    const settled = {
      ...spec,
      clusters: [{ name: 'm1', components: components.map(({ name, replicas }) => ({ name, replicas })) }],
    };
    expect(scheduleAll([{ spec: settled }], scheduler)[0]!.reservations).toEqual([]);
  });

  it('promises nothing for what has no replicas', () => {
    const scheduler = new Scheduler(new Fleet([cluster('m1', 10, 100)]), KARMADA_PROFILE);
    const resource = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'config' };
    expect(scheduleAll([{ spec: { resource, placement: {} } }], scheduler)[0]!.reservations).toEqual([]);
  });
});
