// When the scheduler looks at a binding, what it says of it, and when it looks again.
import { describe, expect, it } from 'vitest';
import {
  controlPlane,
  DYNAMIC,
  deployment,
  type Fixture,
  onlyIn,
  policyFor,
  started,
  withSpec,
} from '../../test/builders/control-plane.ts';
import { findCondition } from '../kube/conditions.ts';
import type { KubeObject } from '../kube/meta.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../profile/profile.ts';

const web = deployment('web', 6);

const scheduled = (plane: Fixture) => findCondition(plane.binding('web-deployment')!.status?.conditions, 'Scheduled');

const inKarmada = (clusters: readonly string[] = ['m1', 'm2']) => controlPlane({ profile: KARMADA_PROFILE, clusters });

describe('what fails otherwise than for want of room', () => {
  it('is an error like any other', () => {
    const noneSelected = { spreadConstraints: [{ spreadByField: 'cluster', minGroups: 1 }] };
    const plane = started(inKarmada(), web, policyFor(web, noneSelected));
    expect(scheduled(plane)).toMatchObject({ status: 'False', reason: 'SchedulerError' });
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
