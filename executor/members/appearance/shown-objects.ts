// The objects that are there to be seen: made whole and changed whole, in one write each, by whoever would do so in a real
// cluster. Nothing is made in a namespace that is gone or going.
import {
  deepEqual,
  formatTime,
  type KubeObject,
  keyOf,
  type ObjectKey,
  type PlannedWrite,
  type SimulatedApi,
} from '../../../engine/index.ts';

/** What is new under the sun: uids and the ends of generated names. */
export interface Chance {
  readonly uid: () => string;
  /** A whole number from zero up to, and without, the bound. */
  readonly draw: (bound: number) => number;
}

const SUFFIX_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';
const SUFFIX_LENGTH = 5;
const PREFIX_MAX = 63 - SUFFIX_LENGTH;

export class ShownObjects {
  readonly #api: SimulatedApi;
  readonly #chance: Chance;

  constructor(api: SimulatedApi, chance: Chance) {
    this.#api = api;
    this.#chance = chance;
  }

  get now(): string {
    return formatTime(this.#api.now);
  }

  list(collection: string, namespace: string | null): readonly KubeObject[] {
    return this.#api.store.list(collection, namespace);
  }

  get(key: ObjectKey): KubeObject | null {
    return this.#api.store.get(key.collection, key.namespace, key.name);
  }

  ownedBy(collection: string, uid: string): KubeObject[] {
    return this.#api.store
      .dependentsOf(uid)
      .flatMap(({ key, object }) => (key.collection === collection ? object : []));
  }

  /** Several at once; null takes one away. */
  commit(planned: readonly PlannedWrite[]): void {
    if (planned.length > 0) this.#api.store.commit(planned);
  }

  freshUid(): string {
    return this.#chance.uid();
  }

  /** Null where there is one of its name already, or no namespace for it. */
  make(collection: string, { metadata, ...content }: KubeObject): KubeObject | null {
    const { namespace = '', name } = metadata;
    if (!this.isOpen(namespace) || this.#api.store.get(collection, namespace, name) !== null) return null;
    const own = { uid: metadata.uid ?? this.freshUid(), creationTimestamp: this.now };
    return this.#api.store.put(collection, { ...content, metadata: { ...metadata, ...own } } as KubeObject);
  }

  /** Changes what is there, if it is still the one of this uid. */
  renew(key: ObjectKey, uid: string, change: (object: KubeObject) => KubeObject): KubeObject | null {
    const before = this.get(key);
    if (before === null || before.metadata.uid !== uid) return null;
    const next = change(before);
    if (next === before || deepEqual(next, before)) return before;
    return this.#api.store.put(key.collection, next);
  }

  /** Finalizers hold it back as they hold back everything. */
  remove(object: KubeObject, collection: string, graceSeconds = 0): void {
    const { uid = '' } = object.metadata;
    const request = { precondition: { uid }, gracePeriodSeconds: graceSeconds };
    this.#api.writer.delete(keyOf(collection, object), this.#api.now, request);
  }

  /** What is in it may still be made; everything outside of namespaces may. */
  isOpen(namespace: string): boolean {
    if (namespace === '') return true;
    const found = this.#api.store.get('/namespaces', '', namespace);
    return found !== null && found.metadata.deletionTimestamp === undefined;
  }

  /** A name that begins so, and that nothing has. */
  freeName(collection: string, namespace: string, prefix: string): string {
    for (;;) {
      let name = prefix.slice(0, PREFIX_MAX);
      for (let at = 0; at < SUFFIX_LENGTH; at += 1) name += SUFFIX_LETTERS[this.#chance.draw(SUFFIX_LETTERS.length)];
      if (this.#api.store.get(collection, namespace, name) === null) return name;
    }
  }
}
