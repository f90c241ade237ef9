// For whom the hub has to be able to act in a member: for those whom a role of the hub lets through to it.
import { byText } from '../../base/order.ts';
import { isObject, type JsonObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';

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

/** Rules for the one who acts for them: for users, accounts and groups by name, and for nobody else. */
export function impersonationRules(
  cluster: string,
  roles: readonly KubeObject[],
  bindings: readonly KubeObject[],
): readonly JsonObject[] {
  const names = new Set(
    roles.filter((role) => clustersBehind(role)?.includes(cluster) ?? true).map(({ metadata }) => metadata.name),
  );
  const subjects = bindings
    .filter((binding) => names.has(roleGivenBy(binding) ?? ''))
    .flatMap((binding) => objectsIn(binding.subjects));
  const called = (isMeant: (kind: unknown, name: string) => string | null): string[] => [
    ...new Set(subjects.map(({ kind, name }) => isMeant(kind, String(name))).filter((one) => one !== null)),
  ];
  const accountIn = (name: string) => ACCOUNT.exec(name)?.[1] ?? null;
  // Kubernetes knows an account by the name of its user, too, and then asks for the right to act for the account.
  const users = called((kind, name) => (kind === 'User' && accountIn(name) === null ? name : null));
  const accounts = called((kind, name) =>
    kind === 'ServiceAccount' ? name : kind === 'User' ? accountIn(name) : null,
  );
  const groups = called((kind, name) => (kind === 'Group' ? name : null));
  return [
    { resource: 'users', resourceNames: users },
    { resource: 'serviceaccounts', resourceNames: accounts },
    { resource: 'groups', resourceNames: groups },
  ]
    .filter(({ resourceNames }) => resourceNames.length > 0)
    .map(({ resource, resourceNames }) => ({
      apiGroups: [''],
      resources: [resource],
      verbs: ['impersonate'],
      resourceNames: resourceNames.sort(byText),
    }));
}
