// Creates an object from a request's body.
import { badRequest } from '../../../engine/index.ts';
import { readObject } from '../body.ts';
import { objectResponse, warningHeaders } from '../encode.ts';
import type { Hub } from '../hub.ts';
import { chooseAnswer } from '../negotiate.ts';
import { createObject } from '../objects/write.ts';
import { readWriteOptions } from '../options.ts';
import type { ApiRequest, ApiResponse } from '../request.ts';
import { apiVersionOf, type Resource } from '../resource.ts';
import { deprecationOf } from './deprecation.ts';

export function handleCreate(hub: Hub, resource: Resource, namespace: string, request: ApiRequest): ApiResponse {
  const answer = chooseAnswer(request.headers.accept, request.query, false);
  const options = readWriteOptions(request, 'CreateOptions');
  const { object, warnings } = readObject(request, resource, hub.registry, options.fieldValidation);
  checkNamespace(resource, object.metadata.namespace, namespace);
  const told: string[] = [];
  const created = createObject(
    {
      warn: (message) => told.push(message),
      hub,
      resource,
      user: request.user,
      by: { name: options.fieldManager, operation: 'Update', apiVersion: apiVersionOf(resource), subresource: '' },
      dryRun: options.dryRun,
    },
    namespace,
    object,
  );
  const headers = warningHeaders([...deprecationOf(resource), ...warnings, ...told]);
  return objectResponse(created, resource, answer, request, hub.now(), 201, headers);
}

export function checkNamespace(resource: Resource, given: string | undefined, namespace: string): void {
  if (given === undefined || given === '' || given === namespace || !resource.namespaced) return;
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}
