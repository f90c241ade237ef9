// How faithful a simulation was: the same scenario, simulated and live, held against each other. Placements at the end and before
// every event, the order in which things happened, and how long it took until workloads served, until a fault was noticed and
// until it was overcome.
import { byText, type Millis } from '../../engine/index.ts';
import {
  isWhole,
  type Moment,
  placementText,
  type RecordedEvent,
  type Recording,
  type Service,
  samePlacement,
  valueAt,
} from './recording.ts';

export interface PlacementFinding {
  /** Of the event before which it was looked, or of the end. */
  readonly at: Millis;
  readonly moment: string;
  readonly workload: string;
  readonly simulated: string;
  readonly live: string;
  readonly isSame: boolean;
}

/** Null where it did not come to that. */
export interface Duration {
  readonly what: string;
  readonly simulatedMs: Millis | null;
  readonly liveMs: Millis | null;
}

export interface Fidelity {
  readonly placements: readonly PlacementFinding[];
  /** Of all placements that were compared. */
  readonly samePlacements: number;
  readonly durations: readonly Duration[];
  /** Of what happened in either, what happened in both in the same order. */
  readonly sameOrder: number;
  readonly order: { readonly simulated: readonly string[]; readonly live: readonly string[] };
}

export function compareRecordings(simulated: Recording, live: Recording): Fidelity {
  const placements = placementFindings(simulated, live);
  const order = { simulated: happenings(simulated), live: happenings(live) };
  const all = Math.max(order.simulated.length, order.live.length);
  return {
    placements,
    samePlacements: ratio(placements.filter(({ isSame }) => isSame).length, placements.length),
    durations: durationsOf(simulated, live),
    sameOrder: ratio(longestCommon(order.simulated, order.live), all),
    order,
  };
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

function placementFindings(simulated: Recording, live: Recording): readonly PlacementFinding[] {
  const workloads = namesIn(simulated.placements, live.placements);
  const moments = [
    ...simulated.events.map((event, at) => ({ name: `before ${nameOf(event)}`, at })),
    { name: 'at the end', at: null },
  ];
  return moments.flatMap(({ name, at }) => {
    const [simulatedAt, liveAt] = [momentOf(simulated, at), momentOf(live, at)];
    if (simulatedAt === null || liveAt === null) return [];
    return workloads.flatMap((workload): PlacementFinding[] => {
      const a = valueAt(simulated.placements.get(workload), simulatedAt);
      const b = valueAt(live.placements.get(workload), liveAt);
      if (a === undefined && b === undefined) return [];
      const isSame = a !== undefined && b !== undefined && samePlacement(a, b);
      return [
        {
          at: simulatedAt,
          moment: name,
          workload,
          simulated: placementText(a),
          live: placementText(b),
          isSame,
        },
      ];
    });
  });
}

/** Just before the n-th event, or the end. */
const momentOf = ({ events, endedAt }: Recording, at: number | null): Millis | null => {
  if (at === null) return endedAt;
  const event = events[at];
  return event === undefined ? null : event.at - 1;
};

const nameOf = ({ id, text }: RecordedEvent): string => id ?? text;

function durationsOf(simulated: Recording, live: Recording): readonly Duration[] {
  const workloads = namesIn(simulated.services, live.services);
  const durations: Duration[] = workloads.map((workload) => ({
    what: `${shortName(workload)} serves for the first time`,
    simulatedMs: firstWhole(simulated.services.get(workload)),
    liveMs: firstWhole(live.services.get(workload)),
  }));
  for (const [at, event] of simulated.events.entries()) {
    if (live.events[at] === undefined) continue;
    for (const cluster of namesIn(simulated.readiness, live.readiness)) {
      const [a, b] = [noticed(simulated, cluster, at), noticed(live, cluster, at)];
      const change = a ?? b;
      if (change === null) continue;
      const what = `${nameOf(event)}: the hub finds ${cluster} ${change.isReady ? 'ready' : 'gone'}`;
      durations.push({ what, simulatedMs: a?.afterMs ?? null, liveMs: b?.afterMs ?? null });
    }
    for (const workload of workloads) {
      const [a, b] = [shortage(simulated, workload, at), shortage(live, workload, at)];
      if (a === null && b === null) continue;
      const what = `${nameOf(event)}: ${shortName(workload)} serves with all again`;
      durations.push({ what, simulatedMs: a === null ? 0 : a.overAfterMs, liveMs: b === null ? 0 : b.overAfterMs });
    }
  }
  return durations;
}

const namesIn = (...maps: readonly ReadonlyMap<string, unknown>[]): readonly string[] =>
  [...new Set(maps.flatMap((map) => [...map.keys()]))].sort(byText);

const shortName = (workload: string): string => workload.split('/').slice(2).join('/');

const firstWhole = (service: readonly Moment<Service>[] | undefined): Millis | null =>
  service?.find(({ value }) => isWhole(value))?.at ?? null;

/** Of the n-th event: when it happened, and when the next did. */
function spanOf({ events, endedAt }: Recording, at: number): { readonly from: Millis; readonly until: Millis } {
  return { from: events[at]!.at, until: events[at + 1]?.at ?? endedAt + 1 };
}

/** What the hub thinks anew of a cluster after the n-th event, if the event before it did not bring it about. */
function noticed(
  recording: Recording,
  cluster: string,
  at: number,
): { readonly afterMs: Millis; readonly isReady: boolean } | null {
  const { from, until } = spanOf(recording, at);
  const change = recording.readiness
    .get(cluster)
    ?.slice(1)
    .find((moment) => moment.at >= from && moment.at < until);
  return change === undefined ? null : { afterMs: change.at - from, isReady: change.value };
}

/** That began after the n-th event and before the next, however long it took. */
function shortage(recording: Recording, workload: string, at: number): { readonly overAfterMs: Millis | null } | null {
  const { from, until } = spanOf(recording, at);
  const series = recording.services.get(workload) ?? [];
  const before = valueAt(series, from - 1);
  if (before === undefined || !isWhole(before)) return null;
  const begun = series.findIndex((moment) => moment.at >= from && moment.at < until && !isWhole(moment.value));
  if (begun === -1) return null;
  const end = series.slice(begun).find((moment) => isWhole(moment.value) && staysWhole(series, moment.at));
  return { overAfterMs: end === undefined ? null : end.at - from };
}

/** While something is rolled out, pods come and go: what is short again at once was not whole yet. */
const STEADY_MS = 3_000;

const staysWhole = (series: readonly Moment<Service>[], at: Millis): boolean =>
  !series.some((moment) => moment.at > at && moment.at <= at + STEADY_MS && !isWhole(moment.value));

/** What happened, one after the other; at one moment by name, so that only what has an order is compared by it. */
function happenings({ placements, services, readiness, events }: Recording): readonly string[] {
  const all: { readonly at: Millis; readonly text: string }[] = events.map((event) => ({
    at: event.at,
    text: nameOf(event),
  }));
  for (const [cluster, series] of readiness) {
    for (const { at, value } of series.slice(1))
      all.push({ at, text: `the hub finds ${cluster} ${value ? 'ready' : 'gone'}` });
  }
  for (const [workload, series] of placements) {
    // Nobody is told of what has no place yet.
    for (const { at, value } of series.slice(series[0]?.value.size === 0 ? 1 : 0)) {
      all.push({ at, text: `${shortName(workload)} goes to ${placementText(value)}` });
    }
  }
  for (const [workload, series] of services) {
    let wasWhole = false;
    for (const { at, value } of series) {
      if (isWhole(value) === wasWhole || (isWhole(value) && !staysWhole(series, at))) continue;
      wasWhole = !wasWhole;
      all.push({ at, text: `${shortName(workload)} ${wasWhole ? 'serves' : 'is short'}` });
    }
  }
  return all.sort((a, b) => a.at - b.at || byText(a.text, b.text)).map(({ text }) => text);
}

function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const one of a) {
    const next = [0];
    for (const [at, other] of b.entries()) {
      next.push(one === other ? row[at]! + 1 : Math.max(row[at + 1]!, next[at]!));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
