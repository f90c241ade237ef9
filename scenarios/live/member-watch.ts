// What is in a live cluster, as its own API tells it: the collections that somebody is interested in, followed all the time.
import { formatKey, type KubeObject, keyOf, type ObjectKey } from '../../engine/index.ts';
import { type ApiAddress, HttpApi } from '../../executor/live/http-api.ts';
import { HttpClient } from '../../executor/live/http-client.ts';
import { wallTime } from '../../executor/live/wall-time.ts';

/** Null for what is gone. */
type ObjectListener = (key: ObjectKey, object: KubeObject | null) => void;

export class MemberWatch {
  readonly #address: ApiAddress;
  readonly #onObject: ObjectListener;
  readonly #collections = new Map<string, Map<string, KubeObject>>();
  #client: HttpClient;

  constructor(address: ApiAddress, onObject: ObjectListener = () => {}) {
    this.#address = address;
    this.#onObject = onObject;
    this.#client = this.#connect();
  }

  get client(): HttpClient {
    return this.#client;
  }

  watch(collection: string): void {
    if (this.#collections.has(collection)) return;
    this.#collections.set(collection, new Map());
    this.#follow(collection);
  }

  object(key: ObjectKey): KubeObject | null {
    return this.#collections.get(key.collection)?.get(formatKey(key)) ?? null;
  }

  /** Of a collection that is followed. */
  objects(collection: string): readonly KubeObject[] {
    return [...(this.#collections.get(collection)?.values() ?? [])];
  }

  /** Asks again now, however long it has waited for an answer: the cluster is back. */
  renew(): void {
    this.#client.close();
    this.#client = this.#connect();
    for (const collection of this.#collections.keys()) this.#follow(collection);
  }

  close(): void {
    this.#client.close();
  }

  #connect(): HttpClient {
    return new HttpClient(new HttpApi(this.#address), { now: wallTime(), chance: Math.random });
  }

  #follow(collection: string): void {
    const known = this.#collections.get(collection)!;
    const note = (object: KubeObject): void => {
      const key = keyOf(collection, object);
      known.set(formatKey(key), object);
      this.#onObject(key, object);
    };
    const forget = (object: KubeObject): void => {
      const key = keyOf(collection, object);
      if (known.delete(formatKey(key))) this.#onObject(key, null);
    };
    this.#client.follow(collection, {
      listed: (objects) => {
        const gone = new Map(known);
        for (const object of objects) {
          gone.delete(formatKey(keyOf(collection, object)));
          note(object);
        }
        for (const object of gone.values()) forget(object);
      },
      changed: (type, object) => (type === 'DELETED' ? forget(object) : note(object)),
      caughtUp: () => {},
    });
  }
}
