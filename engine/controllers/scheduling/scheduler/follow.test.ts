// A fleet that has changed is followed once, whoever starts again meanwhile.
import { describe, expect, it } from 'vitest';
import {
  clusterObject,
  controlPlane,
  deployment,
  type Fixture,
  policyFor,
} from '../../../../test/builders/control-plane.ts';
import type { KubeObject } from '../../../kube/meta.ts';

const MINUTE = 60_000;
const web = deployment('web', 9);

const started = (): Fixture => {
  const plane = controlPlane();
  plane.simulation.runFor(5_000);
  plane.put(web);
  plane.put(policyFor(web));
  plane.simulation.runFor(20 * MINUTE);
  expect(plane.places('web')).toBe('m1=3 m2=3 m3=3');
  return plane;
};

/** Somebody fills most of a cluster, which is no change of the fleet. */
function crowd({ simulation }: Fixture, cluster: string): void {
  const other = deployment('other', 28);
  simulation.world.member(cluster)!.api.create('apps/deployments', other);
  simulation.runFor(5 * MINUTE);
}

const labelled =
  (labels: Readonly<Record<string, string>>) =>
  (object: KubeObject): KubeObject => ({ ...object, metadata: { ...object.metadata, labels } });

const restart = ({ simulation }: Fixture, forMs = 1_000) =>
  simulation.inject({ fault: 'restart', name: 'scheduler', forMs });

describe('a scheduler that starts again', () => {
  it('moves nothing for a fleet that has been followed', () => {
    const plane = started();
    crowd(plane, 'm1');
    expect(plane.places('web')).toBe('m1=3 m2=3 m3=3');
    for (let time = 0; time < 3; time += 1) {
      restart(plane);
      plane.simulation.runFor(20 * MINUTE);
    }
    expect(plane.places('web')).toBe('m1=3 m2=3 m3=3');
  });

  it('decides nothing anew for copies that are where they were decided to be', () => {
    const plane = controlPlane();
    plane.simulation.runFor(5_000);
    for (const [name, region] of [
      ['m1', 'eu'],
      ['m2', 'us'],
      ['m3', 'us'],
    ] as const) {
      plane.change(clusterObject(name), (object) => ({ ...object, spec: { ...(object.spec as object), region } }));
    }
    crowd(plane, 'm2');
    crowd(plane, 'm3');
    plane.put(web);
    const spreadConstraints = [
      { spreadByField: 'region', minGroups: 1, maxGroups: 1 },
      { spreadByField: 'cluster', minGroups: 1, maxGroups: 2 },
    ];
    plane.put(policyFor(web, { spreadConstraints }));
    plane.simulation.runFor(20 * MINUTE);
    expect(plane.places('web')).toBe('m1=9');
    for (const name of ['m2', 'm3']) {
      const { api } = plane.simulation.world.member(name)!;
      api.writer.delete({ collection: 'apps/deployments', namespace: 'default', name: 'other' }, api.now);
    }
    plane.simulation.runFor(5 * MINUTE);
    for (const fault of ['resync', 'restart'] as const) {
      plane.simulation.inject({ fault, name: 'scheduler' });
      plane.simulation.runFor(20 * MINUTE);
      expect(plane.places('web')).toBe('m1=9');
    }
    plane.change(web, (object) => ({ ...object, spec: { ...(object.spec as object), replicas: 8 } }));
    plane.simulation.runFor(MINUTE);
    expect(plane.places('web')).toBe('m2=8 m3=8');
  });

  it('follows what had changed just before, and what changed while it was down', () => {
    for (const downMs of [1_000, 10 * MINUTE]) {
      const plane = started();
      crowd(plane, 'm1');
      if (downMs > MINUTE) restart(plane, downMs);
      plane.change(clusterObject('m2'), labelled({ tier: 'gold' }));
      plane.simulation.runFor(MINUTE);
      if (downMs < MINUTE) restart(plane, downMs);
      plane.simulation.runFor(60 * MINUTE);
      expect(plane.places('web')).not.toBe('m1=3 m2=3 m3=3');
    }
  });

  it('follows each fleet anew, one that was there before as well', () => {
    const plane = started();
    plane.change(clusterObject('m2'), labelled({ tier: 'gold' }));
    plane.simulation.runFor(20 * MINUTE);
    crowd(plane, 'm1');
    plane.change(clusterObject('m2'), labelled({}));
    plane.simulation.runFor(60 * MINUTE);
    expect(plane.places('web')).not.toBe('m1=3 m2=3 m3=3');
  });
});
