// Tells what comes of the events of a timeline: replicas that are lost and are back, placements that change, and clusters that
// the hub takes for dead or alive. Only what is so when everything of a moment has happened.
import {
  COLLECTIONS,
  findCondition,
  formatKey,
  HUB,
  type KubeObject,
  type Millis,
  type ObjectKey,
  type Simulation,
} from '../../engine/index.ts';
import type { WorkloadFacts } from '../expect/facts.ts';
import { formatDuration } from '../format/duration.ts';

interface Told {
  readonly key: ObjectKey;
  serving: number;
  /** As texts "paris 3, oslo 2". */
  placement: string;
  /** Since when replicas are missing that had been there; null while none are. */
  shortSince: Millis | null;
  hasBeenWhole: boolean;
}

export interface NarratorPorts {
  readonly simulation: Simulation;
  readonly workload: (key: ObjectKey) => WorkloadFacts | null;
  readonly tell: (text: string) => void;
}

export class Narrator {
  readonly #ports: NarratorPorts;
  readonly #told = new Map<string, Told>();
  readonly #touched = new Map<string, ObjectKey>();
  /** Ready conditions as they were told last, by cluster; and those that may have changed. */
  readonly #ready = new Map<string, string>();
  readonly #clusters = new Map<string, KubeObject | null>();

  constructor(ports: NarratorPorts) {
    this.#ports = ports;
    ports.simulation.onChange(({ collection, type, object }, place) => {
      if (place !== HUB || collection !== COLLECTIONS.clusters) return;
      this.#clusters.set(object.metadata.name, type === 'DELETED' ? null : object);
    });
  }

  get isDue(): boolean {
    return this.#touched.size > 0 || this.#clusters.size > 0;
  }

  touch(key: ObjectKey): void {
    this.#touched.set(formatKey(key), key);
  }

  settle(): void {
    for (const [name, object] of this.#clusters) this.#tellCluster(name, object);
    this.#clusters.clear();
    for (const [name, key] of this.#touched) this.#tellWorkload(name, key);
    this.#touched.clear();
  }

  #tellCluster(name: string, object: KubeObject | null): void {
    const before = this.#ready.get(name) ?? null;
    const conditions = (object?.status as { readonly conditions?: Parameters<typeof findCondition>[0] } | undefined)
      ?.conditions;
    const status = object === null ? null : (findCondition(conditions, 'Ready')?.status ?? null);
    if (status === before) return;
    if (status === null) this.#ready.delete(name);
    else this.#ready.set(name, status);
    // That a fleet gets ready is the beginning of every run.
    if (before === null) return;
    const words = status === null ? 'no longer knows' : status === 'True' ? 'finds' : 'no longer finds';
    this.#ports.tell(`the hub ${words} ${name}${status === null ? '' : ' ready'}`);
  }

  #tellWorkload(name: string, key: ObjectKey): void {
    const facts = this.#ports.workload(key);
    if (facts === null) return;
    const told = this.#told.get(name) ?? { key, serving: 0, placement: '', shortSince: null, hasBeenWhole: false };
    this.#told.set(name, told);
    const shown = key.namespace === 'default' || key.namespace === '' ? key.name : `${key.namespace}/${key.name}`;
    this.#tellPlacement(shown, told, facts);
    this.#tellServing(shown, told, facts);
  }

  #tellPlacement(shown: string, told: Told, { assigned }: WorkloadFacts): void {
    const placement = [...assigned]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([cluster, count]) => (count === 0 ? cluster : `${cluster} ${count}`))
      .join(', ');
    if (placement === told.placement) return;
    told.placement = placement;
    this.#ports.tell(placement === '' ? `${shown} goes nowhere` : `${shown} goes to ${placement}`);
  }

  #tellServing(shown: string, told: Told, { desired, serving }: WorkloadFacts): void {
    const { now } = this.#ports.simulation;
    const count = [...serving.values()].reduce((sum, one) => sum + one, 0);
    const lost = told.serving - count;
    told.serving = count;
    if (count < desired) {
      if (told.shortSince === null && lost > 0 && told.hasBeenWhole) {
        told.shortSince = now;
        this.#ports.tell(`${shown} serves with ${count} of ${desired}`);
      }
      return;
    }
    if (told.shortSince !== null) {
      this.#ports.tell(`${shown} serves with all ${desired} again, after ${formatDuration(now - told.shortSince)}`);
    } else if (!told.hasBeenWhole && desired > 0) this.#ports.tell(`${shown} serves with all ${desired}`);
    told.shortSince = null;
    told.hasBeenWhole ||= desired > 0;
  }
}
