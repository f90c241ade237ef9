// What roles and their bindings demand of their own fields.
import {
  deepEqual,
  type FieldError,
  invalidValue,
  type KubeObject,
  required,
  unsupported,
} from '../../../../engine/index.ts';
import { items } from '../cells.ts';
import { fieldsOf } from './change.ts';

export function roleProblems(object: KubeObject): FieldError[] {
  const problems: FieldError[] = [];
  for (const [at, rule] of items(object.rules).entries()) {
    const own = `rules[${at}]`;
    const has = (key: string) => Array.isArray(rule[key]) && rule[key].length > 0;
    if (!has('verbs')) problems.push(required(`${own}.verbs`, 'verbs must contain at least one value'));
    if (has('nonResourceURLs')) {
      if (object.kind === 'Role') {
        problems.push(
          invalidValue(
            `${own}.nonResourceURLs`,
            rule.nonResourceURLs,
            'namespaced rules cannot apply to non-resource URLs',
          ),
        );
      }
      if (has('apiGroups') || has('resources') || has('resourceNames')) {
        problems.push(
          invalidValue(
            `${own}.nonResourceURLs`,
            rule.nonResourceURLs,
            'rules cannot apply to both regular resources and non-resource URLs',
          ),
        );
      }
      continue;
    }
    if (!has('apiGroups'))
      problems.push(required(`${own}.apiGroups`, 'resource rules must supply at least one api group'));
    if (!has('resources'))
      problems.push(required(`${own}.resources`, 'resource rules must supply at least one resource'));
  }
  return problems;
}

export function bindingProblems(object: KubeObject): FieldError[] {
  const role = fieldsOf(object.roleRef);
  const problems: FieldError[] = [];
  if (role.apiGroup !== 'rbac.authorization.k8s.io') {
    problems.push(unsupported('roleRef.apiGroup', role.apiGroup ?? '', ['rbac.authorization.k8s.io']));
  }
  const kinds = object.kind === 'RoleBinding' ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if (!kinds.includes(String(role.kind))) problems.push(unsupported('roleRef.kind', role.kind ?? '', kinds));
  if (!role.name) problems.push(required('roleRef.name'));
  for (const [at, subject] of items(object.subjects).entries()) {
    const own = `subjects[${at}]`;
    if (!subject.name) problems.push(required(`${own}.name`));
    if (!['User', 'Group', 'ServiceAccount'].includes(String(subject.kind))) {
      problems.push(unsupported(`${own}.kind`, subject.kind ?? '', ['Group', 'ServiceAccount', 'User']));
    }
    if (subject.kind === 'ServiceAccount' && object.kind === 'ClusterRoleBinding' && !subject.namespace) {
      problems.push(required(`${own}.namespace`));
    }
  }
  return problems;
}

export function bindingChange(next: KubeObject, old: KubeObject): FieldError[] {
  if (deepEqual(next.roleRef, old.roleRef)) return [];
  const { apiGroup, kind, name } = fieldsOf(next.roleRef);
  return [invalidValue('roleRef', { APIGroup: apiGroup, Kind: kind, Name: name }, 'cannot change roleRef')];
}
