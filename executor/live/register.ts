// How a cluster registers with the fleet to pull: the hub never reaches it. Its agent has an account in the hub that may do what
// an agent needs, for that cluster alone.
import { CLUSTER_NAMESPACE, type Cluster, isObject, type KubeObject } from '../../engine/index.ts';
import { agentNamespaces, agentRights } from '../apiserver/agents/agent-rights.ts';
import type { HttpApi } from './http-api.ts';
import { ensure, JoinError, KUBE_SYSTEM, must, NOT_FOUND, refuseTwins, tokenFor, tokenSecret } from './join.ts';

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
  const system = await must(member, 'GET', KUBE_SYSTEM);
  const id = isObject(system.metadata) ? String(system.metadata.uid) : '';
  await refuseTwins(hub, name, id);
  const objects: readonly KubeObject[] = [
    ...agentNamespaces(name),
    ...agentObjects(name),
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

/** The agent's account and its rights. */
export function agentObjects(cluster: string): readonly KubeObject[] {
  const name = agentAccount(cluster);
  const metadata = { name, namespace: CLUSTER_NAMESPACE };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    tokenSecret(name),
    ...agentRights(cluster, name, { kind: 'ServiceAccount', ...metadata }),
  ];
}

/**
 * An agent beside another cluster than the one that registered would give it that one's work. Nothing is said of what does not
 * answer for now: the agent waits for it.
 */
export async function refuseForeignAgent(hub: HttpApi, member: HttpApi, name: string): Promise<void> {
  const [known, system] = await Promise.all([
    hub.send({ method: 'GET', path: `/apis/cluster.karmada.io/v1alpha1/clusters/${encodeURIComponent(name)}` }),
    member.send({ method: 'GET', path: KUBE_SYSTEM }),
  ]);
  if (!known.ok || (known.status >= 300 && known.status !== NOT_FOUND)) return;
  if (known.status === NOT_FOUND)
    throw new JoinError(`the hub knows no cluster ${name}: "muster register" makes it one`);
  const { spec } = JSON.parse(known.text) as Cluster;
  if (spec.syncMode !== 'Pull') throw new JoinError(`the hub itself writes to cluster ${name}: it needs no agent`);
  if (!system.ok || system.status >= 300) return;
  const { metadata } = JSON.parse(system.text) as KubeObject;
  if ((spec.id ?? metadata.uid) !== metadata.uid)
    throw new JoinError(`this is not the cluster that registered as ${name}`);
}
