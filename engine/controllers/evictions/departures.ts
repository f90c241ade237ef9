// How often an application has left a cluster for being unwell there: noted on its binding until it is well wherever it is, so that it
// does not come and go for ever, whoever restarts meanwhile.
import type { ResourceBinding } from '../../api/binding.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import type { View } from '../../control/controller.ts';
import { isObject, type JsonObject } from '../../kube/json.ts';
import { jsonAnnotation } from '../annotations.ts';

/** Times by cluster; none where it never left any. */
export type Departures = Readonly<Record<string, number>>;

export const NO_DEPARTURES: Departures = {};

const ANNOTATION = 'failover.muster.dev/departures';

const DOUBLINGS_MAX = 10;

export const isAny = (departures: Departures): boolean => Object.keys(departures).length > 0;

export function departuresOf({ metadata }: ResourceBinding): Departures {
  const stored = jsonAnnotation(metadata, ANNOTATION);
  if (!isObject(stored)) return NO_DEPARTURES;
  const isCount = (entry: [string, unknown]): entry is [string, number] => Number.isSafeInteger(entry[1]);
  return Object.fromEntries(Object.entries(stored).filter(isCount));
}

/** With one more of each of these clusters, and without those that have left the fleet. */
export function withMore(departures: Departures, leaving: readonly string[], view: View): Departures {
  const known = [...new Set([...Object.keys(departures), ...leaving])];
  const present = known.filter((name) => view.get(COLLECTIONS.clusters, '', name) !== null);
  return Object.fromEntries(present.map((name) => [name, (departures[name] ?? 0) + (leaving.includes(name) ? 1 : 0)]));
}

/** As annotations to be merged; none takes the note away. */
export const noteOf = (departures: Departures): JsonObject => ({
  [ANNOTATION]: isAny(departures) ? JSON.stringify(departures) : null,
});

/**
 * What came back for want of another place is given twice as long each time, and the longer the more often anything came back: with
 * several places, none of them good, it would go round.
 */
export function doublingsFor(name: string, departures: Departures): number {
  const returns = Object.values(departures).reduce((sum, times) => sum + Math.max(0, times - 1), 0);
  return Math.min((departures[name] ?? 0) + returns, DOUBLINGS_MAX);
}
