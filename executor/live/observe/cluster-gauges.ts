// How the member clusters are, as gauges under Karmada's names, read from the Clusters when somebody asks.
import { Gauge, type Registry } from 'prom-client';
import { type Cluster, type KubeObject, parseQuantity, type Quantity } from '../../../engine/index.ts';

type Read = (cluster: Cluster) => number | null;

const NANO = 1e9;
const amount = (value: Quantity | null): number | null => (value === null ? null : Number(value.nano) / NANO);

const summary =
  (part: 'allocatable' | 'allocated', resource: string): Read =>
  ({ status }) => {
    const written = status?.resourceSummary?.[part]?.[resource];
    return written === undefined ? null : amount(parseQuantity(written));
  };

const GAUGES: readonly (readonly [string, string, Read])[] = [
  [
    'cluster_ready_state',
    'One where the cluster is ready, zero where it is not.',
    ({ status }) => (status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ? 1 : 0),
  ],
  ['cluster_node_number', 'Nodes of the cluster.', ({ status }) => status?.nodeSummary?.totalNum ?? null],
  ['cluster_ready_node_number', 'Nodes that are ready.', ({ status }) => status?.nodeSummary?.readyNum ?? null],
  ['cluster_memory_allocatable_bytes', 'Memory for workloads.', summary('allocatable', 'memory')],
  ['cluster_cpu_allocatable_number', 'CPUs for workloads.', summary('allocatable', 'cpu')],
  ['cluster_pod_allocatable_number', 'Pods that may run.', summary('allocatable', 'pods')],
  ['cluster_memory_allocated_bytes', 'Memory that workloads asked for.', summary('allocated', 'memory')],
  ['cluster_cpu_allocated_number', 'CPUs that workloads asked for.', summary('allocated', 'cpu')],
  ['cluster_pod_allocated_number', 'Pods that run.', summary('allocated', 'pods')],
];

export function addClusterGauges(registry: Registry, clusters: () => readonly KubeObject[]): void {
  for (const [name, help, read] of GAUGES) {
    new Gauge({
      name,
      help,
      labelNames: ['member_cluster'],
      registers: [registry],
      collect() {
        // A cluster that has left leaves no figures behind.
        this.reset();
        for (const cluster of clusters()) {
          const value = read(cluster as unknown as Cluster);
          if (value !== null) this.set({ member_cluster: cluster.metadata.name }, value);
        }
      },
    });
  }
}
