// A hub in this very process, as the live driver knows it: reads are pointers into its store, and writes go through all that a
// request goes through but the socket.
import type { CommandResult, ObjectStore } from '../../engine/index.ts';
import { ObjectText } from '../apiserver/object-text.ts';
import type { Registry } from '../apiserver/registry.ts';
import { hasSubresource } from '../apiserver/resource.ts';
import { requestFor, resultOf } from './command-request.ts';
import type { Served } from './directory.ts';
import { type OwnApi, textOf } from './own-api.ts';
import { type Following, type FollowListener, type ObjectCommand, type PlaceClient, refusal } from './place-client.ts';

export interface StoreClientOptions {
  readonly api: OwnApi;
  readonly store: ObjectStore;
  readonly registry: Registry;
}

export class StoreClient implements PlaceClient {
  readonly #options: StoreClientOptions;
  readonly #stops = new Set<() => void>();
  readonly #found = new Map<string, Served>();
  #generation = -1;

  constructor(options: StoreClientOptions) {
    this.#options = options;
  }

  follow(collection: string, listener: FollowListener): Following {
    const { store } = this.#options;
    let stop = () => {};
    let isOver = false;
    const begin = () => {
      stop();
      if (isOver) return;
      const revision = store.published();
      const found = store.collectionAt(collection, revision) ?? store.collection(collection);
      listener.listed(found.list(), revision);
      const watch = store.watch(collection, revision, ({ type, object, revision: at }) =>
        listener.changed(type, object, at),
      );
      // What was published a moment ago is known.
      stop = watch.ok ? watch.stop : () => {};
    };
    const forget = store.onReplace(() => setImmediate(begin));
    setImmediate(begin);
    const close = () => {
      isOver = true;
      stop();
      forget();
      this.#stops.delete(close);
    };
    this.#stops.add(close);
    return { close };
  }

  async carryOut(command: ObjectCommand): Promise<CommandResult> {
    const served = this.#served(command.key.collection);
    if (served === null) return refusal('NotFound', `${command.key.collection} is not served here`);
    const answer = await this.#options.api.answer(requestFor(command, served));
    if (answer.body instanceof ObjectText) return { ok: true, object: answer.body.object };
    return resultOf(answer.status, textOf(answer));
  }

  ask(): Promise<CommandResult> {
    return Promise.resolve(refusal('ServerError', 'only members answer questions'));
  }

  onCollection(listener: (collection: string) => void): () => void {
    const { store } = this.#options;
    const told = new Set<string>();
    const tell = (collection: string) => {
      if (told.has(collection)) return;
      told.add(collection);
      listener(collection);
    };
    for (const collection of store.collectionNames()) tell(collection);
    const stops = [
      store.onChange(({ collection }) => tell(collection)),
      store.onReplace(() => store.collectionNames().forEach(tell)),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  close(): void {
    for (const stop of [...this.#stops]) stop();
  }

  #served(collection: string): Served | null {
    const { registry } = this.#options;
    if (this.#generation !== registry.generation()) {
      this.#found.clear();
      this.#generation = registry.generation();
    }
    const known = this.#found.get(collection);
    if (known !== undefined) return known;
    const found = this.#search(collection);
    if (found !== null) this.#found.set(collection, found);
    return found;
  }

  #search(collection: string): Served | null {
    const { registry } = this.#options;
    const at = collection.indexOf('/');
    const group = collection.slice(0, at);
    const plural = collection.slice(at + 1);
    const versions = registry.groups().find(({ name }) => name === group)?.versions ?? [];
    for (const version of versions) {
      const resource = registry.find(group, version, plural);
      if (resource === null) continue;
      return {
        collection,
        apiVersion: group === '' ? version : `${group}/${version}`,
        plural,
        kind: resource.kind,
        namespaced: resource.namespaced,
        hasStatus: hasSubresource(resource, 'status'),
        isWatchable: true,
      };
    }
    return null;
  }
}
