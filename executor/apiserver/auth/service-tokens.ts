// Service accounts' tokens: signed, for an audience, with an end; worthless once the account is gone.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isObject } from '../../../engine/index.ts';
import type { Hub } from '../hub.ts';
import type { UserInfo } from '../request.ts';

export interface TokenClaims {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly audiences: readonly string[];
  readonly expiresSeconds: number;
}

const ISSUER = 'muster';
export const DEFAULT_AUDIENCE = 'https://kubernetes.default.svc';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

interface Named {
  readonly name: string;
  readonly uid: string;
}

/** A token ends at a time, or with the secret that it was written for. */
function isHeld(hub: Hub, ends: unknown, secret: unknown, namespace: string, token: string): boolean {
  if (typeof ends === 'number') return ends * 1000 > hub.now();
  if (!isObject(secret)) return false;
  const kept = hub.store.get('/secrets', namespace, String(secret.name));
  if (kept === null || kept.metadata.uid !== secret.uid || kept.metadata.deletionTimestamp !== undefined) return false;
  return isObject(kept.data) && kept.data.token === Buffer.from(token).toString('base64');
}

export class ServiceTokens {
  private readonly secret: Uint8Array;

  constructor(secret: Uint8Array) {
    this.secret = secret;
  }

  issue(hub: Hub, claims: TokenClaims): string {
    const now = Math.floor(hub.now() / 1000);
    return this.signed({
      aud: claims.audiences,
      exp: claims.expiresSeconds,
      iat: now,
      iss: ISSUER,
      jti: hub.uid(),
      'kubernetes.io': { namespace: claims.namespace, serviceaccount: { name: claims.name, uid: claims.uid } },
      nbf: now,
      sub: `system:serviceaccount:${claims.namespace}:${claims.name}`,
    });
  }

  /** A token that holds as long as the secret that keeps it. */
  issueFor(hub: Hub, account: Named & { readonly namespace: string }, secret: Named): string {
    const { namespace, name, uid } = account;
    return this.signed({
      aud: [DEFAULT_AUDIENCE],
      iss: ISSUER,
      jti: hub.uid(),
      'kubernetes.io': { namespace, secret, serviceaccount: { name, uid } },
      sub: `system:serviceaccount:${namespace}:${name}`,
    });
  }

  /** The account that a token speaks for; null for a token that is not ours, too old, or of an account that is gone. */
  verify(hub: Hub, token: string, audiences: readonly string[] = [DEFAULT_AUDIENCE]): UserInfo | null {
    const [head, body, signature, ...rest] = token.split('.');
    if (head === undefined || body === undefined || signature === undefined || rest.length > 0) return null;
    const expected = Buffer.from(this.sign(`${head}.${body}`));
    const given = Buffer.from(signature);
    if (expected.length !== given.length || !timingSafeEqual(expected, given)) return null;
    let claims: unknown;
    try {
      claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
    } catch {
      return null;
    }
    if (!isObject(claims) || claims.iss !== ISSUER) return null;
    const { aud } = claims;
    if (!Array.isArray(aud) || !audiences.some((audience) => aud.includes(audience))) return null;
    const own = claims['kubernetes.io'];
    const account = isObject(own) && isObject(own.serviceaccount) ? own.serviceaccount : {};
    const namespace = isObject(own) ? String(own.namespace) : '';
    const name = String(account.name);
    if (!isObject(own) || !isHeld(hub, claims.exp, own.secret, namespace, token)) return null;
    const stored = hub.store.get('/serviceaccounts', namespace, name);
    if (stored === null || stored.metadata.uid !== account.uid) return null;
    return {
      name: `system:serviceaccount:${namespace}:${name}`,
      uid: stored.metadata.uid ?? '',
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
      extra: {},
    };
  }

  private signed(claims: object): string {
    const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return `${content}.${this.sign(content)}`;
  }

  private sign(text: string): string {
    return createHmac('sha256', this.secret).update(text).digest('base64url');
  }
}
