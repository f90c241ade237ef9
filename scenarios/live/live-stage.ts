// The stage of a scenario that is played live: what its timeline wants is done to real APIs and real processes, at its time by the
// clock on the wall.
import {
  applyMergePatch,
  byName,
  COLLECTIONS,
  type Fault,
  HUB,
  isObject,
  type KubeObject,
  type Millis,
  type NodePool,
  type ObjectKey,
} from '../../engine/index.ts';
import type { LocalHub } from '../../executor/commands/up/local-hub.ts';
import type { FleetCluster } from '../format/fleet.ts';
import type { LocatedObject } from '../format/scenario.ts';
import { type FactSource, isWanted } from '../run/fact-source.ts';
import { Holds } from '../run/holds.ts';
import { patchFrom } from '../run/patch-from.ts';
import type { Scene } from '../run/scene.ts';
import { HubWrites, textOf } from './hub-writes.ts';
import type { LiveFleet } from './live-fleet.ts';
import type { MemberSort } from './live-members.ts';
import { LIVE_PROCESS } from './rehearsal.ts';
import { whyNot } from './unplayable.ts';

export interface LiveStageOptions {
  readonly hub: LocalHub;
  readonly fleet: LiveFleet;
  readonly keyOf: (object: KubeObject) => ObjectKey | null;
  /** The moment at which it begins, and how long that is ago. */
  readonly start: Millis;
  readonly elapsed: () => Millis;
  /** The control plane ends, and begins again after the time, knowing nothing. */
  readonly restart: (forMs: Millis) => void;
  readonly sort: MemberSort;
  readonly onRefusal: (message: string) => void;
}

/** Kinds of the control plane's own are in no member. */
const OF_HUB = /(^|\.)(karmada\.io|muster\.dev)\//;

export class LiveStage implements Scene, FactSource {
  readonly #options: LiveStageOptions;
  readonly #clusters = new Map<string, FleetCluster>();
  readonly #holds = new Holds((ms, run) => this.after(ms, run));
  readonly #found = new Map<string, FleetCluster>();
  readonly #dark = new Map<string, { times: number; end: () => void }>();
  readonly #joining = new Set<Promise<void>>();
  readonly #silent = new Map<string, Set<string>>();
  readonly #counts = new Map<object, number>();
  readonly #applied = new Map<string, KubeObject>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #stopLooking: () => void;
  readonly #writes: HubWrites;

  constructor(options: LiveStageOptions) {
    this.#options = options;
    this.#writes = new HubWrites(options.hub, options.onRefusal);
    this.#stopLooking = options.hub.store.onChange(({ type, collection, object }) => {
      if (type !== 'DELETED' || collection !== COLLECTIONS.clusters) return;
      this.#clusters.delete(object.metadata.name);
      this.#writes.later(() => options.fleet.dismiss(object.metadata.name));
    });
  }

  get now(): Millis {
    return this.#options.start + this.#options.elapsed();
  }

  get clusters(): readonly FleetCluster[] {
    return [...this.#clusters.values()].sort(byName);
  }

  readonly processes: readonly string[] = [LIVE_PROCESS];

  after(ms: Millis, run: () => void): void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        run();
      },
      Math.max(0, ms),
    );
    this.#timers.add(timer);
  }

  cluster(name: string): FleetCluster | null {
    return this.#clusters.get(name) ?? null;
  }

  /** What clusters really are, by name; those that have left too. */
  get found(): ReadonlyMap<string, FleetCluster> {
    return this.#found;
  }

  isWell(cluster: string): boolean {
    const object = this.object(clusterKey(cluster), null);
    return this.#clusters.has(cluster) && (this.#dark.get(cluster)?.times ?? 0) === 0 && isWanted(object);
  }

  object(key: ObjectKey, cluster: string | null): KubeObject | null {
    if (cluster !== null) return this.#options.fleet.object(key, cluster);
    return this.#options.hub.store.get(key.collection, key.namespace, key.name);
  }

  objects(collection: string, namespace: string, cluster: string | null): readonly KubeObject[] {
    if (cluster === null) return this.#options.hub.store.list(collection, namespace);
    return this.#options.fleet.objects(collection, namespace, cluster);
  }

  onChange(listener: Parameters<FactSource['onChange']>[0]): void {
    this.#options.hub.store.onChange((change) => listener(change, HUB));
  }

  onServing(listener: Parameters<FactSource['onServing']>[0]): void {
    this.#options.fleet.onServing(listener);
  }

  countUp(what: object): number {
    const count = (this.#counts.get(what) ?? 0) + 1;
    this.#counts.set(what, count);
    return count;
  }

  readyNodes(name: string): readonly string[] {
    const silent = this.#silent.get(name) ?? new Set();
    const all = (this.#clusters.get(name)?.nodes ?? []).flatMap((pool) =>
      Array.from({ length: pool.count }, (_, at) => `${pool.name}-${at}`),
    );
    return all.filter((node) => !silent.has(node));
  }

  inject(cluster: string, fault: Fault, forMs: Millis | null): void {
    const why = whyNot(fault, this.#options.sort);
    if (why === null) this.hold(cluster, this.#begin(cluster, fault), forMs);
    else this.#options.onRefusal(why);
  }

  injectAnywhere(fault: Fault, forMs: Millis | null): void {
    if (fault.fault === 'restart') this.#options.restart(forMs ?? 0);
    else
      this.#options.onRefusal(
        whyNot(fault, this.#options.sort) ?? `a fault of the sort ${fault.fault} strikes clusters, live`,
      );
  }

  hold(cluster: string, end: () => void, forMs: Millis | null): void {
    this.#holds.hold(cluster, end, forMs);
  }

  release(clusters: readonly string[]): number {
    return this.#holds.release(clusters);
  }

  vacate(): void {}

  reopen(): void {}

  /** A cluster may take its time to be made: nobody waits for it. */
  join(cluster: FleetCluster): void {
    const joining: Promise<void> = this.admit(cluster)
      .catch((error: unknown) => this.#options.onRefusal(`${cluster.name} does not join: ${textOf(error)}`))
      .finally(() => this.#joining.delete(joining));
    this.#joining.add(joining);
  }

  /** The cluster is started, has joined, and is as the scenario has it. */
  async admit(cluster: FleetCluster): Promise<void> {
    const { name, annotations, taints, models } = cluster;
    const found = await this.#options.fleet.admit(cluster);
    this.#clusters.set(name, found);
    this.#found.set(name, found);
    const spec = {
      ...(taints.length > 0 && { taints: [...taints] }),
      ...(models !== null && { resourceModels: models }),
    };
    const patch = { metadata: { annotations: { ...annotations } }, spec };
    await this.#writes.change(clusterKey(name), (object) => applyMergePatch(object, patch) as KubeObject);
  }

  leave(name: string): void {
    this.delete(clusterKey(name));
  }

  changeCluster(name: string, change: (cluster: KubeObject) => KubeObject): void {
    this.change(clusterKey(name), change);
  }

  resize(name: string, pools: readonly NodePool[]): void {
    const cluster = this.#clusters.get(name);
    if (cluster === undefined) return;
    this.#options.fleet.resize(name, cluster.nodes, pools);
    this.#clusters.set(name, { ...cluster, nodes: pools });
  }

  apply(object: KubeObject): ObjectKey | null {
    const key = this.#options.keyOf(object);
    if (key === null) {
      this.#options.onRefusal(`nobody serves ${object.apiVersion} ${object.kind}`);
      return null;
    }
    if (!OF_HUB.test(key.collection)) this.#options.fleet.watch(key.collection);
    if (key.collection === COLLECTIONS.services) this.#options.fleet.watch(COLLECTIONS.endpointSlices);
    const name = `${key.collection} ${key.namespace}/${key.name}`;
    const before = this.#applied.get(name);
    this.#applied.set(name, object);
    this.#writes.later(async () => {
      if (this.object(key, null) === null) return this.#writes.create(key, object);
      const patch = patchFrom(before, object);
      return this.#writes.change(key, (current) => applyMergePatch(current, patch) as KubeObject);
    });
    return key;
  }

  refuse(message: string): void {
    this.#options.onRefusal(message);
  }

  change(key: ObjectKey, change: (object: KubeObject) => KubeObject): void {
    this.#writes.later(() => this.#writes.change(key, change));
  }

  delete(key: ObjectKey): void {
    this.#writes.later(() => this.#writes.delete(key));
  }

  scale(key: ObjectKey, replicas: number): void {
    this.change(key, (object) =>
      isObject(object.spec) && object.spec.replicas === replicas
        ? object
        : { ...object, spec: { ...(object.spec as object), replicas } },
    );
  }

  demand(): void {
    this.#options.onRefusal('work that pods share is for virtual time alone');
  }

  begin(objects: readonly LocatedObject[]): void {
    for (const { object } of objects) this.apply(object);
  }

  /** Nothing comes any more; what is under way is over. */
  async end(): Promise<void> {
    this.#stopLooking();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#holds.releaseAll();
    await Promise.all(this.#joining);
    await this.#writes.idle();
  }

  #begin(cluster: string, fault: Fault): () => void {
    if (fault.fault === 'power-off') return this.#darken(cluster, fault);
    const end = this.#options.fleet.strike(cluster, fault);
    if (fault.fault !== 'node-silent') return end;
    const silent = this.#silent.get(cluster) ?? new Set();
    this.#silent.set(cluster, silent.add(fault.node));
    return () => {
      silent.delete(fault.node);
      end();
    };
  }

  /** What has no power twice gets it back once nothing keeps it away. */
  #darken(cluster: string, fault: Fault): () => void {
    const dark = this.#dark.get(cluster) ?? { times: 0, end: () => {} };
    this.#dark.set(cluster, dark);
    if (dark.times === 0) dark.end = this.#options.fleet.strike(cluster, fault);
    dark.times += 1;
    return () => {
      dark.times -= 1;
      if (dark.times === 0) dark.end();
    };
  }
}

const clusterKey = (name: string): ObjectKey => ({ collection: COLLECTIONS.clusters, namespace: '', name });
