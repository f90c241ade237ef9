// Tells what comes of the events of a timeline: replicas that are lost and are back, placements that change or are not found, and
// clusters that the hub takes for dead or alive. Only what is so when everything of a moment has happened.
import {
  byText,
  COLLECTIONS,
  findCondition,
  formatKey,
  HUB,
  type KubeObject,
  keyOf,
  type Millis,
  type ObjectKey,
  type ResourceBinding,
  replicasIn,
  type Simulation,
} from '../../engine/index.ts';
import { formatDuration } from '../../executor/terminal/duration.ts';
import type { WorkloadFacts } from '../expect/facts.ts';

interface Told {
  readonly key: ObjectKey;
  serving: number;
  placement: ReadonlyMap<string, number>;
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
  /** Why there is no place for a workload, as it was told last; and bindings that may have changed. */
  readonly #refused = new Map<string, string>();
  readonly #bindings = new Map<string, ResourceBinding>();

  constructor(ports: NarratorPorts) {
    this.#ports = ports;
    ports.simulation.onChange(({ collection, type, object, previous }, place) => {
      if (place !== HUB || (type === 'MODIFIED' && object.status === previous?.status)) return;
      if (collection === COLLECTIONS.clusters) {
        this.#clusters.set(object.metadata.name, type === 'DELETED' ? null : object);
      } else if (
        type !== 'DELETED' &&
        (collection === COLLECTIONS.bindings || collection === COLLECTIONS.clusterBindings)
      ) {
        this.#bindings.set(formatKey(keyOf(collection, object)), object as unknown as ResourceBinding);
      }
    });
  }

  get isDue(): boolean {
    return this.#touched.size > 0 || this.#clusters.size > 0 || this.#bindings.size > 0;
  }

  touch(key: ObjectKey): void {
    this.#touched.set(formatKey(key), key);
  }

  settle(): void {
    for (const [name, object] of this.#clusters) this.#tellCluster(name, object);
    this.#clusters.clear();
    for (const [name, key] of this.#touched) this.#tellWorkload(name, key);
    this.#touched.clear();
    for (const [name, binding] of this.#bindings) this.#tellRefusal(name, binding);
    this.#bindings.clear();
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

  /** Once for each reason: how many of which fit changes all the time. */
  #tellRefusal(name: string, { spec, status }: ResourceBinding): void {
    const scheduled = findCondition(status?.conditions, 'Scheduled');
    if (scheduled?.status !== 'False') {
      if (scheduled?.status === 'True') this.#refused.delete(name);
      return;
    }
    if (this.#refused.get(name) === scheduled.reason) return;
    this.#refused.set(name, scheduled.reason);
    const placed = replicasIn(spec.clusters);
    const part = placed === 0 ? '' : ` for ${(spec.replicas ?? 0) - placed} of ${spec.replicas}`;
    this.#ports.tell(`${shownName(spec.resource)} finds no place${part}: ${scheduled.message}`);
  }

  #tellWorkload(name: string, key: ObjectKey): void {
    const facts = this.#ports.workload(key);
    if (facts === null) return;
    const told = this.#told.get(name) ?? {
      key,
      serving: 0,
      placement: new Map(),
      shortSince: null,
      hasBeenWhole: false,
    };
    this.#told.set(name, told);
    const shown = shownName(key);
    this.#tellPlacement(shown, told, facts);
    this.#tellServing(shown, told, facts);
  }

  #tellPlacement(shown: string, told: Told, { assigned }: WorkloadFacts): void {
    const before = told.placement;
    if (assigned === before) return;
    told.placement = assigned;
    const names = [...new Set([...before.keys(), ...assigned.keys()])].sort(byText);
    const changed = names.filter((name) => before.get(name) !== assigned.get(name));
    if (changed.length === 0) return;
    if (assigned.size === 0) this.#ports.tell(`${shown} goes nowhere`);
    else if (before.size === 0) this.#ports.tell(`${shown} goes to ${listed(names, (name) => assigned.get(name)!)}`);
    else {
      const by = (name: string) => (assigned.get(name) ?? 0) - (before.get(name) ?? 0);
      this.#ports.tell(`${shown} changes: ${listed(changed, (name) => (by(name) > 0 ? `+${by(name)}` : by(name)))}`);
    }
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
      const after = formatDuration(Math.round((now - told.shortSince) / 1_000) * 1_000);
      this.#ports.tell(`${shown} serves with all ${desired} again, after ${after}`);
    } else if (!told.hasBeenWhole && desired > 0) this.#ports.tell(`${shown} serves with all ${desired}`);
    told.shortSince = null;
    told.hasBeenWhole ||= desired > 0;
  }
}

const shownName = ({ namespace = '', name }: { readonly namespace?: string; readonly name: string }): string =>
  namespace === 'default' || namespace === '' ? name : `${namespace}/${name}`;

const LISTED_MAX = 8;

function listed(names: readonly string[], count: (name: string) => number | string): string {
  const shown = names.slice(0, LISTED_MAX).map((name) => `${name} ${count(name)}`);
  const more = names.length - LISTED_MAX;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
