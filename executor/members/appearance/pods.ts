// Pods as objects: every pod that a workload has gets one, with its node, its addresses and what its containers are at, and it
// goes with it. A pod whose object somebody deletes is stopped, or gone where it was taken away at once.
import {
  type Fields,
  isActivePod,
  type KubeObject,
  type MemberNodes,
  type MemberWorkload,
  type ObjectKey,
  type Pod,
  type PodPhase,
  specOf,
} from '../../../engine/index.ts';
import type { Addresses } from './addresses.ts';
import { REVISION_HASH, revisionName } from './controller-revisions.ts';
import type { Editions } from './editions.ts';
import type { PodNews } from './pod-news.ts';
import { type Placed, statusOfPod } from './pod-status.ts';
import { ownedBy, type ReplicaSets, TEMPLATE_HASH } from './replica-sets.ts';
import type { ShownObjects } from './shown-objects.ts';
import { whyUnschedulable } from './unschedulable.ts';

export const PODS = '/pods';
const GRACE_SECONDS = 30;

/** As every cluster adds them to pods. */
const TOLERATIONS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].map((key) => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

interface Shown {
  readonly key: ObjectKey;
  readonly uid: string;
  readonly pod: Pod;
  placed: Placed | null;
}

export interface PodObjectsOptions {
  readonly objects: ShownObjects;
  readonly nodes: MemberNodes;
  readonly editions: Editions;
  readonly replicaSets: ReplicaSets;
  readonly addresses: Addresses;
  readonly news: PodNews;
  /** Ask the member's own pods to go. */
  readonly stop: (pod: Pod) => void;
  readonly kill: (pod: Pod) => void;
}

export class PodObjects {
  readonly #options: PodObjectsOptions;
  readonly #byPod = new Map<Pod, Shown>();
  /** Also those of pods that are done, as long as there is an object. */
  readonly #byUid = new Map<string, Shown>();

  constructor(options: PodObjectsOptions) {
    this.#options = options;
  }

  /** One of ours, and not a pod that somebody made by hand. */
  standsForOthers({ metadata }: KubeObject): boolean {
    const shown = this.#byUid.get(metadata.uid ?? '');
    return shown !== undefined && shown.pod.workload.kind !== 'Pod';
  }

  notice(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject): void {
    const shown = this.#byUid.get(object.metadata.uid ?? '');
    if (shown === undefined) return;
    if (type === 'DELETED') {
      this.#forget(shown);
      this.#byUid.delete(shown.uid);
      this.#options.kill(shown.pod);
    } else if (object.metadata.deletionTimestamp !== undefined && isActivePod(shown.pod)) {
      this.#options.stop(shown.pod);
    }
  }

  show(pod: Pod, before: PodPhase | null): void {
    const shown = this.#byPod.get(pod);
    if (shown === undefined) {
      if (pod.workload.pods.has(pod)) this.#begin(pod, before);
      return;
    }
    const isOver = !pod.workload.pods.has(pod);
    const object = pod.phase !== 'stopping' ? this.#update(shown) : isOver ? this.#end(shown) : this.#mark(shown);
    this.#options.news.tell(object, pod, before);
    if (isOver) this.#forget(shown);
  }

  /** A pod that nobody owns is an object already. */
  writeStatus(workload: MemberWorkload, status: Fields): void {
    const [pod] = workload.pods;
    const shown = pod === undefined ? undefined : this.#byPod.get(pod);
    if (shown !== undefined) this.#update(shown);
    else this.#options.objects.renew(workload.key, workload.uid, (object) => ({ ...object, status }));
  }

  #begin(pod: Pod, before: PodPhase | null): void {
    const { workload } = pod;
    const { objects, news } = this.#options;
    if (workload.kind === 'Pod') {
      const shown = { key: workload.key, uid: workload.uid, pod, placed: null };
      this.#remember(shown);
      news.tell(this.#update(shown), pod, before);
      return;
    }
    const owner = workload.kind === 'Deployment' ? this.#replicaSetOf(pod) : workload.object;
    if (owner === null) return;
    const { namespace } = workload.key;
    const name =
      workload.kind === 'StatefulSet'
        ? `${workload.key.name}-${pod.ordinal}`
        : objects.freeName(PODS, namespace, `${owner.metadata.name}-`);
    const placed = this.#placed(pod);
    const shown = { key: { collection: PODS, namespace, name }, uid: objects.freshUid(), pod, placed };
    this.#remember(shown);
    const made = objects.make(PODS, this.#first(shown, owner));
    if (made === null) {
      this.#forget(shown);
      this.#byUid.delete(shown.uid);
      return;
    }
    news.tellOfNew(owner, made, workload.kind);
    news.tell(made, pod, before);
  }

  #remember(shown: Shown): void {
    this.#byPod.set(shown.pod, shown);
    this.#byUid.set(shown.uid, shown);
  }

  #first({ key, uid, pod, placed }: Shown, owner: KubeObject): KubeObject {
    const { kind } = pod.workload;
    const { template } = this.#options.editions.find(pod.workload, pod.revision);
    const { metadata = {}, spec = {} } = template as { metadata?: Partial<KubeObject['metadata']>; spec?: Fields };
    const object: KubeObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: key.name,
        ...(kind !== 'StatefulSet' && { generateName: `${owner.metadata.name}-` }),
        namespace: key.namespace,
        uid,
        generation: 1,
        labels: { ...metadata.labels, ...this.#ownLabels(pod) },
        ...(metadata.annotations !== undefined && { annotations: metadata.annotations }),
        ownerReferences: [ownedBy(owner)],
      },
      spec: completed(spec, placed),
    };
    return { ...object, status: statusOfPod({ pod, object, placed, unschedulable: this.#whyWaiting(pod, placed) }) };
  }

  #replicaSetOf({ workload, revision }: Pod): KubeObject | null {
    return this.#options.replicaSets.ownerOf(workload, this.#options.editions.find(workload, revision));
  }

  #ownLabels({ workload, revision, ordinal }: Pod): Record<string, string> {
    const edition = this.#options.editions.find(workload, revision);
    switch (workload.kind) {
      case 'Deployment':
        return { [TEMPLATE_HASH]: edition.hash };
      case 'StatefulSet':
        return {
          'apps.kubernetes.io/pod-index': String(ordinal),
          [REVISION_HASH]: revisionName(workload, edition),
          'statefulset.kubernetes.io/pod-name': `${workload.key.name}-${ordinal}`,
        };
      case 'DaemonSet':
        return { [REVISION_HASH]: edition.hash, 'pod-template-generation': String(edition.number) };
      default:
        return {};
    }
  }

  #placed(pod: Pod): Placed | null {
    if (pod.node === null) return null;
    const { addresses, objects } = this.#options;
    const { name } = pod.node;
    return { node: name, hostIp: addresses.nodeAddress(name), podIp: addresses.take(name), since: objects.now };
  }

  #update(shown: Shown): KubeObject | null {
    const { pod, key, uid } = shown;
    shown.placed ??= this.#placed(pod);
    const { placed } = shown;
    const unschedulable = this.#whyWaiting(pod, placed);
    return this.#options.objects.renew(key, uid, (object) => {
      const spec = specOf(object);
      const next = placed === null || spec.nodeName === placed.node ? spec : { ...spec, nodeName: placed.node };
      return { ...object, spec: next, status: statusOfPod({ pod, object, placed, unschedulable }) };
    });
  }

  #whyWaiting(pod: Pod, placed: Placed | null): string {
    return placed === null ? whyUnschedulable(pod, this.#options.nodes) : '';
  }

  /** Told to stop: as long as it takes, the object says so. */
  #mark({ key }: Shown): KubeObject | null {
    const { objects } = this.#options;
    const object = objects.get(key);
    if (object === null || object.metadata.deletionTimestamp !== undefined) return object;
    const grace = Number(specOf(object).terminationGracePeriodSeconds ?? GRACE_SECONDS);
    objects.remove(object, PODS, Math.max(1, grace));
    return object;
  }

  #end({ key, pod }: Shown): null {
    const { objects } = this.#options;
    const object = objects.get(key);
    if (object === null) return null;
    // A pod that nobody owns, and that nobody deletes, stays to be seen: it has failed.
    if (pod.workload.kind !== 'Pod' || object.metadata.deletionTimestamp !== undefined) objects.remove(object, PODS);
    return null;
  }

  #forget(shown: Shown): void {
    if (!this.#byPod.delete(shown.pod)) return;
    if (shown.placed !== null) this.#options.addresses.give(shown.placed.node, shown.placed.podIp);
  }
}

function completed(spec: Fields, placed: Placed | null): Fields {
  const known = Array.isArray(spec.tolerations) ? (spec.tolerations as { key?: string }[]) : [];
  const more = TOLERATIONS.filter(({ key }) => known.every((one) => one.key !== key));
  return {
    ...spec,
    serviceAccountName: spec.serviceAccountName ?? 'default',
    serviceAccount: spec.serviceAccountName ?? 'default',
    tolerations: known.length === 0 ? TOLERATIONS : [...known, ...more],
    priority: spec.priority ?? 0,
    enableServiceLinks: spec.enableServiceLinks ?? true,
    preemptionPolicy: spec.preemptionPolicy ?? 'PreemptLowerPriority',
    ...(placed !== null && { nodeName: placed.node }),
  };
}
