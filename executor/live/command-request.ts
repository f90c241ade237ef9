// A controller's command as a request to a Kubernetes API, and the API's answer as the command's result. What members are to
// have is applied there, so that each field has an owner: others may own what Muster does not speak of.
import {
  type CommandResult,
  clusterOf,
  isObject,
  type JsonObject,
  type KubeObject,
  merged,
} from '../../engine/index.ts';
import { pathFor, type Served } from './directory.ts';
import { type ObjectCommand, type Refusal, refusal } from './place-client.ts';

export interface ObjectRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
}

const MERGE_PATCH = 'application/merge-patch+json';
const APPLY_PATCH = 'application/apply-patch+yaml';
export const FIELD_MANAGER = 'muster';

export function requestFor(command: ObjectCommand, served: Served): ObjectRequest {
  const { key } = command;
  const isInMember = clusterOf(command.on) !== null;
  switch (command.verb) {
    case 'create': {
      const { object } = command;
      if (isInMember) return applied(object, served, command, false);
      return post(pathFor(object.apiVersion, served, key.namespace), 'POST', object);
    }
    case 'update':
      if (isInMember) return applied(command.object, served, command, true);
      return post(pathFor(command.object.apiVersion, served, key.namespace, key.name), 'PUT', command.object);
    case 'update-status': {
      const path = pathFor(command.object.apiVersion, served, key.namespace, key.name);
      return post(statusPath(path, served), 'PUT', command.object);
    }
    case 'patch':
    case 'patch-status': {
      const path = pathFor(served.apiVersion, served, key.namespace, key.name);
      const to = command.verb === 'patch' ? path : statusPath(path, served);
      return merged(post(to, 'PATCH', withPrecondition(command)), { contentType: MERGE_PATCH });
    }
    case 'delete': {
      const path = pathFor(served.apiVersion, served, key.namespace, key.name);
      const { precondition, propagation } = command;
      return post(path, 'DELETE', {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        ...(precondition === null ? {} : { preconditions: precondition }),
        ...(propagation === undefined ? {} : { propagationPolicy: propagation }),
      });
    }
  }
}

/** Fields that others set otherwise are taken over where that is wanted, and refuse the whole where it is not. */
function applied(
  { apiVersion, kind, metadata, status: _status, ...content }: KubeObject,
  served: Served,
  { key }: ObjectCommand,
  isForced: boolean,
): ObjectRequest {
  const {
    creationTimestamp: _created,
    deletionGracePeriodSeconds: _grace,
    deletionTimestamp: _deleted,
    generation: _generation,
    managedFields: _managed,
    ...own
  } = metadata;
  const path = pathFor(apiVersion, served, key.namespace, key.name);
  const query = `fieldManager=${FIELD_MANAGER}&force=${isForced}`;
  const object = { apiVersion, kind, metadata: own, ...content };
  return { method: 'PATCH', path: `${path}?${query}`, body: JSON.stringify(object), contentType: APPLY_PATCH };
}

const post = (path: string, method: string, body: unknown): ObjectRequest => ({
  method,
  path,
  body: JSON.stringify(body),
});

/** Where status has no door of its own it is part of the object. */
const statusPath = (path: string, { hasStatus }: Served): string => (hasStatus ? `${path}/status` : path);

function withPrecondition({ patch, precondition }: Extract<ObjectCommand, { verb: 'patch' | 'patch-status' }>) {
  if (precondition === null) return patch;
  const metadata: JsonObject = isObject(patch.metadata) ? (patch.metadata as JsonObject) : {};
  return merged(patch, { metadata: merged(metadata, precondition) });
}

const BY_REASON: Readonly<Record<string, Refusal['code']>> = {
  AlreadyExists: 'AlreadyExists',
  Conflict: 'Conflict',
  Forbidden: 'Forbidden',
  Unauthorized: 'Forbidden',
  Invalid: 'Invalid',
  BadRequest: 'Invalid',
  NotFound: 'NotFound',
  TooManyRequests: 'TooManyRequests',
  Timeout: 'Timeout',
  ServerTimeout: 'TooManyRequests',
};

const BY_STATUS: Readonly<Record<number, Refusal['code']>> = {
  400: 'Invalid',
  401: 'Forbidden',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  413: 'Invalid',
  415: 'Invalid',
  422: 'Invalid',
  429: 'TooManyRequests',
  504: 'Timeout',
};

/** Of what was to be made and is there otherwise, an apply tells that the two do not go together. */
export function resultFor(command: ObjectCommand, status: number, text: string): CommandResult {
  const result = resultOf(status, text);
  const isThere = command.verb === 'create' && !result.ok && result.code === 'Conflict';
  return isThere ? refusal('AlreadyExists', result.message) : result;
}

export function resultOf(status: number, text: string): CommandResult {
  const body = parse(text);
  if (status >= 200 && status < 300) {
    // Of what is gone at once a Status tells, and nothing is left to be shown.
    const isTold = isObject(body) && body.kind !== 'Status' && isObject(body.metadata);
    return { ok: true, object: isTold ? (body as unknown as KubeObject) : null };
  }
  const reason = isObject(body) ? String(body.reason ?? '') : '';
  const message = isObject(body) && typeof body.message === 'string' ? body.message : `the API answers ${status}`;
  return refusal(BY_REASON[reason] ?? BY_STATUS[status] ?? 'ServerError', message);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
