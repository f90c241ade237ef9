// What must hold at every moment, faults or not: nothing that can run is taken away everywhere, what is left gracefully stays
// until its successor is well or its time is up, and what may run only once never runs twice.
//
// It watches the objects of the hub and what serves in truth; each rule costs what the one changed binding costs.
import type { AggregatedStatusItem, GracefulEvictionTask, ResourceBinding } from '../../api/binding.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { ANNOTATIONS, clusterOfExecutionSpace } from '../../api/names.ts';
import { BINDING_CONDITIONS } from '../../api/work.ts';
import { HUB, type Place } from '../../control/place.ts';
import { hasConditionStatus } from '../../kube/conditions.ts';
import { isObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { type Millis, parseTime } from '../../kube/time.ts';
import type { Profile } from '../../profile/profile.ts';
import type { Change } from '../../store/change.ts';
import { formatKey, keyOf } from '../../store/key.ts';
import type { Simulation } from '../driver.ts';
import { isSuspendedSomewhere } from './held-up.ts';
import { isStanding } from './standing.ts';
import { nameOf, type Violation, violation } from './violation.ts';

export interface Sighting extends Violation {
  readonly at: Millis;
}

/** Timestamps have whole seconds, and an end is noticed by whoever looks at the clock. */
const GRACE_SLACK_MS = 1_000;

/** On a binding that was moved without need: when. */
const MOVED_AT = 'scheduling.muster.dev/moved-at';

/** No news are later than that. */
const HEARD_MS: Millis = 300_000;

export class SafetyWatch {
  readonly sightings: Sighting[] = [];
  readonly #simulation: Simulation;
  readonly #profile: Profile;
  /** Times that a binding's clusters changed since `beginCounting`. */
  readonly #decisions = new Map<string, number>();
  /** By binding, since when something of it cannot arrive. */
  readonly #heldUpSince = new Map<string, Millis>();
  #isCounting = false;

  constructor(simulation: Simulation, profile: Profile) {
    this.#simulation = simulation;
    this.#profile = profile;
    simulation.onChange((change, place) => this.#notice(change, place));
  }

  /** Called when the last input is over and all is healed: from now on decisions are to become few, and then none. */
  beginCounting(): void {
    this.#isCounting = true;
    this.#decisions.clear();
  }

  /** Bindings that were decided on more often than that since the counting began. */
  restless(most: number): readonly Violation[] {
    return [...this.#decisions]
      .filter(([, count]) => count > most)
      .map(([about, count]) =>
        violation('moves-come-to-rest', about, `its clusters changed ${count} times after the end`),
      );
  }

  #notice(change: Change, place: Place): void {
    const { type, collection, object, previous } = change;
    if (place !== HUB) return;
    if (collection === COLLECTIONS.works) this.#judgeWork(change);
    if (collection !== COLLECTIONS.bindings && collection !== COLLECTIONS.clusterBindings) return;
    const after = object as unknown as ResourceBinding;
    this.#noteSuspension(type, after);
    if (type !== 'MODIFIED' || previous === null) return;
    const before = previous as unknown as ResourceBinding;
    if (before.spec === after.spec || after.metadata.deletionTimestamp !== undefined) return;
    this.#countMove(before, after);
    this.#judgeRemoval(before, after);
    this.#judgeMove(before, after);
    for (const task of before.spec.gracefulEvictionTasks ?? []) this.#judgeEnd(task, before, after);
  }

  #countMove(before: ResourceBinding, after: ResourceBinding): void {
    if (!this.#isCounting || placesOf(before) === placesOf(after)) return;
    const about = nameOf(after);
    this.#decisions.set(about, (this.#decisions.get(about) ?? 0) + 1);
  }

  /** What nothing forces moves a part of a divided workload at a time, and no more. */
  #judgeMove(before: ResourceBinding, after: ResourceBinding): void {
    const movedAt = after.metadata.annotations?.[MOVED_AT];
    const { placement, clusters = [] } = after.spec;
    const isDivided = placement?.replicaScheduling?.replicaSchedulingType === 'Divided';
    if (movedAt === undefined || movedAt === before.metadata.annotations?.[MOVED_AT] || !isDivided) return;
    const had = new Map((before.spec.clusters ?? []).map(({ name, replicas = 0 }) => [name, replicas]));
    const total = [...had.values()].reduce((sum, count) => sum + count, 0);
    const moved = clusters.reduce(
      (sum, { name, replicas = 0 }) => sum + Math.max(0, replicas - (had.get(name) ?? 0)),
      0,
    );
    const most = Math.max(1, Math.ceil((total * this.#profile.timings.voluntaryMovePercent) / 100));
    if (total === 0 || moved <= most) return;
    this.#tell('moves-a-part-at-a-time', after, `${moved} of ${total} replicas are moved at once, and not ${most}`);
  }

  #judgeRemoval(before: ResourceBinding, after: ResourceBinding): void {
    if (!this.#profile.switches.keepsWhatFitsNowhere) return;
    const had = before.spec.clusters ?? [];
    const isTakenAway = had.length > 0 && (after.spec.clusters ?? []).length === 0;
    if (!isTakenAway || (after.spec.replicas ?? 0) === 0) return;
    const isEvicted = (after.spec.gracefulEvictionTasks ?? []).some(({ fromCluster }) => fromCluster === had[0]!.name);
    if (isEvicted || !had.some(({ name }) => isStanding(name, this.#simulation.world))) return;
    this.#tell(
      'runs-somewhere',
      after,
      `it is taken away from ${had.map(({ name }) => name).join(', ')} and put nowhere`,
    );
  }

  #judgeEnd(task: GracefulEvictionTask, before: ResourceBinding, after: ResourceBinding): void {
    const { fromCluster, purgeMode, suppressDeletion } = task;
    const goesOn = (after.spec.gracefulEvictionTasks ?? []).some((one) => one.fromCluster === fromCluster);
    if (goesOn || purgeMode === 'Directly' || suppressDeletion !== undefined) return;
    const isTarget = (after.spec.clusters ?? []).some(({ name }) => name === fromCluster);
    if (isTarget || isWellElsewhere(before) || this.#isGone(fromCluster)) return;
    // What is held up and has nowhere to go any more is waited for by nobody.
    const isAllThere = (before.spec.clusters ?? []).length > 0 && isWellWhereItIs(before);
    if (this.#isOver(task) && (!this.#isLongHeldUp(before) || isAllThere)) return;
    this.#tell(
      'old-copy-is-kept',
      after,
      `${fromCluster} is left although its successor is not well and its time not up`,
    );
  }

  /** A Work that goes although what takes its place cannot arrive. */
  #judgeWork({ type, object, previous }: Change): void {
    const isAsked =
      object.metadata.deletionTimestamp !== undefined && previous?.metadata.deletionTimestamp === undefined;
    if (type !== 'MODIFIED' || !isAsked || this.#simulation.isHubMeddledWith) return;
    const cluster = clusterOfExecutionSpace(object.metadata.namespace ?? '') ?? '';
    const binding = this.#bindingOf(object);
    if (binding === null || !this.#isLongHeldUp(binding) || !isStanding(cluster, this.#simulation.world)) return;
    const tasks = binding.spec.gracefulEvictionTasks ?? [];
    if (tasks.some(({ fromCluster }) => fromCluster === cluster)) return;
    const isTarget = (binding.spec.clusters ?? []).some(({ name }) => name === cluster);
    const isSomewhere = (binding.status?.aggregatedStatus ?? []).some(
      (item) => item.clusterName !== cluster && (item.health === 'Healthy' || servesAll(item, binding)),
    );
    if (isTarget || isSomewhere) return;
    this.#tell('old-copy-is-kept', binding, `${cluster} loses it, and elsewhere it cannot arrive: it is suspended`);
  }

  #bindingOf({ metadata: { annotations } }: KubeObject): ResourceBinding | null {
    const name = annotations?.[ANNOTATIONS.bindingName];
    const namespace = annotations?.[ANNOTATIONS.bindingNamespace] ?? '';
    const { store } = this.#simulation.world.hub;
    const found = name === undefined ? null : store.get(COLLECTIONS.bindings, namespace, name);
    // Of one that is damaged nothing can be said.
    if (found !== null && this.#simulation.damaged.includes(formatKey(keyOf(COLLECTIONS.bindings, found)))) return null;
    return found?.metadata.deletionTimestamp === undefined ? (found as ResourceBinding | null) : null;
  }

  #noteSuspension(type: Change['type'], binding: ResourceBinding): void {
    const name = nameOf(binding);
    if (type === 'DELETED' || !isSuspendedSomewhere(binding)) this.#heldUpSince.delete(name);
    else if (!this.#heldUpSince.has(name)) this.#heldUpSince.set(name, this.#simulation.now);
  }

  /** So long that everybody has heard of it. */
  #isLongHeldUp(binding: ResourceBinding): boolean {
    if (!this.#profile.switches.staysUntilArrived || !isSuspendedSomewhere(binding)) return false;
    const since = this.#heldUpSince.get(nameOf(binding));
    return since !== undefined && since + HEARD_MS <= this.#simulation.now;
  }

  #isGone(cluster: string): boolean {
    return this.#simulation.world.hub.store.get(COLLECTIONS.clusters, '', cluster) === null;
  }

  #isOver({ creationTimestamp, gracePeriodSeconds }: GracefulEvictionTask): boolean {
    const began = creationTimestamp === undefined ? null : parseTime(creationTimestamp);
    if (began === null) return false;
    const graceMs =
      gracePeriodSeconds === undefined ? this.#profile.timings.gracefulEvictionTimeoutMs : gracePeriodSeconds * 1000;
    return this.#simulation.now + GRACE_SLACK_MS >= began + graceMs;
  }

  #tell(rule: string, binding: ResourceBinding, message: string): void {
    this.sightings.push({ ...violation(rule, nameOf(binding), message), at: this.#simulation.now });
  }
}

const placesOf = ({ spec }: ResourceBinding): string =>
  (spec.clusters ?? []).map(({ name, replicas = 0 }) => `${name}=${replicas}`).join(',');

/** With as many as it is to have, be it of an earlier template. */
const servesAll = ({ clusterName, status }: AggregatedStatusItem, { spec }: ResourceBinding): boolean => {
  const wanted = spec.clusters?.find(({ name }) => name === clusterName)?.replicas ?? 0;
  return wanted > 0 && isObject(status) && Number(status.readyReplicas ?? 0) >= wanted;
};

const isWellElsewhere = (binding: ResourceBinding): boolean =>
  hasConditionStatus(binding.status?.conditions, BINDING_CONDITIONS.scheduled, 'True') && isWellWhereItIs(binding);

const isWellWhereItIs = ({ spec, status }: ResourceBinding): boolean =>
  (spec.clusters ?? []).every(
    ({ name }) => status?.aggregatedStatus?.find(({ clusterName }) => clusterName === name)?.health === 'Healthy',
  );
