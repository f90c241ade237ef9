// What the scheduler knows, kept up to date from changes: the fleet as columns, where grouped workloads are, what has been
// promised and not yet seen, and which bindings a change of a cluster can concern.

import type { ResourceBinding } from '../../../api/binding.ts';
import type { Cluster } from '../../../api/cluster.ts';
import { compileAffinity } from '../../../api/cluster-affinity.ts';
import { COLLECTIONS } from '../../../api/kinds.ts';
import type { ClusterAffinity, Placement } from '../../../api/placement.ts';
import { replicasByCluster } from '../../../api/target-clusters.ts';
import { BINDING_CONDITIONS } from '../../../api/work.ts';
import { byText } from '../../../base/order.ts';
import { rememberedOf } from '../../../base/remembered.ts';
import type { Command, CommandResult } from '../../../control/command.ts';
import { HUB, type Place } from '../../../control/place.ts';
import type { Projection } from '../../../control/projection.ts';
import { Fleet } from '../../../fleet/fleet.ts';
import { findCondition, hasConditionStatus } from '../../../kube/conditions.ts';
import { nameUuid } from '../../../kube/hash.ts';
import { canonicalJson, isObject, type JsonValue } from '../../../kube/json.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import type { Millis } from '../../../kube/time.ts';
import { reservationsOf } from '../../../schedule/batch.ts';
import { pluginsFor } from '../../../schedule/default-plugins.ts';
import { Scheduler } from '../../../schedule/fast/scheduler.ts';
import { extendPlugins } from '../../../schedule/plugin.ts';
import type { Change } from '../../../store/change.ts';
import { BINDINGS, type BindingKey, keyOfBinding } from '../../bindings.ts';
import { isOther } from '../../changes.ts';
import { readiness, readyCondition } from '../../clusters/cluster-conditions.ts';
import type { ControlPorts } from '../../ports.ts';
import { hasStagedPlacement } from '../../rollout/staged-placement.ts';
import { whereSound } from '../../shelter.ts';
import { Promises } from './promises.ts';
import { isDecidedAnew } from './why.ts';

interface Audience {
  readonly fits: (cluster: Cluster) => boolean;
  readonly bindings: Set<BindingKey>;
}

/** Of the fleet as it was at a version. */
interface Summary {
  readonly version: number;
  readonly text: string;
}

export class FleetState {
  readonly scheduler: Scheduler;
  /** Rises whenever a cluster changes in what decisions go by besides its room. */
  version = 0;
  #signature: Summary | null = null;
  #footprint: Summary | null = null;
  /** Each cluster as it was when it last became another. */
  readonly #changed = new Map<string, KubeObject>();
  readonly #traceOf = rememberedOf(traceOf);
  /** Null where what was promised does not count. */
  readonly #promises: Promises | null;
  readonly #bindings = new Map<BindingKey, ResourceBinding>();
  readonly #audiences = new Map<string, Audience>();
  readonly #audienceOf = new Map<BindingKey, string>();
  readonly #textOf = rememberedOf((placement: Placement) => canonicalJson(termsOf(placement)));
  /** Those that were refused for want of room. */
  readonly #waiting = new Set<BindingKey>();

  constructor({ profile, scores }: ControlPorts) {
    const plugins = scores.length === 0 ? pluginsFor(profile) : extendPlugins(pluginsFor(profile), { scores });
    this.scheduler = new Scheduler(new Fleet(), profile, plugins);
    const { gates, timings } = profile;
    this.#promises = gates.SchedulingOvercommitProtection
      ? new Promises(this.scheduler.fleet, timings.assumedPlacementTtlMs)
      : null;
  }

  /** It has become so late. */
  tick(now: Millis): void {
    this.#promises?.tick(now);
  }

  /** The same for the same clusters, with the same labels, taints and readiness, however they came to be so. */
  signature(): string {
    if (this.#signature === null || this.#signature.version !== this.version) {
      const clusters = this.scheduler.fleet.clusters().map((cluster) => {
        const { name, labels } = cluster.metadata;
        return [name, labels ?? {}, cluster.spec, readiness(cluster as unknown as KubeObject)];
      });
      const text = nameUuid(canonicalJson(clusters as unknown as JsonValue));
      this.#signature = { version: this.version, text };
    }
    return this.#signature.text;
  }

  /** The same only where all of them have stayed so all the time, as far as that leaves a trace in them. */
  footprint(): string {
    if (this.#footprint === null || this.#footprint.version !== this.version) {
      const traces = [...this.#changed.values()].map((object) => this.#traceOf(object)).sort(byText);
      this.#footprint = { version: this.version, text: nameUuid(traces.join(' ')) };
    }
    return this.#footprint.text;
  }

  /** Keys of the bindings whose affinity can mean the cluster, as it is or was. */
  concernedBy(object: KubeObject, previous: KubeObject | null): readonly BindingKey[] {
    const versions = [object, previous].filter((one) => one !== null) as unknown as readonly Cluster[];
    const keys: BindingKey[] = [];
    for (const { fits, bindings } of this.#audiences.values()) {
      if (bindings.size > 0 && versions.some(fits)) keys.push(...bindings);
    }
    return keys;
  }

  /** Those of them that wait for room. */
  waitingFor(object: KubeObject, previous: KubeObject | null): readonly BindingKey[] {
    if (this.#waiting.size === 0) return [];
    return this.concernedBy(object, previous).filter((key) => this.#waiting.has(key));
  }

  noticeCluster({ type, object, previous }: Change): void {
    const cluster = object as unknown as Cluster;
    if (type === 'DELETED') this.scheduler.fleet.remove(object.metadata.name);
    else this.scheduler.fleet.upsert(cluster);
    if (type === 'DELETED') this.#changed.delete(object.metadata.name);
    else if (isOtherCluster(object, previous)) this.#changed.set(object.metadata.name, object);
    if (type === 'DELETED' || isOtherCluster(object, previous)) this.version += 1;
    if (isOther(cluster.status?.resourceSummary, (previous as unknown as Cluster | null)?.status?.resourceSummary)) {
      this.#settle(object.metadata.name);
    }
  }

  noticeBinding({ type, object }: Change): void {
    const binding = object as unknown as ResourceBinding;
    const key = keyOfBinding(binding);
    if (type === 'DELETED') {
      this.#bindings.delete(key);
      this.#waiting.delete(key);
      this.#promises?.release(key);
      this.#leaveAudience(key);
      this.scheduler.peers.note(binding.spec, []);
      return;
    }
    const before = this.#bindings.get(key);
    this.#bindings.set(key, binding);
    // Whoever is whole and divided has nothing to decide, whatever becomes of a cluster.
    if (hasStagedPlacement(binding.metadata)) this.#joinAudience(key, ANYWHERE);
    else if (isOpen(binding)) this.#joinAudience(key, binding.spec.placement);
    else this.#leaveAudience(key);
    if (isWaiting(binding)) this.#waiting.add(key);
    else this.#waiting.delete(key);
    if (before?.spec === binding.spec) return;
    const targets = (binding.spec.clusters ?? []).map(({ name }) => name);
    this.scheduler.peers.note(binding.spec, targets);
    this.#promises?.release(key, (cluster) => !targets.includes(cluster));
  }

  /** A decision is under way: what it takes is not given twice. */
  sent(command: Command): void {
    const decided = this.#promises === null ? null : decidedBy(command);
    const binding = decided === null ? undefined : this.#bindings.get(decided.key);
    if (decided === null || binding === undefined) return;
    const before = replicasByCluster(binding.spec.clusters);
    const shrinks = decided.clusters.filter(({ name, replicas = 0 }) => replicas < (before.get(name) ?? 0));
    const fewer = new Set(shrinks.map(({ name }) => name));
    this.#promises?.release(decided.key, (cluster) => fewer.has(cluster));
    this.#promises?.make(decided.key, reservationsOf(binding.spec, decided.clusters));
  }

  settled(command: Command, result: CommandResult): void {
    const decided = this.#promises === null || result.ok ? null : decidedBy(command);
    if (decided !== null) this.#promises?.takeBack(decided.key);
  }

  /** A cluster has told anew of its room: what has been applied there is in it. */
  #settle(cluster: string): void {
    if (this.#promises === null || this.scheduler.fleet.ledger.of(cluster) === undefined) return;
    for (const key of this.#promises.keysIn(cluster)) {
      if (hasArrived(this.#bindings.get(key), cluster)) this.#promises.release(key, (one) => one === cluster);
    }
  }

  #joinAudience(key: BindingKey, placement: Placement | undefined): void {
    const text = placement === undefined ? undefined : this.#textOf(placement);
    if (text === this.#audienceOf.get(key)) return;
    this.#leaveAudience(key);
    if (placement === undefined || text === undefined) return;
    let audience = this.#audiences.get(text);
    if (audience === undefined) {
      audience = { fits: fitsAny(termsOf(placement)), bindings: new Set() };
      this.#audiences.set(text, audience);
    }
    audience.bindings.add(key);
    this.#audienceOf.set(key, text);
  }

  #leaveAudience(key: BindingKey): void {
    const text = this.#audienceOf.get(key);
    if (text === undefined) return;
    this.#audienceOf.delete(key);
    const audience = this.#audiences.get(text)!;
    audience.bindings.delete(key);
    if (audience.bindings.size === 0) this.#audiences.delete(text);
  }
}

/** As much of it as was decided, where its status counts replicas: what waits for a node is in what a cluster tells, too. */
function hasArrived(binding: ResourceBinding | undefined, cluster: string): boolean {
  const told = binding?.status?.aggregatedStatus?.find(({ clusterName }) => clusterName === cluster);
  if (told?.applied !== true) return false;
  const there = isObject(told.status) ? told.status.replicas : undefined;
  const wanted = binding?.spec.clusters?.find(({ name }) => name === cluster)?.replicas ?? 0;
  return typeof there !== 'number' || there >= wanted;
}

/** For whom two placements count at once, of which either may mean a cluster. */
const ANYWHERE: Placement = {};

/** It may be decided on again without anybody having asked; what was decided just now may be refused, and that not be seen yet. */
const isOpen = (binding: ResourceBinding): boolean =>
  isDecidedAnew(binding) ||
  binding.status?.schedulerObservedGeneration !== binding.metadata.generation ||
  !hasConditionStatus(binding.status?.conditions, BINDING_CONDITIONS.scheduled, 'True');

const isWaiting = ({ status }: ResourceBinding): boolean =>
  findCondition(status?.conditions, BINDING_CONDITIONS.scheduled)?.reason === 'Unschedulable';

/** None at all means every cluster. */
const termsOf = ({ clusterAffinity, clusterAffinities }: Placement): readonly ClusterAffinity[] =>
  clusterAffinities?.flatMap((term) => [term, ...(term.overflowAffinities ?? [])]) ??
  (clusterAffinity === undefined ? [] : [clusterAffinity]);

function fitsAny(terms: readonly ClusterAffinity[]): (cluster: Cluster) => boolean {
  if (terms.length === 0) return () => true;
  const checks = terms.map(compileAffinity);
  return (cluster) => checks.some((check) => check(cluster) === null);
}

/** Labels, taints, topology, readiness; not how much room there is. */
export function isOtherCluster(object: KubeObject, previous: KubeObject | null): boolean {
  if (previous === null || object.metadata.deletionTimestamp !== previous.metadata.deletionTimestamp) return true;
  const [now, before] = [object as unknown as Cluster, previous as unknown as Cluster];
  return (
    object.metadata.generation !== previous.metadata.generation ||
    isOther(now.metadata.labels, before.metadata.labels) ||
    readiness(object) !== readiness(previous) ||
    isOther(now.status?.apiEnablements, before.status?.apiEnablements)
  );
}

/** What `isOtherCluster` goes by, and when it came to be so. */
function traceOf(object: KubeObject): string {
  const { name, uid, generation, labels, deletionTimestamp } = object.metadata;
  const { status, lastTransitionTime } = readyCondition(object) ?? {};
  const { apiEnablements } = (object as unknown as Cluster).status ?? {};
  const told = [name, uid, generation, labels, deletionTimestamp, status, lastTransitionTime, apiEnablements];
  return nameUuid(canonicalJson(told.map((one) => one ?? null) as unknown as JsonValue));
}

function decidedBy(command: Command) {
  if (command.verb !== 'patch' || command.on !== HUB || !BINDINGS.includes(command.key.collection)) return null;
  const { spec } = command.patch;
  if (!isObject(spec) || !Array.isArray(spec.clusters)) return null;
  const key: BindingKey = `${command.key.namespace}/${command.key.name}`;
  return { key, clusters: spec.clusters as unknown as NonNullable<ResourceBinding['spec']['clusters']> };
}

export const fleetStateOf = (ports: ControlPorts): Projection<FleetState> => ({
  name: 'fleet',
  follows: (collection: string, place: Place) =>
    place === HUB && (collection === COLLECTIONS.clusters || BINDINGS.includes(collection)),
  begin: () => new FleetState(ports),
  change: (state, change) => {
    const isOfFleet = change.collection === COLLECTIONS.clusters;
    whereSound(change, (sound) => (isOfFleet ? state.noticeCluster(sound) : state.noticeBinding(sound)));
  },
  sent: (state, command) => state.sent(command),
  settled: (state, command, result) => state.settled(command, result),
});
