// A cluster that passed the filters, with what the selection weighs, and the order in which candidates stand.
import type { Cluster } from '../../api/cluster.ts';
import { byKey, byNumber, byText, type Comparator, inOrder, reversed } from '../../base/order.ts';

export interface Candidate {
  readonly name: string;
  readonly cluster: Cluster;
  /** 0 for the affinity itself, then one for each overflow tier. */
  readonly tier: number;
  readonly score: number;
  /** Room for replicas beside what the workload already runs there. */
  readonly room: number;
  /** Room and what already runs there together. */
  readonly available: number;
}

export const candidateOrder: Comparator<Candidate> = inOrder(
  byKey((candidate: Candidate) => candidate.tier, byNumber),
  reversed(byKey((candidate: Candidate) => candidate.score, byNumber)),
  reversed(byKey((candidate: Candidate) => candidate.available, byNumber)),
  byKey((candidate: Candidate) => candidate.name, byText),
);
