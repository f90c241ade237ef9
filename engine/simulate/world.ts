// Everything there is in a simulation besides the controllers: time, the hub, the members, and the network between them.
import { assert } from '../base/assert.ts';
import { Random } from '../base/random.ts';
import { clusterOf, HUB, type Place } from '../control/place.ts';
import type { Millis } from '../kube/time.ts';
import type { IndexDefinition } from '../store/indexes.ts';
import type { Admission } from '../store/writer.ts';
import { SimulatedApi } from './api.ts';
import { Clock } from './clock.ts';
import { Demand } from './demand.ts';
import { hubDeletion } from './hub-admission.ts';
import { Member, type MemberOptions } from './member/member.ts';
import { NETWORK, Network, type NetworkOptions } from './network.ts';

export interface WorldOptions {
  /** All chance comes from it: the same seed and the same calls give the same run. */
  readonly seed: string;
  readonly start: Millis;
  readonly network?: NetworkOptions;
  /** Of the hub's and the members' collections: whatever the controllers' views are to answer. */
  readonly indexes?: readonly IndexDefinition[];
  /** Defaulting and validation of the hub. */
  readonly admit?: Admission;
  readonly hubHistoryMax?: number;
}

const HUB_HISTORY_MAX = 10_000;

const HUB_NAMESPACES = ['default', 'kube-system'];

export class World {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly hub: SimulatedApi;
  readonly indexes: readonly IndexDefinition[];
  readonly demand = new Demand((key) => this.members.reduce((sum, member) => sum + member.servingPods(key), 0));
  /** In the order in which they joined. */
  readonly #members = new Map<string, Member>();
  /** How many reasons there are for an API not to answer. */
  readonly #down = new Map<Place, number>();
  readonly #downListeners = new Set<(place: Place) => void>();

  constructor(options: WorldOptions) {
    const { seed, start, network = NETWORK, indexes = [], admit, hubHistoryMax = HUB_HISTORY_MAX } = options;
    this.clock = new Clock(start);
    this.random = new Random(seed);
    this.network = new Network(this.random.stream('network'), network);
    this.indexes = indexes;
    this.hub = new SimulatedApi({
      place: HUB,
      clock: this.clock,
      random: this.random.stream('hub'),
      indexes,
      historyMax: hubHistoryMax,
      admitDeletion: hubDeletion,
      ...(admit === undefined ? {} : { admit }),
    });
    for (const name of HUB_NAMESPACES) {
      this.hub.create('/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    }
  }

  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  member(name: string): Member | null {
    return this.#members.get(name) ?? null;
  }

  addMember(options: Omit<MemberOptions, 'clock' | 'random' | 'indexes'>): Member {
    assert(!this.#members.has(options.name), `there is no second member ${options.name}`);
    const member = new Member({
      ...options,
      clock: this.clock,
      random: this.random.stream(`member/${options.name}`),
      indexes: this.indexes,
      usageOf: (key) => this.demand.perPod(key),
    });
    this.#members.set(options.name, member);
    return member;
  }

  /** Nobody reaches it any more, and it is forgotten. */
  removeMember(name: string): void {
    const member = this.#members.get(name);
    if (member === undefined) return;
    this.#members.delete(name);
    for (const listener of this.#downListeners) listener(member.place);
  }

  /** The API at a place, whether it answers or not; null where there is none. */
  api(place: Place): SimulatedApi | null {
    const cluster = clusterOf(place);
    return cluster === null ? this.hub : (this.#members.get(cluster)?.api ?? null);
  }

  isUp(place: Place): boolean {
    return !this.#down.has(place);
  }

  /** Connections are refused, and those that are open break; each call is to be undone by one of `bringUp`. */
  takeDown(place: Place): void {
    const reasons = this.#down.get(place) ?? 0;
    this.#down.set(place, reasons + 1);
    if (reasons === 0) for (const listener of this.#downListeners) listener(place);
  }

  bringUp(place: Place): void {
    const reasons = this.#down.get(place) ?? 0;
    if (reasons > 1) this.#down.set(place, reasons - 1);
    else this.#down.delete(place);
  }

  /** Called when an API stops answering, or is gone. */
  onDown(listener: (place: Place) => void): void {
    this.#downListeners.add(listener);
  }
}
