// Lists a collection: the newest state, an exact older one, or the next page of a list begun earlier.
import { expired, type KubeObject, type ObjectStore, objectKey } from '../../../engine/index.ts';
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

/** The key by which pages go on: "/name" in a namespace, "namespace/name" across them. */
const keyIn = (namespace: string | null, { metadata }: KubeObject): string =>
  namespace === null ? objectKey(metadata.namespace, metadata.name) : `/${metadata.name}`;

export function listObjects(
  hub: Hub,
  resource: Resource,
  namespace: string | null,
  query: URLSearchParams,
  selection: Selection,
): ListOf {
  const options = readListOptions(query, hub.store);
  const at = options.page?.revision ?? options.exactly;
  const all =
    at === null
      ? hub.store.list(resource.collection, namespace)
      : listAt(hub.store, resource, namespace, at, options.page !== null);
  const after = options.page?.after ?? '';
  const items: KubeObject[] = [];
  let rest = 0;
  let last = '';
  // Any state will do, says a client that asks for revision zero: it gets the whole of it at once.
  const isWhole = query.get('resourceVersion') === '0' && options.page === null;
  // A name is found at once; there is nothing to go on with.
  const isByName = selection.fields.some(({ field, equal }) => field === 'metadata.name' && equal);
  const limit = isWhole || isByName ? 0 : options.limit;
  const isSelective = selection.labels.length > 0 || selection.fields.length > 0;
  for (const stored of all) {
    const key = keyIn(namespace, stored);
    if (after !== '' && key <= after) continue;
    const object = resource.fromStored(stored);
    if (limit > 0 && items.length === limit) {
      rest += 1;
      continue;
    }
    if (isSelective && !selection.matches(object)) continue;
    items.push(object);
    last = key;
  }
  const revision = at ?? hub.store.revision();
  const metadata: Record<string, unknown> = { resourceVersion: String(revision) };
  if (rest > 0) {
    metadata.continue = writeToken(revision, last);
    // With selectors nobody knows how much of the rest will match.
    if (!isSelective) metadata.remainingItemCount = rest;
  }
  return { items, metadata };
}

function listAt(
  store: ObjectStore,
  resource: Resource,
  namespace: string | null,
  revision: number,
  isPage: boolean,
): readonly KubeObject[] {
  const collection = store.collectionAt(resource.collection, revision);
  if (collection !== null) return collection.list(namespace);
  throw expired(
    isPage
      ? 'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.'
      : 'The resourceVersion for the provided list is too old.',
  );
}
