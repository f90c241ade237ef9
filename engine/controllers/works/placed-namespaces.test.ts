// Namespaces that a policy places: beside those that are in every cluster anyway, and never at odds with them.
import { describe, expect, it } from 'vitest';
import {
  controlPlane,
  type Fixture,
  onlyIn,
  policyFor,
  started,
  withSpec,
} from '../../../test/builders/control-plane.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { LABELS } from '../../api/names.ts';
import { HUB } from '../../control/place.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../../profile/profile.ts';

const MINUTE = 60_000;

const namespace = (name: string, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
});

const skipped = { [LABELS.skipAutoPropagation]: 'true' };

const placing = (object: KubeObject, ...clusters: string[]): KubeObject => ({
  ...policyFor(object, onlyIn(...clusters)),
  kind: 'ClusterPropagationPolicy',
  metadata: { name: object.metadata.name },
});

const having = (plane: Fixture, name: string) =>
  plane.simulation.world.members
    .filter(({ api }) => api.store.get(COLLECTIONS.namespaces, '', name) !== null)
    .map((member) => member.name)
    .join(' ');

const bindings = (plane: Fixture) =>
  plane.simulation.world.hub.store.list(COLLECTIONS.clusterBindings).map(({ metadata }) => metadata.name);

/** Writes to Works in a time. */
function workWrites(plane: Fixture, ms: number): number {
  let writes = 0;
  const stop = plane.simulation.onChange(({ collection, type }) => {
    if (collection === COLLECTIONS.works && type !== 'DELETED') writes += 1;
  });
  plane.simulation.runFor(ms);
  stop();
  return writes;
}

describe.each([KARMADA_PROFILE, MUSTER_PROFILE])('with the profile $name', (profile) => {
  it('a namespace is placed by a policy that is there before it, and follows it', () => {
    const team = namespace('team', skipped);
    const policy = placing(team, 'm1');
    const plane = started(controlPlane({ profile }), policy);
    plane.put(team);
    plane.simulation.runFor(MINUTE);
    expect(having(plane, 'team')).toBe('m1');
    plane.change(policy, withSpec({ placement: onlyIn('m2') }));
    plane.simulation.runFor(MINUTE);
    expect(having(plane, 'team')).toBe('m2');
    plane.remove(team);
    plane.simulation.runFor(MINUTE);
    expect([having(plane, 'team'), bindings(plane)]).toEqual(['', []]);
  });

  it('one that is in every cluster anyway stays there, with all that it holds, wherever a policy places it', () => {
    const team = namespace('team');
    const policy = placing(team, 'm1', 'm2');
    const plane = started(controlPlane({ profile }), policy, team);
    const lost: string[] = [];
    plane.simulation.onChange(({ collection, object }, place) => {
      if (place !== HUB && collection === COLLECTIONS.namespaces && object.metadata.deletionTimestamp !== undefined) {
        lost.push(place);
      }
    });
    expect([bindings(plane), having(plane, 'team')]).toEqual([['team-namespace'], 'm1 m2 m3']);
    expect(workWrites(plane, 30 * MINUTE)).toBe(0);
    plane.change(policy, withSpec({ placement: onlyIn('m2', 'm3') }));
    expect(workWrites(plane, MINUTE)).toBeLessThan(12);
    expect(workWrites(plane, 30 * MINUTE)).toBe(0);
    plane.remove({
      apiVersion: 'work.karmada.io/v1alpha2',
      kind: 'ClusterResourceBinding',
      metadata: { name: 'team-namespace' },
    });
    plane.simulation.runFor(10 * MINUTE);
    expect([bindings(plane), having(plane, 'team'), lost]).toEqual([['team-namespace'], 'm1 m2 m3', []]);
    plane.remove(team);
    plane.simulation.runFor(2 * MINUTE);
    expect([bindings(plane), having(plane, 'team')]).toEqual([[], '']);
  });

  it('what belongs to Kubernetes or to the control plane is nobody’s to place', () => {
    const all = placing(namespace('team'), 'm1');
    const selector = { apiVersion: 'v1', kind: 'Namespace' };
    const plane = started(
      controlPlane({ profile }),
      namespace('kube-public', skipped),
      withSpec({ resourceSelectors: [selector] })(all),
      namespace('kube-system', skipped),
      namespace('team', skipped),
    );
    expect(bindings(plane)).toEqual(expect.arrayContaining(['team-namespace']));
    expect(bindings(plane).filter((name) => /^(kube|karmada)-/.test(name))).toEqual([]);
  });
});
