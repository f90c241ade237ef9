// Who is asking: bearer tokens, service accounts' signed tokens, bootstrap tokens, client certificates, and acting for
// somebody else.
import { badRequest, forbidden, merged, unauthorized } from '../../../engine/index.ts';
import type { Hub } from '../hub.ts';
import type { UserInfo } from '../request.ts';
import { bootstrapUser } from './bootstrap-tokens.ts';
import { authorize } from './rbac.ts';
import type { ServiceTokens } from './service-tokens.ts';

export const ANONYMOUS: UserInfo = { name: 'system:anonymous', uid: '', groups: ['system:unauthenticated'], extra: {} };
export const AUTHENTICATED = 'system:authenticated';
const AUTHENTICATION = 'authentication.k8s.io';

export interface Credentials {
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Of a client certificate that an authority signed whose word is believed; refused where it has ended or nobody did. */
  readonly certificate: { readonly commonName: string; readonly organizations: readonly string[] } | 'refused' | null;
}

export interface Authentication {
  readonly tokens: ReadonlyMap<string, UserInfo>;
  readonly serviceTokens: ServiceTokens;
}

const known = (user: UserInfo): UserInfo =>
  user.groups.includes(AUTHENTICATED) ? user : merged(user, { groups: [...user.groups, AUTHENTICATED] });

/** Throws 401 for credentials that are given but wrong; no credentials at all make an anonymous user. */
export function authenticate(hub: Hub, { tokens, serviceTokens }: Authentication, credentials: Credentials): UserInfo {
  const { certificate } = credentials;
  if (certificate !== null && certificate !== 'refused') {
    const { commonName, organizations } = certificate;
    return known({ name: commonName, uid: '', groups: organizations, extra: {} });
  }
  const header = credentials.headers.authorization;
  // Whoever says that it has a token is not taken for somebody who has none, whatever comes behind it.
  const match = /^bearer\s+(\S+)/i.exec(header ?? '');
  if (match === null && certificate === 'refused') throw unauthorized();
  if (match === null) return ANONYMOUS;
  const token = match[1]!;
  const user = tokens.get(token) ?? serviceTokens.verify(hub, token) ?? bootstrapUser(hub, token);
  if (user === null) throw unauthorized();
  return known(user);
}

const EXTRA = 'impersonate-extra-';

const list = (value: string | undefined) => (value === undefined ? [] : value.split(',').map((one) => one.trim()));

/** The user that a request acts for; whether the caller may is another question. */
export function wantedUser(caller: UserInfo, headers: Readonly<Record<string, string | undefined>>): UserInfo {
  const name = headers['impersonate-user'];
  const groups = list(headers['impersonate-group']);
  const uid = headers['impersonate-uid'];
  const extra = extraOf(headers);
  if (name === undefined) {
    // Whoever asks for less than their own rights must not be answered with all of them.
    if (groups.length === 0 && uid === undefined && Object.keys(extra).length === 0) return caller;
    throw badRequest('groups, uids and extra values can only be impersonated together with a user');
  }
  const all = name === ANONYMOUS.name ? ANONYMOUS.groups : [...groups, ...impliedGroups(name)];
  return { name, uid: uid ?? '', groups: [...new Set(all)], extra };
}

const accountOf = (name: string) => /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);

/** Those that go without saying for a user of this name. */
export function impliedGroups(name: string): readonly string[] {
  if (name === ANONYMOUS.name) return ANONYMOUS.groups;
  const account = accountOf(name);
  const own = account === null ? [] : ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`];
  return [...own, AUTHENTICATED];
}

/** Throws 403 unless the caller may act for the user in every respect but what goes without saying. */
export function mayActFor(hub: Hub, caller: UserInfo, user: UserInfo): void {
  if (user === caller) return;
  const account = accountOf(user.name);
  if (account === null) mustAllow(hub, caller, { resource: 'users', name: user.name });
  else mustAllow(hub, caller, { resource: 'serviceaccounts', name: account[2]!, namespace: account[1]! });
  const implied = impliedGroups(user.name);
  for (const group of user.groups) {
    if (!implied.includes(group)) mustAllow(hub, caller, { resource: 'groups', name: group });
  }
  if (user.uid !== '') mustAllow(hub, caller, { group: AUTHENTICATION, resource: 'uids', name: user.uid });
  for (const [key, values] of Object.entries(user.extra)) {
    for (const value of values) {
      mustAllow(hub, caller, { group: AUTHENTICATION, resource: 'userextras', subresource: key, name: value });
    }
  }
}

function extraOf(headers: Readonly<Record<string, string | undefined>>): Record<string, readonly string[]> {
  const extra: [string, readonly string[]][] = [];
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith(EXTRA)) continue;
    const key = decoded(header.slice(EXTRA.length));
    if (key === null) throw badRequest(`the header ${header} cannot be read`);
    extra.push([key, list(value)]);
  }
  return Object.fromEntries(extra);
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

interface Impersonated {
  readonly group?: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly name: string;
  readonly namespace?: string;
}

function mustAllow(hub: Hub, user: UserInfo, wanted: Impersonated): void {
  const { group = '', resource, subresource = '', name, namespace = '' } = wanted;
  const asked = { kind: 'resource' as const, verb: 'impersonate', group, resource, subresource, name, namespace };
  if (authorize(hub.store, user, asked).allowed) return;
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  throw forbidden(
    { group, resource },
    name,
    `User ${JSON.stringify(user.name)} cannot impersonate resource ${JSON.stringify(what)} in API group ${JSON.stringify(group)} ${where}`,
  );
}
