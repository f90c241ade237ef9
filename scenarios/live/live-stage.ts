// The stage of a scenario that is played live: what its timeline wants is done to real APIs and real processes, at its time by the
// clock on the wall.
import {
  applyMergePatch,
  byName,
  COLLECTIONS,
  type CommandResult,
  type Fault,
  HUB,
  isObject,
  type KubeObject,
  type Millis,
  type NodePool,
  type ObjectKey,
} from '../../engine/index.ts';
import type { LocalHub } from '../../executor/commands/up/local-hub.ts';
import type { EmbeddedOrder } from '../../executor/members/embedded-words.ts';
import type { Trouble } from '../../executor/members/trouble.ts';
import type { FleetCluster } from '../format/fleet.ts';
import type { LocatedObject } from '../format/scenario.ts';
import { Holds } from '../run/holds.ts';
import { patchFrom } from '../run/patch-from.ts';
import type { Scene } from '../run/scene.ts';
import type { LiveFleet } from './live-fleet.ts';
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
  readonly onRefusal: (message: string) => void;
}

/** All that runs beside the hub is one process. */
export const LIVE_PROCESS = 'control-plane';
const ATTEMPTS = 10;
/** As long as one message takes between hub and members in virtual time. */
const USUAL_MS = 30;

export class LiveStage implements Scene {
  readonly #options: LiveStageOptions;
  readonly #clusters = new Map<string, FleetCluster>();
  readonly #holds = new Holds((ms, run) => this.after(ms, run));
  readonly #troubles = new Map<string, Trouble[]>();
  readonly #silent = new Map<string, Set<string>>();
  readonly #counts = new Map<object, number>();
  readonly #applied = new Map<string, KubeObject>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #stopLooking: () => void;
  /** Writes, one after the other. */
  #writing: Promise<unknown> = Promise.resolve();

  constructor(options: LiveStageOptions) {
    this.#options = options;
    this.#stopLooking = options.hub.store.onChange(({ type, collection, object }) => {
      if (type !== 'DELETED' || collection !== COLLECTIONS.clusters) return;
      this.#clusters.delete(object.metadata.name);
      this.#later(() => options.fleet.dismiss(object.metadata.name));
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
    const why = whyNot(fault);
    if (why === null) this.hold(cluster, this.#begin(cluster, fault), forMs);
    else this.#options.onRefusal(why);
  }

  injectAnywhere(fault: Fault, forMs: Millis | null): void {
    if (fault.fault === 'restart') this.#options.restart(forMs ?? 0);
    else this.#options.onRefusal(whyNot(fault) ?? `a fault of the sort ${fault.fault} strikes clusters, live`);
  }

  hold(cluster: string, end: () => void, forMs: Millis | null): void {
    this.#holds.hold(cluster, end, forMs);
  }

  release(clusters: readonly string[]): number {
    return this.#holds.release(clusters);
  }

  vacate(): void {}

  reopen(): void {}

  join(cluster: FleetCluster): void {
    this.#later(() => this.admit(cluster));
  }

  /** The cluster is started, has joined, and is as the scenario has it. */
  async admit(cluster: FleetCluster): Promise<void> {
    const { name, annotations, taints, models } = cluster;
    await this.#options.fleet.admit(cluster);
    this.#clusters.set(name, cluster);
    const spec = {
      ...(taints.length > 0 && { taints: [...taints] }),
      ...(models !== null && { resourceModels: models }),
    };
    const patch = { metadata: { annotations: { ...annotations } }, spec };
    await this.#write(clusterKey(name), (object) => applyMergePatch(object, patch) as KubeObject);
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
    this.#options.fleet.tell(name, { order: 'resize', before: cluster.nodes, after: pools });
    this.#clusters.set(name, { ...cluster, nodes: pools });
  }

  apply(object: KubeObject): ObjectKey | null {
    const key = this.#options.keyOf(object);
    if (key === null) {
      this.#options.onRefusal(`nobody serves ${object.apiVersion} ${object.kind}`);
      return null;
    }
    const name = `${key.collection} ${key.namespace}/${key.name}`;
    const before = this.#applied.get(name);
    this.#applied.set(name, object);
    this.#later(async () => {
      await this.#ensureNamespace(key.namespace);
      const { client, store } = this.#options.hub;
      if (store.get(key.collection, key.namespace, key.name) === null) {
        const metadata = { ...object.metadata, ...(key.namespace !== '' && { namespace: key.namespace }) };
        this.#tell(await client.carryOut({ verb: 'create', on: HUB, key, object: { ...object, metadata } }));
        return;
      }
      const patch = patchFrom(before, object);
      await this.#write(key, (current) => applyMergePatch(current, patch) as KubeObject);
    });
    return key;
  }

  change(key: ObjectKey, change: (object: KubeObject) => KubeObject): void {
    this.#later(() => this.#write(key, change));
  }

  delete(key: ObjectKey): void {
    this.#later(async () =>
      this.#tell(await this.#options.hub.client.carryOut({ verb: 'delete', on: HUB, key, precondition: null })),
    );
  }

  scale(key: ObjectKey, replicas: number): void {
    this.change(key, (object) =>
      isObject(object.spec) && object.spec.replicas === replicas
        ? object
        : { ...object, spec: { ...(object.spec as object), replicas } },
    );
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
    await this.#writing;
  }

  #begin(cluster: string, fault: Fault): () => void {
    const tell = (order: EmbeddedOrder): void => this.#options.fleet.tell(cluster, order);
    switch (fault.fault) {
      case 'power-off': {
        tell({ order: 'power', isOn: false });
        const mend = this.#trouble(cluster, { kind: 'partition', delayMs: 0 });
        return () => {
          tell({ order: 'power', isOn: true });
          mend();
        };
      }
      case 'slow':
        return this.#trouble(cluster, { kind: 'slow', delayMs: Math.round(fault.factor * USUAL_MS) });
      case 'api-down':
        return this.#trouble(cluster, { kind: 'fail', delayMs: 0 });
      case 'node-silent': {
        const silent = this.#silent.get(cluster) ?? new Set();
        this.#silent.set(cluster, silent.add(fault.node));
        tell({ order: 'node', name: fault.node, isReady: false });
        return () => {
          silent.delete(fault.node);
          tell({ order: 'node', name: fault.node, isReady: true });
        };
      }
      case 'behavior':
        tell({ order: 'behave', rules: [fault.rule] });
        return () => tell({ order: 'behave', rules: [] });
      default:
        return this.#trouble(cluster, { kind: 'partition', delayMs: 0 });
    }
  }

  /** Of several troubles of one API the worst shows. */
  #trouble(cluster: string, trouble: Trouble): () => void {
    const all = this.#troubles.get(cluster) ?? [];
    this.#troubles.set(cluster, all);
    const show = (): void => {
      const worst = SEVERITY.flatMap((kind) => all.filter((one) => one.kind === kind))[0] ?? null;
      this.#options.fleet.tell(cluster, { order: 'trouble', trouble: worst });
    };
    all.push(trouble);
    show();
    return () => {
      all.splice(all.indexOf(trouble), 1);
      show();
    };
  }

  #later(work: () => Promise<unknown>): void {
    this.#writing = this.#writing.then(work).catch((error: unknown) => {
      this.#options.onRefusal(error instanceof Error ? error.message : String(error));
    });
  }

  /** From what is there now, as often as somebody else was faster. */
  async #write(key: ObjectKey, change: (object: KubeObject) => KubeObject): Promise<void> {
    const { client, store } = this.#options.hub;
    for (let attempt = 1; ; attempt += 1) {
      const current = store.get(key.collection, key.namespace, key.name);
      if (current === null) {
        this.#options.onRefusal(`there is no ${key.collection} ${key.namespace}/${key.name}`);
        return;
      }
      const object = change(current);
      if (object === current) return;
      const result = await client.carryOut({ verb: 'update', on: HUB, key, object });
      if (result.ok || result.code !== 'Conflict' || attempt === ATTEMPTS) {
        this.#tell(result);
        return;
      }
    }
  }

  async #ensureNamespace(name: string): Promise<void> {
    const { client, store } = this.#options.hub;
    if (name === '' || store.get(COLLECTIONS.namespaces, '', name) !== null) return;
    const key = { collection: COLLECTIONS.namespaces, namespace: '', name };
    const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    this.#tell(await client.carryOut({ verb: 'create', on: HUB, key, object }));
  }

  #tell(result: CommandResult): void {
    if (!result.ok) this.#options.onRefusal(result.message);
  }
}

const SEVERITY = ['partition', 'fail', 'slow'] as const;

const clusterKey = (name: string): ObjectKey => ({ collection: COLLECTIONS.clusters, namespace: '', name });
