// How a cluster registers with the fleet to pull: the hub never reaches it. Its agent has an account in the hub that may do what
// an agent needs, for that cluster alone.
import { CLUSTER_NAMESPACE, type Cluster, executionSpaceOf, isObject, type KubeObject } from '../../engine/index.ts';
import type { HttpApi } from './http-api.ts';
import { ensure, must, refuseTwins, tokenFor, tokenSecret } from './join.ts';

export interface RegisterOptions {
  readonly name: string;
  readonly spec: Pick<Cluster['spec'], 'provider' | 'region' | 'zones'>;
  readonly hub: HttpApi;
  readonly member: HttpApi;
  readonly dryRun?: boolean;
}

const RBAC = 'rbac.authorization.k8s.io';
const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'update', 'patch'];

export const agentAccount = (cluster: string): string => `karmada-agent-${cluster}`;

/** The token of the agent's account in the hub; null for a dry run. */
export async function register({ name, spec, hub, member, dryRun = false }: RegisterOptions): Promise<string | null> {
  const system = await must(member, 'GET', '/api/v1/namespaces/kube-system');
  const id = isObject(system.metadata) ? String(system.metadata.uid) : '';
  await refuseTwins(hub, name, id);
  const objects = [
    namespace(CLUSTER_NAMESPACE),
    namespace(executionSpaceOf(name)),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: agentAccount(name), namespace: CLUSTER_NAMESPACE } },
    tokenSecret(agentAccount(name)),
    ...rights(name),
    {
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name },
      spec: { id, syncMode: 'Pull', ...spec },
    },
  ];
  for (const object of objects) await ensure(hub, object, dryRun);
  return dryRun ? null : tokenFor(hub, agentAccount(name));
}

const namespace = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

function rights(cluster: string): readonly KubeObject[] {
  const account = agentAccount(cluster);
  const mine = { apiGroups: ['cluster.karmada.io'], resourceNames: [cluster] };
  return [
    ...granted(account, null, [
      { apiGroups: ['cluster.karmada.io'], resources: ['clusters'], verbs: READ },
      { ...mine, resources: ['clusters', 'clusters/status'], verbs: ['update', 'patch'] },
      { apiGroups: [''], resources: ['namespaces'], verbs: READ },
      { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: READ },
      { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: WRITE },
    ]),
    ...granted(account, executionSpaceOf(cluster), [
      { apiGroups: ['work.karmada.io'], resources: ['works', 'works/status'], verbs: [...READ, 'update', 'patch'] },
    ]),
    ...granted(account, CLUSTER_NAMESPACE, [
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: [...READ, 'create'] },
      {
        apiGroups: ['coordination.k8s.io'],
        resources: ['leases'],
        resourceNames: [cluster],
        verbs: ['update', 'patch'],
      },
    ]),
  ];
}

/** Everywhere where the namespace is null. */
function granted(account: string, space: string | null, rules: readonly object[]): readonly KubeObject[] {
  const kind = space === null ? 'ClusterRole' : 'Role';
  const metadata = { name: account, ...(space !== null && { namespace: space }) };
  return [
    { apiVersion: `${RBAC}/v1`, kind, metadata, rules: [...rules] },
    {
      apiVersion: `${RBAC}/v1`,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: RBAC, kind, name: account },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace: CLUSTER_NAMESPACE }],
    },
  ];
}
