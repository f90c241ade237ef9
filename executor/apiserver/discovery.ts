// Tells clients what is served: groups, versions and resources, plain and aggregated.
import { byText, canonicalJson, noSuchResource, notAcceptable } from '../../engine/index.ts';
import { bodyResponse } from './encode.ts';
import { fingerprint } from './fingerprint.ts';
import { ACCEPTED, type Answer, chooseAnswer, readAccept } from './negotiate.ts';
import type { Registry } from './registry.ts';
import type { ApiRequest, ApiResponse } from './request.ts';
import type { Resource } from './resource.ts';

const AGGREGATED = 'APIGroupDiscoveryList';
const AGGREGATED_VERSION = 'v2';

type Groups = ReturnType<Registry['groups']>;

/** Whether the client takes the aggregated form; throws where it takes nothing that is served. */
function wantsAggregated(request: ApiRequest): boolean {
  let known = false;
  for (const { type, params } of readAccept(request.headers.accept)) {
    if (type !== 'application/json' && type !== '*/*' && type !== 'application/yaml') continue;
    if (params.as === undefined) return false;
    known = true;
    if (params.as === AGGREGATED && params.g === 'apidiscovery.k8s.io' && params.v === AGGREGATED_VERSION) return true;
  }
  if (known) throw notAcceptable(`only the following media types are accepted: ${ACCEPTED.join(', ')}`);
  return false;
}

function aggregatedAnswer(request: ApiRequest, registry: Registry, groups: Groups): ApiResponse {
  const items = groups.map(({ name, versions }) => ({
    metadata: name === '' ? {} : { name },
    versions: versions.map((version) => ({
      version,
      resources: registry.resourcesOf(name, version).map((resource) => aggregatedResource(resource)),
      freshness: 'Current',
    })),
  }));
  const value = { kind: AGGREGATED, apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
  const body = JSON.stringify(value);
  const etag = `"${fingerprint(body)}"`;
  const contentType = `application/json;g=apidiscovery.k8s.io;v=v2;as=${AGGREGATED}`;
  const headers = { ETag: etag, Vary: 'Accept', 'Cache-Control': 'public' };
  if (request.headers['if-none-match'] === etag) return { kind: 'body', status: 304, contentType, body: '', headers };
  return { kind: 'body', status: 200, contentType, body, headers };
}

function aggregatedResource(resource: Resource): Record<string, unknown> {
  const { group, version, builtin } = resource;
  const own = builtin === null ? { group, version } : { group: '', version: '' };
  return {
    resource: resource.plural,
    responseKind: { ...own, kind: resource.kind },
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: resource.verbs,
    ...(resource.shortNames.length === 0 ? {} : { shortNames: resource.shortNames }),
    ...(resource.categories.length === 0 ? {} : { categories: resource.categories }),
    ...(resource.subresources.length === 0
      ? {}
      : {
          subresources: resource.subresources.map((one) => ({
            subresource: one.name,
            responseKind: { group: one.group, version: one.version, kind: one.kind },
            verbs: one.verbs,
          })),
        }),
  };
}

const plainAnswer = (request: ApiRequest): Answer => {
  const answer = chooseAnswer(request.headers.accept, request.query, false);
  return { ...answer, form: 'object' };
};

const groupVersion = (group: string, version: string) => (group === '' ? version : `${group}/${version}`);

function groupValue({ name, versions }: Groups[number]): Record<string, unknown> {
  const told = versions.map((version) => ({ groupVersion: groupVersion(name, version), version }));
  return { name, versions: told, preferredVersion: told[0] };
}

export function handleCoreVersions(request: ApiRequest, registry: Registry, address: string): ApiResponse {
  if (wantsAggregated(request)) {
    return aggregatedAnswer(
      request,
      registry,
      registry.groups().filter(({ name }) => name === ''),
    );
  }
  return bodyResponse(
    {
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
    },
    plainAnswer(request),
  );
}

export function handleGroups(request: ApiRequest, registry: Registry): ApiResponse {
  const groups = registry.groups().filter(({ name }) => name !== '');
  if (wantsAggregated(request)) return aggregatedAnswer(request, registry, groups);
  return bodyResponse({ kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupValue) }, plainAnswer(request));
}

/** Null for a group that nobody serves. */
export function handleGroup(request: ApiRequest, registry: Registry, group: string): ApiResponse | null {
  const found = registry.groups().find(({ name }) => name === group);
  if (found === undefined || group === '') return null;
  return bodyResponse({ kind: 'APIGroup', apiVersion: 'v1', ...groupValue(found) }, plainAnswer(request));
}

/** Null for a group that nobody serves. */
export function handleResources(
  request: ApiRequest,
  registry: Registry,
  group: string,
  version: string,
): ApiResponse | null {
  if (!registry.hasGroup(group)) return null;
  const found = registry.resourcesOf(group, version);
  if (found.length === 0) throw noSuchResource();
  const isBuiltin = found[0]!.builtin !== null;
  const resources = found
    .flatMap((resource) => [
      {
        name: resource.plural,
        singularName: resource.singular,
        namespaced: resource.namespaced,
        kind: resource.kind,
        verbs: resource.verbs,
        ...(resource.shortNames.length === 0 ? {} : { shortNames: resource.shortNames }),
        ...(resource.categories.length === 0 ? {} : { categories: resource.categories }),
        ...(resource.verbs.includes('list') && resource.plural !== 'componentstatuses'
          ? {
              storageVersionHash: `${fingerprint(canonicalJson([group, resource.plural, resource.kind])).slice(0, 11)}=`,
            }
          : {}),
      },
      ...resource.subresources.map((one) => ({
        name: `${resource.plural}/${one.name}`,
        singularName: '',
        namespaced: resource.namespaced,
        ...(one.group === '' || one.group === resource.group ? {} : { group: one.group, version: one.version }),
        kind: one.kind,
        verbs: one.verbs,
      })),
    ])
    .sort((a, b) => (isBuiltin ? byText(a.name, b.name) : 0));
  return bodyResponse(
    {
      kind: 'APIResourceList',
      ...(group === '' ? {} : { apiVersion: 'v1' }),
      groupVersion: groupVersion(group, version),
      resources,
    },
    plainAnswer(request),
  );
}
