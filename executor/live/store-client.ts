// A hub in this very process, as the live driver knows it: reads are pointers into its store, and writes go through all that a
// request goes through but the socket.
import { type CommandResult, isObject, merged, type ObjectStore } from '../../engine/index.ts';
import { type BareRequest, BODY_MAX, type Entrance } from '../apiserver/dispatch.ts';
import { answerLasting, type Durability } from '../apiserver/lasting.ts';
import { ObjectText } from '../apiserver/object-text.ts';
import type { OpenHub } from '../apiserver/open-hub.ts';
import type { ApiRequest } from '../apiserver/request.ts';
import { hasSubresource } from '../apiserver/resource.ts';
import { requestFor, resultOf } from './command-request.ts';
import type { Served } from './directory.ts';
import { type Following, type FollowListener, type ObjectCommand, type PlaceClient, refusal } from './place-client.ts';

export interface StoreClientOptions {
  readonly open: OpenHub;
  readonly store: ObjectStore;
  readonly durability: Durability;
  /** Of somebody who may do what the controllers do. */
  readonly token: string;
}

export class StoreClient implements PlaceClient {
  readonly #options: StoreClientOptions;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #stops = new Set<() => void>();
  readonly #found = new Map<string, Served>();
  #generation = -1;

  constructor(options: StoreClientOptions) {
    this.#options = options;
    this.#headers = {
      authorization: `Bearer ${options.token}`,
      accept: 'application/json',
      'user-agent': 'muster',
    };
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
    const { open, store, durability } = this.#options;
    const served = this.#served(command.key.collection);
    if (served === null) return refusal('NotFound', `${command.key.collection} is not served here`);
    const { method, path, body = '', contentType = 'application/json' } = requestFor(command, served);
    const bare: BareRequest = {
      method,
      path: decodeURIComponent(path),
      query: new URLSearchParams(),
      headers: merged(this.#headers, { 'content-type': contentType }),
    };
    try {
      const entrance: Entrance = open.identify(bare, { headers: this.#headers, certificate: null });
      open.permit(entrance);
      const asked = merged(bare, contentOf(method, body));
      const answer = await answerLasting(store, durability, () => open.answerEntered(asked, entrance), true);
      if (answer.kind !== 'body') return refusal('ServerError', 'a write is answered with a stream');
      if (answer.body instanceof ObjectText) return { ok: true, object: answer.body.object };
      const text = answer.body instanceof Uint8Array ? Buffer.from(answer.body).toString('utf8') : String(answer.body);
      return resultOf(answer.status, text);
    } catch (error) {
      return failed(error);
    }
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
    const { registry } = this.#options.open.hub;
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
    const { registry } = this.#options.open.hub;
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

const NOTHING = new Uint8Array();

/** Written down only where somebody reads it, or where it might be too long. */
function contentOf(method: string, body: string): Pick<ApiRequest, 'body' | 'said'> {
  if (method === 'DELETE' || body.length * MAX_BYTES_A_CHARACTER > BODY_MAX) return { body: Buffer.from(body) };
  return { body: NOTHING, said: JSON.parse(body) };
}

const MAX_BYTES_A_CHARACTER = 3;

/** A status that was thrown at the door, or by the storage. */
function failed(error: unknown): CommandResult {
  const status = isObject(error) && isObject(error.status) ? error.status : null;
  if (status !== null) return resultOf(Number(status.code), JSON.stringify(status));
  return refusal('ServerError', error instanceof Error ? error.message : String(error));
}
