// The member clusters as columns and bitsets over dense indices. Updated one cluster at a time, never copied;
// whoever derives something from it remembers the version and catches up through the change log.
import type { Cluster } from '../api/cluster.ts';
import { Bitset } from '../base/bitset.ts';
import { byText } from '../base/order.ts';
import type { Taint } from '../kube/taint.ts';
import { CapacityColumns } from './capacity.ts';
import { ChangeLog } from './change-log.ts';
import { Ledger, type Promised } from './ledger.ts';
import { PostingIndex } from './posting.ts';
import { ApiLists, type ClusterProperties, propertiesOf, sameProperties } from './properties.ts';

export class Fleet {
  /** Replaced, not changed, when a slot gets another name: a decision can keep the array that it was made with. */
  names: readonly string[] = [];
  /** Clusters that exist and are not being deleted. */
  readonly live = new Bitset();
  readonly labels = new PostingIndex();
  readonly labelKeys = new PostingIndex();
  readonly providers = new PostingIndex();
  readonly regions = new PostingIndex();
  readonly zones = new PostingIndex();
  readonly apis = new PostingIndex();
  readonly taints = new PostingIndex();
  readonly taintOf = new Map<string, Taint>();
  readonly hasProvider = new Bitset();
  readonly hasRegion = new Bitset();
  readonly hasZone = new Bitset();
  readonly capacity = new CapacityColumns();
  readonly changes = new ChangeLog();
  readonly ledger = new Ledger();
  /** Number of the region's name, or -1. */
  regionOf = new Int32Array(0);
  readonly regionNames: string[] = [];

  readonly #clusters: (Cluster | undefined)[] = [];
  readonly #properties: (ClusterProperties | undefined)[] = [];
  readonly #indexByName = new Map<string, number>();
  readonly #regionNumbers = new Map<string, number>();
  readonly #freeSlots: number[] = [];
  readonly #apiLists = new ApiLists();
  #mutableNames: string[] = [];
  #ranks: Int32Array | null = null;
  #indexByRank = new Int32Array(0);

  constructor(clusters: readonly Cluster[] = []) {
    this.names = this.#mutableNames;
    this.#reserve(clusters.length);
    for (const cluster of clusters) this.upsert(cluster);
  }

  /** Slots in use or free; every index is below it. */
  get slots(): number {
    return this.#clusters.length;
  }

  get size(): number {
    return this.#indexByName.size;
  }

  get version(): number {
    return this.changes.version;
  }

  indexOf(name: string): number | undefined {
    return this.#indexByName.get(name);
  }

  cluster(index: number): Cluster | undefined {
    return this.#clusters[index];
  }

  /** All clusters, by name. */
  clusters(): Cluster[] {
    return [...this.#indexByName.keys()].sort(byText).map((name) => this.#clusters[this.#indexByName.get(name)!]!);
  }

  /** Where it cannot be read, the fleet stays as it was. */
  upsert(cluster: Cluster): void {
    const { name } = cluster.metadata;
    const known = this.#indexByName.get(name);
    const before = known === undefined ? undefined : this.#clusters[known];
    try {
      this.#write(cluster);
    } catch (error) {
      if (before === undefined) this.remove(name);
      else this.#write(before);
      throw error;
    }
  }

  #write(cluster: Cluster): void {
    const { name } = cluster.metadata;
    const next = propertiesOf(cluster, this.#apiLists);
    let index = this.#indexByName.get(name);
    if (index === undefined) {
      index = this.#takeSlot(name);
      this.#indexByName.set(name, index);
      this.#ranks = null;
    }
    this.#clusters[index] = cluster;
    const previous = this.#properties[index];
    if (previous === undefined || !sameProperties(previous, next)) {
      if (previous !== undefined) this.#withdraw(index, previous);
      this.#enter(index, next);
      this.#properties[index] = next;
    }
    this.#readCapacity(index, cluster);
  }

  /** Capacity of a cluster that is given away before any status shows it. */
  promise(name: string, promised: Promised): void {
    this.ledger.add(name, promised);
    this.#recount(name);
  }

  release(name: string, promised: Promised): void {
    this.ledger.release(name, promised);
    this.#recount(name);
  }

  #recount(name: string): void {
    const index = this.#indexByName.get(name);
    if (index !== undefined) this.#readCapacity(index, this.#clusters[index]!);
  }

  #readCapacity(index: number, cluster: Cluster): void {
    this.capacity.read(index, cluster, this.ledger.of(cluster.metadata.name));
    this.changes.record(index);
  }

  remove(name: string): boolean {
    const index = this.#indexByName.get(name);
    if (index === undefined) return false;
    this.#withdraw(index, this.#properties[index]!);
    this.#clusters[index] = undefined;
    this.#properties[index] = undefined;
    this.capacity.clear(index);
    this.#indexByName.delete(name);
    this.#freeSlots.push(index);
    this.#ranks = null;
    this.changes.record(index);
    return true;
  }

  /** Where each cluster stands when all are sorted by name; free slots stand last. */
  ranks(): Int32Array {
    if (this.#ranks === null) this.#rank();
    return this.#ranks!;
  }

  indexByRank(): Int32Array {
    if (this.#ranks === null) this.#rank();
    return this.#indexByRank;
  }

  #rank(): void {
    const order = Int32Array.from({ length: this.slots }, (_, index) => index);
    const names = this.#mutableNames;
    order.sort((a, b) => {
      const [free, other] = [this.#clusters[a] === undefined, this.#clusters[b] === undefined];
      return free !== other ? (free ? 1 : -1) : byText(names[a]!, names[b]!);
    });
    this.#ranks = new Int32Array(this.slots);
    for (let rank = 0; rank < order.length; rank += 1) this.#ranks[order[rank]!] = rank;
    this.#indexByRank = order;
  }

  #takeSlot(name: string): number {
    const free = this.#freeSlots.pop();
    if (free !== undefined) {
      this.#mutableNames = [...this.#mutableNames];
      this.#mutableNames[free] = name;
      this.names = this.#mutableNames;
      return free;
    }
    const index = this.#clusters.length;
    this.#reserve(index + 1);
    this.#clusters.push(undefined);
    this.#mutableNames.push(name);
    return index;
  }

  #reserve(size: number): void {
    if (size <= this.regionOf.length) return;
    const room = Math.max(size, this.regionOf.length * 2, 64);
    const grown = new Int32Array(room).fill(-1);
    grown.set(this.regionOf);
    this.regionOf = grown;
    this.capacity.grow(room);
  }

  #enter(index: number, properties: ClusterProperties): void {
    this.live.set(index, !properties.deleting);
    for (const label of properties.labels) this.labels.add(label, index);
    for (const key of properties.labelKeys) this.labelKeys.add(key, index);
    for (const api of properties.apis) this.apis.add(api, index);
    for (const zone of properties.zones) this.zones.add(zone, index);
    for (const [key, taint] of properties.taints) {
      this.taintOf.set(key, taint);
      this.taints.add(key, index);
    }
    if (properties.provider) this.providers.add(properties.provider, index);
    if (properties.region) this.regions.add(properties.region, index);
    this.hasProvider.set(index, properties.provider !== '');
    this.hasRegion.set(index, properties.region !== '');
    this.hasZone.set(index, properties.zones.length > 0);
    this.regionOf[index] = properties.region === '' ? -1 : this.#regionNumber(properties.region);
  }

  #withdraw(index: number, properties: ClusterProperties): void {
    this.live.delete(index);
    for (const label of properties.labels) this.labels.delete(label, index);
    for (const key of properties.labelKeys) this.labelKeys.delete(key, index);
    for (const api of properties.apis) this.apis.delete(api, index);
    for (const zone of properties.zones) this.zones.delete(zone, index);
    for (const [key] of properties.taints) this.taints.delete(key, index);
    if (properties.provider) this.providers.delete(properties.provider, index);
    if (properties.region) this.regions.delete(properties.region, index);
    this.hasProvider.delete(index);
    this.hasRegion.delete(index);
    this.hasZone.delete(index);
    this.regionOf[index] = -1;
  }

  #regionNumber(region: string): number {
    let number = this.#regionNumbers.get(region);
    if (number === undefined) {
      number = this.regionNames.length;
      this.regionNames.push(region);
      this.#regionNumbers.set(region, number);
    }
    return number;
  }
}
