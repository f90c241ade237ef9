// Role-based access control: which rules bind a user, and whether one of them allows what is asked.
import { isObject, type KubeObject, type ObjectStore } from '../../../engine/index.ts';
import type { UserInfo } from '../request.ts';
import { items } from '../resources/cells.ts';

export type Attributes =
  | {
      readonly kind: 'resource';
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      readonly subresource: string;
      readonly name: string;
      readonly namespace: string;
    }
  | { readonly kind: 'path'; readonly verb: string; readonly path: string };

export interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

export type Verdict = { readonly allowed: true; readonly reason: string } | { readonly allowed: false };

const RBAC = 'rbac.authorization.k8s.io';
export const MASTERS = 'system:masters';
/** Whose token a hub or a member makes for whoever starts it. */
export const ADMIN = 'muster-admin';

const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

export const readRules = (object: KubeObject | null): Rule[] =>
  items(object?.rules).map((rule) => ({
    verbs: texts(rule.verbs),
    apiGroups: texts(rule.apiGroups),
    resources: texts(rule.resources),
    resourceNames: texts(rule.resourceNames),
    nonResourceURLs: texts(rule.nonResourceURLs),
  }));

const has = (list: readonly string[], wanted: string) => list.includes('*') || list.includes(wanted);

export function ruleAllows(rule: Rule, asked: Attributes): boolean {
  if (!has(rule.verbs, asked.verb)) return false;
  if (asked.kind === 'path') {
    return rule.nonResourceURLs.some(
      (url) => url === '*' || url === asked.path || (url.endsWith('*') && asked.path.startsWith(url.slice(0, -1))),
    );
  }
  if (!has(rule.apiGroups, asked.group)) return false;
  const whole = asked.subresource === '' ? asked.resource : `${asked.resource}/${asked.subresource}`;
  const isNamed =
    rule.resources.includes('*') ||
    rule.resources.includes(whole) ||
    (asked.subresource !== '' && rule.resources.includes(`*/${asked.subresource}`));
  return isNamed && (rule.resourceNames.length === 0 || rule.resourceNames.includes(asked.name));
}

interface Bound {
  readonly rules: readonly Rule[];
  readonly reason: string;
}

function* boundTo(store: ObjectStore, user: UserInfo, namespace: string): Generator<Bound> {
  const bindings = [
    ...store.list(`${RBAC}/clusterrolebindings`, null),
    ...(namespace === '' ? [] : store.list(`${RBAC}/rolebindings`, namespace)),
  ];
  for (const binding of bindings) {
    const own = binding.metadata.namespace ?? '';
    const subject = items(binding.subjects).find((one) => isSubject(one, user, own));
    if (subject === undefined) continue;
    const ref = isObject(binding.roleRef) ? binding.roleRef : {};
    const name = String(ref.name ?? '');
    const role =
      ref.kind === 'Role' ? store.get(`${RBAC}/roles`, own, name) : store.get(`${RBAC}/clusterroles`, '', name);
    if (role === null) continue;
    const where = own === '' ? binding.metadata.name : `${binding.metadata.name}/${own}`;
    const who =
      subject.kind === 'ServiceAccount'
        ? `ServiceAccount "${subject.name}/${subject.namespace ?? own}"`
        : `${subject.kind} "${subject.name}"`;
    yield {
      rules: readRules(role),
      reason: `RBAC: allowed by ${binding.kind} "${where}" of ${role.kind} "${name}" to ${who}`,
    };
  }
}

function isSubject(subject: Record<string, unknown>, user: UserInfo, namespace: string): boolean {
  switch (subject.kind) {
    case 'User':
      return subject.name === user.name;
    case 'Group':
      return user.groups.includes(String(subject.name));
    case 'ServiceAccount':
      return user.name === `system:serviceaccount:${subject.namespace ?? namespace}:${subject.name}`;
    default:
      return false;
  }
}

export function authorize(store: ObjectStore, user: UserInfo, asked: Attributes): Verdict {
  if (user.groups.includes(MASTERS)) return { allowed: true, reason: '' };
  const namespace = asked.kind === 'resource' ? asked.namespace : '';
  for (const { rules, reason } of boundTo(store, user, namespace)) {
    if (rules.some((rule) => ruleAllows(rule, asked))) return { allowed: true, reason };
  }
  return { allowed: false };
}

/** Every rule that binds a user in a namespace, in the order of their bindings. */
export function rulesOf(store: ObjectStore, user: UserInfo, namespace: string): Rule[] {
  const all: Rule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [], nonResourceURLs: [] };
  const paths: Rule = { verbs: ['*'], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: ['*'] };
  const own = user.groups.includes(MASTERS) ? [all, paths] : [];
  return [...own, ...[...boundTo(store, user, namespace)].flatMap(({ rules }) => rules)];
}

/** The parts of some rules that a user does not hold: nobody can give away what they have not got. */
export function missingRules(store: ObjectStore, user: UserInfo, namespace: string, wanted: readonly Rule[]): Rule[] {
  const held = rulesOf(store, user, namespace);
  const missing: Rule[] = [];
  for (const rule of wanted) {
    for (const part of split(rule)) if (!held.some((one) => covers(one, part))) missing.push(part);
  }
  return missing;
}

function split(rule: Rule): Rule[] {
  const parts: Rule[] = [];
  for (const verb of rule.verbs) {
    for (const url of rule.nonResourceURLs) {
      parts.push({ verbs: [verb], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [url] });
    }
    for (const group of rule.apiGroups) {
      for (const resource of rule.resources) {
        const names = rule.resourceNames.length === 0 ? [[]] : rule.resourceNames.map((name) => [name]);
        for (const resourceNames of names) {
          parts.push({ verbs: [verb], apiGroups: [group], resources: [resource], resourceNames, nonResourceURLs: [] });
        }
      }
    }
  }
  return parts;
}

function covers(rule: Rule, part: Rule): boolean {
  if (!has(rule.verbs, part.verbs[0]!)) return false;
  const url = part.nonResourceURLs[0];
  if (url !== undefined) {
    return rule.nonResourceURLs.some(
      (own) => own === '*' || own === url || (own.endsWith('*') && url.startsWith(own.slice(0, -1))),
    );
  }
  const resource = part.resources[0]!;
  const slash = resource.indexOf('/');
  const isNamed = has(rule.resources, resource) || (slash >= 0 && rule.resources.includes(`*${resource.slice(slash)}`));
  const isFree =
    rule.resourceNames.length === 0 || part.resourceNames.some((name) => rule.resourceNames.includes(name));
  return has(rule.apiGroups, part.apiGroups[0]!) && isNamed && isFree;
}

/** A rule as messages quote it. */
export function ruleText(rule: Rule): string {
  const list = (name: string, values: readonly string[]) =>
    values.length === 0 ? [] : [`${name}:[${values.map((value) => JSON.stringify(value)).join(' ')}]`];
  return `{${[
    ...list('APIGroups', rule.apiGroups),
    ...list('Resources', rule.resources),
    ...list('ResourceNames', rule.resourceNames),
    ...list('NonResourceURLs', rule.nonResourceURLs),
    ...list('Verbs', rule.verbs),
  ].join(', ')}}`;
}
