// Deletes one object or a whole selection.
import { success } from '../../../engine/index.ts';
import { jsonTextOf } from '../body.ts';
import { bodyResponse, listResponse, objectResponse } from '../encode.ts';
import type { Hub } from '../hub.ts';
import { chooseAnswer } from '../negotiate.ts';
import { removeAsAsked } from '../objects/remove.ts';
import { returnsDeleted } from '../objects/strategy.ts';
import { liveObject } from '../objects/write.ts';
import { readDeleteOptions } from '../options.ts';
import type { ApiRequest, ApiResponse } from '../request.ts';
import type { Resource } from '../resource.ts';
import { listObjects } from './list.ts';
import { readSelection } from './selection.ts';

export function handleDelete(
  hub: Hub,
  resource: Resource,
  namespace: string,
  name: string,
  request: ApiRequest,
): ApiResponse {
  const answer = chooseAnswer(request.headers.accept, request.query, false);
  const options = readDeleteOptions(request, jsonTextOf);
  const old = liveObject(hub, resource, namespace, name);
  const { object, isGone } = removeAsAsked(hub, resource, old, options);
  if (!isGone || returnsDeleted(resource)) return objectResponse(object, resource, answer, request, hub.now());
  const { group, plural } = resource;
  const details = { name, ...(group === '' ? {} : { group }), kind: plural, uid: old.metadata.uid };
  return bodyResponse(success(details), answer);
}

export function handleDeleteCollection(
  hub: Hub,
  resource: Resource,
  namespace: string | null,
  request: ApiRequest,
): ApiResponse {
  const answer = chooseAnswer(request.headers.accept, request.query, false);
  const options = readDeleteOptions(request, jsonTextOf);
  const query = new URLSearchParams(request.query);
  for (const key of ['dryRun', 'propagationPolicy', 'gracePeriodSeconds', 'orphanDependents']) query.delete(key);
  const list = listObjects(hub, resource, namespace, query, readSelection(query, resource));
  for (const object of list.items) removeAsAsked(hub, resource, object, options);
  return listResponse(list, resource, answer, request, hub.now());
}
