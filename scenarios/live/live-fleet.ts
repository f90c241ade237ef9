// The members that a scenario is played on live, joined to the hub as users join theirs. Between the hub and each of them is a way
// that can be in trouble; who serves in them is told by themselves, past that way.
import {
  agentControllersOf,
  COLLECTIONS,
  type ControlPorts,
  type Fault,
  formatKey,
  type KubeObject,
  type NodePool,
  type ObjectKey,
} from '../../engine/index.ts';
import type { LocalHub } from '../../executor/commands/up/local-hub.ts';
import { tokenAddress } from '../../executor/live/address.ts';
import { type ApiAddress, HttpApi } from '../../executor/live/http-api.ts';
import { HttpClient } from '../../executor/live/http-client.ts';
import { accountOf, join, tokenFor } from '../../executor/live/join.ts';
import { LiveProcess } from '../../executor/live/live-process.ts';
import { takeAccountAway, unjoin } from '../../executor/live/unjoin.ts';
import { wallTime } from '../../executor/live/wall-time.ts';
import type { FleetCluster } from '../format/fleet.ts';
import type { LiveMember, LiveMembers, ServingListener } from './live-members.ts';
import { type TroubledWay, troubledWay } from './troubled-way.ts';

export interface LiveFleetOptions {
  readonly hub: LocalHub;
  readonly ports: ControlPorts;
  readonly members: LiveMembers;
}

interface Service {
  readonly hear: ServingListener;
  /** Nobody serves there any more, and nothing is heard of it. */
  end(): void;
}

interface Admitted {
  readonly member: LiveMember;
  readonly service: Service;
  /** Everything that goes to its API from outside. */
  readonly toApi: TroubledWay;
  /** What the hub and the cluster say to each other: of one that pulls, the way of its agent to the hub. */
  readonly toHub: TroubledWay | null;
  /** Ends its agent, where it has one. */
  endAgent: () => Promise<void>;
}

type ClusterListener = (cluster: string, key: ObjectKey, serving: number) => void;

type Way = TroubledWay['address'] & { readonly token: string };

/** As long as one message takes between hub and members in virtual time. */
const USUAL_MS = 30;
const LEAVE_MS = 60_000;
const CUT = { kind: 'partition', delayMs: 0 } as const;

export class LiveFleet {
  readonly #options: LiveFleetOptions;
  readonly #hub: HttpApi;
  readonly #serving = new Set<ClusterListener>();
  readonly #admitted = new Map<string, Admitted>();
  /** Collections that are known of every member. */
  readonly #watched = new Set<string>();

  constructor(options: LiveFleetOptions) {
    this.#options = options;
    this.#hub = new HttpApi(tokenAddress(options.hub.access));
  }

  /** Of every cluster. */
  onServing(listener: ClusterListener): void {
    this.#serving.add(listener);
  }

  /** Tells what it really is. */
  async admit(cluster: FleetCluster): Promise<FleetCluster> {
    const { name, provider, region, zones, labels, mode } = cluster;
    const { hub, members } = this.#options;
    const service = this.#serviceOf(name);
    const member = await members.admit(cluster, service.hear);
    const toApi = await troubledWay(member.address);
    const toHub = mode === 'Pull' ? await troubledWay(tokenAddress(hub.access)) : null;
    const admitted: Admitted = { member, service, toApi, toHub, endAgent: async () => {} };
    this.#admitted.set(name, admitted);
    for (const collection of this.#watched) member.watch(collection);
    const api = new HttpApi(member.address);
    const spec = {
      syncMode: mode,
      ...(provider !== '' && { provider }),
      ...(region !== '' && { region }),
      ...(zones.length > 0 && { zones: [...zones] }),
    };
    try {
      await join({ name, hub: this.#hub, member: api, address: toApi.address, labels, spec });
      if (toHub !== null) {
        const token = await tokenFor(api, accountOf(name));
        admitted.endAgent = this.#agentOf(
          name,
          { ...toApi.address, token },
          { ...toHub.address, token: hub.access.token },
        );
      }
    } finally {
      api.close();
    }
    return member.found;
  }

  /** It has left the fleet. */
  async dismiss(name: string): Promise<void> {
    const admitted = this.#admitted.get(name);
    if (admitted === undefined) return;
    this.#admitted.delete(name);
    const { member, service, toApi, toHub } = admitted;
    service.end();
    await admitted.endAgent();
    await Promise.all([toApi.close(), toHub?.close()]);
    try {
      if (this.#options.members.areKept) await this.#with(member, (api) => takeAccountAway(this.#hub, name, api));
    } finally {
      await member.close();
    }
  }

  /** Those that outlive the scenario give back first what they were given: the control plane has to be at work. */
  async leave(): Promise<void> {
    if (!this.#options.members.areKept) return;
    await allOf(
      [...this.#admitted].map(async ([name, { member }]) => {
        const { store } = this.#options.hub;
        if (store.get(COLLECTIONS.clusters, '', name) === null) return;
        await this.#with(member, (api) => unjoin({ hub: this.#hub, name, member: api, waitMs: LEAVE_MS }));
      }),
    );
  }

  /** What is given back ends it. */
  strike(name: string, fault: Fault): () => void {
    const admitted = this.#admitted.get(name);
    if (admitted === undefined) return () => {};
    const { member, toApi, toHub } = admitted;
    const way = toHub ?? toApi;
    switch (fault.fault) {
      case 'power-off': {
        const ends = [member.strike(fault), toApi.trouble(CUT), toHub?.trouble(CUT)];
        return () => {
          for (const end of ends) end?.();
        };
      }
      case 'node-silent':
      case 'behavior':
        return member.strike(fault);
      case 'slow':
        return way.trouble({ kind: 'slow', delayMs: Math.round(fault.factor * USUAL_MS) });
      case 'api-down':
        return toApi.trouble({ kind: 'fail', delayMs: 0 });
      default:
        return way.trouble(CUT);
    }
  }

  resize(name: string, before: readonly NodePool[], after: readonly NodePool[]): void {
    this.#admitted.get(name)?.member.resize(before, after);
  }

  /** Objects of this collection are known of every member from now on. */
  watch(collection: string): void {
    if (this.#watched.has(collection)) return;
    this.#watched.add(collection);
    for (const { member } of this.#admitted.values()) member.watch(collection);
  }

  object(key: ObjectKey, cluster: string): KubeObject | null {
    return this.#admitted.get(cluster)?.member.object(key) ?? null;
  }

  objects(collection: string, namespace: string, cluster: string): readonly KubeObject[] {
    const all = this.#admitted.get(cluster)?.member.objects(collection) ?? [];
    return all.filter(({ metadata }) => metadata.namespace === namespace);
  }

  async close(): Promise<void> {
    try {
      await allOf([...this.#admitted.keys()].map((name) => this.dismiss(name)));
    } finally {
      this.#hub.close();
    }
  }

  #serviceOf(cluster: string): Service {
    const serving = new Map<string, ObjectKey>();
    let isOver = false;
    const tell = (key: ObjectKey, count: number): void => {
      for (const listener of this.#serving) listener(cluster, key, count);
    };
    return {
      hear: (key, count) => {
        if (isOver) return;
        serving.set(formatKey(key), key);
        tell(key, count);
      },
      end: () => {
        isOver = true;
        for (const key of serving.values()) tell(key, 0);
      },
    };
  }

  async #with<T>(member: LiveMember, use: (api: HttpApi) => Promise<T>): Promise<T> {
    const api = new HttpApi(member.address);
    try {
      return await use(api);
    } finally {
      api.close();
    }
  }

  /** Beside its cluster, with a way to the hub of its own. */
  #agentOf(name: string, toApi: Way, toHub: Way): () => Promise<void> {
    const { ports } = this.#options;
    const now = wallTime();
    const time = { now, chance: Math.random };
    const ownHub = new HttpClient(new HttpApi(addressOf(toHub)), time);
    const ownMember = new HttpClient(new HttpApi(addressOf(toApi)), time);
    const live = new LiveProcess({
      name: `agent-${name}`,
      controllers: agentControllersOf(ports, name),
      hub: ownHub,
      memberOf: (cluster) => (cluster === name ? ownMember : null),
      now,
    });
    return async () => {
      await live.stop();
      ownHub.close();
      ownMember.close();
    };
  }
}

const addressOf = ({ server, token, authority, insecure }: Way): ApiAddress =>
  tokenAddress({ server: server.href, token, authority, insecure });

/** Each to its end; then the first that failed is told. */
export async function allOf(doing: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(doing)).find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
