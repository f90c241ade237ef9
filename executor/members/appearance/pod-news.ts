// What schedulers, kubelets and controllers tell of pods in the course of their lives.
import {
  type Fields,
  isObject,
  type KubeObject,
  type MemberWorkload,
  type Pod,
  type PodPhase,
  specOf,
} from '../../../engine/index.ts';
import type { Events } from './events.ts';
import { itemsOf, shown } from './pod-status.ts';

const CREATED = 'SuccessfulCreate';

export class PodNews {
  readonly #events: Events;

  constructor(events: Events) {
    this.#events = events;
  }

  tellOfNew(owner: KubeObject, { metadata }: KubeObject, kind: MemberWorkload['kind']): void {
    const message =
      kind === 'StatefulSet'
        ? `create Pod ${metadata.name} in StatefulSet ${owner.metadata.name} successful`
        : `Created pod: ${metadata.name}`;
    this.#events.tell(owner, { from: `${owner.kind.toLowerCase()}-controller`, reason: CREATED, message });
  }

  /** Of what it has come to; null where there is nothing left to tell of. */
  tell(object: KubeObject | null, pod: Pod, before: PodPhase | null): void {
    if (object === null) return;
    switch (pod.phase) {
      case 'waiting':
        this.#tellWaiting(object);
        return;
      case 'starting':
        if (before === 'waiting') this.#tellScheduled(object, pod);
        else if (pod.restarts > 0) this.#tellBackOff(object, pod);
        return;
      case 'ready':
        this.#tellStarted(object, pod);
        return;
      case 'lost':
        this.#events.tell(object, {
          from: 'node-controller',
          type: 'Warning',
          reason: 'NodeNotReady',
          message: 'Node is not ready',
        });
        return;
      case 'stopping':
        if (before !== 'stopping') this.#ofContainers(object, pod, 'Killing', (name) => `Stopping container ${name}`);
        return;
      default:
    }
  }

  #tellWaiting(object: KubeObject): void {
    const [condition] = itemsOf(isObject(object.status) ? object.status.conditions : []);
    const message = String(condition?.message ?? '');
    this.#events.tell(object, { from: 'default-scheduler', type: 'Warning', reason: 'FailedScheduling', message });
  }

  #tellScheduled(object: KubeObject, { node }: Pod): void {
    const { namespace, name } = object.metadata;
    const message = `Successfully assigned ${namespace}/${name} to ${node?.name}`;
    this.#events.tell(object, { from: 'default-scheduler', reason: 'Scheduled', message });
  }

  #tellStarted(object: KubeObject, pod: Pod): void {
    const present = (_: string, image: string) => `Container image "${image}" already present on machine`;
    this.#ofContainers(object, pod, 'Pulled', present);
    this.#ofContainers(object, pod, 'Created', (name) => `Created container: ${name}`);
    this.#ofContainers(object, pod, 'Started', (name) => `Started container ${name}`);
  }

  #tellBackOff(object: KubeObject, pod: Pod): void {
    const message = (name: string) => `Back-off restarting failed container ${name} in pod ${shown(object)}`;
    this.#ofContainers(object, pod, 'BackOff', message, 'Warning');
  }

  #ofContainers(
    object: KubeObject,
    { node }: Pod,
    reason: string,
    message: (name: string, image: string) => string,
    type: 'Normal' | 'Warning' = 'Normal',
  ): void {
    for (const container of itemsOf(specOf(object).containers)) {
      const name = textIn(container, 'name');
      this.#events.tell(object, {
        from: 'kubelet',
        type,
        reason,
        message: message(name, textIn(container, 'image')),
        fieldPath: `spec.containers{${name}}`,
        ...(node !== null && { host: node.name }),
      });
    }
  }
}

const textIn = (fields: Fields, name: string): string => String(fields[name] ?? '');
