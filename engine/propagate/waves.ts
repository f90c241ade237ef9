// Which clusters are in which wave of a rollout: each in the first that wants it, the rest in one more at the end.
import type { Cluster } from '../api/cluster.ts';
import { compileAffinity } from '../api/cluster-affinity.ts';
import type { RolloutWave } from '../api/staged-rollout.ts';
import { byKey, byText } from '../base/order.ts';

export interface PlannedWave {
  readonly wave: RolloutWave;
  readonly clusters: readonly string[];
}

const LAST: RolloutWave = { name: 'rest' };

export function planWaves(waves: readonly RolloutWave[], clusters: readonly Cluster[]): readonly PlannedWave[] {
  let left = [...clusters].sort(byKey(({ metadata }) => metadata.name, byText));
  const planned: PlannedWave[] = [];
  for (const wave of waves) {
    const mismatch = compileAffinity(wave.clusters ?? {});
    const matching = left.filter((cluster) => mismatch(cluster) === null);
    const taken = new Set(matching.slice(0, roomOf(wave, matching.length)));
    left = left.filter((cluster) => !taken.has(cluster));
    planned.push({ wave, clusters: [...taken].map(({ metadata }) => metadata.name) });
  }
  if (left.length === 0 && planned.length > 0) return planned;
  return [...planned, { wave: LAST, clusters: left.map(({ metadata }) => metadata.name) }];
}

function roomOf({ maxClusters, maxPercent }: RolloutWave, matching: number): number {
  const share = maxPercent === undefined ? matching : Math.ceil((matching * maxPercent) / 100);
  return Math.min(maxClusters ?? matching, share);
}
