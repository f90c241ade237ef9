// How good decisions are, beside how fast: so that algorithms and score expressions can be compared.
import type { BindingInput, Cluster, TargetCluster } from '../../engine/index.ts';

export interface Quality {
  /** 1 where every cluster carries the same share of its CPU, 0 where one carries everything (1 less Gini's coefficient). */
  readonly balance: number;
  /** Groups used beyond the least that region constraints ask for, on average; null without such constraints. */
  readonly constraintSlack: number | null;
  /** Share of the replicas of previous decisions that left their cluster; null where nothing ran before. */
  readonly movedReplicas: number | null;
  readonly unschedulableShare: number;
}

export class QualityMeter {
  readonly #clusters: ReadonlyMap<string, { readonly cpu: number; readonly region: string }>;
  readonly #load = new Map<string, number>();
  #decided = 0;
  #refused = 0;
  #ran = 0;
  #moved = 0;
  #slack = 0;
  #spreads = 0;

  constructor(clusters: readonly Cluster[]) {
    this.#clusters = new Map(
      clusters.map(({ metadata, spec, status }) => [
        metadata.name,
        { cpu: Number(status?.resourceSummary?.allocatable?.cpu ?? 0) || 0, region: spec.region ?? '' },
      ]),
    );
  }

  /** `targets` is null where the binding could not be scheduled. */
  add({ spec }: BindingInput, targets: readonly TargetCluster[] | null): void {
    this.#decided += 1;
    if (targets === null) {
      this.#refused += 1;
      return;
    }
    const request = cores(spec.replicaRequirements?.resourceRequest?.cpu);
    const next = new Map(targets.map(({ name, replicas }) => [name, replicas ?? 0]));
    for (const [name, replicas] of next) this.#load.set(name, (this.#load.get(name) ?? 0) + replicas * request);
    for (const { name, replicas = 0 } of spec.clusters ?? []) {
      this.#ran += replicas;
      this.#moved += Math.max(0, replicas - (next.get(name) ?? 0));
    }
    const region = spec.placement?.spreadConstraints?.find(({ spreadByField }) => spreadByField === 'region');
    if (region !== undefined) {
      const used = new Set(targets.map(({ name }) => this.#clusters.get(name)?.region));
      this.#spreads += 1;
      this.#slack += used.size - (region.minGroups ?? 0);
    }
  }

  result(): Quality {
    return {
      balance: this.#balance(),
      constraintSlack: this.#spreads === 0 ? null : this.#slack / this.#spreads,
      movedReplicas: this.#ran === 0 ? null : this.#moved / this.#ran,
      unschedulableShare: this.#decided === 0 ? 0 : this.#refused / this.#decided,
    };
  }

  #balance(): number {
    const shares = [...this.#clusters]
      .filter(([, { cpu }]) => cpu > 0)
      .map(([name, { cpu }]) => (this.#load.get(name) ?? 0) / cpu)
      .sort((a, b) => a - b);
    const total = shares.reduce((sum, share) => sum + share, 0);
    if (total === 0) return 1;
    const ranked = shares.reduce((sum, share, at) => sum + (2 * (at + 1) - shares.length - 1) * share, 0);
    return 1 - ranked / (shares.length * total);
  }
}

function cores(text: string | number | undefined): number {
  if (text === undefined) return 0;
  const written = String(text);
  return written.endsWith('m') ? Number(written.slice(0, -1)) / 1000 : Number(written) || 0;
}
