// The members that a scenario is played on live: each a process of its own, with the nodes that the scenario gives it, joined to
// the hub as users join theirs. They tell in truth who serves in them.
import {
  agentControllersOf,
  type BehaviorRule,
  type ControlPorts,
  formatKey,
  type ObjectKey,
} from '../../engine/index.ts';
import type { LocalHub } from '../../executor/commands/up/local-hub.ts';
import { tokenAddress } from '../../executor/live/address.ts';
import { HttpApi } from '../../executor/live/http-api.ts';
import { HttpClient } from '../../executor/live/http-client.ts';
import { join } from '../../executor/live/join.ts';
import { LiveProcess } from '../../executor/live/live-process.ts';
import { wallTime } from '../../executor/live/wall-time.ts';
import { type EmbeddedMember, startEmbedded } from '../../executor/members/embedded.ts';
import type { EmbeddedOrder } from '../../executor/members/embedded-words.ts';
import type { FleetCluster } from '../format/fleet.ts';

export interface LiveFleetOptions {
  readonly hub: LocalHub;
  readonly ports: ControlPorts;
  readonly behaviors: readonly BehaviorRule[];
}

export class LiveFleet {
  readonly #options: LiveFleetOptions;
  readonly #hub: HttpApi;
  readonly #members = new Map<string, EmbeddedMember>();
  readonly #agents = new Map<string, () => Promise<void>>();
  /** By workload, then by cluster. */
  readonly #serving = new Map<string, Map<string, number>>();

  constructor(options: LiveFleetOptions) {
    this.#options = options;
    this.#hub = new HttpApi(tokenAddress(options.hub.access));
  }

  async admit(cluster: FleetCluster): Promise<void> {
    const { name, nodes, provider, region, zones, labels, mode } = cluster;
    const { behaviors } = this.#options;
    const member = await startEmbedded({ name, nodes, behaviors }, ({ key, serving }) =>
      this.#note(formatKey(key), name, serving),
    );
    this.#members.set(name, member);
    const address = tokenAddress(member);
    const api = new HttpApi(address);
    const spec = {
      syncMode: mode,
      ...(provider !== '' && { provider }),
      ...(region !== '' && { region }),
      ...(zones.length > 0 && { zones: [...zones] }),
    };
    try {
      await join({ name, hub: this.#hub, member: api, address, labels, spec });
    } finally {
      api.close();
    }
    if (mode === 'Pull') this.#agents.set(name, this.#agentOf(name, member));
  }

  async dismiss(name: string): Promise<void> {
    await this.#agents.get(name)?.();
    this.#agents.delete(name);
    const member = this.#members.get(name);
    this.#members.delete(name);
    for (const clusters of this.#serving.values()) clusters.delete(name);
    await member?.close();
  }

  tell(name: string, order: EmbeddedOrder): void {
    this.#members.get(name)?.tell(order);
  }

  servingOf(key: ObjectKey): ReadonlyMap<string, number> {
    return this.#serving.get(formatKey(key)) ?? new Map();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#members.keys()].map((name) => this.dismiss(name)));
    this.#hub.close();
  }

  #note(workload: string, cluster: string, serving: number): void {
    const clusters = this.#serving.get(workload) ?? new Map<string, number>();
    this.#serving.set(workload, clusters);
    if (serving === 0) clusters.delete(cluster);
    else clusters.set(cluster, serving);
  }

  /** Beside its cluster, with a way to the hub of its own. */
  #agentOf(name: string, member: EmbeddedMember): () => Promise<void> {
    const { hub, ports } = this.#options;
    const now = wallTime();
    const time = { now, chance: Math.random };
    const toHub = new HttpClient(new HttpApi(tokenAddress(hub.access)), time);
    const toMember = new HttpClient(new HttpApi(tokenAddress(member)), time);
    const live = new LiveProcess({
      name: `agent-${name}`,
      controllers: agentControllersOf(ports, name),
      hub: toHub,
      memberOf: (cluster) => (cluster === name ? toMember : null),
      now,
    });
    return async () => {
      await live.stop();
      toHub.close();
      toMember.close();
    };
  }
}
