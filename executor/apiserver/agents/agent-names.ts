// By which names agents of clusters that pull are known, and those who are about to become one: Karmada's.

export const AGENTS = 'system:karmada:agents';
const AGENT_PREFIX = 'system:karmada:agent:';
/** In which those are who have a bootstrap token for a cluster. */
export const NEWCOMERS = 'system:bootstrappers:karmada:default-cluster-token';

const CLUSTER_NAME = /^[a-z0-9]([-a-z0-9]{0,46}[a-z0-9])?$/;

export const agentUser = (cluster: string): string => `${AGENT_PREFIX}${cluster}`;

/** Whoever of its agents holds it serves the cluster; Karmada's own agents have the same. */
export const agentLease = (cluster: string): string => `karmada-agent-${cluster}`;

/** Null for whoever is no agent. */
export function clusterOfAgent(user: string): string | null {
  const cluster = user.startsWith(AGENT_PREFIX) ? user.slice(AGENT_PREFIX.length) : '';
  return isClusterName(cluster) ? cluster : null;
}

export const isClusterName = (text: string): boolean => CLUSTER_NAME.test(text);
