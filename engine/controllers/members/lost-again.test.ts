// What a member loses is given to it again: at once the first time, and later and later where it is lost without end.
import { describe, expect, it } from 'vitest';
import { controlPlane, type Fixture } from '../../../test/builders/control-plane.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { executionSpaceOf } from '../../api/names.ts';
import { WORK_CONDITIONS, type Work } from '../../api/work.ts';
import { findCondition } from '../../kube/conditions.ts';
import type { KubeObject } from '../../kube/meta.ts';

const SPACE = executionSpaceOf('m1');

const work: KubeObject = {
  apiVersion: 'work.karmada.io/v1alpha1',
  kind: 'Work',
  metadata: { name: 'mine', namespace: SPACE },
  spec: {
    workload: {
      manifests: ['settings', 'others'].map((name) => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace: 'default' },
        data: { a: '1' },
      })),
    },
  },
} as never;

function brought(): Fixture {
  const plane = controlPlane();
  plane.simulation.runFor(5_000);
  plane.put(work);
  plane.simulation.runFor(10_000);
  return plane;
}

const storeOf = ({ simulation }: Fixture) => simulation.world.member('m1')!.api.store;
const there = (plane: Fixture) => storeOf(plane).get('/configmaps', 'default', 'settings');

const applied = ({ simulation }: Fixture) => {
  const stored = simulation.world.hub.store.get(COLLECTIONS.works, SPACE, 'mine') as unknown as Work;
  return findCondition(stored.status?.conditions, WORK_CONDITIONS.applied);
};

const lose = (plane: Fixture) => storeOf(plane).remove('/configmaps', 'default', 'settings');

/** Lost as soon as it is seen, for so long; how often it was there. */
function fight(plane: Fixture, forMs: number): number {
  let births = 0;
  for (let passed = 0; passed < forMs; passed += 100) {
    if (there(plane) !== null) {
      births += 1;
      lose(plane);
    }
    plane.simulation.runFor(100);
  }
  return births;
}

describe('what a member loses', () => {
  it('is there again at once', () => {
    const plane = brought();
    lose(plane);
    plane.simulation.runFor(1_000);
    expect(there(plane)).not.toBeNull();
    expect(applied(plane)).toMatchObject({ status: 'True' });
  });

  it('again and again is made later and later, is told, and comes back when nobody takes it any more', () => {
    const plane = brought();
    const births = fight(plane, 60_000);
    expect(births).toBeGreaterThan(4);
    expect(births).toBeLessThan(10);
    expect(applied(plane)).toMatchObject({
      status: 'False',
      message: expect.stringContaining('what it brings is taken away as often as it is made'),
    });
    expect(storeOf(plane).get('/configmaps', 'default', 'others')).not.toBeNull();
    plane.simulation.runFor(61_000);
    expect(there(plane)).not.toBeNull();
    expect(applied(plane)).toMatchObject({ status: 'True' });
  });

  it('does not keep a changed Work waiting', () => {
    const plane = brought();
    fight(plane, 60_000);
    expect(there(plane)).toBeNull();
    plane.change(work, ({ spec, ...rest }) => {
      const [settings, ...others] = (spec as unknown as Work['spec']).workload.manifests!;
      return { ...rest, spec: { workload: { manifests: [{ ...settings!, data: { a: '2' } }, ...others] } } } as never;
    });
    plane.simulation.runFor(2_000);
    expect(there(plane)).toMatchObject({ data: { a: '2' } });
  });

  it('long after it was lost before is there again at once', () => {
    const plane = brought();
    fight(plane, 60_000);
    plane.simulation.runFor(700_000);
    lose(plane);
    plane.simulation.runFor(1_000);
    expect(there(plane)).not.toBeNull();
  });
});
