// The smallest changes that would let a refused decision succeed, each proven by deciding again.
//
// The search goes through situations by the number of changes that lead to them, so the first that are decided are the
// smallest; all of that size are told. What to try, and in which order, is a list of functions, one for each kind.
import type { TargetCluster } from '../api/binding.ts';
import { byName, byText } from '../base/order.ts';
import type { Refusal } from './decision.ts';
import { admitClusters } from './relax/admit-cluster.ts';
import { avoidUnsupportedSpread, lowerMinGroups, raiseMaxGroups } from './relax/loosen-spread.ts';
import { addRoom, chooseDivision, lowerReplicas, saturateEstimates } from './relax/make-room.ts';
import { type Change, decide, type Probe, type Relaxation, type Situation } from './relax/situation.ts';

/** What is easiest to do comes first. */
const RELAXATIONS: readonly Relaxation[] = [
  chooseDivision,
  saturateEstimates,
  raiseMaxGroups,
  lowerMinGroups,
  avoidUnsupportedSpread,
  admitClusters,
  addRoom,
  lowerReplicas,
];

export interface Remedy {
  readonly changes: readonly Change[];
  /** Where the workload would go then, by name. */
  readonly clusters: readonly TargetCluster[];
}

export interface RelaxLimits {
  readonly changesMax: number;
  readonly remediesMax: number;
  /** Decisions that may be taken on the way; what has been found by then stands. */
  readonly decisionsMax: number;
}

/** A decision over a large fleet takes longer, and a person waits for the answer. */
export const relaxLimits = (clusters: number): RelaxLimits => ({
  changesMax: 4,
  remediesMax: 8,
  decisionsMax: Math.max(250, Math.min(2000, Math.floor(200_000 / Math.max(clusters, 1)))),
});

/** Empty where the decision succeeds as it is, and where nothing that was tried helps. */
export function relax(
  situation: Situation,
  limits: RelaxLimits = relaxLimits(situation.fleet.clusters.length),
): readonly Remedy[] {
  return new Search(limits).run(situation);
}

interface Node {
  readonly situation: Situation;
  readonly changes: readonly Change[];
}

class Search {
  readonly #limits: RelaxLimits;
  readonly #seen = new Set<string>();
  /** Situations by the number of changes that lead to them. */
  readonly #waiting: Node[][];
  #decisions = 0;

  constructor(limits: RelaxLimits) {
    this.#limits = limits;
    this.#waiting = Array.from({ length: limits.changesMax + 1 }, () => []);
  }

  run(start: Situation): readonly Remedy[] {
    const decision = decide(start);
    if (decision.ok) return [];
    this.#expand({ situation: start, changes: [] }, decision);
    for (let size = 1; size <= this.#limits.changesMax; size += 1) {
      const remedies = this.#tryAll(size);
      if (remedies.length > 0) return remedies;
    }
    return [];
  }

  #tryAll(size: number): readonly Remedy[] {
    const remedies: Remedy[] = [];
    const refused: { node: Node; refusal: Refusal }[] = [];
    for (const node of this.#waiting[size]!) {
      // Single changes were mostly tried when they were found: they are always looked at.
      if (size > 1 && this.#isSpent()) break;
      this.#decisions += 1;
      const decision = decide(node.situation);
      if (!decision.ok) refused.push({ node, refusal: decision });
      else remedies.push({ changes: node.changes, clusters: [...decision.clusters].sort(byName) });
    }
    if (remedies.length === 0) for (const { node, refusal } of refused) this.#expand(node, refusal);
    return gentlest(remedies).slice(0, this.#limits.remediesMax);
  }

  #expand({ situation, changes }: Node, refusal: Refusal): void {
    const probe: Probe = (tried) => {
      this.#decisions += 1;
      return decide(tried).ok;
    };
    for (const relaxation of RELAXATIONS) {
      if (this.#isSpent()) return;
      for (const relaxed of relaxation(situation, refusal, probe)) {
        const all = [...changes, ...relaxed.changes];
        if (all.length <= this.#limits.changesMax) this.#offer({ situation: relaxed.situation, changes: all });
      }
    }
  }

  /** The same changes in another order are the same. */
  #offer(node: Node): void {
    const key = node.changes
      .map(({ what }) => what)
      .sort(byText)
      .join('\n');
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#waiting[node.changes.length]!.push(node);
  }

  #isSpent(): boolean {
    return this.#decisions >= this.#limits.decisionsMax;
  }
}

/** Of remedies that differ in their numbers only, the one that changes them least. */
function gentlest(remedies: readonly Remedy[]): Remedy[] {
  const best = new Map<string, Remedy>();
  for (const remedy of remedies) {
    const key = remedy.changes
      .map(({ what, number }) => number?.name ?? what)
      .sort(byText)
      .join('\n');
    const known = best.get(key);
    if (known === undefined || distance(remedy) < distance(known)) best.set(key, remedy);
  }
  return [...best.values()];
}

const distance = ({ changes }: Remedy): number => changes.reduce((sum, { number }) => sum + (number?.by ?? 0), 0);
