// By Karmada's rules what a template has become gets to its clusters by its binding alone, and whoever has claimed it holds it.
import { describe, expect, it } from 'vitest';
import {
  controlPlane,
  deployment,
  type Fixture,
  onlyIn,
  policyFor,
  portsFor,
  started,
  withSpec,
} from '../../../test/builders/control-plane.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import type { View } from '../../control/controller.ts';
import { HUB } from '../../control/place.ts';
import type { TraceLine } from '../../control/trace.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE, type Profile } from '../../profile/profile.ts';
import { bareBindingFor } from '../../propagate/bind.ts';
import { withEdition } from '../../propagate/edition.ts';
import type { Change } from '../../store/change.ts';
import { binding } from '../works/binding.ts';

const MINUTE = 60_000;
const PROFILES = [KARMADA_PROFILE, MUSTER_PROFILE];

const configMap = (name: string, value: string, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', labels },
  data: { value },
});

const valueIn = (plane: Fixture, name: string) =>
  plane.simulation.world.members
    .map((member) => member.api.store.get('/configmaps', 'default', name) as { data?: { value: string } } | null)
    .map((found) => found?.data?.value ?? '-')
    .join(' ');

const generations = (plane: Fixture, name: string) => plane.binding(name)?.metadata.generation;

const withImage = (image: string) => (object: KubeObject) => deployment(object.metadata.name, 2, image).spec as object;

describe('a change of a template', () => {
  const web = deployment('web', 2);

  it.each(PROFILES)('is noted on its binding by Karmada’s rules, and costs no write else: $name', (profile) => {
    const plane = started(controlPlane({ profile }), web, policyFor(web, onlyIn('m1')));
    const before = generations(plane, 'web-deployment')!;
    plane.simulation.runFor(10 * MINUTE);
    expect(generations(plane, 'web-deployment')).toBe(before);
    plane.change(web, (object) => withSpec(withImage('shop/app:2')(object))(object));
    plane.simulation.runFor(MINUTE);
    const image = (
      plane.simulation.world.member('m1')!.api.store.get('apps/deployments', 'default', 'web') as KubeObject
    ).spec as ReturnType<typeof JSON.parse>;
    expect(image.template.spec.containers[0].image).toBe('shop/app:2');
    const isNoted = profile === KARMADA_PROFILE;
    expect(generations(plane, 'web-deployment')).toBe(isNoted ? before + 1 : before);
    expect(plane.binding('web-deployment')?.status?.schedulerObservedGeneration).toBe(isNoted ? before + 1 : before);
  });

  it.each(PROFILES)('of its status is no reason to do anything, after a start neither: $name', (profile) => {
    const plane = started(controlPlane({ profile }), web, policyFor(web, onlyIn('m1')));
    const noted = plane.binding('web-deployment')?.spec.resource.resourceVersion;
    expect(plane.get('apps/v1', 'Deployment', 'web')?.metadata.resourceVersion).not.toBe(noted);
    const before = generations(plane, 'web-deployment');
    for (const { name } of plane.simulation.processes) plane.simulation.inject({ fault: 'resync', name });
    plane.simulation.runFor(MINUTE);
    for (const { name } of plane.simulation.processes) plane.simulation.inject({ fault: 'restart', name });
    plane.simulation.runFor(MINUTE);
    expect(generations(plane, 'web-deployment')).toBe(before);
  });

  it.each(PROFILES)('of something that others need comes along with them: $name', (profile) => {
    const settings = configMap('settings', '1');
    const spec = web.spec as { template: { spec: object } };
    const volumes = [{ name: 'v', configMap: { name: 'settings' } }];
    const needy = {
      ...web,
      spec: { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, volumes } } },
    };
    const policy = policyFor(needy, onlyIn('m1'), { propagateDeps: true });
    const plane = started(controlPlane({ profile }), settings, needy, policy);
    expect(valueIn(plane, 'settings')).toBe('1 - -');
    plane.put(configMap('settings', '2'));
    plane.simulation.runFor(MINUTE);
    expect(valueIn(plane, 'settings')).toBe('2 - -');
  });

  it.each(PROFILES)('wakes a scheduler that could not place it by Karmada’s rules: $name', (profile) => {
    const policy = policyFor(web, onlyIn('m9'));
    let looks = 0;
    const trace = (line: TraceLine) => {
      if (line.type === 'step' && line.controller === 'scheduler') looks += 1;
    };
    const plane = started(controlPlane({ profile, trace }), web, policy);
    looks = 0;
    plane.change(web, (object) => withSpec(withImage('shop/app:2')(object))(object));
    plane.simulation.runFor(MINUTE);
    expect(looks > 0).toBe(profile === KARMADA_PROFILE);
  });

  it.each(PROFILES)('arrives whatever write everything ends at, by whatever rules: $name', (profile) => {
    const policy = policyFor(configMap('a', ''), onlyIn('m1', 'm2'));
    for (let writes = 1; writes <= 5; writes += 1) {
      const plane = started(controlPlane({ profile }), policy, configMap('a', '1'));
      let seen = 0;
      const stop = plane.simulation.onChange(({ collection }, place) => {
        if (place !== HUB || (collection !== COLLECTIONS.works && collection !== COLLECTIONS.bindings)) return;
        seen += 1;
        if (seen === writes) {
          for (const { name } of plane.simulation.processes) plane.simulation.inject({ fault: 'restart', name });
        }
      });
      plane.put(configMap('a', '2'));
      plane.simulation.runFor(2 * MINUTE);
      stop();
      expect([writes, valueIn(plane, 'a')]).toEqual([writes, '2 2 -']);
    }
  });

  it('wakes its binding where that is heard of first', () => {
    const template = (value: string, resourceVersion: string): KubeObject => {
      const { metadata, ...rest } = configMap('a', value);
      return { ...rest, metadata: { ...metadata, uid: 'u', resourceVersion } };
    };
    const woken = (profile: Profile, renewedFor: KubeObject, seen: KubeObject) => {
      const bound = withEdition(bareBindingFor(renewedFor), renewedFor);
      const view = { get: () => bound } as unknown as View;
      const change = {
        type: 'MODIFIED',
        revision: 9,
        collection: '/configmaps',
        object: seen,
        previous: template('0', '1'),
      };
      return binding(portsFor(profile))
        .watches.filter(({ collection }) => typeof collection !== 'string')
        .flatMap((watch) => watch.keysOf?.(change as Change, view, HUB) ?? []);
    };
    const [older, newer] = [template('1', '2'), template('2', '3')];
    // Told meanwhile how it is.
    const reported = { ...newer, metadata: { ...newer.metadata, resourceVersion: '4' }, status: { phase: 'well' } };
    expect(woken(KARMADA_PROFILE, older, newer)).toEqual([]);
    expect(woken(KARMADA_PROFILE, newer, newer)).toEqual(['default/a-configmap']);
    expect(woken(KARMADA_PROFILE, newer, reported)).toEqual(['default/a-configmap']);
    expect(woken(MUSTER_PROFILE, older, newer)).toEqual(['default/a-configmap']);
  });
});

describe('a template that its policy no longer selects', () => {
  const labelled = (value: string, stage: string) => configMap('a', value, { stage });
  const staged = (stage: string, cluster: string): KubeObject => ({
    ...policyFor(configMap('a', ''), onlyIn(cluster), {
      resourceSelectors: [{ apiVersion: 'v1', kind: 'ConfigMap', labelSelector: { matchLabels: { stage } } }],
    }),
    metadata: { name: stage, namespace: 'default' },
  });

  const relabel = (plane: Fixture) =>
    plane.change(labelled('', ''), (object) => ({
      ...object,
      metadata: { ...object.metadata, labels: { ...object.metadata.labels, stage: 'y' } },
      data: { value: '2' },
    }));

  it('goes to another at once, unless Karmada’s rules are those that count', () => {
    for (const profile of PROFILES) {
      const plane = started(controlPlane({ profile }), staged('x', 'm1'), staged('y', 'm2'), labelled('1', 'x'));
      relabel(plane);
      plane.simulation.runFor(MINUTE);
      expect([profile.name, valueIn(plane, 'a')]).toEqual([
        profile.name,
        profile === MUSTER_PROFILE ? '- 2 -' : '1 - -',
      ]);
    }
  });

  const held = () => {
    const plane = started(
      controlPlane({ profile: KARMADA_PROFILE }),
      staged('x', 'm1'),
      staged('y', 'm2'),
      labelled('1', 'x'),
    );
    relabel(plane);
    plane.simulation.runFor(MINUTE);
    return plane;
  };

  it('is held until that policy changes, whatever others do', () => {
    const plane = held();
    plane.change(staged('y', 'm2'), withSpec({ priority: 5 }));
    plane.simulation.runFor(MINUTE);
    expect(valueIn(plane, 'a')).toBe('1 - -');
    plane.change(staged('x', 'm1'), withSpec({ priority: 1 }));
    plane.simulation.runFor(MINUTE);
    expect(valueIn(plane, 'a')).toBe('- 2 -');
  });

  it('is held until that policy goes, or everything starts again', () => {
    const gone = held();
    gone.remove(staged('x', 'm1'));
    gone.simulation.runFor(MINUTE);
    expect(valueIn(gone, 'a')).toBe('- 2 -');
    const again = held();
    for (const { name } of again.simulation.processes) again.simulation.inject({ fault: 'restart', name });
    again.simulation.runFor(MINUTE);
    expect(valueIn(again, 'a')).toBe('- 2 -');
  });
});
