// From a request to its answer: who asks, whether they may, what the path names, and the handler that does it. Sync.
import {
  badRequest,
  merged,
  methodNotAllowed,
  noSuchResource,
  type Status,
  StatusError,
  tooLarge,
} from '../../engine/index.ts';
import type { StorageProblem } from '../storage/storage.ts';
import { accessDenied, attributesFor } from './access.ts';
import { type Authentication, authenticate, type Credentials, mayActFor, wantedUser } from './auth/authenticate.ts';
import { type Attributes, authorize } from './auth/rbac.ts';
import { handleReview, handleTokenRequest, isReview } from './auth/reviews.ts';
import { CLUSTERS, memberAccess } from './cluster-proxy.ts';
import { handleCoreVersions, handleGroup, handleGroups, handleResources } from './discovery.ts';
import { bodyResponse, toYaml } from './encode.ts';
import { handleCreate } from './handlers/create.ts';
import { handleDelete, handleDeleteCollection } from './handlers/delete.ts';
import { handleGet } from './handlers/get.ts';
import { handleList } from './handlers/list.ts';
import { handlePatch } from './handlers/patch.ts';
import { type Connection, refuseConnection } from './handlers/pod-connections.ts';
import { handleLog, type LogReader } from './handlers/pod-log.ts';
import { handleBinding, handleEviction } from './handlers/pod-subresources.ts';
import { handleScale } from './handlers/scale.ts';
import { handleUpdate } from './handlers/update.ts';
import { handleWatch } from './handlers/watch.ts';
import type { Hub } from './hub.ts';
import { isTrue, readAccept } from './negotiate.ts';
import { handlePage } from './pages.ts';
import type { ApiRequest, ApiResponse, BodyResponse, UserInfo } from './request.ts';
import { hasSubresource, type Resource } from './resource.ts';
import { type ResourceRoute, type Route, readRoute } from './routes.ts';

/** Larger bodies are refused unread. */
export const BODY_MAX = 3_145_728;

export interface Serving {
  readonly hub: Hub;
  readonly authentication: Authentication;
  /** The address that discovery tells clients. */
  readonly address: string;
  readonly logs: LogReader | null;
  readonly metrics: () => string;
  /** Why writes are refused now; null while they are taken. */
  readonly storageProblem: () => StorageProblem | null;
}

export const notFoundPage: BodyResponse = {
  kind: 'body',
  status: 404,
  contentType: 'text/plain; charset=utf-8',
  body: '404 page not found\n',
};

/** A request at the door: who sent it, for whom, and what it asks for. */
export interface Entrance {
  /** Whose credentials they are; the user may be another whom they may act for. */
  readonly caller: UserInfo;
  readonly user: UserInfo;
  readonly route: Route;
  readonly asked: Attributes;
}

export type BareRequest = Omit<ApiRequest, 'user' | 'body'>;

/** Who it is, before anything of the body is read. Throws a status for credentials that are wrong. */
export function identify({ hub, authentication }: Serving, request: BareRequest, credentials: Credentials): Entrance {
  const caller = authenticate(hub, authentication, credentials);
  const route = readRoute(request.path);
  return { caller, user: wantedUser(caller, request.headers), route, asked: attributesFor(request, route) };
}

/** Throws a status for those who may not. */
export function permit({ hub }: Serving, { caller, user, asked }: Entrance): void {
  mayActFor(hub, caller, user);
  if (!authorize(hub.store, user, asked).allowed) throw accessDenied(user, asked);
}

export function answer(serving: Serving, request: Omit<ApiRequest, 'user'>, credentials: Credentials): ApiResponse {
  try {
    const entrance = identify(serving, request, credentials);
    permit(serving, entrance);
    return answerEntered(serving, request, entrance);
  } catch (error) {
    if (error instanceof StatusError) return statusResponse(error.status, request);
    throw error;
  }
}

export function answerEntered(serving: Serving, bare: Omit<ApiRequest, 'user'>, entrance: Entrance): ApiResponse {
  const request: ApiRequest = merged(bare, { query: forPeople(bare), user: entrance.user });
  try {
    return answerRoute(serving, request, entrance.route);
  } catch (error) {
    if (error instanceof StatusError) return statusResponse(error.status, bare);
    throw error;
  }
}

/** Errors are told in the form that the client reads. */
export function statusResponse(status: Status, request: BareRequest): BodyResponse {
  const first = readAccept(request.headers.accept)[0]?.type;
  const retry = status.details?.retryAfterSeconds;
  const headers: Record<string, string> = retry === undefined ? {} : { 'Retry-After': String(retry) };
  if (first === 'application/yaml') {
    return { kind: 'body', status: status.code, contentType: 'application/yaml', body: toYaml(status), headers };
  }
  return bodyResponse(
    status,
    { media: 'json', form: 'object', metaVersion: 'v1', pretty: isTrue(forPeople(request).get('pretty')) },
    status.code,
    headers,
  );
}

function answerRoute(serving: Serving, request: ApiRequest, target: Route): ApiResponse {
  const { registry } = serving.hub;
  switch (target.kind) {
    case 'core-versions':
      return onlyReads(request, () => handleCoreVersions(request, registry, serving.address));
    case 'groups':
      return onlyReads(request, () => handleGroups(request, registry));
    case 'group':
      return handleGroup(request, registry, target.group) ?? notFoundPage;
    case 'resources':
      return handleResources(request, registry, target.group, target.version) ?? notFoundPage;
    case 'page':
      return handlePage(serving, request) ?? notFoundPage;
    case 'resource':
      return handleResource(serving, request, target);
  }
}

/** Tools that people read with get lines and indents unless they say otherwise. */
function forPeople({ query, headers }: BareRequest): URLSearchParams {
  if (query.has('pretty') || !/^(curl|Wget|Mozilla)/.test(headers['user-agent'] ?? '')) return query;
  const pretty = new URLSearchParams(query);
  pretty.set('pretty', '1');
  return pretty;
}

function onlyReads(request: ApiRequest, handle: () => ApiResponse): ApiResponse {
  if (request.method !== 'GET' && request.method !== 'HEAD') throw methodNotAllowed();
  return handle();
}

function handleResource(serving: Serving, request: ApiRequest, target: ResourceRoute): ApiResponse {
  const { hub } = serving;
  const resource = hub.registry.find(target.group, target.version, target.plural);
  if (resource === null) {
    const isKnown = hub.registry.hasGroup(target.group);
    if (!isKnown) return notFoundPage;
    // A custom group answers for its own versions as a plain page would.
    const isCustom = !hub.registry.builtins.resources.some(({ group }) => group === target.group);
    if (isCustom) return notFoundPage;
    throw noSuchResource();
  }
  if (request.body.length > BODY_MAX) throw tooLarge(`Request entity too large: limit is ${BODY_MAX}`);
  if (resource.namespaced ? target.namespace === null && target.name !== null : target.namespace !== null) {
    throw noSuchResource();
  }
  if (isReview(resource)) {
    if (request.method !== 'POST' || target.name !== null) throw methodNotAllowed();
    return handleReview(hub, resource, target.namespace ?? '', request, serving.authentication.serviceTokens);
  }
  if (target.name === null) return handleCollection(hub, resource, target, request);
  if (target.subresource !== null) return handleSubresource(serving, resource, target, request);
  return handleItem(hub, resource, target, request);
}

/** Encoded anew, so that a name cannot become a step upwards on the way. */
function proxiedPath(rest: string): string {
  const steps = rest.split('/');
  if (steps.some((step) => step === '.' || step === '..')) throw badRequest('a path may not lead upwards');
  return steps.map(encodeURIComponent).join('/');
}

const allow = (resource: Resource, verb: string) => {
  if (!resource.verbs.includes(verb)) throw methodNotAllowed();
};

function handleCollection(hub: Hub, resource: Resource, target: ResourceRoute, request: ApiRequest): ApiResponse {
  const { namespace } = target;
  switch (request.method) {
    case 'GET': {
      const isWatch = target.isWatch || isTrue(request.query.get('watch'));
      allow(resource, isWatch ? 'watch' : 'list');
      return isWatch
        ? handleWatch(hub, resource, namespace, null, request)
        : handleList(hub, resource, namespace, request);
    }
    case 'POST':
      allow(resource, 'create');
      if (resource.namespaced && namespace === null) throw methodNotAllowed();
      return handleCreate(hub, resource, namespace ?? '', request);
    case 'DELETE':
      allow(resource, 'deletecollection');
      if (resource.namespaced && namespace === null) throw methodNotAllowed();
      return handleDeleteCollection(hub, resource, namespace, request);
    default:
      throw methodNotAllowed();
  }
}

function handleItem(hub: Hub, resource: Resource, target: ResourceRoute, request: ApiRequest): ApiResponse {
  const namespace = target.namespace ?? '';
  const name = target.name!;
  switch (request.method) {
    case 'GET':
      allow(resource, 'get');
      if (target.isWatch) return handleWatch(hub, resource, target.namespace, name, request);
      return handleGet(hub, resource, namespace, name, request);
    case 'PUT':
      allow(resource, 'update');
      return handleUpdate(hub, resource, namespace, name, '', request);
    case 'PATCH':
      allow(resource, 'patch');
      return handlePatch(hub, resource, namespace, name, '', request);
    case 'DELETE':
      allow(resource, 'delete');
      return handleDelete(hub, resource, namespace, name, request);
    default:
      throw methodNotAllowed();
  }
}

const VERBS: Readonly<Record<string, string>> = {
  GET: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

function handleSubresource(
  serving: Serving,
  resource: Resource,
  target: ResourceRoute,
  request: ApiRequest,
): ApiResponse {
  const { hub } = serving;
  const namespace = target.namespace ?? '';
  const name = target.name!;
  const subresource = target.subresource!;
  if (!hasSubresource(resource, subresource)) throw noSuchResource();
  const known = resource.subresources.find((one) => one.name === subresource)!;
  if (!known.verbs.includes(VERBS[request.method] ?? '')) throw methodNotAllowed();
  const key = `${resource.plural}/${subresource}`;
  switch (key) {
    case 'pods/binding':
      return handleBinding(hub, resource, namespace, name, request);
    case 'pods/eviction':
      return handleEviction(hub, resource, namespace, name, request);
    case 'pods/log':
      return handleLog(hub, resource, namespace, name, request, serving.logs);
    case 'pods/exec':
    case 'pods/attach':
    case 'pods/portforward':
      return refuseConnection(
        hub,
        resource,
        namespace,
        name,
        subresource as Connection,
        request.query.get('container') ?? '',
      );
    case 'serviceaccounts/token':
      return handleTokenRequest(hub, resource, namespace, name, request, serving.authentication.serviceTokens);
    default:
  }
  if (resource.collection === CLUSTERS && subresource === 'proxy') {
    const query = request.query.toString();
    const path = `/${proxiedPath(target.rest)}${query === '' ? '' : `?${query}`}`;
    return { kind: 'proxy', access: memberAccess(hub, name), path, user: request.user };
  }
  if (subresource === 'scale') return handleScale(hub, resource, namespace, name, request);
  if (known.kind.endsWith('Options')) throw methodNotAllowed();
  switch (request.method) {
    case 'GET':
      return handleGet(hub, resource, namespace, name, request);
    case 'PUT':
      return handleUpdate(hub, resource, namespace, name, subresource, request);
    default:
      return handlePatch(hub, resource, namespace, name, subresource, request);
  }
}
