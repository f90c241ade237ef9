// What conditions may read of a run while it goes: who serves, who is assigned, what changed last; kept by changes alone.
import {
  builtInCollectionOf,
  byName,
  type Change,
  COLLECTIONS,
  formatKey,
  HUB,
  isObject,
  type KubeObject,
  keyOf,
  type Millis,
  type ObjectKey,
  type Place,
  type ResourceBinding,
  readyEndpoints,
  SERVICE_NAME,
} from '../../engine/index.ts';
import type { Value } from '../../executor/script/expression.ts';
import {
  CHANGE_TOPIC,
  ENDPOINTS_TOPIC,
  type Facts,
  objectTopic,
  valueAt,
  type WorkloadFacts,
  workloadTopic,
} from '../expect/facts.ts';
import type { FleetCluster } from '../format/fleet.ts';
import type { RunMetrics } from '../metrics/read.ts';
import type { FactSource } from './fact-source.ts';
import { isNoise } from './noise.ts';

interface Workload extends WorkloadFacts {
  /** What the template asks for. */
  replicas: number;
  isDivided: boolean;
  desired: number;
  readonly serving: Map<string, number>;
  assigned: Map<string, number>;
  moved: number;
  movedNeedlessly: number;
  /** Replicas that left a cluster and have not been assigned elsewhere yet: because they had to, and others. */
  homeless: number;
  homelessNeedlessly: number;
}

export interface LiveFactsPorts {
  /** Something has changed that conditions may read. */
  readonly touch: (topic: string) => void;
  readonly touchWorkload: (key: ObjectKey) => void;
  /** So many are assigned to a cluster now, or serve there. */
  readonly hold: (key: ObjectKey, cluster: string, counts: { assigned?: number; serving?: number }) => void;
  /** Requests of a kind so far. */
  readonly calls: Facts['calls'];
}

export class LiveFacts implements Facts {
  readonly #source: FactSource;
  readonly #ports: LiveFactsPorts;
  readonly #workloads = new Map<string, Workload>();
  /** What each binding is of. */
  readonly #resources = new Map<string, ObjectKey>();
  #metrics: RunMetrics | null = null;
  #changedAt: Millis;

  constructor(source: FactSource, ports: LiveFactsPorts) {
    this.#source = source;
    this.#ports = ports;
    this.#changedAt = source.now;
    source.onChange((change, place) => this.#notice(change, place));
    source.onServing((cluster, key, serving) => {
      const { serving: counts } = this.#state(key);
      if (serving === 0) counts.delete(cluster);
      else counts.set(cluster, serving);
      this.#ports.hold(key, cluster, { serving });
      this.#touch(key);
    });
  }

  /** When anything but heartbeats last changed. */
  get changedAt(): Millis {
    return this.#changedAt;
  }

  workload(key: ObjectKey): WorkloadFacts | null {
    return this.#workloads.get(formatKey(key)) ?? null;
  }

  /** By name. */
  all(): readonly (WorkloadFacts & { readonly name: string })[] {
    return [...this.#workloads]
      .map(([name, state]) => ({ ...state, name: name.slice(name.indexOf('/') + 1) }))
      .sort(byName);
  }

  cluster(name: string): FleetCluster | null {
    return this.#source.cluster(name);
  }

  field(key: ObjectKey, path: readonly string[], cluster: string | null): Value | undefined {
    return valueAt(this.#source.object(key, cluster), path);
  }

  endpoints(namespace: string, service: string, cluster: string | null): number {
    return this.#source
      .objects(COLLECTIONS.endpointSlices, namespace, cluster)
      .filter(({ metadata }) => metadata.labels?.[SERVICE_NAME] === service)
      .reduce((sum, slice) => sum + readyEndpoints(slice), 0);
  }

  quietSeconds(): number {
    return Math.floor((this.#source.now - this.#changedAt) / 1_000);
  }

  metric(name: string, workload: ObjectKey | null, fault: string | null): number | undefined {
    return this.#metrics?.value(name, workload, fault);
  }

  calls(collection: string, verb: string | null, side: 'hub' | 'members' | null): number {
    return this.#ports.calls(collection, verb, side);
  }

  /** What a binding places; null for what nobody is interested in. */
  placedBy(binding: ObjectKey): ObjectKey | null {
    return this.#resources.get(formatKey(binding)) ?? null;
  }

  /** Once the run is over. */
  setMetrics(metrics: RunMetrics): void {
    this.#metrics = metrics;
  }

  #notice(change: Change, place: Place): void {
    const { collection, object } = change;
    if (isNoise(change)) return;
    this.#changedAt = this.#source.now;
    this.#ports.touch(CHANGE_TOPIC);
    const key = keyOf(collection, object);
    this.#ports.touch(objectTopic(key));
    if (collection === COLLECTIONS.endpointSlices) this.#ports.touch(ENDPOINTS_TOPIC);
    if (place !== HUB || (change.type === 'MODIFIED' && object.spec === change.previous?.spec)) return;
    if (collection === COLLECTIONS.bindings || collection === COLLECTIONS.clusterBindings) this.#noticeBinding(change);
    else if (this.#workloads.has(formatKey(key)) || replicasOf(object) !== null) this.#noticeTemplate(key, change);
  }

  #noticeTemplate(key: ObjectKey, { type, object }: Change): void {
    const state = this.#state(key);
    state.replicas = type === 'DELETED' ? 0 : (replicasOf(object) ?? 0);
    renew(state);
    this.#touch(key);
  }

  #noticeBinding({ collection: bindings, type, object }: Change): void {
    const bindingName = formatKey(keyOf(bindings, object));
    const { spec } = object as unknown as ResourceBinding;
    const { apiVersion, kind, name, namespace = '' } = spec.resource;
    const collection = builtInCollectionOf(apiVersion, kind);
    if (collection === null) return;
    const key = { collection, namespace, name };
    const state = this.#state(key);
    const before = state.assigned;
    const clusters = type === 'DELETED' ? [] : (spec.clusters ?? []);
    state.isDivided = spec.placement?.replicaScheduling?.replicaSchedulingType === 'Divided';
    state.assigned = new Map(clusters.map((target) => [target.name, target.replicas ?? 0]));
    this.#resources.set(bindingName, key);
    renew(state);
    for (const cluster of new Set([...before.keys(), ...state.assigned.keys()])) {
      const assigned = state.assigned.get(cluster) ?? 0;
      if (assigned !== (before.get(cluster) ?? 0)) this.#ports.hold(key, cluster, { assigned });
    }
    countMoves(state, before, (cluster) => this.#source.isWell(cluster));
    this.#touch(key);
  }

  #touch(key: ObjectKey): void {
    this.#ports.touch(workloadTopic(key));
    this.#ports.touchWorkload(key);
  }

  #state(key: ObjectKey): Workload {
    const name = formatKey(key);
    let state = this.#workloads.get(name);
    if (state === undefined) {
      state = {
        replicas: 0,
        isDivided: true,
        desired: 0,
        serving: new Map(),
        assigned: new Map(),
        moved: 0,
        movedNeedlessly: 0,
        homeless: 0,
        homelessNeedlessly: 0,
      };
      this.#workloads.set(name, state);
    }
    return state;
  }
}

function renew(state: Workload): void {
  state.desired = state.replicas * (state.isDivided ? 1 : Math.max(1, state.assigned.size));
}

const replicasOf = ({ spec }: KubeObject): number | null =>
  isObject(spec) && isObject(spec.template) && typeof spec.replicas === 'number' ? spec.replicas : null;

/**
 * Replicas that left one cluster for another, at once or with a while between; those that are new or gone altogether did not
 * move. One that served where it was, in a cluster where it could have stayed, moved needlessly.
 */
function countMoves(state: Workload, before: ReadonlyMap<string, number>, isWell: (cluster: string) => boolean): void {
  let gained = 0;
  let assigned = 0;
  for (const name of new Set([...before.keys(), ...state.assigned.keys()])) {
    const now = state.assigned.get(name) ?? 0;
    const had = before.get(name) ?? 0;
    assigned += now;
    if (now >= had) {
      gained += now - had;
      continue;
    }
    const served = isWell(name) ? Math.min(had, state.serving.get(name) ?? 0) : 0;
    const needlessly = Math.max(0, served - now);
    state.homelessNeedlessly += needlessly;
    state.homeless += had - now - needlessly;
  }
  const needless = Math.min(gained, state.homelessNeedlessly);
  const forced = Math.min(gained - needless, state.homeless);
  state.moved += needless + forced;
  state.movedNeedlessly += needless;
  // Nobody looks for a new place for what is no longer wanted.
  const missing = Math.max(0, state.desired - assigned);
  state.homelessNeedlessly = Math.min(state.homelessNeedlessly - needless, missing);
  state.homeless = Math.min(state.homeless - forced, missing - state.homelessNeedlessly);
}
