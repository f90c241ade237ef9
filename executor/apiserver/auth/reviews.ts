// The kinds that are questions: may I, may they, what may I, who am I, whose token is this, and a token for an account.
import { badRequest, deepEqual, formatTime, isObject, type KubeObject } from '../../../engine/index.ts';
import { readObject } from '../body.ts';
import { objectResponse, warningHeaders } from '../encode.ts';
import type { Hub } from '../hub.ts';
import { chooseAnswer } from '../negotiate.ts';
import { ownAtCreation } from '../objects/ownership.ts';
import { liveObject } from '../objects/write.ts';
import { readWriteOptions } from '../options.ts';
import type { ApiRequest, ApiResponse, UserInfo } from '../request.ts';
import { apiVersionOf, type Resource } from '../resource.ts';
import { type Attributes, authorize, type Rule, rulesOf } from './rbac.ts';
import { DEFAULT_AUDIENCE, type ServiceTokens } from './service-tokens.ts';

const REVIEWS = new Set([
  'selfsubjectaccessreviews',
  'subjectaccessreviews',
  'localsubjectaccessreviews',
  'selfsubjectrulesreviews',
  'selfsubjectreviews',
  'tokenreviews',
]);

export const isReview = (resource: Resource): boolean => REVIEWS.has(resource.plural) && resource.builtin !== null;

const TOKEN_SECONDS = 3600;
const TOKEN_SECONDS_MIN = 600;

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');
const fieldsOf = (value: unknown) => (isObject(value) ? value : {});

export function handleReview(
  hub: Hub,
  resource: Resource,
  namespace: string,
  request: ApiRequest,
  tokens: ServiceTokens,
): ApiResponse {
  const answer = chooseAnswer(request.headers.accept, request.query, false);
  const options = readWriteOptions(request, 'CreateOptions');
  const { object, warnings } = readObject(request, resource, hub.registry, options.fieldValidation);
  const by = {
    name: options.fieldManager,
    operation: 'Update' as const,
    apiVersion: apiVersionOf(resource),
    subresource: '',
  };
  const isTracked = !['selfsubjectrulesreviews', 'selfsubjectreviews'].includes(resource.plural);
  const owned = isTracked ? ownAtCreation(resource, object, by, hub.now()) : object;
  if (owned.metadata.name === '') delete (owned.metadata as { name?: string }).name;
  const reviewed = { ...owned, ...answerTo(hub, resource, namespace, owned, request.user, tokens) } as KubeObject;
  if (resource.plural === 'selfsubjectreviews') {
    reviewed.metadata = { ...reviewed.metadata, creationTimestamp: formatTime(hub.now()) };
  }
  return objectResponse(reviewed, resource, answer, request, hub.now(), 201, warningHeaders(warnings));
}

function answerTo(
  hub: Hub,
  resource: Resource,
  namespace: string,
  object: KubeObject,
  user: UserInfo,
  tokens: ServiceTokens,
): Record<string, unknown> {
  const spec = fieldsOf(object.spec);
  switch (resource.plural) {
    case 'selfsubjectaccessreviews':
      return { status: access(hub, user, spec) };
    case 'localsubjectaccessreviews':
      if (textOf(fieldsOf(spec.resourceAttributes).namespace) !== namespace) {
        throw badRequest(`spec.resourceAttributes.namespace must match namespace: ${namespace}`);
      }
      return { status: access(hub, namedUser(spec), spec) };
    case 'subjectaccessreviews':
      return { status: access(hub, namedUser(spec), spec) };
    case 'selfsubjectrulesreviews':
      return { spec: {}, status: rulesStatus(rulesOf(hub.store, user, textOf(spec.namespace))) };
    case 'selfsubjectreviews':
      return { status: { userInfo: userValue(user) } };
    default: {
      const audiences =
        Array.isArray(spec.audiences) && spec.audiences.length > 0 ? spec.audiences.map(String) : [DEFAULT_AUDIENCE];
      const found = tokens.verify(hub, textOf(spec.token), audiences);
      if (found === null) return { status: { user: {}, error: 'invalid bearer token' } };
      return { status: { authenticated: true, user: userValue(found), audiences } };
    }
  }
}

const userValue = ({ name, uid, groups, extra }: UserInfo) => ({
  username: name,
  ...(uid === '' ? {} : { uid }),
  groups,
  ...(Object.keys(extra).length === 0 ? {} : { extra }),
});

const namedUser = (spec: Record<string, unknown>): UserInfo => ({
  name: textOf(spec.user),
  uid: textOf(spec.uid),
  groups: Array.isArray(spec.groups) ? spec.groups.map(String) : [],
  extra: {},
});

function access(hub: Hub, user: UserInfo, spec: Record<string, unknown>): Record<string, unknown> {
  const verdict = authorize(hub.store, user, attributesOf(spec));
  return verdict.allowed
    ? { allowed: true, ...(verdict.reason === '' ? {} : { reason: verdict.reason }) }
    : { allowed: false };
}

function attributesOf(spec: Record<string, unknown>): Attributes {
  if (isObject(spec.nonResourceAttributes)) {
    const { path, verb } = spec.nonResourceAttributes;
    return { kind: 'path', verb: textOf(verb), path: textOf(path) };
  }
  const asked = fieldsOf(spec.resourceAttributes);
  return {
    kind: 'resource',
    verb: textOf(asked.verb),
    group: textOf(asked.group),
    resource: textOf(asked.resource),
    subresource: textOf(asked.subresource),
    name: textOf(asked.name),
    namespace: textOf(asked.namespace),
  };
}

function rulesStatus(rules: readonly Rule[]): Record<string, unknown> {
  const resourceRules: Record<string, unknown>[] = [];
  const nonResourceRules: Record<string, unknown>[] = [];
  for (const { verbs, apiGroups, resources, resourceNames, nonResourceURLs } of rules) {
    if (nonResourceURLs.length > 0) nonResourceRules.push({ verbs, nonResourceURLs });
    if (resources.length === 0) continue;
    const rule = { verbs, apiGroups, resources, ...(resourceNames.length === 0 ? {} : { resourceNames }) };
    if (!resourceRules.some((one) => deepEqual(one, rule))) resourceRules.push(rule);
  }
  return { resourceRules, nonResourceRules, incomplete: false };
}

/** A token for a service account. */
export function handleTokenRequest(
  hub: Hub,
  accounts: Resource,
  namespace: string,
  name: string,
  request: ApiRequest,
  tokens: ServiceTokens,
): ApiResponse {
  const answer = chooseAnswer(request.headers.accept, request.query, false);
  const options = readWriteOptions(request, 'CreateOptions');
  const type = hub.registry.builtins.types.get('authentication.k8s.io/v1')!.get('TokenRequest')!;
  const resource: Resource = {
    ...accounts,
    group: 'authentication.k8s.io',
    version: 'v1',
    kind: 'TokenRequest',
    builtin: type,
    shape: type,
  };
  const { object } = readObject(request, resource, hub.registry, options.fieldValidation);
  const account = liveObject(hub, accounts, namespace, name);
  const spec = fieldsOf(object.spec);
  const audiences =
    Array.isArray(spec.audiences) && spec.audiences.length > 0 ? spec.audiences.map(String) : [DEFAULT_AUDIENCE];
  const seconds = typeof spec.expirationSeconds === 'number' ? spec.expirationSeconds : TOKEN_SECONDS;
  if (seconds < TOKEN_SECONDS_MIN)
    throw badRequest(`spec.expirationSeconds: may not specify a duration less than 10 minutes`);
  const ends = Math.floor(hub.now() / 1000) + seconds;
  const token = tokens.issue(hub, {
    namespace,
    name,
    uid: account.metadata.uid ?? '',
    audiences,
    expiresSeconds: ends,
  });
  const by = {
    name: options.fieldManager,
    operation: 'Update' as const,
    apiVersion: apiVersionOf(resource),
    subresource: 'token',
  };
  const { managedFields } = ownAtCreation(resource, object, by, hub.now()).metadata;
  const made: KubeObject = {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: {
      name,
      namespace,
      uid: hub.uid(),
      creationTimestamp: formatTime(hub.now()),
      ...(managedFields === undefined ? {} : { managedFields }),
    },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: spec.boundObjectRef ?? null },
    status: { token, expirationTimestamp: formatTime(ends * 1000) },
  };
  return objectResponse(made, resource, answer, request, hub.now(), 201);
}
