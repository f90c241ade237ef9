// Changes of a live fleet: between any two decisions one random cluster reports another status, label or taint.
import { type Cluster, Random } from '../../engine/index.ts';

export function clusterChanges(clusters: readonly Cluster[], seed: number, count: number): readonly Cluster[] {
  const random = new Random(`churn/${seed}`);
  const current = [...clusters];
  return Array.from({ length: count }, () => {
    const at = random.integer(0, current.length - 1);
    current[at] = changed(current[at]!, random);
    return current[at]!;
  });
}

function changed(cluster: Cluster, random: Random): Cluster {
  switch (random.integer(0, 2)) {
    case 0:
      return withAllocated(cluster, random);
    case 1: {
      const env = random.pick(['prod', 'dev', 'stage']);
      return { ...cluster, metadata: { ...cluster.metadata, labels: { ...cluster.metadata.labels, env } } };
    }
    default: {
      const tainted = random.chance(1, 20);
      const taints = tainted
        ? [{ key: random.pick(['dedicated', 'maint']), value: 'x', effect: 'NoSchedule' as const }]
        : [];
      return { ...cluster, spec: { ...cluster.spec, taints } };
    }
  }
}

function withAllocated(cluster: Cluster, random: Random): Cluster {
  const summary = cluster.status?.resourceSummary;
  const cpus = Math.max(1, Math.floor(Number(summary?.allocatable?.cpu ?? 1)));
  const used = random.integer(0, Math.floor(cpus * 0.9));
  const allocated = {
    ...summary?.allocated,
    cpu: String(used),
    memory: `${used * 4}Gi`,
    pods: String(random.integer(0, 150)),
  };
  return { ...cluster, status: { ...cluster.status, resourceSummary: { ...summary, allocated } } };
}
