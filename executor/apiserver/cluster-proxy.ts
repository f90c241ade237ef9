// The way through the hub into a member cluster: the member's address and credentials, and the request sent on as its user.
import { type IncomingMessage, request as plainRequest, type ServerResponse } from 'node:http';
import { request as secureRequest } from 'node:https';
import { badRequest, isObject, type KubeObject, notFound, serviceUnavailable } from '../../engine/index.ts';
import type { Hub } from './hub.ts';
import type { UserInfo } from './request.ts';
import { read } from './resources/cells.ts';

export interface MemberAccess {
  readonly endpoint: URL;
  readonly token: string;
  /** PEM; null for the authorities that this machine trusts. */
  readonly authority: string | null;
  readonly insecure: boolean;
}

export const CLUSTERS = 'cluster.karmada.io/clusters';
const TIMEOUT_MS = 30_000;
/** Meant for this connection only, or for this server only. */
const NOT_SENT_ON = new Set([
  'authorization',
  'connection',
  'host',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'content-length',
]);

export function memberAccess(hub: Hub, name: string): MemberAccess {
  const cluster = hub.store.get(CLUSTERS, '', name);
  if (cluster === null) throw notFound({ group: 'cluster.karmada.io', resource: 'clusters' }, name);
  const endpoint = read(cluster, 'spec.apiEndpoint');
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint)) {
    throw badRequest(`cluster ${name} has no usable spec.apiEndpoint`);
  }
  const access = secretOf(hub, cluster, 'secretRef');
  const impersonator = secretOf(hub, cluster, 'impersonatorSecretRef');
  const token = decoded(impersonator, 'token') ?? decoded(access, 'token');
  if (token === null) throw badRequest(`cluster ${name} has no secret with a token to impersonate its users with`);
  return {
    endpoint: new URL(endpoint),
    token,
    authority: decoded(access, 'caBundle'),
    insecure: read(cluster, 'spec.insecureSkipTLSVerification') === true,
  };
}

function secretOf(hub: Hub, cluster: KubeObject, field: string): KubeObject | null {
  const reference = read(cluster, `spec.${field}`);
  if (!isObject(reference)) return null;
  return hub.store.get('/secrets', String(reference.namespace ?? ''), String(reference.name ?? ''));
}

function decoded(secret: KubeObject | null, key: string): string | null {
  const value = secret !== null && isObject(secret.data) ? secret.data[key] : undefined;
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : null;
}

export interface ProxiedRequest {
  readonly method: string;
  /** With the query, from the member's root. */
  readonly path: string;
  readonly body: Uint8Array;
  readonly user: UserInfo;
}

/** Streams the member's answer back; rejects with a status where the member cannot be reached. */
export function forward(
  access: MemberAccess,
  { method, path, body, user }: ProxiedRequest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = new URL(`${access.endpoint.pathname.replace(/\/$/, '')}${path}`, access.endpoint);
  const headers: Record<string, string | string[]> = {};
  for (const [key, value] of Object.entries(request.headers)) {
    if (value !== undefined && !NOT_SENT_ON.has(key) && !key.startsWith('impersonate-')) headers[key] = value;
  }
  headers.authorization = `Bearer ${access.token}`;
  headers['impersonate-user'] = user.name;
  if (user.groups.length > 0) headers['impersonate-group'] = [...user.groups];
  if (body.length > 0) headers['content-length'] = String(body.length);
  const send = target.protocol === 'http:' ? plainRequest : secureRequest;
  return new Promise((resolve, reject) => {
    const outgoing = send(
      target,
      {
        method,
        headers,
        timeout: TIMEOUT_MS,
        rejectUnauthorized: !access.insecure,
        ...(access.authority === null ? {} : { ca: access.authority }),
      },
      (incoming) => {
        outgoing.setTimeout(0);
        const {
          connection: _connection,
          'transfer-encoding': _encoding,
          'keep-alive': _keep,
          ...kept
        } = incoming.headers;
        response.writeHead(incoming.statusCode ?? 502, kept);
        response.flushHeaders();
        incoming.pipe(response);
        incoming.on('end', resolve);
        incoming.on('error', () => response.destroy());
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    outgoing.on('error', (error) =>
      reject(serviceUnavailable(`the member cluster cannot be reached: ${error.message}`)),
    );
    response.on('close', () => outgoing.destroy());
    outgoing.end(body);
  });
}
