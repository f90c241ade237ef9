// The controllers of a member: each workload is looked at soon after something about it changed, its pods are brought nearer to
// what it wants, and its status is written if it says something new.
import { merged } from '../../base/merged.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import type { ChangeType } from '../../store/change.ts';
import { formatKey, keyOf, type ObjectKey } from '../../store/key.ts';
import type { SimulatedApi } from '../api.ts';
import { type Clock, cancel } from '../clock.ts';
import { type BehaviorRule, behaviorOf } from './behavior.ts';
import type { Nodes } from './nodes.ts';
import { isActive, isReady, type Pod } from './pod.ts';
import type { Pods } from './pods.ts';
import { isAvailable, planPods } from './rollout.ts';
import { shapeOf } from './shape.ts';
import type { Showing } from './showing.ts';
import { isRolledOut, rolloutDeadline, statusOf } from './status.ts';
import {
  isSameTemplate,
  numberIn,
  podSpecOf,
  specOf,
  templateOf,
  WORKLOAD_COLLECTIONS,
  type Workload,
} from './workload.ts';

/** Controllers see changes through watches of their own; what comes in the meantime is dealt with together. */
const SYNC_DELAY_MS: Millis = 100;

/** Stopping pods without a node makes room in the plan at once; more rounds than this no plan needs. */
const ROUNDS_MAX = 3;

export interface WorkloadControllersOptions {
  readonly clock: Clock;
  readonly api: SimulatedApi;
  readonly nodes: Nodes;
  readonly pods: Pods;
  readonly behaviors: readonly BehaviorRule[];
  readonly showing: Showing | null;
}

export class WorkloadControllers {
  readonly #options: WorkloadControllersOptions;
  readonly #workloads = new Map<string, Workload>();
  #behaviors: readonly BehaviorRule[];
  #syncing: Workload | null = null;

  constructor(options: WorkloadControllersOptions) {
    this.#options = options;
    this.#behaviors = options.behaviors;
  }

  notice(collection: string, type: ChangeType, object: KubeObject): void {
    const key = keyOf(collection, object);
    const text = formatKey(key);
    let workload = this.#workloads.get(text);
    if (workload !== undefined && workload.uid !== object.metadata.uid) {
      // Another object of the same name: the pods of the one before go by themselves.
      this.#workloads.delete(text);
      this.#abandon(workload);
      workload = undefined;
    }
    if (type === 'DELETED') {
      if (workload === undefined) return;
      this.#workloads.delete(text);
      this.#abandon(workload);
      return;
    }
    if (workload === undefined) {
      if (this.#options.showing?.standsForOthers(collection, object) === true) return;
      this.#workloads.set(text, this.#begin(key, object));
      return;
    }
    const isStatusOnly = workload.object?.metadata.generation === object.metadata.generation;
    workload.object = object;
    if (isStatusOnly) return;
    this.#readTemplate(workload, object);
    this.#syncSoon(workload);
  }

  noticePod({ workload }: Pod): void {
    if (workload !== this.#syncing) this.#syncSoon(workload);
  }

  all(): Iterable<Workload> {
    return this.#workloads.values();
  }

  noticeNodes(): void {
    for (const workload of this.#workloads.values()) if (workload.kind === 'DaemonSet') this.#syncSoon(workload);
  }

  /** After a time without power everything is looked at again. */
  resume(): void {
    for (const workload of this.#workloads.values()) this.#syncSoon(workload);
  }

  setBehaviors(rules: readonly BehaviorRule[]): void {
    this.#behaviors = rules;
    for (const workload of this.#workloads.values()) {
      if (workload.object !== null) workload.behavior = behaviorOf(workload.object, rules);
    }
  }

  find(key: ObjectKey): Workload | null {
    return this.#workloads.get(formatKey(key)) ?? null;
  }

  servingPods(key: ObjectKey): number {
    return this.#workloads.get(formatKey(key))?.serving ?? 0;
  }

  *podsIn(namespace: string): Iterable<Pod> {
    for (const { key, pods } of this.#workloads.values()) if (key.namespace === namespace) yield* pods;
  }

  unschedulable(key: ObjectKey, before: Millis): number {
    const workload = this.#workloads.get(formatKey(key));
    return workload === undefined ? 0 : this.#options.pods.waitingSince(workload, before);
  }

  #begin(key: ObjectKey, object: KubeObject): Workload {
    const kind = WORKLOAD_COLLECTIONS.get(key.collection)!;
    const workload: Workload = {
      kind,
      key,
      uid: object.metadata.uid ?? '',
      object,
      revision: 1,
      settledRevision: 1,
      template: templateOf(kind, object),
      shape: shapeOf(podSpecOf(kind, object), this.#options.nodes.columns),
      behavior: behaviorOf(object, this.#behaviors),
      pods: new Set(),
      serving: 0,
      succeeded: 0,
      failed: 0,
      progressAt: this.#options.clock.now,
      progressMark: '',
      sync: null,
    };
    this.#syncSoon(workload);
    return workload;
  }

  #readTemplate(workload: Workload, object: KubeObject): void {
    const template = templateOf(workload.kind, object);
    if (isSameTemplate(workload.template, template)) return;
    workload.template = template;
    workload.revision = this.#options.showing?.revisionOf(workload, template) ?? workload.revision + 1;
    workload.progressAt = this.#options.clock.now;
    workload.shape = shapeOf(podSpecOf(workload.kind, object), this.#options.nodes.columns);
    workload.behavior = behaviorOf(object, this.#behaviors);
  }

  #abandon(workload: Workload): void {
    workload.object = null;
    this.#syncSoon(workload);
  }

  #syncSoon(workload: Workload, delayMs = SYNC_DELAY_MS): void {
    const at = this.#options.clock.now + delayMs;
    if (workload.sync !== null && workload.sync.run !== null && workload.sync.at <= at) return;
    cancel(workload.sync);
    workload.sync = this.#options.clock.after(delayMs, () => {
      workload.sync = null;
      this.#sync(workload);
    });
  }

  #sync(workload: Workload): void {
    const { pods, nodes, clock } = this.#options;
    if (pods.isOff) return;
    this.#syncing = workload;
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const plan = planPods(workload, nodes.all, clock.now);
      for (const pod of plan.stop) pods.stop(pod);
      for (const pod of plan.create) pods.create(workload, pod);
      if (plan.stop.length + plan.create.length === 0) break;
    }
    this.#syncing = null;
    if (workload.object === null) return;
    this.#noteProgress(workload);
    this.#writeStatus(workload);
    this.#planNextLook(workload);
  }

  #noteProgress(workload: Workload): void {
    const { now } = this.#options.clock;
    let updated = 0;
    let available = 0;
    for (const pod of workload.pods) {
      if (pod.revision === workload.revision && isActive(pod)) updated += 1;
      if (isAvailable(pod, now)) available += 1;
    }
    const mark = `${workload.revision}/${updated}/${available}/${workload.pods.size}`;
    if (mark !== workload.progressMark) workload.progressAt = now;
    workload.progressMark = mark;
    if (isRolledOut(workload, now)) workload.settledRevision = workload.revision;
  }

  #writeStatus(workload: Workload): void {
    const { api, nodes, clock, showing } = this.#options;
    const status = statusOf(workload, nodes.all, clock.now);
    if (showing !== null) showing.writeStatus(workload, status);
    else api.writer.patch(workload.key, (object) => merged(object, { status }), 'status', { uid: workload.uid });
  }

  /** Two things happen by time alone: pods become available, and rollouts get stuck. */
  #planNextLook(workload: Workload): void {
    const { now } = this.#options.clock;
    const minReadyMs = numberIn(specOf(workload.object), 'minReadySeconds', 0) * 1000;
    let next = rolloutDeadline(workload, now);
    if (minReadyMs > 0) {
      for (const pod of workload.pods) {
        const availableAt = pod.since + minReadyMs;
        if (isReady(pod) && availableAt > now && (next === null || availableAt < next)) next = availableAt;
      }
    }
    if (next !== null) this.#syncSoon(workload, next - now);
  }
}
