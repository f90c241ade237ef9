// What the parts of a cluster tell of objects, as Events for `kubectl describe`. What is told again counts up the Event that is
// there. News is written together, little by little: when much happens at once, most of what is normal is not told, and no
// more than so many Events are kept.
import { type Clock, type KubeObject, type Millis, type PlannedWrite, pathOf } from '../../../engine/index.ts';
import type { ShownObjects } from './shown-objects.ts';

export interface News {
  readonly from: string;
  readonly type?: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** Which of its containers it is about. */
  readonly fieldPath?: string;
  /** Where whoever tells it is. */
  readonly host?: string;
}

const EVENTS = '/events';
/** What is told in the meantime is written together. */
const WRITE_DELAY_MS: Millis = 300;
export const EVENTS_MAX = 500;
/** So many at once, and then so many a second. */
const ALLOWANCES = { Normal: { burst: 100, perSecond: 5 }, Warning: { burst: 100, perSecond: 5 } } as const;
const DEFAULT_NAMESPACE = 'default';

interface Told {
  readonly news: News;
  readonly about: KubeObject;
  readonly namespace: string;
  readonly name: string;
  readonly first: string;
  last: string;
  count: number;
}

export class Events {
  readonly #clock: Clock;
  readonly #objects: ShownObjects;
  /** Every Event that is kept, the oldest first. */
  readonly #told = new Map<string, Told>();
  readonly #waiting = new Set<Told>();
  readonly #left = { Normal: { amount: 0, at: 0 }, Warning: { amount: 0, at: 0 } };
  #serial = 0;

  constructor(clock: Clock, objects: ShownObjects) {
    this.#clock = clock;
    this.#objects = objects;
    for (const type of ['Normal', 'Warning'] as const) {
      this.#left[type] = { amount: ALLOWANCES[type].burst, at: clock.now };
    }
  }

  tell(about: KubeObject, news: News): void {
    const { uid = '', name, namespace = DEFAULT_NAMESPACE } = about.metadata;
    const same = `${uid} ${news.reason} ${news.message}`;
    if (!this.#mayTell(news.type ?? 'Normal')) return;
    const now = this.#objects.now;
    let told = this.#told.get(same);
    if (told === undefined) {
      this.#serial += 1;
      const at = (BigInt(this.#clock.now) * 1_000_000n + BigInt(this.#serial % 1_000_000)).toString(16);
      told = { news, about, namespace, name: `${name}.${at}`, first: now, last: now, count: 0 };
    }
    told.count += 1;
    told.last = now;
    // The newest is the last to be forgotten.
    this.#told.delete(same);
    this.#told.set(same, told);
    if (this.#waiting.size === 0) this.#clock.after(WRITE_DELAY_MS, () => this.#write());
    this.#waiting.add(told);
  }

  #mayTell(type: 'Normal' | 'Warning'): boolean {
    const { burst, perSecond } = ALLOWANCES[type];
    const left = this.#left[type];
    const { now } = this.#clock;
    left.amount = Math.min(burst, left.amount + ((now - left.at) * perSecond) / 1000);
    left.at = now;
    if (left.amount < 1) return false;
    left.amount -= 1;
    return true;
  }

  #write(): void {
    const planned = new Map<string, PlannedWrite>();
    const plan = ({ namespace, name }: Told, object: KubeObject | null) =>
      planned.set(pathOf(namespace, name), { key: { collection: EVENTS, namespace, name }, object });
    for (const told of this.#waiting) if (this.#objects.isOpen(told.namespace)) plan(told, this.#event(told));
    this.#waiting.clear();
    for (const [same, told] of this.#told) {
      if (this.#told.size <= EVENTS_MAX) break;
      this.#told.delete(same);
      plan(told, null);
    }
    this.#objects.commit([...planned.values()]);
  }

  #event({ news, about, namespace, name, first, last, count }: Told): KubeObject {
    const { from, type = 'Normal', reason, message, fieldPath, host } = news;
    const { apiVersion, kind, metadata } = about;
    const there = this.#objects.get({ collection: EVENTS, namespace, name });
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: there?.metadata ?? { name, namespace, uid: this.#objects.freshUid(), creationTimestamp: last },
      involvedObject: {
        kind,
        ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
        name: metadata.name,
        uid: metadata.uid ?? '',
        apiVersion,
        resourceVersion: metadata.resourceVersion ?? '',
        ...(fieldPath !== undefined && { fieldPath }),
      },
      reason,
      message,
      source: { component: from, ...(host !== undefined && { host }) },
      firstTimestamp: first,
      lastTimestamp: last,
      count,
      type,
      eventTime: null,
      reportingComponent: from,
      reportingInstance: host ?? '',
    };
  }
}
