// Who is asking: bearer tokens, service accounts' signed tokens, client certificates, and acting for somebody else.
import { forbidden, unauthorized } from '../../../engine/index.ts';
import type { Hub } from '../hub.ts';
import type { UserInfo } from '../request.ts';
import { authorize } from './rbac.ts';
import type { ServiceTokens } from './service-tokens.ts';

export const ANONYMOUS: UserInfo = { name: 'system:anonymous', uid: '', groups: ['system:unauthenticated'], extra: {} };
const AUTHENTICATED = 'system:authenticated';

export interface Credentials {
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Of a client certificate that the server's own authority signed. */
  readonly certificate: { readonly commonName: string; readonly organizations: readonly string[] } | null;
}

export interface Authentication {
  readonly tokens: ReadonlyMap<string, UserInfo>;
  readonly serviceTokens: ServiceTokens;
}

const known = (user: UserInfo): UserInfo =>
  user.groups.includes(AUTHENTICATED) ? user : { ...user, groups: [...user.groups, AUTHENTICATED] };

/** Throws 401 for credentials that are given but wrong; no credentials at all make an anonymous user. */
export function authenticate(hub: Hub, { tokens, serviceTokens }: Authentication, credentials: Credentials): UserInfo {
  if (credentials.certificate !== null) {
    const { commonName, organizations } = credentials.certificate;
    return known({ name: commonName, uid: '', groups: organizations, extra: {} });
  }
  const header = credentials.headers.authorization;
  const match = /^bearer\s+(\S+)\s*$/i.exec(header ?? '');
  if (match === null) return ANONYMOUS;
  const token = match[1]!;
  const user = tokens.get(token) ?? serviceTokens.verify(hub, token);
  if (user === null) throw unauthorized();
  return known(user);
}

/** The user that a request acts for, if the real one may act for them. */
export function impersonate(hub: Hub, user: UserInfo, headers: Readonly<Record<string, string | undefined>>): UserInfo {
  const name = headers['impersonate-user'];
  const list = (value: string | undefined) => (value === undefined ? [] : value.split(',').map((one) => one.trim()));
  const groups = list(headers['impersonate-group']);
  if (name === undefined) return user;
  const check = (resource: string, wanted: string) => {
    const asked = {
      kind: 'resource' as const,
      verb: 'impersonate',
      group: '',
      resource,
      subresource: '',
      name: wanted,
      namespace: '',
    };
    if (authorize(hub.store, user, asked).allowed) return;
    throw forbidden(
      { group: '', resource },
      wanted,
      `User ${JSON.stringify(user.name)} cannot impersonate resource ${JSON.stringify(resource)} in API group "" at the cluster scope`,
    );
  };
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
  check(account === null ? 'users' : 'serviceaccounts', account === null ? name : account[2]!);
  for (const group of groups) check('groups', group);
  const own = account === null ? [] : ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`];
  const all = name === ANONYMOUS.name ? [...ANONYMOUS.groups] : [...groups, ...own, AUTHENTICATED];
  const extra = Object.fromEntries(
    Object.entries(headers)
      .filter(([key]) => key.startsWith('impersonate-extra-'))
      .map(([key, value]) => [decodeURIComponent(key.slice('impersonate-extra-'.length)), list(value)]),
  );
  return { name, uid: headers['impersonate-uid'] ?? '', groups: [...new Set(all)], extra };
}
