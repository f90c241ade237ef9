// A decision without its story: what everything but explanations needs of it.
import type { TargetCluster } from '../../api/binding.ts';
import type { Failure } from '../decision.ts';
import { type Targets, toTargetClusters } from './targets.ts';

export type Verdict = Placed | PlacedPlainly | Refused;

export interface Refused extends Failure {
  readonly ok: false;
}

/** An answer of the readable path, which may carry more than replicas. */
export interface PlacedPlainly {
  readonly ok: true;
  readonly affinity: string | null;
  readonly clusters: readonly TargetCluster[];
}

export class Placed {
  readonly ok = true;
  readonly affinity: string | null;
  readonly targets: Targets;
  readonly #names: readonly string[];

  constructor(targets: Targets, names: readonly string[], affinity: string | null) {
    this.targets = targets;
    this.#names = names;
    this.affinity = affinity;
  }

  /** The targets by name. */
  get clusters(): readonly TargetCluster[] {
    return toTargetClusters(this.targets, this.#names);
  }
}
