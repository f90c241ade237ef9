// How things stand at a moment of a run, as far as it tells whether that moment is of interest.
import {
  type Change,
  COLLECTIONS,
  formatKey,
  hasConditionStatus,
  isObject,
  keyOf,
  type Simulation,
} from '../../engine/index.ts';

const BINDINGS: readonly string[] = [COLLECTIONS.bindings, COLLECTIONS.clusterBindings];

export class Standing {
  readonly fleet = new Set<string>();
  readonly unready = new Set<string>();
  /** By binding, the clusters that it is being evicted from. */
  readonly evicting = new Map<string, readonly string[]>();
  /** How often an object of a name was made. */
  readonly births = new Map<string, number>();
  readonly #simulation: Simulation;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  readonly isDown = (process: string): boolean =>
    this.#simulation.processes.some(({ name, isUp }) => name === process && !isUp);

  /** Processes that run the same controllers. */
  readonly leaders = (): number =>
    this.#simulation.processes.filter(({ name, isUp }) => isUp && name.startsWith('controller-manager')).length;

  notice({ type, collection, object }: Change): void {
    const key = formatKey(keyOf(collection, object));
    if (type === 'ADDED') this.births.set(key, (this.births.get(key) ?? 0) + 1);
    if (collection === COLLECTIONS.clusters) this.#noticeCluster(type, object);
    if (BINDINGS.includes(collection)) this.#noticeBinding(type, object);
  }

  #noticeCluster(type: Change['type'], { metadata: { name }, status }: Change['object']): void {
    const conditions = isObject(status) && Array.isArray(status.conditions) ? status.conditions : [];
    if (type === 'DELETED') this.fleet.delete(name);
    else this.fleet.add(name);
    const isUnready = ['False', 'Unknown'].some((state) => hasConditionStatus(conditions, 'Ready', state as 'False'));
    if (type !== 'DELETED' && isUnready) this.unready.add(name);
    else this.unready.delete(name);
  }

  #noticeBinding(type: Change['type'], { metadata: { namespace, name }, spec }: Change['object']): void {
    const tasks = isObject(spec) && Array.isArray(spec.gracefulEvictionTasks) ? spec.gracefulEvictionTasks : [];
    const from = tasks.map(({ fromCluster }: { readonly fromCluster: string }) => fromCluster);
    if (type === 'DELETED' || from.length === 0) this.evicting.delete(`${namespace}/${name}`);
    else this.evicting.set(`${namespace}/${name}`, from);
  }
}
