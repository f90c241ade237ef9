// What is placed on the fleet at a glance: where it is to be, whether it is there, and whether it is well.
import { findCondition, type KubeObject, type ResourceBinding } from '../../../engine/index.ts';
import type { Listing } from '../../terminal/output.ts';

interface WorkloadRow {
  readonly name: string;
  readonly replicas: number | null;
  readonly clusters: string;
  readonly scheduled: string;
  readonly applied: string;
  readonly health: string;
  readonly leaving: string;
  readonly why: string;
  readonly binding: KubeObject;
}

export function workloadListing(bindings: readonly KubeObject[]): Listing<WorkloadRow> {
  const rows = bindings.map(rowOf);
  return {
    columns: [
      { title: 'WORKLOAD', value: ({ name }) => name },
      { title: 'REPLICAS', align: 'right', value: ({ replicas }) => replicas },
      { title: 'CLUSTERS', value: ({ clusters }) => clusters },
      { title: 'SCHEDULED', value: ({ scheduled }) => scheduled },
      { title: 'APPLIED', value: ({ applied }) => applied },
      { title: 'HEALTHY', value: ({ health }) => health },
      { title: 'LEAVING', wide: true, value: ({ leaving }) => leaving },
      { title: 'WHY', wide: true, value: ({ why }) => why },
    ],
    rows,
    name: ({ binding: { kind, metadata } }) => `${kind.toLowerCase()}.work.karmada.io/${metadata.name}`,
    document: () => ({ apiVersion: 'v1', kind: 'List', metadata: {}, items: rows.map(({ binding }) => binding) }),
    empty: 'nothing is placed',
  };
}

function rowOf(object: KubeObject): WorkloadRow {
  const { spec, status } = object as unknown as ResourceBinding;
  const { kind, namespace, name } = spec.resource;
  const { clusters = [], gracefulEvictionTasks = [] } = spec;
  const scheduled = findCondition(status?.conditions, 'Scheduled');
  const items = (status?.aggregatedStatus ?? []).filter((one) =>
    clusters.some((target) => target.name === one.clusterName),
  );
  const healthy = items.filter(({ health }) => health === 'Healthy').length;
  return {
    name: `${namespace ? `${namespace}/` : ''}${name} (${kind})`,
    replicas: spec.replicas ?? null,
    clusters: clusters.map(({ name: target, replicas }) => (replicas ? `${target} ${replicas}` : target)).join(', '),
    scheduled: scheduled?.status ?? 'Unknown',
    applied: findCondition(status?.conditions, 'FullyApplied')?.status ?? 'Unknown',
    health: `${healthy}/${clusters.length}`,
    leaving: gracefulEvictionTasks.map(({ fromCluster }) => fromCluster).join(', '),
    why: scheduled?.status === 'True' ? '' : (scheduled?.message ?? ''),
    binding: object,
  };
}
