// The facts of a cluster that a score expression can name.
import type { Cluster, ResourceList } from '../../api/cluster.ts';
import { own } from '../../base/own.ts';
import { parseQuantity } from '../../kube/quantity.ts';
import { freeQuantity } from '../estimate/free.ts';
import type { ScheduleRequest } from '../request.ts';

export type FactValue = number | string | boolean;

/** Reads one fact, such as ["free", "cpu"]; undefined where the cluster does not have it. */
export type FactReader = (path: readonly string[]) => FactValue | undefined;

/** The first word of each fact, and what may follow it. */
export const FACTS: Readonly<Record<string, string>> = {
  free: 'a resource: free.cpu (cores), free.memory (bytes), free.pods, free["nvidia.com/gpu"]',
  allocatable: 'a resource',
  allocated: 'a resource',
  labels: 'a label: labels.tier, labels["example.com/tier"]',
  cost: '',
  region: '',
  provider: '',
  zones: '',
  taints: '',
  previous: '',
  replicas: '',
  ready: '',
};

/** What a cluster costs, as a number on a label or an annotation of this name. */
export const COST_KEY = 'scheduling.muster.dev/cost';

export function factsOf(cluster: Cluster, request: ScheduleRequest): FactReader {
  return ([first, second]) => {
    switch (first) {
      case 'free':
      case 'allocatable':
      case 'allocated':
        return second === undefined ? undefined : resourceFact(cluster, first, second);
      case 'labels':
        return second === undefined ? undefined : ownText(cluster.metadata.labels, second);
      case 'cost':
        return costOf(cluster);
      case 'region':
        return cluster.spec.region ?? '';
      case 'provider':
        return cluster.spec.provider ?? '';
      case 'zones':
        return cluster.spec.zones?.length ?? 0;
      case 'taints':
        return cluster.spec.taints?.length ?? 0;
      case 'previous':
        return request.previous.get(cluster.metadata.name)?.replicas ?? 0;
      case 'replicas':
        return request.replicas;
      case 'ready':
        return (cluster.status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
      default:
        return undefined;
    }
  };
}

function resourceFact(cluster: Cluster, part: 'free' | 'allocatable' | 'allocated', resource: string): number {
  const summary = cluster.status?.resourceSummary;
  if (summary === undefined || summary === null) return 0;
  if (part === 'free') {
    const free = freeQuantity(summary, resource);
    return free === null ? 0 : Number(free.nano) / 1e9;
  }
  return amount(summary[part], resource);
}

function amount(list: ResourceList | undefined, resource: string): number {
  const text = own(list, resource);
  const quantity = text === undefined ? null : parseQuantity(text);
  return quantity === null ? 0 : Number(quantity.nano) / 1e9;
}

const ownText = (map: Readonly<Record<string, string>> | undefined, key: string): string => own(map, key) ?? '';

function costOf({ metadata }: Cluster): number {
  const cost = Number(ownText(metadata.labels, COST_KEY) || ownText(metadata.annotations, COST_KEY));
  return Number.isFinite(cost) ? cost : 0;
}
