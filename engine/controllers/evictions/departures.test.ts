// What is unwell wherever it is put goes round ever more slowly, and what is well again begins anew.
import { describe, expect, it } from 'vitest';
import { dynamic } from '../../../test/builders/binding.ts';
import { controlPlane, deployment, type Fixture, policyFor, started } from '../../../test/builders/control-plane.ts';
import { KARMADA_PROFILE } from '../../profile/profile.ts';

const HOUR = 3_600_000;

const web = deployment('web', 2);
const policy = policyFor(
  web,
  { replicaScheduling: dynamic, spreadConstraints: [{ spreadByField: 'cluster', minGroups: 1, maxGroups: 1 }] },
  {
    propagateDeps: true,
    failover: { application: { decisionConditions: { tolerationSeconds: 60 }, gracePeriodSeconds: 120 } },
  },
);

const isBroken = { match: { name: 'web' }, behavior: { isBroken: true } };

function brokenEverywhere(plane: Fixture): readonly (() => void)[] {
  return ['m1', 'm2', 'm3'].map((cluster) => plane.simulation.inject({ fault: 'behavior', cluster, rule: isBroken }));
}

/** Clusters that it was put into, one after the other. */
function homesOf(plane: Fixture): readonly string[] {
  const homes: string[] = [];
  plane.simulation.onChange(({ collection, object }) => {
    if (collection !== 'work.karmada.io/resourcebindings' || object.metadata.name !== 'web-deployment') return;
    const home = plane.places('web');
    if (home !== '' && home !== homes.at(-1)) homes.push(home);
  });
  return homes;
}

const note = (plane: Fixture) =>
  plane.binding('web-deployment')?.metadata.annotations?.['failover.muster.dev/departures'];

describe('an application that is unwell everywhere', () => {
  it('tries every cluster, and then goes round ever more slowly, whoever restarts', () => {
    const plane = controlPlane();
    const homes = homesOf(plane);
    brokenEverywhere(plane);
    started(plane, web, policy);
    plane.simulation.runFor(HOUR);
    expect(new Set(homes.slice(0, 3)).size).toBe(3);
    const inTheFirstHour = homes.length;
    for (let hour = 0; hour < 11; hour += 1) {
      for (const { name } of plane.simulation.processes) plane.simulation.inject({ fault: 'restart', name });
      plane.simulation.runFor(HOUR);
    }
    expect(homes.length - inTheFirstHour).toBeLessThan(inTheFirstHour);
  });

  it('is not held back when it was well in between', () => {
    const plane = controlPlane();
    const heals = brokenEverywhere(plane);
    started(plane, web, policy);
    plane.simulation.runFor(HOUR);
    expect(note(plane)).toBeDefined();
    for (const heal of heals) heal();
    plane.simulation.runFor(HOUR);
    expect([plane.serving('web').endsWith('=2'), note(plane)]).toEqual([true, undefined]);
  });

  it('goes round as ever in Karmada, and nothing is noted', () => {
    const gates = { ...KARMADA_PROFILE.gates, Failover: true };
    const plane = controlPlane({ profile: { ...KARMADA_PROFILE, gates } });
    const homes = homesOf(plane);
    brokenEverywhere(plane);
    started(plane, web, policy);
    plane.simulation.runFor(2 * HOUR);
    expect([homes.length > 20, note(plane)]).toEqual([true, undefined]);
  });
});
