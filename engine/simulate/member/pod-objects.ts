// Pods as objects, for those who want to see them: every pod that a workload has gets one, which is deleted with it; and a pod
// whose object somebody deletes is gone.
import type { KubeObject } from '../../kube/meta.ts';
import type { SimulatedApi } from '../api.ts';
import { isActive, type Pod } from './pod.ts';
import type { Pods } from './pods.ts';
import { podStatus } from './status.ts';
import { objectIn, podSpecOf, specOf } from './workload.ts';

export const PODS = '/pods';

export class PodObjects {
  readonly #api: SimulatedApi;
  readonly #shown = new Map<Pod, string>();
  readonly #byPlace = new Map<string, Pod>();

  constructor(api: SimulatedApi, pods: Pods) {
    this.#api = api;
    api.store.watch(PODS, api.store.revision(), ({ type, object }) => {
      const pod = type === 'DELETED' ? this.#byPlace.get(placeOf(object)) : undefined;
      if (pod?.workload.pods.has(pod)) pods.kill(pod);
    });
  }

  /** Whether an object is one of ours, and not a pod that somebody made by hand. */
  owns(object: KubeObject): boolean {
    return this.#byPlace.has(placeOf(object));
  }

  show(pod: Pod): void {
    const { workload } = pod;
    if (workload.kind === 'Pod') return;
    const { namespace } = workload.key;
    const name = this.#shown.get(pod);
    if (!workload.pods.has(pod)) {
      if (name === undefined) return;
      this.#shown.delete(pod);
      this.#byPlace.delete(`${namespace}/${name}`);
      this.#api.writer.delete({ collection: PODS, namespace, name }, this.#api.now);
      return;
    }
    if (name === undefined) this.#create(pod);
    else this.#update(pod, { collection: PODS, namespace, name });
  }

  #create(pod: Pod): void {
    const { workload, ordinal, number, revision } = pod;
    const { key, kind, uid, object } = workload;
    if (object === null) return;
    const name = kind === 'StatefulSet' ? `${key.name}-${ordinal}` : `${key.name}-${revision}-${number}`;
    const { labels } = objectIn(objectIn(specOf(object), 'template'), 'metadata');
    this.#shown.set(pod, name);
    this.#byPlace.set(`${key.namespace}/${name}`, pod);
    this.#api.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace: key.namespace,
        ...(labels === undefined ? {} : { labels: labels as Record<string, string> }),
        ownerReferences: [{ apiVersion: object.apiVersion, kind, name: key.name, uid, controller: true }],
      },
      spec: { ...podSpecOf(kind, object), ...(pod.node === null ? {} : { nodeName: pod.node.name }) },
    });
    this.#update(pod, { collection: PODS, namespace: key.namespace, name });
  }

  #update(pod: Pod, key: { collection: string; namespace: string; name: string }): void {
    const { writer, now } = this.#api;
    const nodeName = pod.node?.name;
    if (nodeName !== undefined) {
      writer.patch(key, (object) => {
        const spec = specOf(object);
        return spec.nodeName === nodeName ? object : { ...object, spec: { ...spec, nodeName } };
      });
    }
    writer.patch(key, (object) => ({ ...object, status: podStatus(pod, pod.workload) }), 'status');
    // Told to stop: as long as it takes, the object says so.
    if (!isActive(pod)) writer.delete(key, now, { gracePeriodSeconds: 30 });
  }
}

const placeOf = ({ metadata }: KubeObject) => `${metadata.namespace ?? ''}/${metadata.name}`;
