// What moves while its dispatching is suspended cannot arrive: its old copy is all there is, however long that takes.
import { describe, expect, it } from 'vitest';
import {
  clusterObject,
  controlPlane,
  deployment,
  type Fixture,
  onlyIn,
  policyFor,
  weighedIn,
  withSpec,
} from '../../../test/builders/control-plane.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE, type Profile } from '../../profile/profile.ts';

const MINUTE = 60_000;
const web = deployment('web', 4);
const SUSPENSIONS = {
  'all clusters': { dispatching: true },
  'the new cluster': { dispatchingOnClusters: { clusterNames: ['m2'] } },
};

function moved(profile: Profile, suspension: object): { plane: Fixture; policy: KubeObject } {
  const plane = controlPlane({ profile, clusters: ['m1', 'm2'] });
  const policy = policyFor(web, onlyIn('m1'));
  plane.simulation.runFor(5_000);
  plane.put(web);
  plane.put(policy);
  plane.simulation.runFor(MINUTE);
  plane.change(policy, withSpec({ placement: onlyIn('m2'), suspension }));
  return { plane, policy };
}

/** Everywhere that serves, each once, in the order in which it was seen. */
function servingWhile(plane: Fixture, ms: number): readonly string[] {
  const seen = [plane.serving('web')];
  for (let passed = 0; passed < ms; passed += 250) {
    plane.simulation.runFor(250);
    if (plane.serving('web') !== seen.at(-1)) seen.push(plane.serving('web'));
  }
  return seen;
}

describe('what is moved while its dispatching is suspended', () => {
  for (const [where, suspension] of Object.entries(SUSPENSIONS)) {
    it(`to ${where} stays where it is, and goes when it has arrived`, () => {
      const { plane, policy } = moved(MUSTER_PROFILE, suspension);
      plane.simulation.runFor(60 * MINUTE);
      expect([plane.places('web'), plane.serving('web')]).toEqual(['m2=4', 'm1=4']);
      plane.change(policy, withSpec({ suspension: undefined }));
      const seen = servingWhile(plane, MINUTE);
      expect([seen[0], seen.includes(''), seen.at(-1)]).toEqual(['m1=4', false, 'm2=4']);
    });
  }

  it('is taken away at once by the rules of Karmada', () => {
    const { plane } = moved(KARMADA_PROFILE, { dispatching: true });
    plane.simulation.runFor(MINUTE);
    expect(plane.serving('web')).toBe('');
  });

  it('keeps the replicas that the suspended cluster is to take over', () => {
    const plane = controlPlane({ clusters: ['m1', 'm2'] });
    const policy = policyFor(web, weighedIn({ m1: 3, m2: 1 }));
    plane.simulation.runFor(5_000);
    plane.put(web);
    plane.put(policy);
    plane.simulation.runFor(MINUTE);
    expect(plane.serving('web')).toBe('m1=3 m2=1');
    const suspension = { dispatchingOnClusters: { clusterNames: ['m2'] } };
    plane.change(policy, withSpec({ placement: weighedIn({ m1: 1, m2: 3 }), suspension }));
    plane.simulation.runFor(30 * MINUTE);
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m1=1 m2=3', 'm1=3 m2=1']);
    plane.change(policy, withSpec({ suspension: undefined }));
    plane.simulation.runFor(MINUTE);
    expect(plane.serving('web')).toBe('m1=1 m2=3');
  });
});

describe('what is driven out while its dispatching is suspended', () => {
  const driven = () => {
    const plane = controlPlane({ clusters: ['m1', 'm2'] });
    const policy = policyFor(web, {
      replicaScheduling: { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Aggregated' },
    });
    plane.simulation.runFor(5_000);
    plane.put(web);
    plane.put(policy);
    plane.simulation.runFor(MINUTE);
    expect(plane.serving('web')).toBe('m1=4');
    plane.change(policy, withSpec({ suspension: { dispatching: true } }));
    plane.simulation.runFor(5_000);
    plane.change(clusterObject('m1'), withSpec({ taints: [{ key: 'leave', effect: 'NoExecute' }] }));
    plane.simulation.runFor(40 * MINUTE);
    return { plane, policy };
  };

  it('stays until it may arrive elsewhere, and is given its time from then on', () => {
    const { plane, policy } = driven();
    expect([plane.places('web'), plane.serving('web')]).toEqual(['m2=4', 'm1=4']);
    plane.change(policy, withSpec({ suspension: undefined }));
    const seen = servingWhile(plane, 2 * MINUTE);
    expect([seen[0], seen.includes(''), seen.at(-1)]).toEqual(['m1=4', false, 'm2=4']);
  });
});
