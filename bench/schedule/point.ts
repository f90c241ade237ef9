// One point of a sweep: a fleet size, a workload, and the profiles that race on it.
import { loadStatistics } from '../statistics.ts';
import { loadContestant } from './contestant.ts';
import { type Figures, toFigures } from './figures.ts';
import { generatedInput } from './input.ts';
import { karmadaFigure } from './karmada-figures.ts';
import { race } from './race.ts';
import type { Workload } from './workload.ts';

export interface SweepPoint {
  readonly clusters: number;
  readonly bindings: number;
  readonly workload: Workload;
  readonly churn: boolean;
  /** Names or files. */
  readonly profiles: readonly string[];
  readonly repeat: number;
  readonly seed: number;
}

export async function measurePoint(point: SweepPoint): Promise<Figures[]> {
  const { clusters, bindings, workload, churn, repeat, seed } = point;
  const input = generatedInput({ clusters, bindings, workload, seed });
  const contestants = await Promise.all(point.profiles.map(loadContestant));
  const signal = new AbortController().signal;
  const samples = await race(input, contestants, { repeat, churn, seed, signal, onProgress: () => {} });
  const statistics = await loadStatistics();
  const karmada = seed === 1 ? karmadaFigure(workload, clusters) : undefined;
  const context = { label: input.label, clusters, bindings, workload, seed, churn, karmada };
  return samples.map((each) => toFigures(each, context, statistics));
}
