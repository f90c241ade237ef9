// What the agent of a cluster that pulls may do in the hub: what it needs, for that cluster alone.
import { CLUSTER_NAMESPACE, executionSpaceOf, type KubeObject, SYSTEM_NAMESPACE } from '../../../engine/index.ts';
import { agentLease } from './agent-names.ts';

const RBAC = 'rbac.authorization.k8s.io';
const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'update', 'patch'];

export interface AgentSubject extends Readonly<Record<string, string>> {
  readonly kind: string;
  readonly name: string;
}

/** Those that have to be there before an agent's rights. */
export const agentNamespaces = (cluster: string): readonly KubeObject[] =>
  [CLUSTER_NAMESPACE, SYSTEM_NAMESPACE, executionSpaceOf(cluster)].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }));

/**
 * Roles and bindings of a name, for whoever speaks for the cluster; `more` is what it may do everywhere beside that. The Lease by
 * which its agents agree on one of them is made for them: in its namespace are the Leases of others.
 */
export function agentRights(
  cluster: string,
  name: string,
  subject: AgentSubject,
  more: readonly object[] = [],
): readonly KubeObject[] {
  const mine = { apiGroups: ['cluster.karmada.io'], resourceNames: [cluster] };
  const granted = (space: string | null, rules: readonly object[]) => grantedTo(subject, name, space, rules);
  return [
    ...granted(null, [
      { apiGroups: ['cluster.karmada.io'], resources: ['clusters'], verbs: READ },
      { ...mine, resources: ['clusters', 'clusters/status'], verbs: ['update', 'patch'] },
      { apiGroups: [''], resources: ['namespaces'], verbs: READ },
      { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: READ },
      { apiGroups: ['config.karmada.io'], resources: ['resourceinterpretercustomizations'], verbs: READ },
      { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: WRITE },
      ...more,
    ]),
    ...granted(executionSpaceOf(cluster), [
      // It makes and takes away those that hold what its cluster tells of its services.
      { apiGroups: ['work.karmada.io'], resources: ['works', 'works/status'], verbs: [...READ, ...WRITE, 'delete'] },
    ]),
    ...granted(CLUSTER_NAMESPACE, [
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: [...READ, 'create'] },
      {
        apiGroups: ['coordination.k8s.io'],
        resources: ['leases'],
        resourceNames: [cluster],
        verbs: ['update', 'patch'],
      },
    ]),
    ...granted(SYSTEM_NAMESPACE, [
      {
        apiGroups: ['coordination.k8s.io'],
        resources: ['leases'],
        resourceNames: [agentLease(cluster)],
        verbs: ['get', 'update'],
      },
    ]),
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: agentLease(cluster), namespace: SYSTEM_NAMESPACE },
    },
  ];
}

/** Everywhere where the namespace is null. */
function grantedTo(
  subject: AgentSubject,
  name: string,
  space: string | null,
  rules: readonly object[],
): readonly KubeObject[] {
  const kind = space === null ? 'ClusterRole' : 'Role';
  const metadata = { name, ...(space !== null && { namespace: space }) };
  return [
    { apiVersion: `${RBAC}/v1`, kind, metadata, rules: [...rules] },
    {
      apiVersion: `${RBAC}/v1`,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: RBAC, kind, name },
      subjects: [{ ...subject }],
    },
  ];
}
