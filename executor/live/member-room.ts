// What room a real cluster has: its nodes and pods, followed and counted as the scheduler's estimates need them.
import {
  builtInCollectionOf,
  isObject,
  type JsonValue,
  type KubeObject,
  MemberNodes,
  type MemberState,
  memberSummary,
  type ObjectKey,
  type PodShape,
  parseTime,
  podShape,
  podShapeOfRequirements,
  type Question,
  type ResourceModel,
} from '../../engine/index.ts';
import type { Following, FollowListener, PlaceClient } from './place-client.ts';

type Node = ReturnType<MemberNodes['upsert']>;

interface CountedPod {
  readonly shape: PodShape;
  /** Null while it waits for one. */
  readonly node: Node | null;
  readonly object: KubeObject;
}

export class MemberRoom {
  readonly #now: () => number;
  readonly #nodes = new MemberNodes();
  readonly #pods = new Map<string, CountedPod>();
  readonly #waitingFor: number[] = [];
  readonly #followed: Following[];
  #missing = 2;
  #whenReady: (() => void)[] = [];

  constructor(client: Pick<PlaceClient, 'follow'>, now: () => number) {
    this.#now = now;
    this.#followed = [
      client.follow(
        '/nodes',
        this.#listening(
          (type, object) => this.#noticeNode(type === 'DELETED', object),
          () => this.#nodes.all.map(({ name }) => name),
        ),
      ),
      client.follow(
        '/pods',
        this.#listening(
          (type, object) => this.#noticePod(type === 'DELETED', object),
          () => [...this.#pods.keys()],
        ),
      ),
    ];
  }

  close(): void {
    for (const one of this.#followed) one.close();
  }

  /** False where the lists did not come in time. */
  ready(timeoutMs: number): Promise<boolean> {
    if (this.#missing === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const limit = setTimeout(() => resolve(false), timeoutMs);
      this.#whenReady.push(() => {
        clearTimeout(limit);
        resolve(true);
      });
    });
  }

  summary(models: readonly ResourceModel[]): Pick<MemberState, 'nodeSummary' | 'resourceSummary'> {
    return memberSummary(this.#nodes, { waitingFor: this.#waitingFor }, models);
  }

  answer(question: Extract<Question, { about: 'capacity' | 'unschedulable' }>): JsonValue {
    switch (question.about) {
      case 'capacity':
        return { replicas: this.#nodes.roomFor(podShapeOfRequirements(question.requirements, this.#nodes.columns)) };
      case 'unschedulable':
        return { replicas: this.#unschedulable(question.key, question.forMs) };
    }
  }

  #listening(notice: FollowListener['changed'], known: () => readonly string[]): FollowListener {
    let isListed = false;
    return {
      listed: (objects, revision) => {
        const all = [...objects];
        const names = new Set(all.map(pathOf));
        for (const path of known()) {
          if (names.has(path)) continue;
          const [namespace, name] = path.includes('/') ? (path.split('/') as [string, string]) : ['', path];
          notice('DELETED', { apiVersion: 'v1', kind: '', metadata: { name, namespace } }, revision);
        }
        for (const object of all) notice('MODIFIED', object, revision);
        if (isListed) return;
        isListed = true;
        this.#missing -= 1;
        if (this.#missing > 0) return;
        for (const resolve of this.#whenReady) resolve();
        this.#whenReady = [];
      },
      changed: notice,
      caughtUp: () => {},
    };
  }

  #noticeNode(isGone: boolean, object: KubeObject): void {
    const { name } = object.metadata;
    if (isGone) {
      const node = this.#nodes.remove(name);
      for (const [path, pod] of this.#pods) if (pod.node === node) this.#pods.delete(path);
      return;
    }
    const isNew = this.#nodes.get(name) === null;
    const node = this.#nodes.upsert(object);
    node.isReady = isReady(object);
    if (!isNew) return;
    // Pods may be heard of before their node.
    for (const { object: pod } of [...this.#pods.values()]) {
      if (nodeNameOf(pod) === name) this.#noticePod(false, pod);
    }
  }

  #noticePod(isGone: boolean, object: KubeObject): void {
    const path = pathOf(object);
    const before = this.#pods.get(path);
    if (before !== undefined) {
      this.#pods.delete(path);
      if (before.node !== null) this.#nodes.give(before.node, before.shape);
      else if (nodeNameOf(before.object) === null) this.#wait(before.shape, -1);
    }
    if (isGone || isFinished(object)) return;
    const shape = podShape(isObject(object.spec) ? object.spec : {}, this.#nodes.columns);
    const nodeName = nodeNameOf(object);
    const node = nodeName === null ? null : this.#nodes.get(nodeName);
    this.#pods.set(path, { shape, node, object });
    if (node !== null) this.#nodes.take(node, shape);
    else if (nodeName === null) this.#wait(shape, 1);
  }

  #wait({ requests }: PodShape, sign: 1 | -1): void {
    this.#nodes.changed();
    for (const [column, amount] of requests) {
      this.#waitingFor[column] = (this.#waitingFor[column] ?? 0) + sign * amount;
    }
  }

  #unschedulable(key: ObjectKey, forMs: number): number {
    const latest = this.#now() - forMs;
    let count = 0;
    for (const { object } of this.#pods.values()) {
      const since = (object.metadata.namespace ?? '') === key.namespace ? unschedulableSince(object) : null;
      if (since !== null && since <= latest && isOf(key, object)) count += 1;
    }
    return count;
  }
}

/** Null for one that has a node, or that nobody has looked for one for yet, as while it is gated. */
function unschedulableSince(pod: KubeObject): number | null {
  if (nodeNameOf(pod) !== null) return null;
  const told = conditionsOf(pod).find(({ type }) => type === 'PodScheduled');
  if (told?.status !== 'False' || told.reason !== 'Unschedulable') return null;
  return parseTime(String(told.lastTransitionTime ?? pod.metadata.creationTimestamp ?? ''));
}

/** Between a Deployment and its pods there is a ReplicaSet, called by it and by a hash. */
function isOf(key: ObjectKey, { metadata }: KubeObject): boolean {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined) return false;
  const collection = builtInCollectionOf(owner.apiVersion, owner.kind);
  if (key.collection !== DEPLOYMENTS) return collection === key.collection && owner.name === key.name;
  return collection === REPLICA_SETS && owner.name === `${key.name}-${metadata.labels?.['pod-template-hash']}`;
}

const DEPLOYMENTS = 'apps/deployments';
const REPLICA_SETS = 'apps/replicasets';

const pathOf = ({ metadata }: KubeObject): string =>
  metadata.namespace === undefined || metadata.namespace === ''
    ? metadata.name
    : `${metadata.namespace}/${metadata.name}`;

function nodeNameOf({ spec }: KubeObject): string | null {
  const name = isObject(spec) ? spec.nodeName : undefined;
  return typeof name === 'string' && name !== '' ? name : null;
}

function isFinished({ status }: KubeObject): boolean {
  const phase = isObject(status) ? status.phase : undefined;
  return phase === 'Succeeded' || phase === 'Failed';
}

const isReady = (node: KubeObject): boolean =>
  conditionsOf(node).some(({ type, status }) => type === 'Ready' && status === 'True');

const conditionsOf = ({ status }: KubeObject): readonly Record<string, unknown>[] =>
  isObject(status) && Array.isArray(status.conditions) ? status.conditions.filter(isObject) : [];
