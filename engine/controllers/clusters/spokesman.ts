// Who speaks for a cluster: the hub itself, or the agent of one that pulls.
import type { Cluster } from '../../api/cluster.ts';
import type { KubeObject } from '../../kube/meta.ts';

/** Whether whoever asks does; `agentOf` is null for the hub, and of a cluster that nobody knows it does, too. */
export function speaksFor(name: string, cluster: KubeObject | null, agentOf: string | null): boolean {
  if (agentOf !== null) return agentOf === name;
  return (cluster as unknown as Cluster | null)?.spec.syncMode !== 'Pull';
}
