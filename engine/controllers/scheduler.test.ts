// When the scheduler looks at a binding, what it says of it, and when it looks again.
import { describe, expect, it } from 'vitest';
import {
  controlPlane,
  DYNAMIC,
  deployment,
  type Fixture,
  policyFor,
  started,
} from '../../test/builders/control-plane.ts';
import { findCondition } from '../kube/conditions.ts';
import { KARMADA_PROFILE } from '../profile/profile.ts';

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
