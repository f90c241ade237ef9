// Bootstrap tokens as people hold them, and the Secrets of the hub behind them.
import { createHash, randomInt, type X509Certificate } from 'node:crypto';
import { isObject, type KubeObject } from '../../../engine/index.ts';
import { NEWCOMERS } from '../../apiserver/agents/agent-names.ts';

export const TOKEN_SPACE = 'kube-system';
export const TOKEN_TYPE = 'bootstrap.kubernetes.io/token';
const TOKEN = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const USAGES = ['signing', 'authentication'] as const;

export interface BootstrapToken {
  readonly id: string;
  readonly secret: string;
}

/** Null for what is none. */
export function readBootstrapToken(text: string): BootstrapToken | null {
  const [, id, secret] = TOKEN.exec(text) ?? [];
  return id === undefined || secret === undefined ? null : { id, secret };
}

export const newBootstrapToken = (): BootstrapToken => ({ id: letters(6), secret: letters(16) });

const letters = (count: number): string =>
  Array.from({ length: count }, () => LETTERS[randomInt(LETTERS.length)]).join('');

export const tokenText = ({ id, secret }: BootstrapToken): string => `${id}.${secret}`;

export const tokenSecretName = (id: string): string => `bootstrap-token-${id}`;

export interface TokenWishes {
  readonly description: string;
  /** RFC 3339; null for a token without an end. */
  readonly expiration: string | null;
}

export function tokenObject({ id, secret }: BootstrapToken, { description, expiration }: TokenWishes): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: tokenSecretName(id), namespace: TOKEN_SPACE },
    type: TOKEN_TYPE,
    stringData: {
      'token-id': id,
      'token-secret': secret,
      'auth-extra-groups': NEWCOMERS,
      ...(description !== '' && { description }),
      ...(expiration !== null && { expiration }),
      ...Object.fromEntries(USAGES.map((usage) => [`usage-bootstrap-${usage}`, 'true'])),
    },
  };
}

export interface KnownToken extends BootstrapToken {
  readonly description: string;
  readonly expiration: string | null;
  readonly usages: readonly string[];
  readonly groups: readonly string[];
}

/** Null for a Secret that holds none. */
export function knownToken({ type, data }: KubeObject): KnownToken | null {
  if (type !== TOKEN_TYPE || !isObject(data)) return null;
  const text = (key: string): string => Buffer.from(String(data[key] ?? ''), 'base64').toString('utf8');
  const token = readBootstrapToken(`${text('token-id')}.${text('token-secret')}`);
  if (token === null) return null;
  return {
    ...token,
    description: text('description'),
    expiration: text('expiration') || null,
    usages: USAGES.filter((usage) => text(`usage-bootstrap-${usage}`) === 'true'),
    groups: text('auth-extra-groups')
      .split(',')
      .filter((group) => group !== ''),
  };
}

/** By which an authority is recognized: "sha256:" and the hash of its public key. */
export function authorityPin(certificate: X509Certificate): string {
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return `sha256:${createHash('sha256').update(key).digest('hex')}`;
}
