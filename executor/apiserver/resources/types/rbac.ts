// The fields of the rbac types, one type an entry, in the notation of ../type-notation.ts.
export const rbacTypes = `
AggregationRule: clusterRoleSelectors [LabelSelector]
ClusterRole: aggregationRule AggregationRule, apiVersion string, kind string, metadata ObjectMeta,
  rules [PolicyRule]^
ClusterRoleBinding: apiVersion string, kind string, metadata ObjectMeta, roleRef* RoleRef!, subjects [Subject]
PolicyRule: apiGroups [string], nonResourceURLs [string], resourceNames [string], resources [string],
  verbs* [string]
Role: apiVersion string, kind string, metadata ObjectMeta, rules [PolicyRule]^
RoleBinding: apiVersion string, kind string, metadata ObjectMeta, roleRef* RoleRef!, subjects [Subject]
RoleRef: apiGroup* string, kind* string, name* string
Subject: apiGroup string, kind* string, name* string, namespace string
`;
