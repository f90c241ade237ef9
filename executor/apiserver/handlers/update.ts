// Replaces an object, or one of its subresources, by a request's body.
import { badRequest, type KubeObject, notFound } from '../../../engine/index.ts';
import { readObject } from '../body.ts';
import { objectResponse, warningHeaders } from '../encode.ts';
import type { Hub } from '../hub.ts';
import { chooseAnswer } from '../negotiate.ts';
import { createdByUpdate } from '../objects/strategy.ts';
import { createObject, updateObject, type WriteContext } from '../objects/write.ts';
import { readWriteOptions } from '../options.ts';
import type { ApiRequest, ApiResponse } from '../request.ts';
import { apiVersionOf, namedOf, type Resource } from '../resource.ts';
import { checkNamespace } from './create.ts';
import { deprecationOf } from './deprecation.ts';

export function handleUpdate(
  hub: Hub,
  resource: Resource,
  namespace: string,
  name: string,
  subresource: string,
  request: ApiRequest,
): ApiResponse {
  const answer = chooseAnswer(request.headers.accept, request.query, false);
  const options = readWriteOptions(request, 'UpdateOptions');
  const { object, warnings } = readObject(request, resource, hub.registry, options.fieldValidation);
  checkName(object, name);
  checkNamespace(resource, object.metadata.namespace, namespace);
  const told: string[] = [];
  const context: WriteContext = {
    warn: (message) => told.push(message),
    hub,
    resource,
    user: request.user,
    by: { name: options.fieldManager, operation: 'Update', apiVersion: apiVersionOf(resource), subresource },
    dryRun: options.dryRun,
  };
  const headers = () => warningHeaders([...deprecationOf(resource), ...warnings, ...told]);
  const stored = hub.store.get(resource.collection, namespace, name);
  if (stored === null) {
    if (subresource !== '' || !createdByUpdate(resource)) throw notFound(namedOf(resource), name);
    const created = createObject(context, namespace, object);
    return objectResponse(created, resource, answer, request, hub.now(), 201, headers());
  }
  const updated = updateObject(context, object, resource.fromStored(stored), subresource);
  return objectResponse(updated, resource, answer, request, hub.now(), 200, headers());
}

export function checkName(object: KubeObject, name: string): void {
  const given = object.metadata.name ?? '';
  if (given === name) return;
  throw badRequest(
    given === ''
      ? `the name of the object (${name} based on URL) was undeterminable: name must be provided`
      : `the name of the object (${given}) does not match the name on the URL (${name})`,
  );
}
