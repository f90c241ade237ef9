// A decision without its story: what everything but explanations needs of it.
import type { TargetCluster } from '../../api/binding.ts';
import type { Failure } from '../decision.ts';
import { type Targets, toTargetClusters } from './targets.ts';

export type Verdict = Placed | PlacedPlainly | Refused;

/** A group of clusters that was tried before the one that answers, or before nothing did, and why it did not. */
export interface PassedOver {
  readonly affinity: string;
  readonly message: string;
}

export interface Refused extends Failure {
  readonly ok: false;
  readonly passedOver?: readonly PassedOver[];
}

/** An answer of the readable path, which may carry more than replicas. */
export interface PlacedPlainly {
  readonly ok: true;
  readonly affinity: string | null;
  readonly clusters: readonly TargetCluster[];
  readonly passedOver?: readonly PassedOver[];
}

const NONE: readonly PassedOver[] = [];

export class Placed {
  readonly ok = true;
  readonly affinity: string | null;
  readonly targets: Targets;
  readonly passedOver: readonly PassedOver[];
  readonly #names: readonly string[];

  constructor(
    targets: Targets,
    names: readonly string[],
    affinity: string | null,
    passedOver: readonly PassedOver[] = NONE,
  ) {
    this.targets = targets;
    this.#names = names;
    this.affinity = affinity;
    this.passedOver = passedOver;
  }

  /** The targets by name. */
  get clusters(): readonly TargetCluster[] {
    return toTargetClusters(this.targets, this.#names);
  }
}
