// Who has how many replicas where, as the hub assigned them and as they serve, and for how long: by workload and by cluster.
import type { Millis } from '../../engine/index.ts';

export interface Holding {
  readonly workload: string;
  readonly cluster: string;
  readonly assigned: number;
  readonly serving: number;
  /** Replicas times time, up to `since`. */
  readonly servedMs: number;
  readonly promisedMs: number;
  readonly missingMs: number;
}

type Kept = { -readonly [Field in keyof Holding]: Holding[Field] } & { since: Millis };

export class Holdings {
  readonly #byWorkload = new Map<string, Map<string, Kept>>();
  readonly #byCluster = new Map<string, Map<string, Kept>>();

  note(workload: string, cluster: string, counts: { assigned?: number; serving?: number }, now: Millis): void {
    const held = this.#held(workload, cluster, now);
    count(held, now);
    held.assigned = counts.assigned ?? held.assigned;
    held.serving = counts.serving ?? held.serving;
  }

  /** Of one workload, up to now. */
  of(workload: string, now: Millis): readonly Holding[] {
    const all = [...(this.#byWorkload.get(workload)?.values() ?? [])];
    for (const held of all) count(held, now);
    return all;
  }

  /** What has something in a cluster, or is to have it. */
  in(cluster: string): readonly Holding[] {
    return [...(this.#byCluster.get(cluster)?.values() ?? [])].filter(
      ({ assigned, serving }) => assigned > 0 || serving > 0,
    );
  }

  #held(workload: string, cluster: string, now: Millis): Kept {
    const found = this.#byWorkload.get(workload)?.get(cluster);
    if (found !== undefined) return found;
    const held = {
      workload,
      cluster,
      assigned: 0,
      serving: 0,
      servedMs: 0,
      promisedMs: 0,
      missingMs: 0,
      since: now,
    };
    entryOf(this.#byWorkload, workload).set(cluster, held);
    entryOf(this.#byCluster, cluster).set(workload, held);
    return held;
  }
}

function entryOf(map: Map<string, Map<string, Kept>>, name: string): Map<string, Kept> {
  let entry = map.get(name);
  if (entry === undefined) {
    entry = new Map();
    map.set(name, entry);
  }
  return entry;
}

function count(held: Kept, now: Millis): void {
  const ms = now - held.since;
  held.since = now;
  held.servedMs += held.serving * ms;
  held.promisedMs += held.assigned * ms;
  held.missingMs += Math.max(0, held.assigned - held.serving) * ms;
}
