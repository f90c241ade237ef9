// How well workloads were served, summed up while a run goes. A workload counts from when all of it served for the first time,
// since its first rollout is no outage, but at the latest five minutes after it was wanted.
import type { Millis } from '../../engine/index.ts';
import type { WorkloadFacts } from '../expect/facts.ts';

export interface Service {
  readonly wantedMs: number;
  readonly servedMs: number;
  readonly downMs: Millis;
  readonly longestMs: Millis;
  readonly unplacedMs: number;
  readonly moves: number;
  readonly needlessMoves: number;
}

export interface ServicePorts {
  /** From then to then so many replicas were missing. */
  readonly onLost: (workload: string, from: Millis, to: Millis, replicas: number, isDown: boolean) => void;
  /** It has lost some, and has fewer than wanted. */
  readonly onShort: (workload: string) => void;
  readonly onWhole: (workload: string) => void;
  readonly onMoved: (workload: string, moves: number, needless: number) => void;
}

type Sums = { -readonly [Field in keyof Service]: Service[Field] } & {
  wantedFrom: Millis | null;
  /** Up to when it has been counted. Null before it counts. */
  since: Millis | null;
  desired: number;
  serving: number;
  unplaced: number;
  shortSince: Millis | null;
};

const GRACE_MS: Millis = 300_000;

const total = (counts: ReadonlyMap<string, number>): number => {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
};

export class ServiceKeeper {
  readonly #ports: ServicePorts;
  readonly #sums = new Map<string, Sums>();

  constructor(ports: ServicePorts) {
    this.#ports = ports;
  }

  /** Something of it has changed, now. */
  touch(workload: string, facts: WorkloadFacts, now: Millis): void {
    const sums = this.#sumsOf(workload);
    this.#count(workload, sums, now);
    const serving = total(facts.serving);
    const hasLost = serving < sums.serving;
    sums.desired = facts.desired;
    sums.serving = serving;
    sums.unplaced = Math.max(0, facts.desired - total(facts.assigned));
    const [moves, needless] = [facts.moved - sums.moves, facts.movedNeedlessly - sums.needlessMoves];
    sums.moves = facts.moved;
    sums.needlessMoves = facts.movedNeedlessly;
    if (moves > 0) this.#ports.onMoved(workload, moves, needless);
    if (facts.desired > 0) sums.wantedFrom ??= now;
    if (sums.since === null && facts.desired > 0 && serving >= facts.desired) sums.since = now;
    if (sums.since === null) return;
    if (serving >= facts.desired) {
      if (sums.shortSince === null) return;
      sums.longestMs = Math.max(sums.longestMs, now - sums.shortSince);
      sums.shortSince = null;
      this.#ports.onWhole(workload);
    } else if (hasLost) {
      sums.shortSince ??= now;
      this.#ports.onShort(workload);
    }
  }

  /** Up to now, of every workload that was wanted at any time. */
  all(now: Millis): ReadonlyMap<string, Service> {
    const wanted = new Map<string, Service>();
    for (const [workload, sums] of this.#sums) {
      if (sums.wantedFrom === null) continue;
      this.#count(workload, sums, now);
      const shortMs = sums.shortSince === null ? 0 : now - sums.shortSince;
      wanted.set(workload, { ...sums, longestMs: Math.max(sums.longestMs, shortMs) });
    }
    return wanted;
  }

  /** Adds the time since the last change to the sums. */
  #count(workload: string, sums: Sums, now: Millis): void {
    if (sums.since === null && sums.wantedFrom !== null && now >= sums.wantedFrom + GRACE_MS) {
      sums.since = sums.wantedFrom + GRACE_MS;
    }
    if (sums.since === null || sums.since === now) return;
    const from = sums.since;
    const ms = now - from;
    const missing = Math.max(0, sums.desired - sums.serving);
    const isDown = sums.serving === 0 && sums.desired > 0;
    sums.since = now;
    sums.wantedMs += sums.desired * ms;
    sums.servedMs += (sums.desired - missing) * ms;
    sums.unplacedMs += sums.unplaced * ms;
    if (isDown) sums.downMs += ms;
    if (missing > 0) this.#ports.onLost(workload, from, now, missing, isDown);
  }

  #sumsOf(workload: string): Sums {
    let sums = this.#sums.get(workload);
    if (sums === undefined) {
      sums = {
        wantedFrom: null,
        since: null,
        desired: 0,
        serving: 0,
        unplaced: 0,
        shortSince: null,
        wantedMs: 0,
        servedMs: 0,
        downMs: 0,
        longestMs: 0,
        unplacedMs: 0,
        moves: 0,
        needlessMoves: 0,
      };
      this.#sums.set(workload, sums);
    }
    return sums;
  }
}
