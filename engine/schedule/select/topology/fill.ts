// From chosen units to clusters: one of each unit, then the best of the rest, exchanged while they lack room.
import type { Candidate } from '../candidate.ts';
import { candidateOrder } from '../candidate.ts';
import type { Unit } from './units.ts';

export interface Filled {
  readonly clusters: readonly Candidate[];
  readonly available: number;
}

interface Place {
  candidate: Candidate;
  readonly unit: Unit;
  /** The only cluster of its unit: it may only give way to another of the same. */
  readonly alone: boolean;
}

export function fillUnits(units: readonly Unit[], clustersMax: number, wanted: number | null): Filled {
  const places: Place[] = units.map((unit) => ({ candidate: unit.members[0]!, unit, alone: true }));
  const rest = units
    .flatMap((unit) => unit.members.slice(1).map((candidate) => ({ candidate, unit, alone: false })))
    .sort((a, b) => candidateOrder(a.candidate, b.candidate));
  places.push(...rest.slice(0, Math.max(0, clustersMax - places.length)));
  let available = places.reduce((sum, { candidate }) => sum + candidate.available, 0);
  if (wanted !== null && available < wanted) available = exchange(places, rest, available, wanted);
  const clusters = places.map(({ candidate }) => candidate).sort(candidateOrder);
  return { clusters, available };
}

/** From the last place to the first, each takes the roomiest cluster left outside that it may. */
function exchange(places: Place[], rest: readonly Place[], before: number, wanted: number): number {
  const inside = new Set(places.map(({ candidate }) => candidate));
  const outside = rest.filter(({ candidate }) => !inside.has(candidate));
  let available = before;
  for (let at = places.length - 1; at >= 0 && available < wanted; at -= 1) {
    const place = places[at]!;
    let best: Place | null = null;
    for (const other of outside) {
      if (place.alone && other.unit !== place.unit) continue;
      if (other.candidate.available > (best ?? place).candidate.available) best = other;
    }
    if (best === null) continue;
    available += best.candidate.available - place.candidate.available;
    [place.candidate, best.candidate] = [best.candidate, place.candidate];
  }
  return available;
}
