// Where a scenario plays: the simulated world with its fleet, and what operators and users can do to it at any moment.
import {
  applyMergePatch,
  byName,
  COLLECTIONS,
  clusterOf,
  type Fault,
  HUB,
  isObject,
  type KubeObject,
  type Millis,
  type NodePool,
  type ObjectKey,
  type Simulation,
} from '../../engine/index.ts';
import { clusterObject } from '../format/cluster-object.ts';
import type { FleetCluster } from '../format/fleet.ts';
import type { LocatedObject } from '../format/scenario.ts';
import { type FactSource, isWanted } from './fact-source.ts';
import { Holds } from './holds.ts';
import { patchFrom } from './patch-from.ts';
import type { Scene } from './scene.ts';

type Eased = () => void;

export interface StageOptions {
  readonly simulation: Simulation;
  /** Makes the member of a cluster, and its agent where it has one. */
  readonly admit: (cluster: FleetCluster) => void;
  readonly dismiss: (name: string) => void;
  /** What a cluster of the scenario is in this world. */
  readonly found: (cluster: FleetCluster) => FleetCluster;
  readonly keyOf: (object: KubeObject) => ObjectKey | null;
  /** Something is about to go wrong in a cluster, or elsewhere; what is given back hears that it has ended. */
  readonly onStrike: (cluster: string | null) => Eased;
  /** Hears what an API refused. */
  readonly onRefusal: (message: string) => void;
}

export class Stage implements Scene, FactSource {
  readonly simulation: Simulation;
  readonly #options: StageOptions;
  readonly #clusters = new Map<string, FleetCluster>();
  readonly #holds = new Holds((ms, run) => this.after(ms, run));
  /** Clusters that are to be empty or gone. */
  readonly #vacated = new Map<string, Eased[]>();
  readonly #counts = new Map<object, number>();
  /** What was applied last, for telling what an author has taken out. */
  readonly #applied = new Map<string, KubeObject>();

  constructor(options: StageOptions) {
    this.#options = options;
    this.simulation = options.simulation;
    this.simulation.onChange((change, place) => {
      if (place !== HUB || change.type !== 'DELETED' || change.collection !== COLLECTIONS.clusters) return;
      const { name } = change.object.metadata;
      if (this.#clusters.delete(name)) options.dismiss(name);
    });
  }

  get now(): Millis {
    return this.simulation.now;
  }

  get clusters(): readonly FleetCluster[] {
    return [...this.#clusters.values()].sort(byName);
  }

  get processes(): readonly string[] {
    return this.simulation.processes.map(({ name }) => name);
  }

  cluster(name: string): FleetCluster | null {
    return this.#clusters.get(name) ?? null;
  }

  after(ms: Millis, run: () => void): void {
    this.simulation.world.clock.after(ms, run);
  }

  countUp(what: object): number {
    const count = (this.#counts.get(what) ?? 0) + 1;
    this.#counts.set(what, count);
    return count;
  }

  readyNodes(cluster: string): readonly string[] {
    const { all = [] } = this.simulation.world.member(cluster)?.nodes ?? {};
    return all.filter(({ isReady }) => isReady).map(({ name }) => name);
  }

  inject(cluster: string, fault: Fault, forMs: Millis | null): void {
    // It is told before anything has come of it.
    const eased = this.#options.onStrike(cluster);
    this.#hold(cluster, this.simulation.inject(fault), eased, forMs);
  }

  hold(cluster: string, end: () => void, forMs: Millis | null): void {
    this.#hold(cluster, end, this.#options.onStrike(cluster), forMs);
  }

  #hold(cluster: string, end: () => void, eased: Eased, forMs: Millis | null): void {
    const both = (): void => {
      end();
      eased();
    };
    this.#holds.hold(cluster, both, forMs);
  }

  injectAnywhere(fault: Fault, forMs: Millis | null): void {
    const timed = withTime(fault, forMs);
    const clusters = clustersOf(fault);
    const struck = clusters.length === 0 ? [null] : clusters;
    const ends = struck.map((cluster) => this.#options.onStrike(cluster));
    this.simulation.inject(timed);
    const lastsMs = 'forMs' in timed && timed.forMs !== undefined ? timed.forMs : MOMENTARY.has(fault.fault) ? 0 : null;
    if (lastsMs === null) return;
    this.after(lastsMs, () => {
      for (const eased of ends) eased();
    });
  }

  vacate(cluster: string): void {
    const vacated = this.#vacated.get(cluster) ?? [];
    this.#vacated.set(cluster, [...vacated, this.#options.onStrike(cluster)]);
  }

  reopen(cluster: string): void {
    for (const eased of this.#vacated.get(cluster) ?? []) eased();
    this.#vacated.delete(cluster);
  }

  release(clusters: readonly string[]): number {
    return this.#holds.release(clusters);
  }

  /** Whether a fault of the timeline holds there. */
  isTroubled(cluster: string): boolean {
    return this.#holds.isHeld(cluster);
  }

  isWell(cluster: string): boolean {
    const member = this.simulation.world.member(cluster);
    return member !== null && !member.pods.isOff && isWanted(this.object(clusterKey(cluster), null));
  }

  object({ collection, namespace, name }: ObjectKey, cluster: string | null): KubeObject | null {
    const { world } = this.simulation;
    const api = cluster === null ? world.hub : (world.member(cluster)?.api ?? null);
    return api?.store.get(collection, namespace, name) ?? null;
  }

  objects(collection: string, namespace: string, cluster: string | null): readonly KubeObject[] {
    const { world } = this.simulation;
    const api = cluster === null ? world.hub : (world.member(cluster)?.api ?? null);
    api?.asked(collection);
    return api?.store.list(collection, namespace) ?? [];
  }

  onChange(listener: Parameters<FactSource['onChange']>[0]): void {
    this.simulation.onChange(listener);
  }

  onServing(listener: Parameters<FactSource['onServing']>[0]): void {
    this.simulation.onServing(listener);
  }

  join(written: FleetCluster): void {
    const cluster = this.#options.found(written);
    if (this.#clusters.has(cluster.name)) {
      this.#options.onRefusal(`there is a cluster ${cluster.name} already`);
      return;
    }
    this.#clusters.set(cluster.name, cluster);
    this.#options.admit(cluster);
    this.apply(clusterObject(cluster));
  }

  leave(name: string): void {
    this.delete(clusterKey(name));
  }

  changeCluster(name: string, change: (cluster: KubeObject) => KubeObject): void {
    this.change(clusterKey(name), change);
  }

  resize(name: string, pools: readonly NodePool[]): void {
    const member = this.simulation.world.member(name);
    const cluster = this.#clusters.get(name);
    if (member === null || cluster === undefined) return;
    member.resize(cluster.nodes, pools);
    this.#clusters.set(name, { ...cluster, nodes: pools });
  }

  apply(object: KubeObject): ObjectKey | null {
    const key = this.#options.keyOf(object);
    if (key === null) {
      this.#options.onRefusal(`nobody serves ${object.apiVersion} ${object.kind}`);
      return null;
    }
    this.#ensureNamespace(key.namespace);
    const { hub } = this.simulation.world;
    const name = `${key.collection} ${key.namespace}/${key.name}`;
    const before = this.#applied.get(name);
    this.#applied.set(name, object);
    if (hub.store.get(key.collection, key.namespace, key.name) === null) {
      this.#tell(hub.create(key.collection, object));
    } else {
      const patch = patchFrom(before, object);
      this.change(key, (current) => applyMergePatch(current, patch) as KubeObject);
    }
    return key;
  }

  change(key: ObjectKey, change: (object: KubeObject) => KubeObject): void {
    this.#tell(this.simulation.world.hub.writer.patch(key, change));
  }

  delete(key: ObjectKey): void {
    const { hub } = this.simulation.world;
    this.#tell(hub.writer.delete(key, hub.now));
  }

  scale(key: ObjectKey, replicas: number): void {
    const found = this.simulation.world.hub.store.get(key.collection, key.namespace, key.name);
    if (isObject(found?.spec) && found.spec.replicas === replicas) return;
    this.change(key, (object) => ({ ...object, spec: { ...(object.spec as object), replicas } }));
  }

  demand(key: ObjectKey, resource: string, milli: number): void {
    this.simulation.world.demand.set(key, resource, milli);
  }

  refuse(message: string): void {
    this.#options.onRefusal(message);
  }

  begin(objects: readonly LocatedObject[]): void {
    for (const { object } of objects) this.apply(object);
  }

  #ensureNamespace(name: string): void {
    const { hub } = this.simulation.world;
    if (name === '' || hub.store.get(COLLECTIONS.namespaces, '', name) !== null) return;
    this.#tell(hub.create(COLLECTIONS.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  }

  #tell(result: { readonly ok: boolean; readonly message?: string }): void {
    if (!result.ok) this.#options.onRefusal(result.message ?? 'refused');
  }
}

/** The clusters that a fault is about; none where it strikes the control plane. */
function clustersOf(fault: Fault): readonly string[] {
  if ('cluster' in fault) return [fault.cluster];
  const places = 'between' in fault ? fault.between.flat() : 'place' in fault ? [fault.place] : [];
  return places.flatMap((place) => (place === null ? [] : (clusterOf(place) ?? [])));
}

/** Over as soon as they have struck. */
const MOMENTARY = new Set<Fault['fault']>(['restart', 'watch-broken', 'watch-expired', 'stale-list']);

const clusterKey = (name: string): ObjectKey => ({ collection: COLLECTIONS.clusters, namespace: '', name });

const withTime = (fault: Fault, forMs: Millis | null): Fault =>
  forMs === null ? fault : ({ ...fault, forMs } as Fault);
