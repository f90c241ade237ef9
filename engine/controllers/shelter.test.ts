// What is stored and is not what its kind says: nobody ends, it is told, and everything else goes on.
import { describe, expect, it } from 'vitest';
import { controlPlane, deployment, type Fixture, onlyIn, policyFor } from '../../test/builders/control-plane.ts';
import { COLLECTIONS } from '../api/kinds.ts';
import { unsoundness } from '../api/soundness.ts';
import type { Controller, EventRecord, View } from '../control/controller.ts';
import type { TraceLine } from '../control/trace.ts';
import type { KubeObject } from '../kube/meta.ts';
import { ofSound, sheltered } from './shelter.ts';

const MINUTE = 60_000;
const web = deployment('web', 4);
const api = deployment('api', 4);

function watched(): { plane: Fixture; told: EventRecord[] } {
  const told: EventRecord[] = [];
  const trace = (line: TraceLine) => {
    if (line.type === 'step') told.push(...line.events.filter(({ reason }) => reason === 'NotAsItShouldBe'));
  };
  const plane = controlPlane({ trace });
  plane.simulation.runFor(5_000);
  for (const object of [web, api]) {
    plane.put(policyFor(object, onlyIn('m1')));
    plane.put(object);
  }
  plane.simulation.runFor(MINUTE);
  return { plane, told };
}

/** Past every check, as somebody does it who writes to the storage itself. */
function damage(
  { simulation }: Fixture,
  collection: string,
  namespace: string,
  name: string,
  part: object | ((object: KubeObject) => object),
): KubeObject {
  const { store } = simulation.world.hub;
  const object = store.get(collection, namespace, name)!;
  store.put(collection, { ...object, ...(typeof part === 'function' ? part(object) : part) });
  return object;
}

describe('a stored object that is damaged', () => {
  const placedIn = (cluster: unknown) => (object: KubeObject) => ({
    spec: { ...(object.spec as object), clusters: [{ name: cluster, replicas: 4 }] },
  });
  const damages: readonly [string, string, string, string, Parameters<typeof damage>[4], string][] = [
    ['a binding', COLLECTIONS.bindings, 'default', 'web-deployment', { spec: { resource: null } }, 'spec.resource'],
    ['a binding', COLLECTIONS.bindings, 'default', 'web-deployment', { spec: 'garbage' }, 'spec'],
    [
      'a binding',
      COLLECTIONS.bindings,
      'default',
      'web-deployment',
      placedIn({ toString: 1 }),
      'spec.clusters[0].name',
    ],
    ['a cluster', COLLECTIONS.clusters, '', 'm3', { status: { conditions: 'garbage' } }, 'status.conditions'],
    ['a cluster', COLLECTIONS.clusters, '', 'm3', { spec: null }, 'spec'],
  ];
  for (const [what, collection, namespace, name, part, where] of damages) {
    it(`(${what}: ${where}) is told of, and all else goes on`, () => {
      const { plane, told } = watched();
      const sound = damage(plane, collection, namespace, name, part);
      plane.simulation.runFor(1_000);
      for (const { name: process } of plane.simulation.processes)
        plane.simulation.inject({ fault: 'resync', name: process });
      plane.change(api, (object) => ({ ...object, spec: { ...(object.spec as object), replicas: 6 } }));
      plane.simulation.runFor(2 * MINUTE);
      expect([plane.serving('api'), plane.serving('web')]).toEqual(['m1=6', 'm1=4']);
      const about = told.filter((one) => one.about.key.name === name);
      expect(about.length).toBeGreaterThan(0);
      expect(about[0]!.message).toContain(`: ${where}`);
      const { spec, status } = sound;
      damage(plane, collection, namespace, name, { spec, status });
      plane.change(web, (object) => ({ ...object, spec: { ...(object.spec as object), replicas: 5 } }));
      plane.simulation.runFor(10 * MINUTE);
      expect(plane.serving('web')).toBe('m1=5');
    });
  }
});

describe('a mistake of our own', () => {
  const mistaken: Controller = {
    name: 'mistaken',
    watches: [],
    reconcile: () => {
      throw new TypeError('ours');
    },
  };
  const view = { list: () => [], get: () => null, byIndex: () => [] } as unknown as View;

  it('is nobody else’s, and ends the process', () => {
    expect(() => sheltered(mistaken).reconcile('key', view, 0)).toThrow('ours');
    const values = ofSound(() => {
      throw new TypeError('ours');
    });
    expect(unsoundness(web)).toBeNull();
    expect(() => values(web)).toThrow('ours');
  });
});
