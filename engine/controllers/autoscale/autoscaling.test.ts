import { describe, expect, it } from 'vitest';
import { duplicated } from '../../../test/builders/binding.ts';
import {
  controlPlane,
  deployment,
  evenlyIn,
  type Fixture,
  policyFor,
  started,
  withSpec,
} from '../../../test/builders/control-plane.ts';
import { memberPlace } from '../../control/place.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { KARMADA_PROFILE } from '../../profile/profile.ts';

const MINUTE = 60_000;
const LABEL = 'resourcetemplate.karmada.io/retain-replicas';

const web = deployment('web', 4);
const scaler = (minReplicas: number, target = 'web', name = 'scaler'): KubeObject => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name, namespace: 'default' },
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: target }, minReplicas, maxReplicas: 20 },
});
const stored = (plane: Fixture, name = 'web') => plane.get('apps/v1', 'Deployment', name)!;
const mark = (plane: Fixture, name = 'web') => stored(plane, name).metadata.labels?.[LABEL];
const asked = (plane: Fixture) => (stored(plane).spec as { replicas: number }).replicas;
const bothIn = (...clusters: string[]) => [web, policyFor(web, evenlyIn(...clusters))];

describe('what an autoscaler scales', () => {
  const running = (autoscaler = scaler(2)) =>
    started(controlPlane({ clusters: ['m1', 'm2'] }), autoscaler, policyFor(autoscaler, {}), ...bothIn('m1', 'm2'));

  it('is marked as long as an autoscaler that is propagated is about it', () => {
    const plane = running();
    expect(mark(plane)).toBe('true');
    plane.put(deployment('other', 2));
    plane.change(scaler(2), withSpec(scaler(2, 'other').spec as object));
    plane.simulation.runFor(MINUTE);
    expect([mark(plane), mark(plane, 'other')]).toEqual([undefined, 'true']);
    plane.remove(scaler(2));
    plane.simulation.runFor(MINUTE);
    expect(mark(plane, 'other')).toBeUndefined();
    expect(stored(plane).metadata.annotations).not.toHaveProperty('resourcetemplate.muster.dev/retains-replicas-for');
    expect(mark(started(controlPlane(), scaler(2), web))).toBeUndefined();
  });

  it('is no longer marked although the autoscaler went while nobody looked', () => {
    const plane = running();
    plane.simulation.inject({ fault: 'restart', name: 'controller-manager', forMs: 10_000 });
    plane.simulation.runFor(1_000);
    plane.remove(scaler(2));
    plane.simulation.runFor(2 * MINUTE);
    expect(mark(plane)).toBeUndefined();
  });

  it('stays marked where somebody marked it by hand', () => {
    const plane = controlPlane({ clusters: ['m1', 'm2'] });
    const byHand = { ...web, metadata: { ...web.metadata, labels: { [LABEL]: 'true' } } };
    started(plane, byHand, policyFor(web), scaler(2), policyFor(scaler(2), {}));
    plane.remove(scaler(2));
    plane.simulation.runFor(MINUTE);
    expect(mark(plane)).toBe('true');
  });

  it('keeps what it has in its clusters, and its template asks for as many', () => {
    const plane = running();
    plane.change(scaler(2), withSpec({ minReplicas: 5 }));
    plane.simulation.runFor(MINUTE);
    expect([plane.serving('web'), plane.places('web'), asked(plane)]).toEqual(['m1=5 m2=5', 'm1=5 m2=5', 10]);
    plane.change(web, withSpec({ replicas: 2 }));
    plane.simulation.runFor(MINUTE);
    expect([plane.serving('web'), asked(plane)]).toEqual(['m1=5 m2=5', 10]);
  });

  it('is not followed by what is copied, nor before every cluster has told', () => {
    const copied = started(
      controlPlane({ clusters: ['m1', 'm2'] }),
      web,
      policyFor(web, { replicaScheduling: duplicated }),
      scaler(6),
      policyFor(scaler(6), {}),
    );
    expect([copied.serving('web'), asked(copied)]).toEqual(['m1=6 m2=6', 4]);
    const plane = running();
    // As long as one of them says nothing, what is known of it counts.
    plane.simulation.world.takeDown(memberPlace('m2'));
    plane.change(scaler(2), withSpec({ minReplicas: 5 }));
    plane.simulation.runFor(20_000);
    expect([plane.places('web'), asked(plane)]).toEqual(['m1=4 m2=3', 7]);
    plane.simulation.world.bringUp(memberPlace('m2'));
    plane.simulation.runFor(2 * MINUTE);
    expect([plane.serving('web'), asked(plane)]).toEqual(['m1=5 m2=5', 10]);
  });

  it('goes on with what the other clusters make of it when one is lost', () => {
    const plane = running();
    plane.simulation.inject({ fault: 'power-off', cluster: 'm2' });
    plane.simulation.runFor(5 * MINUTE);
    expect([plane.serving('web'), plane.places('web'), asked(plane)]).toEqual(['m1=2', 'm1=2', 2]);
    plane.change(scaler(2), withSpec({ minReplicas: 5 }));
    plane.simulation.runFor(MINUTE);
    expect([plane.serving('web'), plane.places('web'), asked(plane)]).toEqual(['m1=5', 'm1=5', 5]);
  });

  it('may be a StatefulSet as well', () => {
    const own: KubeObject = { ...web, kind: 'StatefulSet' };
    const ofOwn = scaler(2);
    (ofOwn.spec as { scaleTargetRef: { kind: string } }).scaleTargetRef.kind = 'StatefulSet';
    const plane = controlPlane({ clusters: ['m1', 'm2'] });
    started(plane, own, policyFor(own, evenlyIn('m1', 'm2')), ofOwn, policyFor(ofOwn, {}));
    plane.change(ofOwn, withSpec({ minReplicas: 5 }));
    plane.simulation.runFor(MINUTE);
    const inClusters = () =>
      ['m1', 'm2'].map((name) => {
        const { store } = plane.simulation.world.member(name)!.api;
        const { spec, metadata } = store.get('apps/statefulsets', 'default', 'web')!;
        return { replicas: (spec as { replicas: number }).replicas, generation: metadata.generation };
      });
    const before = inClusters();
    expect(before.map(({ replicas }) => replicas)).toEqual([5, 5]);
    expect((plane.get('apps/v1', 'StatefulSet', 'web')!.spec as { replicas: number }).replicas).toBe(10);
    plane.simulation.runFor(5 * MINUTE);
    // Nobody takes back what the other has made of it.
    expect(inClusters()).toEqual(before);
  });

  it('is taken back by the hub where nobody follows it', () => {
    const plane = controlPlane({ clusters: ['m1', 'm2'], profile: KARMADA_PROFILE });
    started(plane, scaler(5), policyFor(scaler(5), {}), ...bothIn('m1', 'm2'));
    expect([mark(plane), asked(plane)]).toEqual([undefined, 4]);
  });
});
