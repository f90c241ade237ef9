// The metrics of a run, kept while it goes: of all workloads together, of each, of each fault, and of each part of the fleet.
import { byText, COST_KEY, formatKey, type Millis, type ObjectKey } from '../../engine/index.ts';
import type { WorkloadFacts } from '../expect/facts.ts';
import type { FleetCluster } from '../format/fleet.ts';
import { FaultKeeper } from './faults.ts';
import { type Holding, Holdings } from './holdings.ts';
import { type Balance, GROUPS, type Group, type GroupFigures, type RunFigures, type WorkloadFigures } from './names.ts';
import { type Service, ServiceKeeper } from './service.ts';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

export interface MetricPorts {
  readonly now: () => Millis;
  readonly start: Millis;
  readonly workload: (key: ObjectKey) => WorkloadFacts | null;
  /** Null for one that has left. */
  readonly cluster: (name: string) => FleetCluster | null;
  /** Requests so far. */
  readonly calls: () => number;
}

export class MetricKeeper {
  readonly faults: FaultKeeper;
  readonly #ports: MetricPorts;
  readonly #service: ServiceKeeper;
  readonly #holdings = new Holdings();
  readonly #decisions = new Map<string, number>();
  /** Every cluster that ever was there, as it was last. */
  readonly #clusters = new Map<string, FleetCluster>();

  constructor(ports: MetricPorts) {
    this.#ports = ports;
    const { now, start, calls } = ports;
    this.faults = new FaultKeeper({ now, start, calls, holdingsIn: (cluster) => this.#holdings.in(cluster) });
    this.#service = new ServiceKeeper({
      onLost: (...lost) => this.faults.lost(...lost),
      onShort: (workload) => this.faults.short(workload),
      onWhole: (workload) => this.faults.whole(workload),
      onMoved: (...moved) => this.faults.moved(...moved),
    });
  }

  join(cluster: FleetCluster): void {
    this.#clusters.set(cluster.name, cluster);
  }

  /** So many are assigned to a cluster now, or serve there. */
  hold(key: ObjectKey, cluster: string, counts: { assigned?: number; serving?: number }): void {
    const name = formatKey(key);
    const found = this.#ports.cluster(cluster);
    if (found !== null) this.#clusters.set(cluster, found);
    this.#holdings.note(name, cluster, counts, this.#ports.now());
    if (counts.assigned !== undefined) this.faults.assign(name, cluster, counts.assigned);
  }

  /** Something of a workload has changed. */
  touch(key: ObjectKey): void {
    const facts = this.#ports.workload(key);
    if (facts !== null) this.#service.touch(formatKey(key), facts, this.#ports.now());
  }

  decided(key: ObjectKey): void {
    const name = formatKey(key);
    this.#decisions.set(name, (this.#decisions.get(name) ?? 0) + 1);
    this.faults.decided(name);
  }

  /** Up to now. */
  figures(): Omit<RunFigures, 'calls'> {
    const now = this.#ports.now();
    const services = [...this.#service.all(now)].sort(([a], [b]) => byText(a, b));
    const workloads = services.map(([name, service]) => {
      const holdings = this.#holdings.of(name, now);
      return { name, holdings, service, decisions: this.#decisions.get(name) ?? 0 };
    });
    const holdings = workloads.flatMap((one) => one.holdings);
    const all = this.#figuresOf(
      services.map(([, service]) => service),
      holdings,
      sum(workloads, (one) => one.decisions),
    );
    return {
      all: { ...all, calls: this.#ports.calls() },
      workloads: Object.fromEntries(
        workloads.map((one) => [one.name, this.#figuresOf([one.service], one.holdings, one.decisions)]),
      ),
      faults: this.faults.figures(),
      balance: Object.fromEntries(GROUPS.map((group) => [group, this.#groups(group, holdings)])) as unknown as Balance,
    };
  }

  #figuresOf(services: readonly Service[], holdings: readonly Holding[], decisions: number): WorkloadFigures {
    const wantedMs = sum(services, (one) => one.wantedMs);
    const servedMs = sum(services, (one) => one.servedMs);
    return {
      availability: wantedMs === 0 ? 1 : servedMs / wantedMs,
      lostReplicaSeconds: inSeconds(wantedMs - servedMs),
      downSeconds: inSeconds(sum(services, (one) => one.downMs)),
      longestShortageSeconds: inSeconds(services.reduce((longest, one) => Math.max(longest, one.longestMs), 0)),
      moves: sum(services, (one) => one.moves),
      needlessMoves: sum(services, (one) => one.needlessMoves),
      promisedReplicaSeconds: inSeconds(sum(holdings, (one) => one.promisedMs)),
      missingReplicaSeconds: inSeconds(sum(holdings, (one) => one.missingMs)),
      unplacedReplicaSeconds: inSeconds(sum(services, (one) => one.unplacedMs)),
      decisions,
      largestZoneShare: this.#largestShare('zone', holdings),
      largestRegionShare: this.#largestShare('region', holdings),
      largestProviderShare: this.#largestShare('provider', holdings),
      cost: this.#costOf(holdings),
    };
  }

  #groups(group: Group, holdings: readonly Holding[]): Readonly<Record<string, GroupFigures>> {
    const clusters = new Map<string, Set<string>>();
    for (const [cluster, found] of this.#clusters) {
      for (const name of groupsOf(group, found)) clusters.set(name, (clusters.get(name) ?? new Set()).add(cluster));
    }
    const servedMs = sum(holdings, (one) => one.servedMs);
    const figures = [...clusters]
      .sort(([a], [b]) => byText(a, b))
      .map(([name, members]) => {
        const own = holdings.filter(({ cluster }) => members.has(cluster));
        const ownMs = sum(own, (one) => one.servedMs);
        const of: GroupFigures = {
          clusters: members.size,
          replicaSeconds: inSeconds(ownMs),
          share: servedMs === 0 ? 0 : ownMs / servedMs,
          serving: sum(own, (one) => one.serving),
          cost: this.#costOf(own),
        };
        return [name, of] as const;
      });
    return Object.fromEntries(figures);
  }

  #largestShare(group: Group, holdings: readonly Holding[]): number {
    const ofGroup = new Map<string, number>();
    for (const { cluster, servedMs } of holdings) {
      for (const name of groupsOf(group, this.#clusters.get(cluster))) {
        ofGroup.set(name, (ofGroup.get(name) ?? 0) + servedMs);
      }
    }
    const servedMs = sum(holdings, (one) => one.servedMs);
    return servedMs === 0 ? 0 : Math.max(0, ...ofGroup.values()) / servedMs;
  }

  /** To the hundredth of a hundredth: no sum of fractions shows more than it knows. */
  #costOf(holdings: readonly Holding[]): number {
    const cost = sum(holdings, ({ cluster, servedMs }) => (servedMs / HOUR_MS) * this.#priceOf(cluster));
    return Math.round(cost * 10_000) / 10_000;
  }

  #priceOf(cluster: string): number {
    const price = Number(this.#clusters.get(cluster)?.annotations[COST_KEY] ?? 0);
    return Number.isFinite(price) ? price : 0;
  }
}

const inSeconds = (ms: number): number => Math.round(ms / SECOND_MS);

const sum = <One>(all: readonly One[], of: (one: One) => number): number =>
  all.reduce((total, one) => total + of(one), 0);

function groupsOf(group: Group, cluster: FleetCluster | undefined): readonly string[] {
  if (cluster === undefined) return [];
  if (group === 'zone') return cluster.zones;
  return cluster[group] === '' ? [] : [cluster[group]];
}
