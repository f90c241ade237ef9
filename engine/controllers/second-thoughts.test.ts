// What the control plane has to think of again: what is lost, what comes free, what stands in the way, what moves.
import { describe, expect, it } from 'vitest';
import {
  controlPlane,
  deployment,
  type Fixture,
  onlyIn,
  policyFor,
  sized,
  started,
  weighedIn,
  withSpec,
} from '../../test/builders/control-plane.ts';
import { COLLECTIONS } from '../api/kinds.ts';
import type { Work } from '../api/work.ts';
import { HUB, memberPlace } from '../control/place.ts';
import { findCondition } from '../kube/conditions.ts';
import type { KubeObject } from '../kube/meta.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../profile/profile.ts';

const web = deployment('web', 6);

const BINDING = {
  apiVersion: 'work.karmada.io/v1alpha2',
  kind: 'ResourceBinding',
  metadata: { name: 'web-deployment', namespace: 'default' },
};

/** The fewest that served at any moment. */
function fewest(plane: Fixture, ms: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let passed = 0; passed < ms; passed += 500) {
    plane.simulation.runFor(500);
    const counts = plane.simulation.world.members.map((member) =>
      member.servingPods({ collection: 'apps/deployments', namespace: 'default', name: 'web' }),
    );
    least = Math.min(
      least,
      counts.reduce((sum, count) => sum + count, 0),
    );
  }
  return least;
}

describe('a binding that is lost', () => {
  it('is made again, by a lazy policy too, but not where that has never acted', () => {
    const lazy = policyFor(web, onlyIn('m1'), { activationPreference: 'Lazy' });
    const acted = started(controlPlane(), lazy, web);
    expect(acted.places('web')).toBe('m1=6');
    acted.remove(BINDING);
    acted.simulation.runFor(60_000);
    expect([acted.places('web'), acted.serving('web')]).toEqual(['m1=6', 'm1=6']);

    const waiting = started(controlPlane(), web, lazy);
    expect(waiting.binding('web-deployment')).toBeNull();
    for (const { name } of waiting.simulation.processes) waiting.simulation.inject({ fault: 'restart', name });
    waiting.simulation.runFor(60_000);
    expect(waiting.binding('web-deployment')).toBeNull();
  });

  it('is not made again where its template is gone and that is not heard of', () => {
    const plane = started(controlPlane(), policyFor(web, onlyIn('m1')), web);
    const births: number[] = [];
    plane.simulation.onChange(({ type, collection }) => {
      if (type === 'ADDED' && collection === COLLECTIONS.bindings) births.push(plane.simulation.now);
    });
    const late = { by: null, place: HUB, collection: 'apps/deployments' } as const;
    plane.simulation.inject({ fault: 'watch-held', forMs: 120_000, ...late });
    const before = plane.simulation.calls.count;
    plane.remove(web);
    plane.simulation.runFor(120_000);
    expect(births).toEqual([]);
    expect(plane.simulation.calls.count - before).toBeLessThan(400);
    plane.simulation.runFor(180_000);
    expect([plane.binding('web-deployment'), plane.serving('web'), births]).toEqual([null, '', []]);
  });

  it('is made again more and more seldom where somebody takes it away each time', () => {
    const plane = started(controlPlane(), policyFor(web, onlyIn('m1')), web);
    const births: number[] = [];
    plane.simulation.onChange(({ type, collection }) => {
      if (type === 'ADDED' && collection === COLLECTIONS.bindings) births.push(plane.simulation.now);
    });
    for (let passed = 0; passed < 300; passed += 1) {
      if (plane.binding('web-deployment') !== null) plane.remove(BINDING);
      plane.simulation.runFor(1_000);
    }
    expect(births.length).toBeGreaterThan(1);
    expect(births.length).toBeLessThan(11);
    plane.simulation.runFor(120_000);
    expect(plane.serving('web')).toBe('m1=6');
  });

  it('goes even where it bears the finalizer of another control plane that looked after what it needs', () => {
    const plane = started(controlPlane(), web, policyFor(web, onlyIn('m1'), { propagateDeps: true }));
    plane.change(BINDING, (object) => ({
      ...object,
      metadata: {
        ...object.metadata,
        finalizers: [...(object.metadata.finalizers ?? []), 'karmada.io/binding-dependencies-distributor'],
      },
    }));
    plane.remove(web);
    plane.simulation.runFor(60_000);
    expect([plane.binding('web-deployment'), plane.serving('web')]).toEqual([null, '']);
  });
});

describe('a move between clusters that keep a part', () => {
  for (const [profile, least] of [
    [MUSTER_PROFILE, 6],
    [KARMADA_PROFILE, 5],
  ] as const) {
    it(`with the profile ${profile.name} leaves at least ${least} of 6 all the time`, () => {
      const policy = policyFor(web, weighedIn({ m1: 5, m2: 1 }));
      const plane = started(controlPlane({ profile }), web, policy);
      expect(plane.serving('web')).toBe('m1=5 m2=1');
      plane.change(policy, withSpec({ placement: weighedIn({ m1: 1, m2: 5 }) }));
      const seen = fewest(plane, 120_000);
      if (profile === MUSTER_PROFILE) expect(seen).toBe(least);
      else expect(seen).toBeLessThanOrEqual(least);
      expect([plane.places('web'), plane.serving('web')]).toEqual(['m1=1 m2=5', 'm1=1 m2=5']);
    });
  }

  it('holds nothing back from who is only made smaller', () => {
    const plane = started(controlPlane(), web, policyFor(web, weighedIn({ m1: 1, m2: 1 })));
    plane.change(web, withSpec({ replicas: 2 }));
    plane.simulation.runFor(3_000);
    expect(plane.serving('web')).toBe('m1=1 m2=1');
  });

  it('ends where what moves never starts in its new place', () => {
    const policy = policyFor(web, weighedIn({ m1: 5, m2: 1 }));
    const plane = started(controlPlane({ cpu: '2' }), web, policy);
    plane.simulation.inject({
      fault: 'api-errors',
      place: memberPlace('m2'),
      code: 'Forbidden',
      perMille: 1_000,
      verbs: ['update'],
    });
    plane.change(policy, withSpec({ placement: weighedIn({ m1: 1, m2: 5 }) }));
    plane.simulation.runFor(5 * 60_000);
    expect(plane.serving('web')).toBe('m1=5 m2=1');
    plane.simulation.runFor(10 * 60_000);
    expect(plane.serving('web')).toBe('m1=1 m2=1');
  });
});

describe('who waits for room', () => {
  const big = deployment('big', 8);
  const aggregated = {
    replicaScheduling: { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Aggregated' },
    ...onlyIn('m1'),
  };

  it('goes there soon after there is some', () => {
    const [first, second] = [sized(big, '1'), sized(deployment('web', 6), '1')];
    const plane = started(controlPlane({ cpu: '5', clusters: ['m1'] }), first, policyFor(first, aggregated));
    started(plane, second, policyFor(second, aggregated));
    expect([plane.serving('big'), plane.places('web')]).toEqual(['m1=8', 'm1=2']);
    plane.remove(first);
    plane.simulation.runFor(25_000);
    expect(plane.places('web')).toBe('m1=6');
  });
});

describe('what stands in the way in a member', () => {
  it('is not touched, and when it has gone what was to come comes', () => {
    const plane = controlPlane({ clusters: ['m1'] });
    const there = plane.simulation.world.member('m1')!;
    there.api.create('apps/deployments', deployment('web', 1));
    started(plane, web, policyFor(web, onlyIn('m1')));
    expect(plane.serving('web')).toBe('m1=1');
    there.api.writer.delete({ collection: 'apps/deployments', namespace: 'default', name: 'web' }, there.api.now);
    plane.simulation.runFor(60_000);
    expect(plane.serving('web')).toBe('m1=6');
  });
});

describe('what was told by a view that was behind', () => {
  it('is told again when the view has come up', () => {
    const plane = started(controlPlane({ clusters: ['m1'] }), web, policyFor(web, onlyIn('m1')));
    const { simulation } = plane;
    const isApplied = () => {
      const [work] = simulation.world.hub.store.list(COLLECTIONS.works, 'karmada-es-m1').filter(isOfWeb);
      return findCondition((work as unknown as Work).status?.conditions, 'Applied')?.status;
    };
    plane.change(web, withSpec({ replicas: 5 }));
    simulation.inject({
      fault: 'api-errors',
      place: memberPlace('m1'),
      code: 'ServerError',
      perMille: 1_000,
      verbs: ['update'],
      forMs: 20_000,
    });
    simulation.runFor(100);
    simulation.inject({ fault: 'watch-held', by: null, place: HUB, collection: COLLECTIONS.works, forMs: 58_000 });
    simulation.runFor(15_000);
    expect(isApplied()).toBe('False');
    simulation.runFor(180_000);
    expect([isApplied(), plane.serving('web')]).toEqual(['True', 'm1=5']);
  });
});

const isOfWeb = ({ metadata }: KubeObject): boolean => metadata.name.startsWith('web-');
