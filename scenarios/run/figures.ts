// What a run was worth in figures, summed up while it goes: how much of what was wanted served, for how long it did not, and what
// that cost in moves. A workload counts from when all of it served for the first time, since its first rollout is no outage, but at
// the latest five minutes after it was wanted.
import { byText, formatKey, type Millis, type ObjectKey } from '../../engine/index.ts';
import type { WorkloadFacts } from '../expect/facts.ts';

export const FIGURES = {
  availability: 'replicas that served, as a share of those wanted, over the time',
  lostReplicaSeconds: 'seconds, summed over replicas, that were wanted and not served',
  downSeconds: 'seconds in which a workload did not serve at all',
  longestShortageSeconds: 'the longest time in which a workload had fewer replicas than wanted, after it lost some',
  moves: 'replicas that were sent from one cluster to another',
} as const;

export type FigureName = keyof typeof FIGURES;
export type Figures = Readonly<Record<FigureName, number>>;

/** Of all workloads together, and of each by its name. */
export interface RunFigures {
  readonly all: Figures;
  readonly workloads: Readonly<Record<string, Figures>>;
}

interface Sums {
  wantedFrom: Millis | null;
  /** Up to when it has been counted. Null before it counts. */
  since: Millis | null;
  desired: number;
  serving: number;
  wantedMs: number;
  servedMs: number;
  downMs: Millis;
  shortSince: Millis | null;
  longestMs: Millis;
  moves: number;
}

const SECOND_MS = 1_000;
const GRACE_MS: Millis = 300_000;

export class FigureKeeper {
  readonly #now: () => Millis;
  readonly #workload: (key: ObjectKey) => WorkloadFacts | null;
  readonly #sums = new Map<string, Sums>();

  constructor(now: () => Millis, workload: (key: ObjectKey) => WorkloadFacts | null) {
    this.#now = now;
    this.#workload = workload;
  }

  /** Something of it has changed, now. */
  touch(key: ObjectKey): void {
    const facts = this.#workload(key);
    if (facts === null) return;
    const name = formatKey(key);
    let sums = this.#sums.get(name);
    if (sums === undefined) {
      sums = {
        wantedFrom: null,
        since: null,
        desired: 0,
        serving: 0,
        wantedMs: 0,
        servedMs: 0,
        downMs: 0,
        shortSince: null,
        longestMs: 0,
        moves: 0,
      };
      this.#sums.set(name, sums);
    }
    const now = this.#now();
    count(sums, now);
    const serving = [...facts.serving.values()].reduce((sum, one) => sum + one, 0);
    const hasLost = serving < sums.serving;
    sums.desired = facts.desired;
    sums.serving = serving;
    sums.moves = facts.moved;
    if (facts.desired > 0) sums.wantedFrom ??= now;
    if (sums.since === null && facts.desired > 0 && serving >= facts.desired) sums.since = now;
    if (sums.since === null) return;
    if (serving >= facts.desired) {
      if (sums.shortSince !== null) sums.longestMs = Math.max(sums.longestMs, now - sums.shortSince);
      sums.shortSince = null;
    } else if (hasLost) sums.shortSince ??= now;
  }

  /** Up to now. */
  figures(): RunFigures {
    const now = this.#now();
    const names = [...this.#sums.keys()].sort(byText);
    for (const name of names) count(this.#sums.get(name)!, now);
    const workloads = names.map((name) => [name, figuresOf([this.#sums.get(name)!], now)] as const);
    return { all: figuresOf([...this.#sums.values()], now), workloads: Object.fromEntries(workloads) };
  }
}

/** Adds the time since the last change to the sums. */
function count(sums: Sums, now: Millis): void {
  if (sums.since === null && sums.wantedFrom !== null && now >= sums.wantedFrom + GRACE_MS) {
    sums.since = sums.wantedFrom + GRACE_MS;
  }
  if (sums.since === null) return;
  const ms = now - sums.since;
  sums.since = now;
  sums.wantedMs += sums.desired * ms;
  sums.servedMs += Math.min(sums.serving, sums.desired) * ms;
  if (sums.serving === 0 && sums.desired > 0) sums.downMs += ms;
}

function figuresOf(all: readonly Sums[], now: Millis): Figures {
  const sum = (of: (sums: Sums) => number) => all.reduce((total, sums) => total + of(sums), 0);
  const wantedMs = sum((sums) => sums.wantedMs);
  const servedMs = sum((sums) => sums.servedMs);
  const longestMs = all.reduce((longest, { longestMs: own, shortSince }) => {
    return Math.max(longest, own, shortSince === null ? 0 : now - shortSince);
  }, 0);
  return {
    availability: wantedMs === 0 ? 1 : servedMs / wantedMs,
    lostReplicaSeconds: Math.round((wantedMs - servedMs) / SECOND_MS),
    downSeconds: Math.round(sum(({ downMs }) => downMs) / SECOND_MS),
    longestShortageSeconds: Math.round(longestMs / SECOND_MS),
    moves: sum(({ moves }) => moves),
  };
}
