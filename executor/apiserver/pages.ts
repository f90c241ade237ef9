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
      return health(serving, path, request);
    case '/metrics':
      return { kind: 'body', status: 200, contentType: 'text/plain; version=0.0.4', body: serving.metrics() };
    case '/openapi/v2':
      return openapiV2(registry, request);
    case '/openapi/v3':
      return openapiIndex(registry, request);
    default:
  }
  const check = /^\/(?:healthz|livez|readyz)\/([\w-]+)$/.exec(path);
  if (check !== null && (check[1] === 'storage' || check[1] === 'etcd')) {
    const problem = serving.storageProblem();
    return problem === null ? text('ok') : text(`storage takes no writes: ${problem.message}\n`, 500);
  }
  if (check !== null && CHECKS.includes(check[1]!)) return text('ok');
  const document = /^\/openapi\/v3\/(.+)$/.exec(path);
  if (document !== null) return openapiOf(registry, document[1]!, request);
  return null;
}

/**
 * A hub that cannot reach what it shares with others knows less than they do: it is not ready. One that only cannot write is,
 * for it can still be read.
 */
function health(serving: Serving, path: string, request: ApiRequest): ApiResponse {
  const name = path.replaceAll('/', '');
  const problem = name === 'livez' ? null : serving.storageProblem();
  const isReady = problem?.code !== 'unreachable';
  if (isReady && !request.query.has('verbose')) return text('ok');
  const lines = CHECKS.map((check) =>
    check === 'storage' && problem !== null ? `[-]${check} takes no writes: ${problem.message}\n` : `[+]${check} ok\n`,
  );
  return text(`${lines.join('')}${name} check ${isReady ? 'passed' : 'failed'}\n`, isReady ? 200 : 500);
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
