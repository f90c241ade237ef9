// What there was to see of a run, simulated or live, at regular moments: who is placed where, who serves, whom the hub finds
// ready. Both are read in the same way, so that they can be compared.
import {
  byText,
  type Cluster,
  COLLECTIONS,
  findCondition,
  formatKey,
  isObject,
  type Millis,
  type ObjectKey,
  type ObjectStore,
  type ResourceBinding,
} from '../../engine/index.ts';

/** One moment of a series; it holds until the next. */
export interface Moment<T> {
  readonly at: Millis;
  readonly value: T;
}

export interface Service {
  readonly desired: number;
  readonly serving: number;
}

export interface Recording {
  /** By workload: "shop/web". */
  readonly placements: ReadonlyMap<string, readonly Moment<ReadonlyMap<string, number>>[]>;
  readonly services: ReadonlyMap<string, readonly Moment<Service>[]>;
  /** By cluster: whether the hub finds it ready. */
  readonly readiness: ReadonlyMap<string, readonly Moment<boolean>[]>;
  readonly events: readonly RecordedEvent[];
  readonly endedAt: Millis;
}

export interface RecordedEvent {
  readonly at: Millis;
  readonly id: string | null;
  readonly text: string;
}

export interface Sight {
  readonly hub: ObjectStore;
  readonly keyOf: (object: { apiVersion: string; kind: string; namespace: string; name: string }) => ObjectKey | null;
  /** In truth, by cluster. */
  readonly servingOf: (key: ObjectKey) => ReadonlyMap<string, number>;
}

export class RecordingKeeper {
  readonly #sight: Sight;
  readonly #placements = new Map<string, Moment<ReadonlyMap<string, number>>[]>();
  readonly #services = new Map<string, Moment<Service>[]>();
  readonly #readiness = new Map<string, Moment<boolean>[]>();
  readonly #events: RecordedEvent[] = [];

  constructor(sight: Sight) {
    this.#sight = sight;
  }

  event(event: RecordedEvent): void {
    this.#events.push(event);
  }

  look(at: Millis): void {
    const { hub } = this.#sight;
    for (const cluster of hub.list(COLLECTIONS.clusters)) {
      const { status } = cluster as unknown as Cluster;
      const isReady = findCondition(status?.conditions, 'Ready')?.status === 'True';
      note(this.#readiness, cluster.metadata.name, at, isReady, (a, b) => a === b);
    }
    for (const binding of hub.list(COLLECTIONS.bindings, null)) this.#lookAt(binding as unknown as ResourceBinding, at);
  }

  finish(endedAt: Millis): Recording {
    return {
      placements: this.#placements,
      services: this.#services,
      readiness: this.#readiness,
      events: this.#events,
      endedAt,
    };
  }

  #lookAt({ spec }: ResourceBinding, at: Millis): void {
    const { hub, keyOf, servingOf } = this.#sight;
    const { apiVersion, kind, namespace = '', name } = spec.resource;
    const key = keyOf({ apiVersion, kind, namespace, name });
    if (key === null) return;
    const template = hub.get(key.collection, key.namespace, key.name);
    const replicas = isObject(template?.spec) ? template.spec.replicas : undefined;
    if (typeof replicas !== 'number') return;
    const workload = formatKey(key);
    const isDivided = spec.placement?.replicaScheduling?.replicaSchedulingType === 'Divided';
    const clusters = new Map(
      (spec.clusters ?? []).map((one) => [one.name, isDivided ? (one.replicas ?? 0) : replicas]),
    );
    const serving = [...servingOf(key).values()].reduce((sum, one) => sum + one, 0);
    const desired = replicas * (isDivided ? 1 : Math.max(1, clusters.size));
    note(this.#placements, workload, at, clusters, samePlacement);
    note(
      this.#services,
      workload,
      at,
      { desired, serving },
      (a, b) => a.desired === b.desired && a.serving === b.serving,
    );
  }
}

function note<T>(
  series: Map<string, Moment<T>[]>,
  name: string,
  at: Millis,
  value: T,
  isSame: (a: T, b: T) => boolean,
) {
  const own = series.get(name) ?? [];
  series.set(name, own);
  const last = own.at(-1);
  if (last === undefined || !isSame(last.value, value)) own.push({ at, value });
}

export const samePlacement = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean =>
  a.size === b.size && [...a].every(([cluster, count]) => b.get(cluster) === count);

/** What held at a moment; undefined before the first. */
export function valueAt<T>(series: readonly Moment<T>[] | undefined, at: Millis): T | undefined {
  let value: T | undefined;
  for (const moment of series ?? []) {
    if (moment.at > at) break;
    value = moment.value;
  }
  return value;
}

export const isWhole = ({ desired, serving }: Service): boolean => desired > 0 && serving >= desired;

/** "eu-a 2, eu-b 1" */
export const placementText = (clusters: ReadonlyMap<string, number> | undefined): string =>
  clusters === undefined || clusters.size === 0
    ? 'nowhere'
    : [...clusters]
        .sort(([a], [b]) => byText(a, b))
        .map(([cluster, count]) => `${cluster} ${count}`)
        .join(', ');
