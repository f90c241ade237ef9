// A workload as the member's own controllers see it: the newest object, the pods made for it, and what it wants.
import { deepEqual, isObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import type { ObjectKey } from '../../store/key.ts';
import type { Timer } from '../clock.ts';
import type { Behavior } from './behavior.ts';
import type { Pod } from './pod.ts';
import type { Shape } from './shape.ts';

export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'ReplicaSet' | 'Job' | 'Pod';

/** The collections that make pods. */
export const WORKLOAD_COLLECTIONS: ReadonlyMap<string, WorkloadKind> = new Map([
  ['apps/deployments', 'Deployment'],
  ['apps/statefulsets', 'StatefulSet'],
  ['apps/daemonsets', 'DaemonSet'],
  ['apps/replicasets', 'ReplicaSet'],
  ['batch/jobs', 'Job'],
  ['/pods', 'Pod'],
]);

export interface Workload {
  readonly kind: WorkloadKind;
  readonly key: ObjectKey;
  readonly uid: string;
  /** Null once it has been deleted: its pods are going. */
  object: KubeObject | null;
  /** Rises when the template changes. */
  revision: number;
  /** The revision that every pod had when the last rollout ended. */
  settledRevision: number;
  template: unknown;
  shape: Shape;
  behavior: Behavior;
  /** In the order in which they were made. */
  readonly pods: Set<Pod>;
  /** Pods that serve, in truth. */
  serving: number;
  /** Of a job: pods that have finished. */
  succeeded: number;
  failed: number;
  /** When a rollout last got further. */
  progressAt: Millis;
  progressMark: string;
  sync: Timer | null;
}

export type Fields = Readonly<Record<string, unknown>>;

export const specOf = (object: KubeObject | null): Fields => (isObject(object?.spec) ? object.spec : {});

export const numberIn = (fields: Fields, name: string, fallback: number): number => {
  const value = fields[name];
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : fallback;
};

export const objectIn = (fields: Fields, name: string): Fields => {
  const value = fields[name];
  return isObject(value) ? value : {};
};

/** The pod's own spec for a bare pod, the template's for everything else. */
export const podSpecOf = (kind: WorkloadKind, object: KubeObject): Fields =>
  kind === 'Pod' ? specOf(object) : objectIn(objectIn(specOf(object), 'template'), 'spec');

export const templateOf = (kind: WorkloadKind, object: KubeObject): unknown =>
  kind === 'Pod' ? object.spec : specOf(object).template;

export const isSameTemplate = (a: unknown, b: unknown): boolean => deepEqual(a, b);

/** "25%" of a number, or a number; rounded as the caller wants it. */
export function shareOf(value: unknown, whole: number, fallback: string, round: 'up' | 'down'): number {
  const said = typeof value === 'number' || typeof value === 'string' ? value : fallback;
  if (typeof said === 'number') return said;
  const percent = /^(\d+)%$/.exec(said);
  if (percent === null) return Number.isSafeInteger(Number(said)) ? Number(said) : 0;
  const share = whole * Number(percent[1]);
  return round === 'up' ? Math.ceil(share / 100) : Math.floor(share / 100);
}
