import { describe, expect, it } from 'vitest';
import {
  controlPlane,
  deployment,
  evenlyIn,
  type Fixture,
  policyFor,
  started,
  withSpec,
} from '../../../test/builders/control-plane.ts';
import type { FederatedHPAStatus } from '../../api/autoscaling.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../../profile/profile.ts';

const WEB = { collection: 'apps/deployments', namespace: 'default', name: 'web' };
const API = 'autoscaling.karmada.io/v1alpha1';

const scaler = (spec: object = {}, name = 'web'): KubeObject => ({
  apiVersion: API,
  kind: 'FederatedHPA',
  metadata: { name, namespace: 'default' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    minReplicas: 2,
    maxReplicas: 20,
    ...spec,
  },
});

/** Each pod requests 500m, and should use 400m of that. */
const plane = (options: Parameters<typeof controlPlane>[0] = {}, spec: object = {}, replicas = 4): Fixture => {
  const fixture = started(
    controlPlane({ clusters: ['m1', 'm2'], ...options }),
    deployment('web', replicas),
    policyFor(deployment('web', replicas), evenlyIn('m1', 'm2')),
  );
  fixture.put(scaler(spec));
  return fixture;
};

const use = ({ simulation }: Fixture, cpuMilli: number) => simulation.world.demand.set(WEB, 'cpu', cpuMilli);
const replicas = ({ get }: Fixture) => (get('apps/v1', 'Deployment', 'web')!.spec as { replicas: number }).replicas;
const statusOf = ({ get }: Fixture, name = 'web') =>
  get(API, 'FederatedHPA', name)?.status as unknown as FederatedHPAStatus;
const conditionsOf = (fixture: Fixture, name = 'web') =>
  Object.fromEntries(
    (statusOf(fixture, name)?.conditions ?? []).map(({ type, status, reason }) => [type, `${status} ${reason}`]),
  );

describe.each([KARMADA_PROFILE, MUSTER_PROFILE])('an autoscaler over two clusters, profile $name', (profile) => {
  it('has as many as the work takes, and fewer once it has been less for a while', () => {
    const fixture = plane({ profile });
    use(fixture, 3_200);
    fixture.simulation.runFor(90_000);
    expect([replicas(fixture), fixture.serving('web')]).toEqual([8, 'm1=4 m2=4']);
    expect(statusOf(fixture)).toMatchObject({
      currentReplicas: 8,
      desiredReplicas: 8,
      currentMetrics: [
        { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 80, averageValue: '400m' } } },
      ],
    });
    use(fixture, 800);
    fixture.simulation.runFor(120_000);
    expect([replicas(fixture), conditionsOf(fixture)]).toEqual([
      8,
      {
        AbleToScale: 'True ScaleDownStabilized',
        ScalingActive: 'True ValidMetricFound',
        ScalingLimited: 'False DesiredWithinRange',
      },
    ]);
    fixture.simulation.runFor(240_000);
    expect([replicas(fixture), fixture.serving('web')]).toEqual([2, 'm1=1 m2=1']);
    expect(statusOf(fixture).lastScaleTime).toBeDefined();
  });

  it('stays within its bounds, and says so', () => {
    const fixture = plane({ profile }, { maxReplicas: 6 });
    use(fixture, 8_000);
    fixture.simulation.runFor(120_000);
    expect([replicas(fixture), conditionsOf(fixture).ScalingLimited]).toEqual([6, 'True TooManyReplicas']);
    fixture.change(scaler(), withSpec({ maxReplicas: 5 }));
    fixture.simulation.runFor(20_000);
    expect(replicas(fixture)).toBe(5);
    fixture.change(scaler(), withSpec({ minReplicas: 8, maxReplicas: 9 }));
    fixture.simulation.runFor(5_000);
    expect(replicas(fixture)).toBe(8);
  });
});

describe('an autoscaler', () => {
  it('writes nothing where nothing is to be done', () => {
    const fixture = plane();
    use(fixture, 1_600);
    fixture.simulation.runFor(60_000);
    const before = [fixture.get(API, 'FederatedHPA', 'web'), fixture.get('apps/v1', 'Deployment', 'web')];
    fixture.simulation.runFor(300_000);
    const after = [fixture.get(API, 'FederatedHPA', 'web'), fixture.get('apps/v1', 'Deployment', 'web')];
    expect(after.map((one) => one?.metadata.resourceVersion)).toEqual(
      before.map((one) => one?.metadata.resourceVersion),
    );
  });

  it('takes clusters that are out of sight to do as those in sight', () => {
    const fixture = plane();
    use(fixture, 1_600);
    fixture.simulation.runFor(60_000);
    fixture.simulation.inject({ fault: 'partition', between: [['hub'], ['member/m2']], forMs: 40_000 });
    fixture.simulation.runFor(35_000);
    expect([replicas(fixture), conditionsOf(fixture).ScalingActive]).toEqual([4, 'True ValidMetricFound']);
    use(fixture, 3_200);
    fixture.simulation.runFor(120_000);
    expect(replicas(fixture)).toBe(8);
  });

  it('leaves all as it is while no cluster answers, and goes on when one does', () => {
    const fixture = plane();
    use(fixture, 1_600);
    fixture.simulation.runFor(60_000);
    const cut = fixture.simulation.inject({ fault: 'partition', between: [['hub'], ['member/m1', 'member/m2']] });
    fixture.simulation.runFor(60_000);
    expect([replicas(fixture), conditionsOf(fixture).AbleToScale]).toEqual([4, 'False FailedGetScale']);
    cut();
    use(fixture, 3_200);
    fixture.simulation.runFor(120_000);
    expect([replicas(fixture), conditionsOf(fixture).AbleToScale]).toEqual([8, 'True ReadyForNewScale']);
  });

  it('comes to the same where its process ends at any of its writes', () => {
    for (const collection of ['apps/deployments', 'autoscaling.karmada.io/federatedhpas']) {
      for (const moment of ['before', 'after'] as const) {
        const fixture = plane();
        const fault = { fault: 'restart', name: 'controller-manager', forMs: 5_000 } as const;
        fixture.simulation.addTrigger({ place: 'hub', moment, occurrence: 1, collections: [collection], fault });
        use(fixture, 3_200);
        fixture.simulation.runFor(180_000);
        expect([collection, moment, replicas(fixture), statusOf(fixture).desiredReplicas]).toEqual([
          collection,
          moment,
          8,
          8,
        ]);
      }
    }
  });

  it('tells what is in the way', () => {
    const fixture = started(controlPlane({ clusters: ['m1'] }), scaler());
    expect(conditionsOf(fixture)).toEqual({ AbleToScale: 'False FailedGetScaleTargetRef' });
    fixture.put(deployment('web', 2));
    fixture.simulation.runFor(20_000);
    expect(conditionsOf(fixture)).toEqual({ AbleToScale: 'False FailedGetBinding' });
    fixture.put(policyFor(deployment('web', 2), { clusterAffinity: { clusterNames: ['nowhere'] } }));
    fixture.simulation.runFor(20_000);
    expect(conditionsOf(fixture)).toEqual({ AbleToScale: 'False FailedGetTargetClusters' });
    fixture.change(
      policyFor(deployment('web', 2)),
      withSpec({ placement: { clusterAffinity: { clusterNames: ['m1'] } } }),
    );
    fixture.simulation.runFor(60_000);
    expect(conditionsOf(fixture)).toEqual({
      AbleToScale: 'True SucceededGetScale',
      ScalingActive: 'False FailedGetResourceMetric',
    });
  });

  it('does not touch what has been scaled to none', () => {
    const fixture = plane({}, {}, 0);
    use(fixture, 3_200);
    fixture.simulation.runFor(60_000);
    expect([replicas(fixture), conditionsOf(fixture).ScalingActive]).toEqual([0, 'False ScalingDisabled']);
  });

  it('does nothing beside another that scales the same', () => {
    const fixture = plane();
    fixture.put(scaler({}, 'other'));
    use(fixture, 8_000);
    fixture.simulation.runFor(90_000);
    expect([
      replicas(fixture),
      conditionsOf(fixture).ScalingActive,
      conditionsOf(fixture, 'other').ScalingActive,
    ]).toEqual([4, 'False AmbiguousSelector', 'False AmbiguousSelector']);
    fixture.remove(scaler({}, 'other'));
    fixture.simulation.runFor(120_000);
    expect(replicas(fixture)).toBeGreaterThan(4);
  });

  it('fails where nobody requests what it measures, and tells it once', () => {
    const told: string[] = [];
    const fixture = plane(
      {
        trace: (line) => {
          if (line.type === 'step') told.push(...line.events.map(({ reason }) => reason));
        },
      },
      {
        metrics: [
          { type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 50 } } },
        ],
      },
    );
    fixture.simulation.runFor(120_000);
    expect([replicas(fixture), conditionsOf(fixture).ScalingActive]).toEqual([4, 'False FailedGetResourceMetric']);
    expect(told.filter((reason) => reason === 'FailedGetResourceMetric')).toHaveLength(1);
  });

  it('asks nobody any more once it is gone', () => {
    const fixture = plane();
    use(fixture, 1_600);
    fixture.simulation.runFor(60_000);
    let asked = 0;
    fixture.simulation.calls.onArrival(({ verb, by }, moment) => {
      if (moment === 'before' && verb === 'ask' && by === 'controller-manager') asked += 1;
      return false;
    });
    fixture.remove(scaler());
    fixture.simulation.runFor(100);
    asked = 0;
    fixture.simulation.runFor(60_000);
    // Only how the clusters are.
    expect(asked).toBeLessThanOrEqual(14);
  });
});
