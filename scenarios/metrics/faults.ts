// What each fault came to: how soon it was noticed, left and overcome, and what was lost and moved until the next one struck.
import { byText, type Millis } from '../../engine/index.ts';
import type { Holding } from './holdings.ts';
import type { FaultFigures, FaultWorkloadFigures } from './names.ts';

const SECOND_MS = 1_000;

export interface FaultPorts {
  readonly now: () => Millis;
  readonly start: Millis;
  /** Requests so far. */
  readonly calls: () => number;
  readonly holdingsIn: (cluster: string) => readonly Holding[];
}

/** What the hub makes of a cluster. */
export interface Standing {
  readonly isReady: boolean;
  /** It is to stay, and what runs there may stay. */
  readonly isWanted: boolean;
}

const WELL: Standing = { isReady: true, isWanted: true };

/** What a fault came to for one workload. */
interface Share {
  /** Clusters that it struck and where the workload still is to run. */
  readonly held: Set<string>;
  wasHeld: boolean;
  evictedAt: Millis | null;
  shortAt: Millis | null;
  wholeAt: Millis | null;
  lostMs: number;
  downMs: Millis;
  moves: number;
  needlessMoves: number;
  decisions: number;
}

interface Fault {
  readonly id: string | null;
  what: string;
  readonly at: Millis;
  /** When the hub noticed, by cluster. */
  readonly noticed: Map<string, Millis | null>;
  /** How much of it has not ended yet, by cluster; null stands for what is wrong elsewhere. */
  readonly holds: Map<string | null, number>;
  endedAt: Millis | null;
  readonly shares: Map<string, Share>;
  readonly callsBefore: number;
}

export class FaultKeeper {
  readonly #ports: FaultPorts;
  readonly #faults: Fault[] = [];
  /** Those that hold, by cluster; and those that a workload has not overcome, or whose clusters it has not left. */
  readonly #open = new Map<string | null, Set<Fault>>();
  readonly #watched = new Map<string, Set<Fault>>();
  readonly #standings = new Map<string, Standing>();
  #striking: { readonly id: string | null; fault: Fault | null } | null = null;

  constructor(ports: FaultPorts) {
    this.#ports = ports;
  }

  /** All that strikes meanwhile is one fault. */
  during(id: string | null, perform: () => string): string {
    const striking = { id, fault: null as Fault | null };
    this.#striking = striking;
    const what = perform();
    this.#striking = null;
    if (striking.fault !== null) striking.fault.what = what;
    return what;
  }

  /** It is about to strike a cluster, or something else; what is given back ends that. */
  strike(cluster: string | null): () => void {
    if (this.#striking === null) return () => {};
    this.#striking.fault ??= this.#begin(this.#striking.id);
    const { fault } = this.#striking;
    const isNew = !fault.holds.has(cluster);
    fault.holds.set(cluster, (fault.holds.get(cluster) ?? 0) + 1);
    if (isNew) this.#watch(fault, cluster);
    return () => this.#ease(fault, cluster);
  }

  #watch(fault: Fault, cluster: string | null): void {
    entryOf(this.#open, cluster).add(fault);
    if (cluster === null) return;
    const { isReady } = this.#standings.get(cluster) ?? WELL;
    fault.noticed.set(cluster, isReady ? null : fault.at);
    for (const { workload, assigned } of this.#ports.holdingsIn(cluster)) {
      const share = shareOf(fault, workload);
      if (assigned > 0) {
        share.held.add(cluster);
        share.wasHeld = true;
      }
      entryOf(this.#watched, workload).add(fault);
    }
  }

  #ease(fault: Fault, cluster: string | null): void {
    const left = (fault.holds.get(cluster) ?? 0) - 1;
    fault.holds.set(cluster, left);
    if (left > 0) return;
    this.#open.get(cluster)?.delete(fault);
    if ([...fault.holds.values()].every((count) => count <= 0) && fault.endedAt === null) this.#end(fault);
  }

  /** What the hub makes of a cluster now. That nobody wants it is no news of those that struck it later. */
  see(cluster: string, standing: Standing): void {
    const before = this.#standings.get(cluster) ?? WELL;
    this.#standings.set(cluster, standing);
    if (standing.isReady && (standing.isWanted || !before.isWanted)) return;
    for (const { noticed } of this.#open.get(cluster) ?? []) {
      if (noticed.get(cluster) === null) noticed.set(cluster, this.#ports.now());
    }
  }

  assign(workload: string, cluster: string, replicas: number): void {
    if (replicas > 0) return;
    for (const fault of this.#watched.get(workload) ?? []) {
      const share = fault.shares.get(workload)!;
      if (fault.endedAt === null && share.held.delete(cluster) && share.held.size === 0) {
        share.evictedAt = this.#ports.now();
      }
    }
  }

  short(workload: string): void {
    for (const fault of this.#watched.get(workload) ?? []) {
      if (fault.endedAt === null) fault.shares.get(workload)!.shortAt ??= this.#ports.now();
    }
  }

  whole(workload: string): void {
    const watched = this.#watched.get(workload);
    for (const fault of watched ?? []) {
      const share = fault.shares.get(workload)!;
      if (share.shortAt !== null) share.wholeAt ??= this.#ports.now();
      if (fault.endedAt !== null) watched!.delete(fault);
    }
  }

  /** Each fault is answerable for what is lost from when it strikes until the next one does. */
  lost(workload: string, from: Millis, to: Millis, replicas: number, isDown: boolean): void {
    let until = to;
    for (let at = this.#faults.length - 1; at >= 0 && until > from; at -= 1) {
      const fault = this.#faults[at]!;
      const ms = until - Math.max(from, fault.at);
      if (ms <= 0) continue;
      const share = shareOf(fault, workload);
      share.lostMs += replicas * ms;
      if (isDown) share.downMs += ms;
      until -= ms;
    }
  }

  moved(workload: string, moves: number, needless: number): void {
    const fault = this.#faults.at(-1);
    if (fault === undefined) return;
    const share = shareOf(fault, workload);
    share.moves += moves;
    share.needlessMoves += needless;
  }

  decided(workload: string): void {
    const fault = this.#faults.at(-1);
    if (fault !== undefined) shareOf(fault, workload).decisions += 1;
  }

  figures(): readonly FaultFigures[] {
    return this.#faults.map((fault, at) => {
      const callsAfter = this.#faults[at + 1]?.callsBefore ?? this.#ports.calls();
      return figuresOf(fault, this.#ports.start, this.#ports.now(), callsAfter);
    });
  }

  #begin(id: string | null): Fault {
    const fault: Fault = {
      id,
      what: '',
      at: this.#ports.now(),
      noticed: new Map(),
      holds: new Map(),
      endedAt: null,
      shares: new Map(),
      callsBefore: this.#ports.calls(),
    };
    this.#faults.push(fault);
    return fault;
  }

  #end(fault: Fault): void {
    fault.endedAt = this.#ports.now();
    for (const [workload, share] of fault.shares) {
      const isOver = share.shortAt === null || share.wholeAt !== null;
      if (isOver) this.#watched.get(workload)?.delete(fault);
    }
  }
}

function entryOf<Key>(map: Map<Key, Set<Fault>>, key: Key): Set<Fault> {
  let entry = map.get(key);
  if (entry === undefined) {
    entry = new Set();
    map.set(key, entry);
  }
  return entry;
}

function shareOf({ shares }: Fault, workload: string): Share {
  let share = shares.get(workload);
  if (share === undefined) {
    share = {
      held: new Set(),
      wasHeld: false,
      evictedAt: null,
      shortAt: null,
      wholeAt: null,
      lostMs: 0,
      downMs: 0,
      moves: 0,
      needlessMoves: 0,
      decisions: 0,
    };
    shares.set(workload, share);
  }
  return share;
}

function figuresOf(fault: Fault, start: Millis, now: Millis, callsAfter: number): FaultFigures {
  const { id, what, at, noticed, endedAt, shares, callsBefore } = fault;
  const since = (moment: Millis | null) => (moment === null ? Number.POSITIVE_INFINITY : (moment - at) / SECOND_MS);
  const own = [...shares]
    .sort(([a], [b]) => byText(a, b))
    .map(([name, share]) => [name, ofShare(share, since)] as const);
  const all = own.map(([, figures]) => figures);
  const sum = (of: (figures: FaultWorkloadFigures) => number) => all.reduce((total, one) => total + of(one), 0);
  const longest = (values: readonly number[]) => values.reduce((most, one) => Math.max(most, one), 0);
  return {
    id,
    what,
    atSeconds: (at - start) / SECOND_MS,
    clusters: [...noticed.keys()].sort(byText),
    detectSeconds: longest([...noticed.values()].map(since)),
    evictSeconds: longest(all.map(({ evictSeconds }) => evictSeconds)),
    recoverSeconds: longest(all.map(({ recoverSeconds }) => recoverSeconds)),
    lostReplicaSeconds: sum(({ lostReplicaSeconds }) => lostReplicaSeconds),
    downSeconds: sum(({ downSeconds }) => downSeconds),
    moves: sum(({ moves }) => moves),
    needlessMoves: sum(({ needlessMoves }) => needlessMoves),
    decisions: sum(({ decisions }) => decisions),
    lastedSeconds: since(endedAt ?? now),
    calls: callsAfter - callsBefore,
    workloads: Object.fromEntries(own),
  };
}

function ofShare(share: Share, since: (moment: Millis | null) => number): FaultWorkloadFigures {
  const { wasHeld, evictedAt, shortAt, wholeAt, lostMs, downMs, moves, needlessMoves, decisions } = share;
  return {
    evictSeconds: wasHeld ? since(evictedAt) : 0,
    recoverSeconds: shortAt === null ? 0 : since(wholeAt),
    lostReplicaSeconds: lostMs / SECOND_MS,
    downSeconds: downMs / SECOND_MS,
    moves,
    needlessMoves,
    decisions,
  };
}
