// Reads one object.
import { revisionTooLarge } from '../../../engine/index.ts';
import { objectResponse, warningHeaders } from '../encode.ts';
import type { Hub } from '../hub.ts';
import { chooseAnswer } from '../negotiate.ts';
import { liveObject } from '../objects/write.ts';
import type { ApiRequest, ApiResponse } from '../request.ts';
import type { Resource } from '../resource.ts';
import { deprecationOf } from './deprecation.ts';
import { readRevision } from './list-options.ts';

export function handleGet(
  hub: Hub,
  resource: Resource,
  namespace: string,
  name: string,
  request: ApiRequest,
): ApiResponse {
  const answer = chooseAnswer(request.headers.accept, request.query, false);
  const wanted = request.query.get('resourceVersion');
  const revision = readRevision(wanted);
  if (wanted !== null && revision !== null && revision > hub.store.revision()) {
    throw revisionTooLarge(wanted, hub.store.revision());
  }
  const object = liveObject(hub, resource, namespace, name);
  return objectResponse(object, resource, answer, request, hub.now(), 200, warningHeaders(deprecationOf(resource)));
}
