// What controllers tell of objects, as Events on the hub for `kubectl describe`: what is told again counts up the Event that
// is there, and an object that is told of without end is told of seldom.
import { setTimeout as sleep } from 'node:timers/promises';
import { type EventRecord, formatTime, HUB, type KubeObject, type Millis, merged } from '../../engine/index.ts';
import type { PlaceClient } from './place-client.ts';

/** As Kubernetes' clients have it: so many at once about one object, then one every five minutes. */
const BURST = 25;
const REFILL_MS: Millis = 300_000;
/** Of objects, and of Events that may be counted up; the oldest are forgotten. */
const REMEMBERED = 4096;
/** More than this many that wait are not worth waiting for. */
const WAITING_MAX = 10_000;
/** Each gives way to work for so long at most. */
const PATIENCE_MS = 1_000;
const LOOK_MS = 25;
const EVENTS = '/events';
/** Where Events about objects without a namespace are. */
const DEFAULT_NAMESPACE = 'default';

export interface EventWriterOptions {
  readonly hub: Pick<PlaceClient, 'carryOut'>;
  readonly now: () => Millis;
  /** Of an object as it was last seen, for its uid; null where it is not known. */
  readonly find: (about: EventRecord['about']) => KubeObject | null;
  /** Whether there is work to do: what is told of it waits. */
  readonly isBusy?: () => boolean;
}

interface Told {
  readonly name: string;
  readonly namespace: string;
  readonly first: string;
  readonly object: KubeObject;
  count: number;
}

interface Allowance {
  left: number;
  at: Millis;
}

export class EventWriter {
  readonly #options: EventWriterOptions;
  readonly #told = new Map<string, Told>();
  readonly #allowances = new Map<string, Allowance>();
  readonly #waiting = new Map<string, Told>();
  #serial = 0;
  #writing: Promise<void> | null = null;

  constructor(options: EventWriterOptions) {
    this.#options = options;
  }

  tell(source: string, { about, type, reason, message }: EventRecord): void {
    if (about.on !== HUB) return;
    const { kind, key } = about;
    const object = `${kind} ${key.namespace}/${key.name}`;
    const now = this.#options.now();
    if (!this.#mayTell(`${source} ${object}`, now)) return;
    const same = JSON.stringify([source, object, type, reason, message]);
    if (this.#waiting.size >= WAITING_MAX && !this.#waiting.has(same)) return;
    const known = this.#told.get(same);
    const found = this.#options.find(about);
    const uid = about.identity?.uid ?? found?.metadata.uid;
    const isSame = known !== undefined && uidOf(known.object) === uid;
    const told = isSame ? known : this.#first(source, { about, type, reason, message }, found, now);
    told.count += 1;
    remember(this.#told, same, told);
    this.#waiting.set(same, told);
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null;
    });
  }

  /** When everything that was told is written. */
  async settled(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  #first(source: string, { about, type, reason, message }: EventRecord, found: KubeObject | null, now: Millis): Told {
    const { kind, key } = about;
    const namespace = key.namespace === '' ? DEFAULT_NAMESPACE : key.namespace;
    this.#serial += 1;
    const name = `${key.name.slice(0, 200)}.${now.toString(16)}.${this.#serial.toString(16)}`;
    const first = formatTime(now);
    const { apiVersion, uid } = about.identity ?? { apiVersion: found?.apiVersion, uid: found?.metadata.uid };
    const object: KubeObject = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: {
        ...(apiVersion === undefined ? {} : { apiVersion }),
        kind,
        name: key.name,
        ...(key.namespace === '' ? {} : { namespace: key.namespace }),
        ...(uid === undefined ? {} : { uid }),
      },
      type,
      reason,
      message: message.slice(0, 1024),
      source: { component: source },
      firstTimestamp: first,
    };
    return { name, namespace, first, object, count: 0 };
  }

  #mayTell(object: string, now: Millis): boolean {
    const { left, at } = this.#allowances.get(object) ?? { left: BURST, at: now };
    const refilled = Math.min(BURST, left + (now - at) / REFILL_MS);
    remember(this.#allowances, object, { left: refilled < 1 ? refilled : refilled - 1, at: now });
    return refilled >= 1;
  }

  /** What cannot be written is let go: work does not wait for what is told of it. */
  async #write(): Promise<void> {
    while (this.#waiting.size > 0) {
      await this.#quiet();
      for (const [same, told] of this.#waiting) {
        this.#waiting.delete(same);
        await this.#put(told);
        break;
      }
    }
  }

  async #quiet(): Promise<void> {
    const { isBusy } = this.#options;
    for (let waited = 0; isBusy?.() === true && waited < PATIENCE_MS; waited += LOOK_MS) await sleep(LOOK_MS);
  }

  async #put({ name, namespace, count, object }: Told): Promise<void> {
    const { hub, now } = this.#options;
    const key = { collection: EVENTS, namespace, name };
    const change = { count, lastTimestamp: formatTime(now()) };
    if (count > 1) {
      const patched = await hub.carryOut({ verb: 'patch', on: HUB, key, patch: change, precondition: null });
      if (patched.ok || patched.code !== 'NotFound') return;
    }
    await hub.carryOut({ verb: 'create', on: HUB, key, object: merged(object, change) });
  }
}

const uidOf = ({ involvedObject }: KubeObject): unknown => (involvedObject as { uid?: unknown } | undefined)?.uid;

function remember<T>(all: Map<string, T>, key: string, value: T): void {
  all.delete(key);
  all.set(key, value);
  if (all.size <= REMEMBERED) return;
  for (const oldest of all.keys()) {
    all.delete(oldest);
    return;
  }
}
