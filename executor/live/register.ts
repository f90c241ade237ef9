// How a cluster registers with the fleet to pull: the hub never reaches it. Its agent has an account in the hub that may do what
// an agent needs, for that cluster alone.
import { CLUSTER_NAMESPACE, type Cluster, executionSpaceOf, isObject, type KubeObject } from '../../engine/index.ts';
import { agentRights, namespaceNamed } from '../apiserver/agents/agent-rights.ts';
import type { HttpApi } from './http-api.ts';
import { ensure, must, refuseTwins, tokenFor, tokenSecret } from './join.ts';

export interface RegisterOptions {
  readonly name: string;
  readonly spec: Pick<Cluster['spec'], 'provider' | 'region' | 'zones'>;
  readonly hub: HttpApi;
  readonly member: HttpApi;
  readonly dryRun?: boolean;
}

export const agentAccount = (cluster: string): string => `karmada-agent-${cluster}`;

/** The token of the agent's account in the hub; null for a dry run. */
export async function register({ name, spec, hub, member, dryRun = false }: RegisterOptions): Promise<string | null> {
  const system = await must(member, 'GET', '/api/v1/namespaces/kube-system');
  const id = isObject(system.metadata) ? String(system.metadata.uid) : '';
  await refuseTwins(hub, name, id);
  const account = { kind: 'ServiceAccount', name: agentAccount(name), namespace: CLUSTER_NAMESPACE };
  const objects: readonly KubeObject[] = [
    ...[CLUSTER_NAMESPACE, executionSpaceOf(name)].map(namespaceNamed),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: agentAccount(name), namespace: CLUSTER_NAMESPACE } },
    tokenSecret(agentAccount(name)),
    ...agentRights(name, agentAccount(name), account),
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
