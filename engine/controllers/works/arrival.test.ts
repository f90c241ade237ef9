import { describe, expect, it } from 'vitest';
import { controlPlane, deployment, onlyIn, policyFor, withSpec } from '../../../test/builders/control-plane.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE, type Profile } from '../../profile/profile.ts';

const web = deployment('web', 2);
const placedIn = (...clusterNames: string[]) => withSpec({ placement: onlyIn(...clusterNames) });

function placed(profile: Profile, seed = 'seed') {
  const plane = controlPlane({ profile, seed });
  const policy = policyFor(web, onlyIn('m1'));
  plane.simulation.runFor(5_000);
  plane.put(web);
  plane.put(policy);
  plane.simulation.runFor(60_000);
  const places = (): string =>
    plane.simulation.world.members
      .filter(({ api }) => api.store.get('apps/deployments', 'default', 'web') !== null)
      .map(({ name }) => name)
      .join(' ');
  /** Everything that was seen, in order, each once. */
  const watched = (ms: number): readonly string[] => {
    const seen = [places()];
    for (let at = 0; at < ms; at += 1) {
      plane.simulation.runFor(1);
      if (places() !== seen.at(-1)) seen.push(places());
    }
    return seen;
  };
  const move = (...clusters: string[]) => plane.change(policy, placedIn(...clusters));
  return { plane, places, watched, move };
}

const SEEDS = ['a', 'b', 'c', 'd', 'e', 'f'];

describe('what a policy moves to another cluster', () => {
  it('is never absent from both', () => {
    for (const seed of SEEDS) {
      const { watched, move } = placed(MUSTER_PROFILE, seed);
      move('m2');
      const seen = watched(10_000);
      expect([seen[0], seen[1], seen.includes('')]).toEqual(['m1', 'm1 m2', false]);
      expect(watched(60_000).at(-1)).toBe('m2');
    }
  });

  it('serves all the time', () => {
    for (const seed of SEEDS) {
      const { plane, move } = placed(MUSTER_PROFILE, seed);
      move('m2');
      for (let at = 0; at < 60_000; at += 50) {
        plane.simulation.runFor(50);
        expect(plane.serving('web')).not.toBe('');
      }
      expect(plane.serving('web')).toBe('m2=2');
    }
  });

  it('may be absent from both by the rules of Karmada', () => {
    const gaps = SEEDS.filter((seed) => {
      const { watched, move } = placed(KARMADA_PROFILE, seed);
      move('m2');
      return watched(10_000).includes('');
    });
    expect(gaps).not.toEqual([]);
  });

  it('changes its mind with the policy', () => {
    const { plane, places, move } = placed(MUSTER_PROFILE);
    move('m2');
    plane.simulation.runFor(50);
    move('m1');
    plane.simulation.runFor(30_000);
    expect(places()).toBe('m1');
  });

  it('stays where its new cluster dies before it has arrived there, until it has another', () => {
    const { plane, places, move } = placed(MUSTER_PROFILE);
    const end = plane.simulation.inject({ fault: 'power-off', cluster: 'm2' });
    move('m2');
    plane.simulation.runFor(300_000);
    expect(places()).toBe('m1');
    end();
    plane.simulation.runFor(120_000);
    expect(places()).toBe('m2');
  });

  it('stays while its new cluster takes nothing, and goes in the end', () => {
    const { plane, places, move } = placed(MUSTER_PROFILE);
    const foreign = { ...web, metadata: { ...web.metadata } };
    const member = plane.simulation.world.members.find(({ name }) => name === 'm2')!;
    member.api.create('apps/deployments', foreign);
    move('m2');
    plane.simulation.runFor(300_000);
    expect(places()).toBe('m1 m2');
    plane.simulation.runFor(360_000);
    expect(places()).toBe('m2');
  });
});
