// A hub on a loopback socket with short limits, and clients that send it whatever bytes they like.
import { randomInt, randomUUID } from 'node:crypto';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { ObjectStore } from '../../engine/index.ts';
import type { AuditLog } from '../../executor/apiserver/audit.ts';
import { MASTERS } from '../../executor/apiserver/auth/rbac.ts';
import { makeAuthority, makeIdentity, type ServerIdentity } from '../../executor/apiserver/authority.ts';
import type { FairnessOptions } from '../../executor/apiserver/fairness.ts';
import { servedKinds } from '../../executor/apiserver/resources/karmada-definitions.ts';
import { type HubServer, startHub } from '../../executor/apiserver/server.ts';

export const ADMIN = 'the-token-of-the-administrator';
export const PAT = 'the-token-of-pat';
export const OTHER_PROGRAM = 'the-token-of-a-controller';

export interface AttackedHub {
  readonly server: HubServer;
  readonly identity: ServerIdentity;
  readonly errors: readonly string[];
  /** Moves the hub's clock. */
  pass(ms: number): void;
}

export interface Answer {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

export async function startAttacked(
  options: { readonly audit?: AuditLog; readonly fairness?: FairnessOptions } = {},
): Promise<AttackedHub> {
  const errors: string[] = [];
  let ahead = 0;
  const now = Date.now();
  const identity = await makeIdentity(await makeAuthority(now), ['127.0.0.1', 'localhost'], now);
  const server = await startHub({
    host: '127.0.0.1',
    port: 0,
    identity,
    store: new ObjectStore(),
    definitions: [],
    served: servedKinds(),
    now: () => Date.now() + ahead,
    uid: randomUUID,
    draw: (bound) => randomInt(bound),
    tokens: new Map([
      [ADMIN, { name: 'admin', uid: '', groups: [MASTERS], extra: {} }],
      [PAT, { name: 'pat', uid: '', groups: ['crew'], extra: {} }],
      [OTHER_PROGRAM, { name: 'system:kube-controller-manager', uid: '', groups: [MASTERS], extra: {} }],
    ]),
    secret: new Uint8Array(32).fill(7),
    limits: { handshakeMs: 500, headersMs: 500, requestMs: 1000, checkMs: 50 },
    onError: (message) => errors.push(message),
    ...options,
  });
  return {
    server,
    identity,
    errors,
    pass: (ms) => {
      ahead += ms;
    },
  };
}

export function dial({ server, identity }: AttackedHub, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const { port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port), ca: identity.authority.certificate, ...options });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      socket.off('error', reject);
      socket.on('error', () => {});
      resolve(socket);
    });
  });
}

/** Everything that comes back until the hub ends the connection, or the patience does. */
export function hear(socket: TLSSocket, patienceMs = 5000): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const done = () => {
      clearTimeout(late);
      resolve(heard);
    };
    const late = setTimeout(done, patienceMs);
    socket.on('data', (bytes: Buffer) => {
      heard += bytes.toString('latin1');
    });
    socket.on('close', done);
  });
}

/** Exactly these bytes, and what is answered. */
export async function sendRaw(hub: AttackedHub, bytes: string, options: ConnectionOptions = {}): Promise<Answer> {
  const socket = await dial(hub, options);
  const heard = hear(socket);
  socket.write(bytes, 'latin1');
  const text = await heard;
  socket.destroy();
  return readAnswer(text);
}

function readAnswer(text: string): Answer {
  const end = text.indexOf('\r\n\r\n');
  const headers = end < 0 ? text : text.slice(0, end);
  const body = end < 0 ? '' : text.slice(end + 4);
  return { status: Number(headers.slice(9, 12)), headers, body };
}

export interface Call {
  readonly token?: string;
  readonly body?: unknown;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly tls?: ConnectionOptions;
}

/** A well-formed request on a connection of its own; a body that is no text is sent as JSON. */
export function call(hub: AttackedHub, method: string, path: string, options: Call = {}): Promise<Answer> {
  const { token, body, type = 'application/json', headers = {}, tls = {} } = options;
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: hub',
    'Connection: close',
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    ...(text === '' ? [] : [`Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(text)}`]),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return sendRaw(hub, `${lines.join('\r\n')}\r\n\r\n${Buffer.from(text).toString('latin1')}`, tls);
}

export const asAdmin = (hub: AttackedHub, method: string, path: string, body?: unknown, type?: string) =>
  call(hub, method, path, { token: ADMIN, body, type });
