// How many requests each kind of object cost, by verb, in the hub and in the member clusters: those that were carried out. What
// clusters are asked about themselves is of no kind, and counted as such.
import { byText, HUB, type Simulation } from '../../engine/index.ts';
import type { CallFigures } from './names.ts';

type Side = 'hub' | 'members';

const QUESTIONS = 'questions';

export class CallCounts {
  readonly #counts = { hub: new Map<string, Map<string, number>>(), members: new Map<string, Map<string, number>>() };

  constructor(calls: Simulation['calls']) {
    calls.onArrival(({ verb, collection, to }, moment) => {
      if (moment === 'after') this.#count(to === HUB ? 'hub' : 'members', collection ?? QUESTIONS, verb);
      return false;
    });
  }

  /** Of one kind; of one verb or of all, on one side or on both. */
  of(collection: string, verb: string | null, side: Side | null): number {
    let sum = 0;
    for (const one of side === null ? (['hub', 'members'] as const) : [side]) {
      for (const [name, count] of this.#counts[one].get(collection) ?? []) {
        if (verb === null || name === verb) sum += count;
      }
    }
    return sum;
  }

  figures(): { readonly hub: CallFigures; readonly members: CallFigures } {
    return { hub: plain(this.#counts.hub), members: plain(this.#counts.members) };
  }

  #count(side: Side, collection: string, verb: string): void {
    let verbs = this.#counts[side].get(collection);
    if (verbs === undefined) {
      verbs = new Map();
      this.#counts[side].set(collection, verbs);
    }
    verbs.set(verb, (verbs.get(verb) ?? 0) + 1);
  }
}

const sorted = <Value>(map: ReadonlyMap<string, Value>): [string, Value][] => [...map].sort(([a], [b]) => byText(a, b));

const plain = (counts: ReadonlyMap<string, ReadonlyMap<string, number>>): CallFigures =>
  Object.fromEntries(sorted(counts).map(([collection, verbs]) => [collection, Object.fromEntries(sorted(verbs))]));
