// Lists a collection: the newest state, an exact older one, or the next page of a list begun earlier.
import {
  type Collection,
  expired,
  type KubeObject,
  type ObjectStore,
  objectKey,
  pathAfter,
  pathOf,
  pathOfObject,
} from '../../../engine/index.ts';
import { type ListOf, listResponse, warningHeaders } from '../encode.ts';
import type { Hub } from '../hub.ts';
import { chooseAnswer } from '../negotiate.ts';
import type { ApiRequest, ApiResponse } from '../request.ts';
import type { Resource } from '../resource.ts';
import { deprecationOf } from './deprecation.ts';
import { readListOptions, writeToken } from './list-options.ts';
import { readSelection, type Selection } from './selection.ts';

export function handleList(hub: Hub, resource: Resource, namespace: string | null, request: ApiRequest): ApiResponse {
  const answer = chooseAnswer(request.headers.accept, request.query, true);
  const selection = readSelection(request.query, resource);
  const list = listObjects(hub, resource, namespace, request.query, selection);
  const response = listResponse(list, resource, answer, request, hub.now());
  return { ...response, headers: { ...response.headers, ...warningHeaders(deprecationOf(resource)) } };
}

/** Pages go on from "/name" in a namespace, from "namespace/name" across them. */
const keyIn = (namespace: string | null, { metadata }: KubeObject): string =>
  namespace === null ? objectKey(metadata.namespace, metadata.name) : `/${metadata.name}`;

function pathAt(namespace: string | null, key: string): string {
  const slash = key.indexOf('/');
  return pathOf(namespace ?? key.slice(0, Math.max(slash, 0)), key.slice(slash + 1));
}

export function listObjects(
  hub: Hub,
  resource: Resource,
  namespace: string | null,
  query: URLSearchParams,
  selection: Selection,
): ListOf {
  const options = readListOptions(query, hub.store);
  const computed = hub.computed.get(resource.collection)?.(namespace);
  if (computed !== undefined) return { items: computed.filter(selection.matches), metadata: {} };
  const at = options.page?.revision ?? options.exactly;
  const revision = at ?? hub.store.revision();
  const collection = collectionAt(hub.store, resource, at, options.page !== null);
  const items: KubeObject[] = [];
  let last: KubeObject | null = null;
  let isMore = false;
  // Any state will do, says a client that asks for revision zero: it gets the whole of it at once.
  const isWhole = query.get('resourceVersion') === '0' && options.page === null;
  // A name is found at once; there is nothing to go on with.
  const isByName = selection.fields.some(({ field, equal }) => field === 'metadata.name' && equal);
  const limit = isWhole || isByName ? 0 : options.limit;
  const isSelective = selection.labels.length > 0 || selection.fields.length > 0;
  const from = options.page === null ? '' : pathAfter(pathAt(namespace, options.page.after));
  collection.visitFrom(
    from,
    (stored) => {
      isMore = limit > 0 && items.length === limit;
      if (isMore) return false;
      const object = resource.fromStored(stored);
      if (isSelective && !selection.matches(object)) return true;
      items.push(object);
      last = stored;
      return true;
    },
    namespace,
  );
  const metadata: Record<string, unknown> = { resourceVersion: String(revision) };
  if (isMore && last !== null) {
    metadata.continue = writeToken(revision, keyIn(namespace, last));
    // With selectors nobody knows how much of the rest will match.
    if (!isSelective) metadata.remainingItemCount = collection.countFrom(pathAfter(pathOfObject(last)), namespace);
  }
  return { items, metadata };
}

function collectionAt(store: ObjectStore, resource: Resource, revision: number | null, isPage: boolean): Collection {
  const collection =
    revision === null ? store.collection(resource.collection) : store.collectionAt(resource.collection, revision);
  if (collection !== null) return collection;
  throw expired(
    isPage
      ? 'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.'
      : 'The resourceVersion for the provided list is too old.',
  );
}
