// When the scheduler looks at a binding, what it says of it, and when it looks again.
import { describe, expect, it } from 'vitest';
import {
  clusterObject,
  controlPlane,
  DYNAMIC,
  deployment,
  type Fixture,
  onlyIn,
  policyFor,
  portsFor,
  started,
  withSpec,
} from '../../../test/builders/control-plane.ts';
import type { Cluster } from '../../api/cluster.ts';
import { memberPlace } from '../../control/place.ts';
import type { TraceLine } from '../../control/trace.ts';
import { findCondition } from '../../kube/conditions.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../../profile/profile.ts';
import { agentControllersOf } from '../index.ts';
import { isNews } from './scheduler/cluster-news.ts';

const web = deployment('web', 6);

const scheduled = (plane: Fixture) => findCondition(plane.binding('web-deployment')!.status?.conditions, 'Scheduled');

const inKarmada = (clusters: readonly string[] = ['m1', 'm2']) => controlPlane({ profile: KARMADA_PROFILE, clusters });

describe('what fails otherwise than for want of room', () => {
  it('is an error like any other', () => {
    const noneSelected = { spreadConstraints: [{ spreadByField: 'cluster', minGroups: 1 }] };
    const plane = started(inKarmada(), web, policyFor(web, noneSelected));
    expect(scheduled(plane)).toMatchObject({ status: 'False', reason: 'SchedulerError' });
  });

  it('is tried again after 1, 2, 4, 8 and then every 10 seconds', () => {
    const times: number[] = [];
    const noneSelected = { spreadConstraints: [{ spreadByField: 'cluster', minGroups: 1 }] };
    const trace = (line: TraceLine) => {
      if (line.type === 'step' && line.controller === 'scheduler') times.push(line.at);
    };
    const plane = controlPlane({ profile: KARMADA_PROFILE, clusters: ['m1', 'm2'], trace });
    started(plane, web, policyFor(web, noneSelected));
    const gaps = times.map((at, n) => Math.round((at - (times[n - 1] ?? at)) / 1000)).filter((gap) => gap > 0);
    expect(gaps.slice(-8)).toEqual([1, 2, 4, 8, 10, 10, 10, 10]);
  });

  it('is not what finds too little room', () => {
    const large = deployment('web', 600);
    const plane = started(inKarmada(), large, policyFor(large, DYNAMIC));
    expect(scheduled(plane)).toMatchObject({ status: 'False', reason: 'Unschedulable' });
  });
});

describe('a change that', () => {
  for (const profile of [KARMADA_PROFILE, MUSTER_PROFILE]) {
    it(`comes while scheduling is suspended waits, also after a first decision, with the profile ${profile.name}`, () => {
      const plane = started(controlPlane({ profile, clusters: ['m1', 'm2'] }), web, policyFor(web, onlyIn('m1')));
      const suspended = (scheduling: boolean | null) => {
        const suspension = scheduling === null ? undefined : { scheduling };
        plane.change(plane.binding('web-deployment') as unknown as KubeObject, withSpec({ suspension }));
      };
      suspended(true);
      plane.change(policyFor(web), withSpec({ placement: onlyIn('m2') }));
      plane.simulation.runFor(60_000);
      expect(plane.places('web')).toBe('m1=6');
      suspended(null);
      plane.simulation.runFor(60_000);
      expect(plane.places('web')).toBe('m2=6');
    });

    it(`is of the workload affinity alone is decided on with the profile ${profile.name}, and noted`, () => {
      const plane = started(controlPlane({ profile, clusters: ['m1', 'm2'] }), web, policyFor(web));
      const workloadAffinity = { affinity: { groupByLabelKey: 'app' } };
      plane.change(policyFor(web), withSpec({ placement: { ...DYNAMIC, workloadAffinity } }));
      plane.simulation.runFor(60_000);
      const { annotations = {} } = plane.binding('web-deployment')!.metadata;
      expect(JSON.parse(annotations['policy.karmada.io/applied-placement']!)).toMatchObject({ workloadAffinity });
      expect(plane.places('web')).toBe('m1=3 m2=3');
    });
  }
});

describe('a refusal', () => {
  const withoutParts = { ...MUSTER_PROFILE, switches: { ...MUSTER_PROFILE.switches, placesWhatFits: false } };
  it.each([
    ['is over in muster', withoutParts, 'Success'],
    ['stands in Karmada', KARMADA_PROFILE, 'Unschedulable'],
  ])('whose cause has gone without a decision %s', (_, profile, reason) => {
    const plane = started(controlPlane({ profile, clusters: ['m1', 'm2'] }), web, policyFor(web));
    const { lastScheduledTime } = plane.binding('web-deployment')!.status!;
    plane.change(web, withSpec({ replicas: 600 }));
    plane.simulation.runFor(20_000);
    const refused = plane.binding('web-deployment')!;
    expect(scheduled(plane)).toMatchObject({ status: 'False', reason: 'Unschedulable' });
    expect(refused.status!.schedulerObservedGeneration === refused.metadata.generation).toBe(
      profile !== KARMADA_PROFILE,
    );
    plane.change(web, withSpec({ replicas: 6 }));
    plane.simulation.runFor(600_000);
    const { metadata, status } = plane.binding('web-deployment')!;
    expect(scheduled(plane)).toMatchObject({ reason });
    expect(status!.schedulerObservedGeneration).toBe(metadata.generation);
    expect(status!.lastScheduledTime === lastScheduledTime).toBe(profile === KARMADA_PROFILE);
    expect(plane.serving('web')).toBe('m1=3 m2=3');
  });

  it('for want of room keeps a cluster in Karmada that is to go, and lets go of it in muster', () => {
    const large = deployment('web', 40);
    for (const [profile, places] of [
      [KARMADA_PROFILE, 'm1=20 m2=20'],
      [MUSTER_PROFILE, 'm1=32'],
    ] as const) {
      const plane = started(controlPlane({ profile, clusters: ['m1', 'm2'] }), large, policyFor(large));
      plane.remove(clusterObject('m2'));
      plane.simulation.runFor(120_000);
      const isThere = plane.get('cluster.karmada.io/v1alpha1', 'Cluster', 'm2', '') !== null;
      expect([plane.places('web'), isThere]).toEqual([places, profile === KARMADA_PROFILE]);
    }
  });

  it('by every cluster is noted in Karmada with the placement that it is of', () => {
    const plane = started(inKarmada(), web, policyFor(web));
    plane.change(policyFor(web), withSpec({ placement: onlyIn('m9') }));
    plane.simulation.runFor(60_000);
    const { metadata, spec } = plane.binding('web-deployment')!;
    expect(JSON.parse(metadata.annotations!['policy.karmada.io/applied-placement']!)).toEqual(onlyIn('m9'));
    expect([spec.clusters, scheduled(plane)]).toMatchObject([[], { reason: 'NoClusterFit' }]);
  });

  it('by every cluster of what is to have no replicas is told, too', () => {
    const none = deployment('web', 0);
    const plane = started(inKarmada(), none, policyFor(none));
    plane.change(policyFor(none), withSpec({ placement: { ...DYNAMIC, ...onlyIn('m9') } }));
    plane.simulation.runFor(60_000);
    expect(scheduled(plane)).toMatchObject({ reason: 'NoClusterFit' });
  });
});

describe('a list of affinities that goes and comes again', () => {
  const first = { affinityName: 'first', clusterNames: ['m1'] };
  const groups = (first: object) => ({
    ...DYNAMIC,
    clusterAffinities: [first, { affinityName: 'second', clusterNames: ['m2'] }],
  });
  const still = { ...MUSTER_PROFILE, switches: { ...MUSTER_PROFILE.switches, followsFleetChanges: false } };
  it.each([
    ['its first choice in muster', still, undefined, 'm1=6'],
    ['where it ended in Karmada', KARMADA_PROFILE, 'second', 'm2=6'],
  ])('is tried from %s', (_, profile, between, places) => {
    const closed = groups({ affinityName: 'first', clusterNames: ['m9'] });
    const plane = started(controlPlane({ profile, clusters: ['m1', 'm2'] }), web, policyFor(web, closed));
    const affinity = () => plane.binding('web-deployment')!.status!.schedulerObservingAffinityName;
    expect([plane.places('web'), affinity()]).toEqual(['m2=6', 'second']);
    plane.change(policyFor(web), withSpec({ placement: { ...DYNAMIC, ...onlyIn('m2') } }));
    plane.simulation.runFor(60_000);
    expect([plane.places('web'), affinity()]).toEqual(['m2=6', between]);
    plane.change(policyFor(web), withSpec({ placement: groups(first) }));
    plane.simulation.runFor(60_000);
    expect(plane.places('web')).toBe(places);
  });
});

describe('a new cluster', () => {
  it.each([KARMADA_PROFILE, MUSTER_PROFILE])(
    'bears a taint until it is ready, and then gets its copies ($name)',
    (profile) => {
      const plane = started(controlPlane({ profile, clusters: ['m1', 'm2'] }), web, policyFor(web, {}));
      const taints = () => {
        const cluster = plane.get('cluster.karmada.io/v1alpha1', 'Cluster', 'm3', '') as unknown as Cluster;
        return (cluster.spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
      };
      plane.put(clusterObject('m3', { syncMode: 'Pull' }));
      plane.simulation.runFor(20_000);
      expect(taints()).toEqual(['cluster.karmada.io/not-ready:NoSchedule']);
      plane.simulation.addMember({
        name: 'm3',
        nodes: [{ name: 'node', count: 2, allocatable: { cpu: '8', memory: '64Gi', pods: 110 } }],
      });
      const controllers = agentControllersOf(portsFor(profile), 'm3');
      plane.simulation.addProcess({ name: 'agent/m3', at: memberPlace('m3'), controllers });
      plane.simulation.runFor(120_000);
      expect([taints(), plane.places('web')]).toEqual([[], 'm1=6 m2=6 m3=6']);
    },
  );
});

describe('a change of a cluster', () => {
  const base = clusterObject('m1');
  const told = (status: object): KubeObject => ({ ...base, status });
  const ready = told({ conditions: [{ type: 'Ready', status: 'True' }] });
  const dead = told({ conditions: [{ type: 'Ready', status: 'False' }] });
  const serving = told({ ...(ready.status as object), apiEnablements: [{ groupVersion: 'example.com/v1' }] });
  const withMeta = (meta: object): KubeObject => ({ ...ready, metadata: { ...ready.metadata, ...meta } });
  const cases: readonly [string, KubeObject, KubeObject | null, karmada: boolean, muster: boolean][] = [
    ['its coming', base, null, false, true],
    ['its first word', ready, base, true, true],
    ['its readiness', dead, ready, false, true],
    ['its APIs', serving, ready, false, true],
    ['its labels', withMeta({ labels: { a: 'b' } }), ready, true, true],
    ['its taints', withMeta({ generation: 2 }), withMeta({ generation: 1 }), true, true],
    ['its going', withMeta({ deletionTimestamp: '2026-01-01T00:00:00Z' }), ready, true, true],
    ['its room', told({ ...(ready.status as object), resourceSummary: {} }), ready, false, false],
  ];
  it.each(cases)('is news or not: %s', (_, now, before, karmada, muster) => {
    expect(isNews(now, before, KARMADA_PROFILE.switches)).toBe(karmada);
    expect(isNews(now, before, MUSTER_PROFILE.switches)).toBe(muster);
  });
});
