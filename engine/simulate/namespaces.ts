// What a namespace's end brings with it: everything in it is deleted first, and it goes when nothing is left.
import { isReleased } from '../api/deletion-protection.ts';
import { isObject } from '../kube/json.ts';
import type { KubeObject } from '../kube/meta.ts';
import type { Millis } from '../kube/time.ts';
import type { Rules } from '../store/judge.ts';
import { keyOf } from '../store/key.ts';
import type { Clock } from './clock.ts';
import type { KeptApi } from './kept-api.ts';

export const NAMESPACES = '/namespaces';

/** From the mark to the deletion of what is inside. */
const EMPTYING_DELAY_MS: Millis = 500;

const heldBy = ({ spec }: KubeObject): boolean =>
  isObject(spec) && Array.isArray(spec.finalizers) && spec.finalizers.length > 0;

/** A namespace is held back by the finalizers in its spec. Its status is its creator's to give, as in a stored namespace. */
export const namespaceRules: Rules = { hasStatus: false, hasGeneration: false, isHeld: heldBy };

export class NamespaceKeeper {
  readonly #api: KeptApi;
  /** Namespaces that are being emptied. */
  readonly #ending = new Set<string>();

  constructor(api: KeptApi, clock: Clock) {
    this.#api = api;
    api.store.onChange(({ type, collection, object, previous }) => {
      const { name, namespace = '', deletionTimestamp } = object.metadata;
      if (collection === NAMESPACES) {
        if (type === 'DELETED') this.#ending.delete(name);
        else if (deletionTimestamp !== undefined && !this.#ending.has(name)) {
          this.#ending.add(name);
          clock.after(EMPTYING_DELAY_MS, () => this.#empty(name));
        }
      } else if (type === 'DELETED' && this.#ending.has(namespace)) {
        clock.after(0, () => this.#endIfEmpty(namespace));
      } else if (isReleased(object, previous) && this.#ending.has(namespace)) {
        clock.after(EMPTYING_DELAY_MS, () => void api.writer.delete(keyOf(collection, object), api.now));
      }
    });
  }

  #empty(namespace: string): void {
    const { store, writer } = this.#api;
    writer.patch({ collection: NAMESPACES, namespace: '', name: namespace }, (object) => ({
      ...object,
      status: { phase: 'Terminating' },
    }));
    for (const collection of store.collectionNames()) {
      for (const object of store.list(collection, namespace)) writer.delete(keyOf(collection, object), this.#api.now);
    }
    this.#endIfEmpty(namespace);
  }

  #endIfEmpty(namespace: string): void {
    if (!this.#ending.has(namespace)) return;
    const { store, writer } = this.#api;
    if (store.collectionNames().some((name) => store.collection(name).countFrom('', namespace) > 0)) return;
    writer.patch({ collection: NAMESPACES, namespace: '', name: namespace }, (object) => ({
      ...object,
      spec: { finalizers: [] },
    }));
  }
}
