// What is deleted and made again while a cluster is dead: the clusters that are well do not wait for it, and it catches up later.
import { describe, expect, it } from 'vitest';
import { controlPlane, type Fixture, onlyIn, policyFor, started } from '../../../test/builders/control-plane.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../../profile/profile.ts';

const again = (value: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'again', namespace: 'default' },
  data: { value },
});

const values = (plane: Fixture): readonly string[] =>
  plane.simulation.world.members.map(({ name, api }) => {
    const found = api.store.get('/configmaps', 'default', 'again') as { data?: { value: string } } | null;
    return `${name}=${found?.data?.value ?? 'none'}`;
  });

const works = (plane: Fixture) =>
  plane.simulation.world.hub.store.list(COLLECTIONS.works).filter(({ metadata }) => metadata.name.startsWith('again'));

const MINUTE = 60_000;

describe.each([KARMADA_PROFILE, MUSTER_PROFILE])('with the profile $name', (profile) => {
  const policy = policyFor(again('1'), onlyIn('m1', 'm2'));

  it('a template that is made again goes on where the clusters are well, and comes to the dead one when it is back', () => {
    const plane = started(controlPlane({ profile }), policy, again('1'));
    expect(values(plane)).toEqual(['m1=1', 'm2=1', 'm3=none']);
    const end = plane.simulation.inject({ fault: 'power-off', cluster: 'm2' });
    plane.simulation.runFor(3 * MINUTE);
    plane.remove(again('1'));
    plane.simulation.runFor(MINUTE);
    expect(plane.binding('again-configmap')).toBeNull();
    expect(works(plane).map(({ metadata }) => metadata.namespace)).toEqual(['karmada-es-m2']);
    plane.put(again('2'));
    plane.simulation.runFor(MINUTE);
    expect(values(plane)).toEqual(['m1=2', 'm2=1', 'm3=none']);
    end();
    plane.simulation.runFor(10 * MINUTE);
    expect(values(plane)).toEqual(['m1=2', 'm2=2', 'm3=none']);
  });

  it('whatever write of the deletion comes last before everything starts again', () => {
    for (let writes = 1; writes <= 6; writes += 1) {
      const plane = started(controlPlane({ profile }), policy, again('1'));
      plane.remove(again('1'));
      let seen = 0;
      const stop = plane.simulation.onChange(({ collection }) => {
        if (collection !== COLLECTIONS.works && collection !== COLLECTIONS.bindings) return;
        seen += 1;
        if (seen !== writes) return;
        for (const { name } of plane.simulation.processes) plane.simulation.inject({ fault: 'restart', name });
      });
      plane.simulation.runFor(2 * MINUTE);
      stop();
      expect([writes, plane.binding('again-configmap'), works(plane), values(plane)]).toEqual([
        writes,
        null,
        [],
        ['m1=none', 'm2=none', 'm3=none'],
      ]);
    }
  });
});
