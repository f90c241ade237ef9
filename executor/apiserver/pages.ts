// The server's own pages: versions, health, metrics, the list of paths, and the schemas of what is served.
import type { Serving } from './dispatch.ts';
import { bodyResponse } from './encode.ts';
import { chooseAnswer } from './negotiate.ts';
import { openapiIndex, openapiOf } from './openapi.ts';
import { openapiV2 } from './openapi-v2.ts';
import type { ApiRequest, ApiResponse } from './request.ts';
import { versionInfo } from './version.ts';

const CHECKS = ['ping', 'log', 'storage'];

const text = (body: string, status = 200): ApiResponse => ({
  kind: 'body',
  status,
  contentType: 'text/plain; charset=utf-8',
  body,
});

/** Null for paths that lead nowhere. */
export function handlePage(serving: Serving, request: ApiRequest): ApiResponse | null {
  const { registry } = serving.hub;
  const { path } = request;
  switch (path.replace(/\/+$/, '') || '/') {
    case '/':
      return bodyResponse({ paths: pathsOf(serving) }, chooseAnswer(request.headers.accept, request.query, false));
    case '/version':
      return bodyResponse(versionInfo, { media: 'json', form: 'object', metaVersion: 'v1', pretty: true });
    case '/healthz':
    case '/livez':
    case '/readyz':
      return health(path, request);
    case '/metrics':
      return { kind: 'body', status: 200, contentType: 'text/plain; version=0.0.4', body: serving.metrics() };
    case '/openapi/v2':
      return openapiV2(registry, request);
    case '/openapi/v3':
      return openapiIndex(registry, request);
    default:
  }
  const check = /^\/(?:healthz|livez|readyz)\/([\w-]+)$/.exec(path);
  if (check !== null && [...CHECKS, 'etcd'].includes(check[1]!)) return text('ok');
  const document = /^\/openapi\/v3\/(.+)$/.exec(path);
  if (document !== null) return openapiOf(registry, document[1]!, request);
  return null;
}

function health(path: string, request: ApiRequest): ApiResponse {
  if (!request.query.has('verbose')) return text('ok');
  const name = path.slice(1).replace(/\/$/, '');
  return text(`${CHECKS.map((check) => `[+]${check} ok\n`).join('')}${name} check passed\n`);
}

function pathsOf({ hub }: Serving): string[] {
  const paths = [
    '/api',
    '/api/v1',
    '/apis',
    '/apis/',
    '/healthz',
    '/livez',
    '/metrics',
    '/openapi/v2',
    '/openapi/v3',
    '/openapi/v3/',
    '/readyz',
    '/version',
  ];
  for (const { name, versions } of hub.registry.groups()) {
    if (name === '') continue;
    paths.push(`/apis/${name}`, ...versions.map((version) => `/apis/${name}/${version}`));
  }
  return paths.sort();
}
