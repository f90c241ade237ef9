// What the search decides about: single clusters on small fleets, on large ones all clusters that share every group.
import { byText } from '../../../base/order.ts';
import type { Candidate } from '../candidate.ts';
import type { TopologyConstraint } from './constraints.ts';

export interface Unit {
  /** In candidate order. */
  readonly members: readonly Candidate[];
  /** Numbers of the groups it belongs to, by constraint. */
  readonly groups: readonly (readonly number[])[];
  readonly score: number;
  readonly tier: number;
  readonly available: number;
}

/** Up to here each cluster is decided about on its own, so that the answer is exact. */
export const SINGLE_CLUSTERS_MAX = 64;
/** More kinds of clusters than this are thinned out, the best of each group first. */
const UNITS_MAX = 96;

export interface Numbering {
  readonly units: readonly Unit[];
  /** How many groups each constraint has among the candidates. */
  readonly groupTotals: readonly number[];
}

export function makeUnits(candidates: readonly Candidate[], constraints: readonly TopologyConstraint[]): Numbering {
  const numbers = constraints.map(() => new Map<string, number>());
  const groupsOf = ({ cluster }: Candidate): number[][] =>
    constraints.map((constraint, at) => constraint.groupsOf(cluster).map((group) => numberOf(numbers[at]!, group)));
  const numbered = candidates.map((candidate) => ({ candidate, groups: groupsOf(candidate) }));
  const groupTotals = numbers.map((each) => each.size);
  if (candidates.length <= SINGLE_CLUSTERS_MAX) {
    return { units: numbered.map(({ candidate, groups }) => toUnit([candidate], groups)), groupTotals };
  }
  const cells = new Map<string, { members: Candidate[]; groups: number[][] }>();
  for (const { candidate, groups } of numbered) {
    const shared = constraints.map(({ field }, at) => (field === 'cluster' ? '' : [...groups[at]!].sort().join(',')));
    const key = shared.join(';');
    const cell = cells.get(key);
    if (cell === undefined) cells.set(key, { members: [candidate], groups });
    else cell.members.push(candidate);
  }
  const units = [...cells.values()].map(({ members, groups }) => toUnit(members, groups));
  return { units: thinned(units), groupTotals };
}

function numberOf(numbers: Map<string, number>, group: string): number {
  let number = numbers.get(group);
  if (number === undefined) {
    number = numbers.size;
    numbers.set(group, number);
  }
  return number;
}

const toUnit = (members: readonly Candidate[], groups: readonly (readonly number[])[]): Unit => ({
  members,
  groups,
  score: members.reduce((sum, { score }) => sum + score, 0),
  tier: members.reduce((sum, { tier }) => sum + tier, 0),
  available: members.reduce((sum, { available }) => sum + available, 0),
});

const byWorth = (a: Unit, b: Unit): number =>
  b.score - a.score || b.available - a.available || byText(a.members[0]!.name, b.members[0]!.name);

/** The best unit of every group, then the best of all, until there are as many as the search can weigh. */
function thinned(units: readonly Unit[]): Unit[] {
  const ranked = [...units].sort(byWorth);
  if (ranked.length <= UNITS_MAX) return ranked;
  const kept = new Set<Unit>();
  const seen = new Set<string>();
  for (const unit of ranked) {
    const fresh = unit.groups
      .flatMap((groups, at) => groups.map((group) => `${at}:${group}`))
      .filter((key) => !seen.has(key));
    if (fresh.length === 0 || kept.size >= UNITS_MAX) continue;
    for (const key of fresh) seen.add(key);
    kept.add(unit);
  }
  for (const unit of ranked) if (kept.size < UNITS_MAX) kept.add(unit);
  return ranked.filter((unit) => kept.has(unit));
}
