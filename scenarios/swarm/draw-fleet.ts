// A small random fleet: few clusters, so that faults meet, in few regions and zones, with little room to spare.
import type { Random } from '../../engine/index.ts';
import type { SwarmHabits } from './habits.ts';

const CLUSTERS_MAX = 6;

/** As `spec.fleet.clusters` of a scenario, one entry a cluster, so that each can be left out by itself. */
export function drawFleet(random: Random, habits: SwarmHabits): readonly Record<string, unknown>[] {
  const regions = ['eu', 'us', 'ap'].slice(0, random.integer(1, 3));
  return Array.from({ length: random.integer(2, CLUSTERS_MAX) }, (_, at) => {
    const region = regions[at % regions.length]!;
    return {
      name: `m${at + 1}`,
      region,
      zone: `${region}-${random.pick(['a', 'b'])}`,
      provider: random.pick(['aws', 'gcp']),
      ...(random.chance(1, 3) && { labels: { tier: 'gold' } }),
      ...(habits.pull && random.chance(1, 3) && { mode: 'Pull' }),
      nodes: { count: random.integer(1, 3), cpu: String(random.integer(2, 8)), memory: '32Gi', pods: '50' },
    };
  });
}

/** As the members name them. */
export const nodesOf = (fleet: readonly Record<string, unknown>[]): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    fleet.map(({ name, nodes }) => {
      const { count } = nodes as { readonly count: number };
      return [String(name), Array.from({ length: count }, (_, at) => `node-${at}`)];
    }),
  );

export const namesOf = (fleet: readonly Record<string, unknown>[]): readonly string[] =>
  fleet.map(({ name }) => String(name));
