// Shares by weight are Webster's, by an independent count: one seat after the other, in a plain loop.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../engine/api/cluster.ts';
import { KARMADA_PROFILE } from '../../engine/profile/profile.ts';
import { apportion } from '../../engine/schedule/assign/apportion.ts';
import { pluginsFor } from '../../engine/schedule/default-plugins.ts';
import { schedule } from '../../engine/schedule/schedule.ts';
import { bindingOf } from '../arbitraries/binding.ts';
import { CLUSTER_NAMES, fleetOf } from '../arbitraries/cluster.ts';
import { placementOf, staticWeighted } from '../arbitraries/placement.ts';
import { check } from './check.ts';

interface Voter {
  readonly name: string;
  readonly weight: number;
}

function seatBySeat(seats: number, voters: readonly Voter[], descending: boolean): Record<string, number> {
  const won: Record<string, number> = Object.fromEntries(voters.map(({ name }) => [name, 0]));
  for (let seat = 0; seat < seats; seat += 1) {
    let winner = voters[0]!;
    for (const voter of voters.slice(1)) {
      const [mine, best] = [won[voter.name]!, won[winner.name]!];
      const lead = voter.weight / (2 * mine + 1) - winner.weight / (2 * best + 1);
      const earlier = descending ? voter.name > winner.name : voter.name < winner.name;
      if (lead > 0 || (lead === 0 && (mine < best || (mine === best && earlier)))) winner = voter;
    }
    won[winner.name]! += 1;
  }
  return won;
}

describe('weighted shares', () => {
  it('equal a count of one seat after the other', () => {
    const weight = fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 2_147_483_647 }));
    const drawn = fc.tuple(
      fc.integer({ min: 0, max: 300 }),
      fc.uniqueArray(fc.record({ name: fc.constantFrom(...CLUSTER_NAMES), weight }), {
        selector: ({ name }) => name,
        minLength: 1,
      }),
      fc.boolean(),
    );
    check('seats', drawn, ([seats, voters, descending]) => {
      const ours = apportion(seats, voters, descending ? 'descending' : 'ascending');
      const shares = Object.fromEntries(voters.map(({ name }, at) => [name, ours[at]!]));
      expect(shares).toEqual(seatBySeat(seats, voters, descending));
    });
  });

  it('are what a decision by static weights gives', () => {
    const drawn = fc.tuple(
      bindingOf({ placement: placementOf({ scheduling: staticWeighted }) }),
      fleetOf({ obstacles: false }),
    );
    let decided = 0;
    check('static weights', drawn, ([binding, clusters]) => {
      const decision = schedule(binding, { clusters }, KARMADA_PROFILE, pluginsFor(KARMADA_PROFILE));
      if (!decision.ok) return;
      decided += 1;
      const rules = binding.spec.placement?.replicaScheduling?.weightPreference?.staticWeightList ?? [];
      const matches = (cluster: Cluster, at: number): boolean => {
        const { clusterNames, labelSelector } = rules[at]!.targetCluster;
        if (clusterNames) return clusterNames.includes(cluster.metadata.name);
        return labelSelector === undefined || cluster.metadata.labels?.env === 'prod';
      };
      const candidates = clusters.filter(({ metadata }) => decision.attempts[0]!.scores.has(metadata.name));
      const weights = candidates.map((cluster) => ({
        name: cluster.metadata.name,
        weight: Math.max(0, ...rules.map(({ weight }, at) => (matches(cluster, at) ? weight : 0))),
      }));
      const some = weights.filter(({ weight }) => weight > 0);
      const voters = some.length > 0 ? some : weights.map(({ name }) => ({ name, weight: 1 }));
      // FNV-1a of u1 and u3 is odd, of u2 even: ties go by falling names then.
      const descending = ['u1', 'u3'].includes(binding.spec.resource.uid ?? '');
      const expected = Object.entries(seatBySeat(binding.spec.replicas ?? 0, voters, descending));
      const placed = decision.clusters.map(({ name, replicas }) => [name, replicas]);
      const byNames = (a: readonly unknown[], b: readonly unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);
      expect(placed.sort(byNames)).toEqual(expected.filter(([, count]) => count > 0).sort(byNames));
    });
    expect(decided).toBeGreaterThan(100);
  });
});
