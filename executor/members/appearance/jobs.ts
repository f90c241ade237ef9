// What becomes of Jobs that are done: it is told, and they go after as long as they say.
import {
  type Change,
  type Clock,
  cancelTimer,
  type Fields,
  isObject,
  type KubeObject,
  specOf,
  type Timer,
} from '../../../engine/index.ts';
import type { Events } from './events.ts';
import { itemsOf } from './pod-status.ts';
import type { ShownObjects } from './shown-objects.ts';

export const JOBS = 'batch/jobs';

export class Jobs {
  readonly #clock: Clock;
  readonly #objects: ShownObjects;
  readonly #events: Events;
  readonly #expiring = new Map<string, Timer>();

  constructor(clock: Clock, objects: ShownObjects, events: Events) {
    this.#clock = clock;
    this.#objects = objects;
    this.#events = events;
  }

  notice({ type, object, previous }: Pick<Change, 'type' | 'object' | 'previous'>): void {
    const { uid = '' } = object.metadata;
    const end = endOf(object);
    if (type === 'DELETED' || end === null) {
      cancelTimer(this.#expiring.get(uid));
      this.#expiring.delete(uid);
      return;
    }
    if (previous !== null && endOf(previous) === null) this.#tell(object, end);
    const { ttlSecondsAfterFinished: seconds } = specOf(object);
    if (typeof seconds !== 'number' || this.#expiring.has(uid)) return;
    this.#expiring.set(
      uid,
      this.#clock.after(seconds * 1000, () => this.#objects.remove(object, JOBS)),
    );
  }

  #tell(object: KubeObject, { type, reason, message }: Fields): void {
    const from = 'job-controller';
    if (type === 'Complete') this.#events.tell(object, { from, reason: 'Completed', message: 'Job completed' });
    else this.#events.tell(object, { from, type: 'Warning', reason: String(reason), message: String(message) });
  }
}

/** The condition that says so. */
export function endOf({ status }: KubeObject): Fields | null {
  const conditions = itemsOf(isObject(status) ? status.conditions : []);
  return conditions.find(({ type, status: is }) => (type === 'Complete' || type === 'Failed') && is === 'True') ?? null;
}
