// For whom the hub has to be able to act in a member: for those whom a role of the hub lets through to it.
import { byText } from '../../../base/order.ts';
import { isObject, type JsonObject } from '../../../kube/json.ts';
import type { KubeObject } from '../../../kube/meta.ts';

/** By the account of this name, in the member. */
export const IMPERSONATOR = 'karmada-impersonator';

/** Resources that lead into members: into one that is named, or into whichever has what is asked for. */
const INTO_ONE = { group: 'cluster.karmada.io', resource: 'clusters/proxy' };
const INTO_ANY = { group: 'search.karmada.io', resource: 'proxying/proxy' };

const ALL = '*';
const ACCOUNT = /^system:serviceaccount:[^:]+:([^:]+)$/;

type Fields = Readonly<Record<string, unknown>>;

const objectsIn = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isObject) : []);
const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

function covers({ apiGroups, resources }: Fields, { group, resource }: typeof INTO_ONE): boolean {
  const everySub = `${ALL}/${resource.split('/')[1]}`;
  const isCalled = (one: string) => one === ALL || one === resource || one === everySub;
  return textsIn(apiGroups).some((one) => one === ALL || one === group) && textsIn(resources).some(isCalled);
}

/** The clusters to which a role leads, by name; null for all of them. */
export function clustersBehind({ rules }: KubeObject): readonly string[] | null {
  const clusters = new Set<string>();
  for (const rule of objectsIn(rules)) {
    if (covers(rule, INTO_ANY)) return null;
    if (!covers(rule, INTO_ONE)) continue;
    const names = textsIn(rule.resourceNames);
    if (names.length === 0) return null;
    for (const name of names) clusters.add(name);
  }
  return [...clusters];
}

/** The role that a binding gives; null for what is no ClusterRole. */
export const roleGivenBy = ({ roleRef }: KubeObject): string | null =>
  isObject(roleRef) && roleRef.kind === 'ClusterRole' && typeof roleRef.name === 'string' ? roleRef.name : null;

/** Those who may go into a cluster; null stands for any of a sort. */
export interface Guests {
  readonly users: readonly string[] | null;
  readonly accounts: readonly string[] | null;
  readonly groups: readonly string[];
}

/** They may do everything in the hub, and are few: those of them who are to go into clusters are named. */
const MASTERS = 'system:masters';
const EVERYBODY = 'system:authenticated';
const ACCOUNTS = /^system:serviceaccounts(:|$)/;

/**
 * Those who are bound to roles that lead there.
 *
 * Differs from Karmada: who is let in as one of a group may be any user, or any account, since a member wants to know for each whether
 * the hub may act for them; there nobody is let in so.
 */
export function guestsOf(cluster: string, roles: readonly KubeObject[], bindings: readonly KubeObject[]): Guests {
  const names = new Set(
    roles.filter((role) => clustersBehind(role)?.includes(cluster) ?? true).map(({ metadata }) => metadata.name),
  );
  const subjects = bindings
    .filter((binding) => names.has(roleGivenBy(binding) ?? ''))
    .flatMap((binding) => objectsIn(binding.subjects));
  const called = (wanted: string) =>
    subjects.filter(({ kind, name }) => kind === wanted && typeof name === 'string').map(({ name }) => String(name));
  const [users, groups] = [called('User'), called('Group')];
  // Kubernetes knows an account by the name of its user, too, and then asks for the right to act for the account.
  const accountUsers = users.flatMap((name) => ACCOUNT.exec(name)?.[1] ?? []);
  const isForUsers = groups.some((name) => name !== MASTERS && !ACCOUNTS.test(name));
  const isForAccounts = groups.some((name) => name === EVERYBODY || ACCOUNTS.test(name));
  return {
    users: isForUsers ? null : inOrderOnce(users.filter((name) => !ACCOUNT.test(name))),
    accounts: isForAccounts ? null : inOrderOnce([...called('ServiceAccount'), ...accountUsers]),
    groups: inOrderOnce(groups),
  };
}

const inOrderOnce = (names: readonly string[]): readonly string[] => [...new Set(names)].sort(byText);

/** For the one who acts for them, and for nobody else. */
export const impersonationRules = ({ users, accounts, groups }: Guests): readonly JsonObject[] => [
  ...ruleFor('users', users),
  ...ruleFor('serviceaccounts', accounts),
  ...ruleFor('groups', groups),
];

function ruleFor(resource: string, names: readonly string[] | null): readonly JsonObject[] {
  const rule = { apiGroups: [''], resources: [resource], verbs: ['impersonate'] };
  if (names === null) return [rule];
  return names.length === 0 ? [] : [{ ...rule, resourceNames: [...names] }];
}
