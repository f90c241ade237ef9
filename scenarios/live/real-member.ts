// A cluster that nobody simulates: what it is, and who serves in it, are read from the cluster itself.
import {
  type Cluster,
  formatKey,
  isObject,
  type KubeObject,
  type NodePool,
  type ObjectKey,
} from '../../engine/index.ts';
import { ApiObjects } from '../../executor/live/api-objects.ts';
import { type ApiAddress, HttpApi } from '../../executor/live/http-api.ts';
import { MemberError } from '../../executor/members/member.ts';
import { type FleetCluster, recordedCluster } from '../format/fleet.ts';
import type { ServingListener } from './live-members.ts';
import { MemberWatch } from './member-watch.ts';

export class RealMember {
  readonly address: ApiAddress;
  readonly #hear: ServingListener;
  readonly #watch: MemberWatch;
  readonly #serving = new Map<string, { readonly key: ObjectKey; readonly told: number }>();
  #hasPower = true;

  constructor(address: ApiAddress, hear: ServingListener) {
    this.address = address;
    this.#hear = hear;
    this.#watch = new MemberWatch(address, (key, object) => this.#note(key, servingOf(object)));
  }

  watch(collection: string): void {
    this.#watch.watch(collection);
  }

  object(key: ObjectKey): KubeObject | null {
    return this.#watch.object(key);
  }

  objects(collection: string): readonly KubeObject[] {
    return this.#watch.objects(collection);
  }

  /** Before anything is sent there: its nodes, what runs on them, its version and what it serves. */
  async found(cluster: FleetCluster): Promise<FleetCluster> {
    const { name } = cluster;
    const asked = await this.#watch.client.ask({ about: 'state', models: [], withApis: true });
    if (!asked.ok) throw new MemberError(`cluster ${name} cannot be looked at: ${asked.message}`);
    const { version, apis, nodeSummary, resourceSummary } = asked.answer as Record<string, unknown>;
    if (resourceSummary === undefined) throw new MemberError(`cluster ${name} does not tell what runs in it`);
    const status = { kubernetesVersion: version, apiEnablements: apis, nodeSummary, resourceSummary };
    const recorded = recordedCluster({ metadata: { name }, spec: {}, status } as unknown as Cluster);
    const api = new HttpApi(this.address);
    try {
      const nodes = await new ApiObjects(api, `cluster ${name}`).list({ apiVersion: 'v1', kind: 'Node' });
      const { load, version, apis } = recorded;
      return { ...cluster, nodes: nodes.map(poolOf), load, version, apis, latency: null };
    } finally {
      api.close();
    }
  }

  /** Without power nobody serves, whatever the cluster said last. */
  power(isOn: boolean): void {
    this.#hasPower = isOn;
    for (const { key, told } of this.#serving.values()) this.#hear(key, isOn ? told : 0);
    if (isOn) this.#watch.renew();
  }

  close(): void {
    this.#watch.close();
  }

  #note(key: ObjectKey, told: number | null): void {
    if (told === null && !this.#serving.has(formatKey(key))) return;
    this.#serving.set(formatKey(key), { key, told: told ?? 0 });
    if (this.#hasPower) this.#hear(key, told ?? 0);
  }
}

/** What a workload says of itself, in the words of its kind; null for what has no replicas. */
function servingOf(object: KubeObject | null): number | null {
  if (object === null || !isObject(object.spec)) return null;
  const status = isObject(object.status) ? object.status : {};
  const told = status.readyReplicas ?? status.numberReady ?? status.ready;
  if (typeof told === 'number') return told;
  return typeof object.spec.replicas === 'number' ? 0 : null;
}

/** Nodes of one size are told apart by their names alone. */
function poolOf({ metadata, spec, status }: KubeObject): NodePool {
  const allocatable = isObject(status) && isObject(status.allocatable) ? status.allocatable : {};
  const taints = isObject(spec) && Array.isArray(spec.taints) ? spec.taints : [];
  return {
    name: metadata.name,
    count: 1,
    allocatable: allocatable as NodePool['allocatable'],
    ...(metadata.labels !== undefined && { labels: metadata.labels }),
    ...(taints.length > 0 && { taints: taints as NonNullable<NodePool['taints']> }),
  };
}
