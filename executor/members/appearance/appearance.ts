// Makes an embedded member look to kubectl as a real cluster does: what a cluster's controllers, scheduler and kubelets leave
// behind is made from what happens in the simulated one. Nothing in the member depends on it.
import type {
  Change,
  Fields,
  Inside,
  KubeObject,
  MemberWorkload,
  Pod,
  PodPhase,
  Showing,
} from '../../../engine/index.ts';
import { Addresses } from './addresses.ts';
import { ControllerRevisions, revisionName } from './controller-revisions.ts';
import { CRON_JOBS, type Create, CronJobs } from './cron-jobs.ts';
import { Editions } from './editions.ts';
import { Endpoints } from './endpoints.ts';
import { Events } from './events.ts';
import { JOBS, Jobs } from './jobs.ts';
import { completedNode } from './node-details.ts';
import { PodNews } from './pod-news.ts';
import { PodObjects } from './pods.ts';
import { REVISION, ReplicaSets } from './replica-sets.ts';
import { type Chance, ShownObjects } from './shown-objects.ts';

export interface AppearanceOptions extends Chance {
  /** Of Kubernetes, as kubelets tell it. */
  readonly version: string;
  readonly create: Create;
}

export class Appearance implements Showing {
  readonly #objects: ShownObjects;
  readonly #addresses = new Addresses();
  readonly #editions = new Editions();
  readonly #replicaSets: ReplicaSets;
  readonly #revisions: ControllerRevisions;
  readonly #pods: PodObjects;
  readonly #version: string;

  constructor({ api, clock, nodes, pods }: Inside, options: AppearanceOptions) {
    this.#version = options.version;
    this.#objects = new ShownObjects(api, options);
    const objects = this.#objects;
    const editions = this.#editions;
    const events = new Events(clock, objects);
    this.#replicaSets = new ReplicaSets({ clock, objects, editions, events });
    this.#revisions = new ControllerRevisions(objects, editions);
    this.#pods = new PodObjects({
      objects,
      nodes,
      editions,
      replicaSets: this.#replicaSets,
      addresses: this.#addresses,
      news: new PodNews(events),
      stop: (pod) => pods.stop(pod),
      kill: (pod) => pods.kill(pod),
    });
    const endpoints = new Endpoints(clock, objects);
    const jobs = new Jobs(clock, objects, events);
    const { create } = options;
    const cronJobs = new CronJobs({ clock, objects, events, create, isOff: () => pods.isOff });
    const listeners: Readonly<Record<string, (change: Change) => void>> = {
      '/pods': (change) => {
        this.#pods.notice(change.type, change.object);
        endpoints.noticePod(change);
      },
      '/services': (change) => endpoints.noticeService(change),
      'apps/replicasets': ({ type, object }) => {
        if (type === 'DELETED') this.#replicaSets.noticeGone(object);
      },
      'apps/controllerrevisions': ({ type, object }) => {
        if (type === 'DELETED') this.#revisions.noticeGone(object);
      },
      [JOBS]: (change) => {
        jobs.notice(change);
        cronJobs.noticeJob(change);
      },
      [CRON_JOBS]: (change) => cronJobs.notice(change),
    };
    api.store.onChange((change) => listeners[change.collection]?.(change));
  }

  showPod(pod: Pod, before: PodPhase | null): void {
    this.#pods.show(pod, before);
  }

  standsForOthers(collection: string, object: KubeObject): boolean {
    if (collection === '/pods') return this.#pods.standsForOthers(object);
    return collection === 'apps/replicasets' && this.#replicaSets.standsForOthers(object);
  }

  revisionOf(workload: MemberWorkload, template: unknown): number {
    return this.#editions.numberOf(workload, template);
  }

  complete(collection: string, object: KubeObject): KubeObject {
    if (collection !== '/nodes') return object;
    return completedNode(object, {
      addresses: this.#addresses,
      version: this.#version,
      now: () => this.#objects.now,
    });
  }

  writeStatus(workload: MemberWorkload, status: Fields): void {
    switch (workload.kind) {
      case 'Pod':
        this.#pods.writeStatus(workload, status);
        return;
      case 'Deployment':
        this.#replicaSets.refresh(workload);
        this.#write(workload, this.#ofDeployment(workload, status), this.#revisionMark(workload));
        return;
      case 'StatefulSet':
        this.#revisions.refresh(workload);
        this.#write(workload, this.#ofStatefulSet(workload, status));
        return;
      case 'DaemonSet':
        this.#revisions.refresh(workload);
        this.#write(workload, status);
        return;
      default:
        this.#write(workload, status);
    }
  }

  #write({ key, uid }: MemberWorkload, status: Fields, annotations: Record<string, string> = {}): void {
    this.#objects.renew(key, uid, (object) => {
      const { metadata } = object;
      const isMarked = Object.entries(annotations).every(([name, value]) => metadata.annotations?.[name] === value);
      return {
        ...object,
        status,
        metadata: isMarked ? metadata : { ...metadata, annotations: { ...metadata.annotations, ...annotations } },
      };
    });
  }

  #revisionMark(workload: MemberWorkload): Record<string, string> {
    const { revision, uid } = this.#editions.newest(workload);
    return uid === '' ? {} : { [REVISION]: String(revision) };
  }

  /** Conditions speak of the ReplicaSet by its name. */
  #ofDeployment(workload: MemberWorkload, status: Fields): Fields {
    const name = `ReplicaSet "${workload.key.name}-${this.#editions.newest(workload).hash}"`;
    const conditions = (status.conditions as readonly Fields[]).map((one) =>
      one.type === 'Progressing' ? { ...one, message: String(one.message).replace('The newest template', name) } : one,
    );
    return { ...status, conditions };
  }

  #ofStatefulSet(workload: MemberWorkload, status: Fields): Fields {
    const settled = this.#editions.find(workload, workload.settledRevision);
    return {
      ...status,
      currentRevision: revisionName(workload, settled),
      updateRevision: revisionName(workload, this.#editions.newest(workload)),
    };
  }
}
