// A Deployment's ReplicaSets: one for each template that it has had, with as many replicas as there are pods of it, so that
// rollouts have a history that can be looked at and gone back to.
import {
  type Clock,
  deepEqual,
  type Fields,
  isActivePod,
  isAvailablePod,
  isObject,
  isReadyPod,
  type KubeObject,
  type MemberWorkload,
  numberIn,
  type ObjectKey,
  objectIn,
  shareOf,
  specOf,
} from '../../../engine/index.ts';
import type { Edition, Editions } from './editions.ts';
import type { Events } from './events.ts';
import type { ShownObjects } from './shown-objects.ts';

const REPLICA_SETS = 'apps/replicasets';
export const TEMPLATE_HASH = 'pod-template-hash';
export const REVISION = 'deployment.kubernetes.io/revision';
const DESIRED = 'deployment.kubernetes.io/desired-replicas';
const MOST = 'deployment.kubernetes.io/max-replicas';
/** A Deployment's own, of no meaning in its ReplicaSets. */
const NOT_PASSED_ON = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deprecated.deployment.rollback.to',
  REVISION,
  DESIRED,
  MOST,
]);

interface Counts {
  all: number;
  ready: number;
  available: number;
}

export interface ReplicaSetsOptions {
  readonly clock: Clock;
  readonly objects: ShownObjects;
  readonly editions: Editions;
  readonly events: Events;
}

export class ReplicaSets {
  readonly #clock: Clock;
  readonly #objects: ShownObjects;
  readonly #editions: Editions;
  readonly #events: Events;
  /** Those that stand for templates, by uid. */
  readonly #standing = new Map<string, Edition>();

  constructor({ clock, objects, editions, events }: ReplicaSetsOptions) {
    this.#clock = clock;
    this.#objects = objects;
    this.#editions = editions;
    this.#events = events;
  }

  /** One of ours, as long as its Deployment is its owner: let go of, it makes pods by itself. */
  standsForOthers({ metadata }: KubeObject): boolean {
    const isOwned = metadata.ownerReferences?.some(
      ({ controller, kind }) => controller === true && kind === 'Deployment',
    );
    return isOwned === true && this.#standing.has(metadata.uid ?? '');
  }

  noticeGone({ metadata }: KubeObject): void {
    const edition = this.#standing.get(metadata.uid ?? '');
    if (edition === undefined) return;
    this.#standing.delete(metadata.uid ?? '');
    edition.uid = '';
  }

  /** The one that pods of an edition belong to; null where it cannot be made now. */
  ownerOf(workload: MemberWorkload, edition: Edition): KubeObject | null {
    const { object } = workload;
    if (object === null || isEnding(object)) return null;
    if (edition.uid !== '') {
      const found = this.#objects.get(keyFor(workload, edition));
      if (found !== null) return found;
    }
    if (edition.number === workload.revision) this.#editions.count(workload);
    if (this.#objects.get(keyFor(workload, edition)) !== null) this.#editions.rehash(edition);
    edition.uid = this.#objects.freshUid();
    // Whoever hears of it knows it for what it is.
    this.#standing.set(edition.uid, edition);
    const made = this.#objects.make(REPLICA_SETS, this.#first(workload, object, edition));
    if (made === null) {
      this.#standing.delete(edition.uid);
      edition.uid = '';
      return null;
    }
    const replicas = numberIn(specOf(made), 'replicas', 0);
    if (replicas > 0) this.#tellScaled(object, made.metadata.name, 0, replicas);
    return made;
  }

  /** Brings them to what the pods are now. */
  refresh(workload: MemberWorkload): void {
    const { object } = workload;
    if (object === null || isEnding(object)) return;
    const spec = specOf(object);
    const counts = this.#count(workload);
    const newest = this.#editions.newest(workload);
    // A rollout that is paused begins with nothing new.
    if (spec.paused !== true || counts.has(newest.number)) {
      this.#editions.count(workload);
      this.ownerOf(workload, newest);
    }
    const isAlone = [...counts].every(([number, { all }]) => number === newest.number || all === 0);
    for (const edition of this.#editions.of(workload)) {
      if (edition.uid === '') continue;
      const own = counts.get(edition.number) ?? NONE;
      const wanted = edition === newest && isAlone ? numberIn(spec, 'replicas', 1) : own.all;
      this.#refreshOne(object, workload, edition, wanted, own);
    }
    if (isAlone) this.#forgetOldest(workload, counts);
  }

  #refreshOne(
    deployment: KubeObject,
    workload: MemberWorkload,
    edition: Edition,
    wanted: number,
    counts: Counts,
  ): void {
    const key = keyFor(workload, edition);
    let before = wanted;
    this.#objects.renew(key, edition.uid, (object) => {
      const spec = specOf(object);
      before = numberIn(spec, 'replicas', 0);
      const { generation = 1, annotations = {} } = object.metadata;
      const isNewest = edition.number === workload.revision;
      const told = { ...(isNewest ? passedOn(deployment) : annotations), ...numbersOf(deployment, edition) };
      const isSame = before === wanted;
      const next = isSame ? generation : generation + 1;
      return {
        ...object,
        // What is the same is shared with what was.
        metadata:
          isSame && deepEqual(told, annotations)
            ? object.metadata
            : { ...object.metadata, generation: next, annotations: told },
        spec: isSame ? spec : { ...spec, replicas: wanted },
        status: statusOf(counts, next),
      };
    });
    if (before !== wanted) this.#tellScaled(deployment, key.name, before, wanted);
  }

  #tellScaled(deployment: KubeObject, name: string, before: number, after: number): void {
    const word = after > before ? 'up' : 'down';
    const message = `Scaled ${word} replica set ${name} from ${before} to ${after}`;
    this.#events.tell(deployment, { from: 'deployment-controller', reason: 'ScalingReplicaSet', message });
  }

  #first(workload: MemberWorkload, deployment: KubeObject, edition: Edition) {
    const { key, pods, revision } = workload;
    const spec = specOf(deployment);
    const template = isObject(edition.template) ? edition.template : {};
    const meta = objectIn(template, 'metadata');
    const hashed = { [TEMPLATE_HASH]: edition.hash };
    const labels = { ...(meta.labels as Record<string, string> | undefined), ...hashed };
    const selector = objectIn(spec, 'selector');
    const isAlone = ![...pods].some((pod) => pod.revision !== revision && isActivePod(pod));
    const own = [...pods].filter((pod) => pod.revision === edition.number && isActivePod(pod)).length;
    const replicas = isAlone ? numberIn(spec, 'replicas', 1) : own;
    return {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: keyFor(workload, edition).name,
        namespace: key.namespace,
        uid: edition.uid,
        generation: 1,
        labels,
        annotations: { ...passedOn(deployment), ...numbersOf(deployment, edition) },
        ownerReferences: [ownedBy(deployment)],
      },
      spec: {
        replicas,
        ...(typeof spec.minReadySeconds === 'number' && { minReadySeconds: spec.minReadySeconds }),
        selector: { ...selector, matchLabels: { ...objectIn(selector, 'matchLabels'), ...hashed } },
        template: { ...template, metadata: { ...meta, labels } },
      },
      // Its pods are made in the same breath.
      status: statusOf({ ...NONE, all: replicas }, 1),
    };
  }

  #count({ pods }: MemberWorkload): ReadonlyMap<number, Counts> {
    const { now } = this.#clock;
    const counts = new Map<number, Counts>();
    for (const pod of pods) {
      const own = counts.get(pod.revision) ?? { all: 0, ready: 0, available: 0 };
      counts.set(pod.revision, own);
      if (!isActivePod(pod)) continue;
      own.all += 1;
      if (isReadyPod(pod)) own.ready += 1;
      if (isAvailablePod(pod, now)) own.available += 1;
    }
    return counts;
  }

  #forgetOldest(workload: MemberWorkload, counts: ReadonlyMap<number, Counts>): void {
    for (const edition of this.#editions.forgetOldest(workload, ({ number }) => counts.has(number))) {
      const object = edition.uid === '' ? null : this.#objects.get(keyFor(workload, edition));
      if (object !== null) this.#objects.remove(object, REPLICA_SETS);
    }
  }
}

const NONE: Counts = { all: 0, ready: 0, available: 0 };

const keyFor = ({ key }: MemberWorkload, { hash }: Edition): ObjectKey => ({
  collection: REPLICA_SETS,
  namespace: key.namespace,
  name: `${key.name}-${hash}`,
});

/** Nothing is made for it any more. */
export const isEnding = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined;

export const ownedBy = ({ apiVersion, kind, metadata }: KubeObject) => ({
  apiVersion,
  kind,
  name: metadata.name,
  uid: metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
});

function passedOn({ metadata }: KubeObject): Record<string, string> {
  const all = Object.entries(metadata.annotations ?? {});
  return Object.fromEntries(all.filter(([key]) => !NOT_PASSED_ON.has(key)));
}

function numbersOf(deployment: KubeObject, { revision }: Edition): Record<string, string> {
  const spec = specOf(deployment);
  const strategy = objectIn(spec, 'strategy');
  const replicas = numberIn(spec, 'replicas', 1);
  const surge =
    strategy.type === 'Recreate' ? 0 : shareOf(objectIn(strategy, 'rollingUpdate').maxSurge, replicas, '25%', 'up');
  return { [DESIRED]: String(replicas), [MOST]: String(replicas + surge), [REVISION]: String(revision) };
}

const statusOf = ({ all, ready, available }: Counts, observedGeneration: number): Fields => ({
  replicas: all,
  ...(all > 0 && { fullyLabeledReplicas: all }),
  ...(ready > 0 && { readyReplicas: ready }),
  ...(available > 0 && { availableReplicas: available }),
  observedGeneration,
});
