// The way to each member, as the hub's Clusters and Secrets tell it: made when a cluster joins, made anew when its address or
// its credentials change, gone when it leaves.
import { type Cluster, COLLECTIONS, type KubeObject } from '../../engine/index.ts';
import { accessAddress, type ClusterAccess, clusterAccess } from './address.ts';
import { HttpApi, type HttpApiOptions } from './http-api.ts';
import { HttpClient } from './http-client.ts';
import type { Following, PlaceClient } from './place-client.ts';

const SECRETS = '/secrets';
/** Two watches of one hub tell the same at about the same time. */
const SOON_MS = 5_000;

export interface FleetListener {
  /** There is another way to the cluster than before; null where there is none any more. */
  readonly changed: (cluster: string, client: PlaceClient | null) => void;
}

interface Known {
  readonly access: string;
  readonly client: HttpClient;
}

export class FleetClients {
  readonly #clusters = new Map<string, KubeObject>();
  readonly #secrets = new Map<string, KubeObject>();
  readonly #known = new Map<string, Known>();
  /** Of clusters that are no more. */
  readonly #gone = new Set<string>();
  readonly #awaiting = new Set<() => void>();
  readonly #followed: readonly Following[];
  readonly #now: () => number;
  readonly #listener: FleetListener;
  readonly #api: HttpApiOptions;
  #isClosed = false;

  constructor(hub: PlaceClient, now: () => number, api: HttpApiOptions, listener: FleetListener) {
    this.#now = now;
    this.#api = api;
    this.#listener = listener;
    this.#followed = [
      this.#follow(hub, COLLECTIONS.clusters, this.#clusters),
      this.#follow(hub, SECRETS, this.#secrets),
    ];
  }

  client(cluster: string): PlaceClient | null {
    return this.#known.get(cluster)?.client ?? null;
  }

  /**
   * The same for whoever has heard of the cluster elsewhere: here it, or its Secret, may be told a moment later. A cluster that
   * counted as out of reach for that moment would count so for half a minute.
   */
  async clientSoon(cluster: string, withinMs = SOON_MS): Promise<PlaceClient | null> {
    const until = performance.now() + withinMs;
    for (let left = withinMs; left > 0 && this.#mayCome(cluster); left = until - performance.now())
      await this.#news(left);
    return this.client(cluster);
  }

  /** Why there is no way to a cluster that is known; null where there is one, and where nobody knows the cluster. */
  whyNoWay(name: string): string | null {
    const cluster = this.#clusters.get(`/${name}`);
    if (cluster === undefined || this.#known.has(name)) return null;
    const path = secretPathOf(cluster);
    const { apiEndpoint = '' } = (cluster as unknown as Cluster).spec;
    if (!URL.canParse(apiEndpoint)) return `the cluster's apiEndpoint is no address: ${JSON.stringify(apiEndpoint)}`;
    if (path === '') return 'the cluster names no Secret to reach it with';
    return this.#secrets.has(path)
      ? `the Secret ${path} holds neither a token nor a client certificate`
      : `the Secret ${path} does not exist`;
  }

  close(): void {
    this.#isClosed = true;
    this.#wake();
    for (const following of this.#followed) following.close();
    for (const { client } of this.#known.values()) client.close();
    this.#known.clear();
  }

  #mayCome(name: string): boolean {
    if (this.#isClosed || this.#known.has(name)) return false;
    const cluster = this.#clusters.get(`/${name}`);
    if (cluster === undefined) return !this.#gone.has(name);
    const secret = secretPathOf(cluster);
    return secret !== '' && !this.#secrets.has(secret);
  }

  #news(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const heard = () => {
        clearTimeout(limit);
        this.#awaiting.delete(heard);
        resolve();
      };
      const limit = setTimeout(heard, withinMs);
      this.#awaiting.add(heard);
    });
  }

  #wake(): void {
    for (const heard of [...this.#awaiting]) heard();
  }

  #follow(hub: PlaceClient, collection: string, objects: Map<string, KubeObject>): Following {
    return hub.follow(collection, {
      listed: (listed) => {
        objects.clear();
        for (const object of listed) objects.set(pathOf(object), object);
        this.#refresh();
      },
      changed: (type, object) => {
        if (type === 'DELETED') objects.delete(pathOf(object));
        else objects.set(pathOf(object), object);
        if (type === 'DELETED' && collection === COLLECTIONS.clusters) this.#gone.add(object.metadata.name);
        if (collection === COLLECTIONS.clusters || this.#isUsed(object)) this.#refresh();
      },
      caughtUp: () => {},
    });
  }

  #isUsed(secret: KubeObject): boolean {
    const path = pathOf(secret);
    return [...this.#clusters.values()].some((cluster) => secretPathOf(cluster) === path);
  }

  #refresh(): void {
    for (const [name, { client }] of [...this.#known]) {
      if (this.#clusters.has(`/${name}`)) continue;
      this.#known.delete(name);
      client.close();
      this.#listener.changed(name, null);
    }
    for (const cluster of this.#clusters.values()) {
      const access = clusterAccess(cluster, this.#secrets.get(secretPathOf(cluster)) ?? null);
      // With a secret that is gone for a moment the old way may still do.
      if (access !== null) this.#renew(cluster.metadata.name, access);
      this.#gone.delete(cluster.metadata.name);
    }
    this.#wake();
  }

  #renew(name: string, access: ClusterAccess): void {
    const text = JSON.stringify(access);
    const known = this.#known.get(name);
    if (known?.access === text) return;
    const client = new HttpClient(new HttpApi(accessAddress(access), this.#api), {
      now: this.#now,
      chance: Math.random,
    });
    this.#known.set(name, { access: text, client });
    this.#listener.changed(name, client);
    known?.client.close();
  }
}

const pathOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

function secretPathOf(cluster: KubeObject): string {
  const { secretRef } = (cluster as unknown as Cluster).spec;
  return secretRef === undefined ? '' : `${secretRef.namespace}/${secretRef.name}`;
}
