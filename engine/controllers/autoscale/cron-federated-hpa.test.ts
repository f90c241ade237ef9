import { describe, expect, it } from 'vitest';
import {
  controlPlane,
  deployment,
  type Fixture,
  policyFor,
  started,
  withSpec,
} from '../../../test/builders/control-plane.ts';
import type { CronFederatedHPAStatus } from '../../api/cron-autoscaling.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { KARMADA_PROFILE } from '../../profile/profile.ts';

const API = 'autoscaling.karmada.io/v1alpha1';
const MINUTE = 60_000;

const cron = (rules: readonly object[], scaleTargetRef: object = deploymentRef): KubeObject => ({
  apiVersion: API,
  kind: 'CronFederatedHPA',
  metadata: { name: 'daily', namespace: 'default' },
  spec: { scaleTargetRef, rules: rules.map((one, at) => ({ name: `rule-${at}`, ...one })) },
});
const deploymentRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
const scalerRef = { apiVersion: API, kind: 'FederatedHPA', name: 'web' };
const scaler = (spec: object = {}): KubeObject => ({
  apiVersion: API,
  kind: 'FederatedHPA',
  metadata: { name: 'web', namespace: 'default' },
  spec: { scaleTargetRef: deploymentRef, minReplicas: 1, maxReplicas: 9, ...spec },
});

/** It begins at midnight, the first of January 2026, and 65 seconds have passed. */
const plane = (...objects: KubeObject[]): Fixture =>
  started(controlPlane({ clusters: ['m1'] }), deployment('web', 2), policyFor(deployment('web', 2)), ...objects);

const replicas = ({ get }: Fixture) => (get('apps/v1', 'Deployment', 'web')!.spec as { replicas: number }).replicas;
const bounds = ({ get }: Fixture) => {
  const { minReplicas, maxReplicas } = get(API, 'FederatedHPA', 'web')!.spec as Record<string, number>;
  return [minReplicas, maxReplicas];
};
const historiesOf = ({ get }: Fixture) =>
  (get(API, 'CronFederatedHPA', 'daily')?.status as unknown as CronFederatedHPAStatus | undefined)
    ?.executionHistories ?? [];
const clock = (time: string | undefined) => time?.slice(11, 16);

describe('a schedule for a workload', () => {
  it('scales it when it is due, and tells when it was and will be', () => {
    const fixture = plane(cron([{ schedule: '*/5 * * * *', targetReplicas: 5 }]));
    expect([replicas(fixture), historiesOf(fixture)]).toEqual([
      2,
      [{ ruleName: 'rule-0', nextExecutionTime: '2026-01-01T00:05:00Z' }],
    ]);
    fixture.simulation.runFor(5 * MINUTE);
    const [history] = historiesOf(fixture);
    expect([replicas(fixture), history]).toEqual([
      5,
      {
        ruleName: 'rule-0',
        nextExecutionTime: '2026-01-01T00:10:00Z',
        successfulExecutions: [
          { scheduleTime: '2026-01-01T00:05:00Z', executionTime: '2026-01-01T00:05:00Z', appliedReplicas: 5 },
        ],
      },
    ]);
  });

  it('tells of no more than it is to, the newest first', () => {
    const fixture = plane(cron([{ schedule: '* * * * *', targetReplicas: 5, successfulHistoryLimit: 2 }]));
    fixture.simulation.runFor(4 * MINUTE);
    const times = historiesOf(fixture)[0]?.successfulExecutions?.map(({ scheduleTime }) => clock(scheduleTime));
    expect(times).toEqual(['00:05', '00:04']);
  });

  it('does several rules in their order, and each once', () => {
    const fixture = plane(
      cron([
        { schedule: '3 0 * * *', targetReplicas: 7 },
        { schedule: '3 0 * * *', targetReplicas: 4 },
        { schedule: '3 0 * * *', targetReplicas: 4, timeZone: 'Europe/Berlin' },
      ]),
    );
    fixture.simulation.runFor(5 * MINUTE);
    expect([replicas(fixture), historiesOf(fixture).map((one) => one.successfulExecutions?.length ?? 0)]).toEqual([
      4,
      [1, 1, 0],
    ]);
    expect(historiesOf(fixture)[2]?.nextExecutionTime).toBe('2026-01-01T23:03:00Z');
  });

  it('scales what a definition says has replicas, where it says they are', () => {
    const target = { apiVersion: 'my.domain/v1', kind: 'Guestbook', name: 'guests' };
    const version = {
      name: 'v1',
      served: true,
      storage: true,
      subresources: { scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' } },
    };
    const definition: KubeObject = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'guestbooks.my.domain' },
      spec: {
        group: 'my.domain',
        scope: 'Namespaced',
        names: { plural: 'guestbooks', kind: 'Guestbook' },
        versions: [version, { ...version, name: 'v2', subresources: {} }],
      },
    };
    const other = {
      ...cron([{ schedule: '3 0 * * *', targetReplicas: 7 }], { ...target, apiVersion: 'my.domain/v2' }),
    };
    const fixture = plane(definition, cron([{ schedule: '3 0 * * *', targetReplicas: 7 }], target), {
      ...other,
      metadata: { name: 'other', namespace: 'default' },
    });
    const { hub } = fixture.simulation.world;
    const guests = {
      apiVersion: 'my.domain/v1',
      kind: 'Guestbook',
      metadata: { name: 'guests', namespace: 'default' },
    };
    hub.create('my.domain/guestbooks', { ...guests, spec: { size: 2, alias: 'x' } });
    fixture.simulation.runFor(2 * MINUTE);
    expect(hub.store.get('my.domain/guestbooks', 'default', 'guests')?.spec).toEqual({ size: 7, alias: 'x' });
    const status = fixture.get(API, 'CronFederatedHPA', 'other')?.status as unknown as CronFederatedHPAStatus;
    expect(status.executionHistories?.[0]?.failedExecutions?.[0]?.message).toBe(
      'Guestbook of my.domain/v2 has no replicas to scale',
    );
  });

  it('rests while it is suspended, and forgets rules that are gone', () => {
    const fixture = plane(cron([{ schedule: '*/3 * * * *', targetReplicas: 5, suspend: true }]));
    fixture.simulation.runFor(5 * MINUTE);
    expect([replicas(fixture), historiesOf(fixture)]).toEqual([2, [{ ruleName: 'rule-0' }]]);
    fixture.change(cron([]), withSpec({ rules: [{ name: 'other', schedule: '@hourly', targetReplicas: 3 }] }));
    fixture.simulation.runFor(MINUTE);
    expect(historiesOf(fixture)).toEqual([{ ruleName: 'other', nextExecutionTime: '2026-01-01T01:00:00Z' }]);
    fixture.change(cron([]), withSpec({ rules: [{ name: 'other', schedule: '8 * * * *', targetReplicas: 3 }] }));
    fixture.simulation.runFor(2 * MINUTE);
    expect([replicas(fixture), clock(historiesOf(fixture)[0]?.nextExecutionTime)]).toEqual([3, '01:08']);
  });

  it('tells of what goes wrong, and goes on', () => {
    const fixture = plane(
      cron([{ schedule: '* * * * *', targetReplicas: 5, failedHistoryLimit: 1 }], { ...deploymentRef, name: 'api' }),
    );
    fixture.simulation.runFor(2 * MINUTE);
    expect(historiesOf(fixture)[0]).toMatchObject({
      nextExecutionTime: '2026-01-01T00:04:00Z',
      failedExecutions: [{ scheduleTime: '2026-01-01T00:03:00Z', message: 'there is no Deployment default/api' }],
    });
    fixture.put(deployment('api', 1));
    fixture.simulation.runFor(MINUTE);
    expect(historiesOf(fixture)[0]).toMatchObject({
      failedExecutions: [{ scheduleTime: '2026-01-01T00:03:00Z' }],
      successfulExecutions: [{ scheduleTime: '2026-01-01T00:04:00Z', appliedReplicas: 5 }],
    });
  });

  it('tells of no failures where none are to be told', () => {
    const fixture = plane(
      cron([{ schedule: '* * * * *', targetReplicas: 5, failedHistoryLimit: 0 }], { ...deploymentRef, name: 'api' }),
    );
    fixture.simulation.runFor(2 * MINUTE);
    expect(historiesOf(fixture)).toEqual([{ ruleName: 'rule-0', nextExecutionTime: '2026-01-01T00:04:00Z' }]);
  });

  const awayFor = (fixture: Fixture, minutes: number): Fixture => {
    fixture.simulation.inject({ fault: 'restart', name: 'controller-manager', forMs: minutes * MINUTE });
    fixture.simulation.runFor((minutes + 2) * MINUTE);
    return fixture;
  };

  it('makes up for the last of what was due while nobody ran, once, and the latest rule holds', () => {
    const rules = [
      { schedule: '8 0 * * *', targetReplicas: 3 },
      { schedule: '3,5,30 * * * *', targetReplicas: 5 },
    ];
    const fixture = awayFor(plane(cron(rules)), 10);
    const times = () =>
      historiesOf(fixture).map(({ successfulExecutions = [], nextExecutionTime }) => [
        ...successfulExecutions.map(({ scheduleTime }) => clock(scheduleTime)),
        clock(nextExecutionTime),
      ]);
    expect([replicas(fixture), times()]).toEqual([
      3,
      [
        ['00:08', '00:08'],
        ['00:05', '00:30'],
      ],
    ]);
    fixture.change(deployment('web', 2), withSpec({ replicas: 4 }));
    awayFor(fixture, 1);
    expect([replicas(fixture), times()[0]]).toEqual([4, ['00:08', '00:08']]);
  });

  it('makes nothing up of a rule that was to be due at other times, and waits until the hub answers again', () => {
    const fixture = plane(cron([{ schedule: '3 * * * *', targetReplicas: 5 }]));
    fixture.simulation.inject({ fault: 'restart', name: 'controller-manager', forMs: 5 * MINUTE });
    fixture.change(cron([]), withSpec({ rules: [{ name: 'rule-0', schedule: '30 * * * *', targetReplicas: 5 }] }));
    fixture.simulation.runFor(7 * MINUTE);
    expect([replicas(fixture), historiesOf(fixture)[0]?.successfulExecutions]).toEqual([2, undefined]);
    const patient = plane(cron([{ schedule: '3 * * * *', targetReplicas: 5 }]));
    const fault = { fault: 'api-errors', place: 'hub', perMille: 1000, verbs: ['patch'], code: 'ServerError' } as const;
    patient.simulation.inject({ ...fault, from: 'hub', forMs: 5 * MINUTE + 20_000 });
    awayFor(patient, 5);
    expect([replicas(patient), historiesOf(patient)[0]?.failedExecutions]).toEqual([5, undefined]);
  });

  it('makes nothing up in Karmada', () => {
    const fixture = started(
      controlPlane({ clusters: ['m1'], profile: KARMADA_PROFILE }),
      deployment('web', 2),
      policyFor(deployment('web', 2)),
      cron([{ schedule: '3 * * * *', targetReplicas: 5 }]),
    );
    awayFor(fixture, 5);
    expect([replicas(fixture), historiesOf(fixture)]).toEqual([
      2,
      [{ ruleName: 'rule-0', nextExecutionTime: '2026-01-01T01:03:00Z' }],
    ]);
  });

  it('tries again where somebody else writes, or the hub is away for a moment', () => {
    const fixture = plane(cron([{ schedule: '3 * * * *', targetReplicas: 5 }]));
    fixture.simulation.inject({
      fault: 'api-errors',
      place: 'hub',
      from: 'hub',
      perMille: 1000,
      verbs: ['patch'],
      code: 'ServerError',
      forMs: 2 * MINUTE + 10_000,
    });
    fixture.simulation.runFor(5 * MINUTE);
    expect([replicas(fixture), historiesOf(fixture)[0]?.successfulExecutions?.length]).toEqual([5, 1]);
  });

  it('does and tells it once, wherever its process ends', () => {
    for (const collection of ['apps/deployments', 'autoscaling.karmada.io/cronfederatedhpas']) {
      const fixture = plane(cron([{ schedule: '3,6 * * * *', targetReplicas: 5 }]));
      const fault = { fault: 'restart', name: 'controller-manager', forMs: 5_000 } as const;
      fixture.simulation.addTrigger({ place: 'hub', moment: 'after', occurrence: 1, collections: [collection], fault });
      fixture.simulation.runFor(7 * MINUTE);
      expect([collection, replicas(fixture), clock(historiesOf(fixture)[0]?.nextExecutionTime)]).toEqual([
        collection,
        5,
        '01:03',
      ]);
      const times = historiesOf(fixture)[0]?.successfulExecutions?.map(({ scheduleTime }) => clock(scheduleTime)) ?? [];
      expect([times[0], new Set(times).size]).toEqual(['00:06', times.length]);
    }
  });
});

describe('a schedule for an autoscaler', () => {
  it('sets the bounds that it names', () => {
    const fixture = plane(
      scaler(),
      cron(
        [
          { schedule: '3 0 * * *', targetMinReplicas: 4 },
          { schedule: '5 0 * * *', targetMinReplicas: 2, targetMaxReplicas: 20 },
        ],
        scalerRef,
      ),
    );
    fixture.simulation.runFor(3 * MINUTE);
    expect([bounds(fixture), replicas(fixture)]).toEqual([[4, 9], 4]);
    fixture.simulation.runFor(2 * MINUTE);
    expect(bounds(fixture)).toEqual([2, 20]);
    expect(historiesOf(fixture).map((one) => one.successfulExecutions?.[0])).toMatchObject([
      { appliedMinReplicas: 4 },
      { appliedMinReplicas: 2, appliedMaxReplicas: 20 },
    ]);
  });

  it('fails where the bounds would cross', () => {
    const fixture = plane(scaler(), cron([{ schedule: '3 0 * * *', targetMinReplicas: 10 }], scalerRef));
    fixture.simulation.runFor(3 * MINUTE);
    expect([bounds(fixture), historiesOf(fixture)[0]?.failedExecutions?.[0]?.message]).toEqual([
      [1, 9],
      expect.stringContaining('maxReplicas'),
    ]);
  });
});
