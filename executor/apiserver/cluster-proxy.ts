// The way through the hub into a member cluster: the member's address and credentials, and the request sent on as its user.
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as plainRequest,
  type ServerResponse,
} from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  badRequest,
  type Cluster,
  COLLECTIONS,
  guestsOf,
  hasImpersonator,
  isObject,
  type KubeObject,
  notFound,
  serviceUnavailable,
} from '../../engine/index.ts';
import { ANONYMOUS, AUTHENTICATED, impliedGroups } from './auth/authenticate.ts';
import type { Hub } from './hub.ts';
import type { UserInfo } from './request.ts';
import { read } from './resources/cells.ts';

export interface MemberAccess {
  readonly endpoint: URL;
  /** Of whoever may act for users there: a token where there is one, a client certificate else, both PEM. */
  readonly proof: { readonly token: string } | { readonly cert: string; readonly key: string };
  /** PEM; null for the authorities that this machine trusts. */
  readonly authority: string | null;
  readonly insecure: boolean;
  /** Those of a user's groups that the hub may name there; null for all, where it may do everything anyway. */
  readonly groups: readonly string[] | null;
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
    const why = read(cluster, 'spec.syncMode') === 'Pull' ? ': it pulls, and is not reached from here' : '';
    throw badRequest(`cluster ${name} has no usable spec.apiEndpoint${why}`);
  }
  const access = secretOf(hub, cluster, 'secretRef');
  const impersonator = secretOf(hub, cluster, 'impersonatorSecretRef');
  const token = decoded(impersonator, 'token') ?? decoded(access, 'token');
  const [cert, key] = [decoded(access, 'tls.crt'), decoded(access, 'tls.key')];
  const proof = token !== null ? { token } : cert !== null && key !== null ? { cert, key } : null;
  if (proof === null) {
    throw badRequest(`cluster ${name} has no secret with a token or a certificate to impersonate its users with`);
  }
  return {
    endpoint: new URL(endpoint),
    proof,
    authority: decoded(access, 'caBundle'),
    insecure: read(cluster, 'spec.insecureSkipTLSVerification') === true,
    groups: hasImpersonator(cluster as unknown as Cluster) ? groupsLetInto(name, hub) : null,
  };
}

const groupsLetInto = (cluster: string, { store }: Hub): readonly string[] =>
  guestsOf(cluster, store.list(COLLECTIONS.clusterRoles), store.list(COLLECTIONS.clusterRoleBindings)).groups;

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

/**
 * As whom a request arrives: what else is known of the user here is no matter there, and each name more is one more that the hub has to
 * be allowed to act for. Groups that a member gives by itself are not named.
 */
function groupsToName({ name, groups }: UserInfo, letIn: readonly string[] | null): readonly string[] {
  const given = groups.filter((group) => group !== AUTHENTICATED && !ANONYMOUS.groups.includes(group));
  const implied = impliedGroups(name);
  const named = given.filter((group) => letIn === null || letIn.includes(group) || implied.includes(group));
  // One that is named keeps the member from giving those of an account.
  return named.every((group) => implied.includes(group)) ? [] : named;
}

function outgoingOf(access: MemberAccess, { method, path, body, user }: ProxiedRequest, given: IncomingHttpHeaders) {
  const target = new URL(`${access.endpoint.pathname.replace(/\/$/, '')}${path}`, access.endpoint);
  const headers: Record<string, string | string[]> = {};
  for (const [key, value] of Object.entries(given)) {
    if (value !== undefined && !NOT_SENT_ON.has(key) && !key.startsWith('impersonate-')) headers[key] = value;
  }
  const { proof } = access;
  if ('token' in proof) headers.authorization = `Bearer ${proof.token}`;
  headers['impersonate-user'] = user.name;
  const groups = groupsToName(user, access.groups);
  if (groups.length > 0) headers['impersonate-group'] = [...groups];
  if (body.length > 0) headers['content-length'] = String(body.length);
  if (given.upgrade !== undefined) Object.assign(headers, { connection: 'Upgrade', upgrade: given.upgrade });
  const send = target.protocol === 'http:' ? plainRequest : secureRequest;
  return send(target, {
    method,
    headers,
    timeout: TIMEOUT_MS,
    rejectUnauthorized: !access.insecure,
    ...(access.authority === null ? {} : { ca: access.authority }),
    ...('token' in proof ? {} : proof),
  });
}

const unreachable = (error: Error) => serviceUnavailable(`the member cluster cannot be reached: ${error.message}`);

/**
 * Resolves when the member begins to answer: what it goes on with, for hours if it is a watch or a log, is passed on as it comes.
 * Rejects with a status where the member cannot be reached.
 */
export function forward(
  access: MemberAccess,
  proxied: ProxiedRequest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { upgrade: _upgrade, ...given } = request.headers;
  return new Promise((resolve, reject) => {
    const outgoing = outgoingOf(access, proxied, given);
    outgoing.on('response', (incoming) => {
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
      incoming.on('error', () => response.destroy());
      resolve();
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    outgoing.on('error', (error) => reject(unreachable(error)));
    response.on('close', () => outgoing.destroy());
    outgoing.end(proxied.body);
  });
}

const headText = (incoming: IncomingMessage): string => {
  const lines = [`HTTP/1.1 ${incoming.statusCode} ${incoming.statusMessage}`];
  for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
    lines.push(`${incoming.rawHeaders[at]}: ${incoming.rawHeaders[at + 1]}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
};

/** Joins two connections for good, for terminals and forwarded ports; rejects where the member cannot be reached. */
export function tunnel(
  access: MemberAccess,
  proxied: ProxiedRequest,
  request: IncomingMessage,
  socket: Duplex,
  head: Uint8Array,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = outgoingOf(access, proxied, request.headers);
    outgoing.on('upgrade', (incoming, member: Socket, memberHead: Uint8Array) => {
      outgoing.setTimeout(0);
      member.setTimeout(0);
      socket.write(headText(incoming));
      if (memberHead.length > 0) socket.write(memberHead);
      if (head.length > 0) member.write(head);
      socket.pipe(member).pipe(socket);
      const end = () => {
        socket.destroy();
        member.destroy();
        resolve();
      };
      for (const one of [socket, member]) one.on('close', end).on('error', end);
    });
    // A member that stays with plain answers has its answer passed on.
    outgoing.on('response', (incoming) => {
      socket.write(headText(incoming));
      // Whoever asked for a connection and leaves does not wait for a plain answer, either.
      for (const left of ['end', 'close']) socket.once(left, () => outgoing.destroy());
      socket.resume();
      incoming.pipe(socket);
      incoming.once('close', () => {
        if (!incoming.complete) socket.destroy();
        resolve();
      });
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    outgoing.on('error', (error) => reject(unreachable(error)));
    outgoing.end();
  });
}
