// The clusters of the fleet at a glance: whether they are well, and what was sent there and applied.
import { type Cluster, executionSpaceOf, findCondition, type KubeObject, type Work } from '../../../engine/index.ts';
import type { Listing } from '../../terminal/output.ts';

interface ClusterRow {
  readonly name: string;
  readonly version: string;
  readonly mode: string;
  readonly ready: string;
  readonly nodes: string;
  readonly works: number;
  readonly applied: number;
  /** It is not ready. */
  readonly why: string;
  readonly taints: string;
  readonly cluster: KubeObject;
}

export function clusterListing(clusters: readonly KubeObject[], works: readonly Work[]): Listing<ClusterRow> {
  const rows = clusters.map((cluster) => rowOf(cluster, works));
  return {
    columns: [
      { title: 'NAME', value: ({ name }) => name },
      { title: 'VERSION', value: ({ version }) => version },
      { title: 'MODE', value: ({ mode }) => mode },
      {
        title: 'READY',
        value: ({ ready }) => ready,
        paint: (text, colours, { ready }) => (ready === 'True' ? colours.green(text) : colours.red(text)),
      },
      { title: 'NODES', value: ({ nodes }) => nodes },
      { title: 'WORKS', align: 'right', value: ({ works }) => works },
      { title: 'APPLIED', align: 'right', value: ({ applied }) => applied },
      ...(rows.some(({ why }) => why !== '') ? [{ title: 'WHY', value: ({ why }: ClusterRow) => why }] : []),
      { title: 'TAINTS', wide: true, value: ({ taints }) => taints },
    ],
    rows,
    name: ({ name }) => `cluster.cluster.karmada.io/${name}`,
    document: () => ({ apiVersion: 'v1', kind: 'List', metadata: {}, items: rows.map(({ cluster }) => cluster) }),
    empty: 'no cluster has joined',
  };
}

function rowOf(object: KubeObject, works: readonly Work[]): ClusterRow {
  const { metadata, spec, status } = object as unknown as Cluster;
  const own = works.filter((work) => work.metadata.namespace === executionSpaceOf(metadata.name));
  const ready = findCondition(status?.conditions, 'Ready');
  const { readyNum = 0, totalNum = 0 } = status?.nodeSummary ?? {};
  return {
    name: metadata.name,
    version: status?.kubernetesVersion ?? '',
    mode: spec.syncMode ?? 'Push',
    ready: ready?.status ?? 'Unknown',
    nodes: `${readyNum}/${totalNum}`,
    works: own.length,
    applied: own.filter((work) => findCondition(work.status?.conditions, 'Applied')?.status === 'True').length,
    why: ready === undefined || ready.status === 'True' ? '' : (ready.message ?? ''),
    taints: (spec.taints ?? [])
      .map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`)
      .join(', '),
    cluster: object,
  };
}
