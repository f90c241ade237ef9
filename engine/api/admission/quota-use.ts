// What bindings use of the quotas of their namespace, and whether a decision would use more than there is.
import { byText } from '../../base/order.ts';
import { rememberedOf } from '../../base/remembered.ts';
import { addQuantity, compareQuantity, formatQuantity, parseQuantity, type Quantity } from '../../kube/quantity.ts';
import type { ResourceBindingSpec, TargetCluster } from '../binding.ts';
import type { ResourceList } from '../cluster.ts';
import type { FederatedResourceQuota } from '../quota.ts';

/** Quantities by the names of their resources. */
export type Use = ReadonlyMap<string, Quantity>;

const NONE: Quantity = { nano: 0n, format: 'DecimalSI' };

type Needs = Pick<ResourceBindingSpec, 'clusters' | 'components' | 'replicaRequirements'>;

/** Of all its replicas in all its clusters, as they were assigned; where it has several sorts of pods, of each sort. */
export const useOf: (spec: Needs) => Use = rememberedOf(({ clusters = [], components = [], replicaRequirements }) => {
  const use = new Map<string, Quantity>();
  if (clusters.length === 0) return use;
  if (components.length === 0) {
    const replicas = clusters.reduce((sum, { replicas: own = 0 }) => sum + own, 0);
    addTo(use, replicaRequirements?.resourceRequest, replicas);
  }
  for (const { name, replicas, replicaRequirements: needs } of components) {
    addTo(use, needs?.resourceRequest, totalOf(name, replicas, clusters));
  }
  return use;
});

/** A cluster whose share of a component is not said has all of it. */
const totalOf = (component: string, replicas: number, clusters: readonly TargetCluster[]): number =>
  clusters.reduce(
    (sum, { components }) => sum + (components?.find(({ name }) => name === component)?.replicas ?? replicas),
    0,
  );

function addTo(use: Map<string, Quantity>, requests: ResourceList | undefined, times: number): void {
  for (const [resource, text] of Object.entries(requests ?? {})) {
    const each = parseQuantity(text);
    if (each === null || each.nano <= 0n || times <= 0) continue;
    const all = { nano: each.nano * BigInt(times), format: each.format };
    use.set(resource, addQuantity(use.get(resource) ?? NONE, all));
  }
}

export function sumOfUses(uses: Iterable<Use>): Use {
  const sum = new Map<string, Quantity>();
  for (const use of uses) {
    for (const [resource, quantity] of use) sum.set(resource, addQuantity(sum.get(resource) ?? NONE, quantity));
  }
  return sum;
}

/** As a status tells it: of what the quota is about. */
export function usedOf(overall: ResourceList, use: Use): ResourceList {
  const told = Object.keys(overall).filter((resource) => use.has(resource));
  return Object.fromEntries(told.sort(byText).map((resource) => [resource, formatQuantity(use.get(resource)!)]));
}

/** What every refusal for want of quota has in it, by which it is known. */
export const QUOTA_WORD = 'FederatedResourceQuota';

/**
 * Why what was to use `before`, null for nothing, may not use `after`, beside what the others in its namespace use; null where it may.
 *
 * Differs from Karmada: what is used is summed up from the bindings, not carried forward in the status, which a write that fails after
 * it was counted leaves wrong; and only what becomes more is held against the quota, so that a quota that was lowered keeps nobody
 * from giving back.
 */
export function quotaRefusal(
  before: Use | null,
  after: Use,
  quotas: readonly FederatedResourceQuota[],
  others: () => Use,
): string | null {
  const more = [...after].filter(([resource, all]) => compareQuantity(all, before?.get(resource) ?? NONE) > 0);
  if (more.length === 0 || quotas.length === 0) return null;
  const grown = new Map(more);
  let used: Use | null = null;
  for (const { metadata, spec } of quotas) {
    for (const resource of Object.keys(spec.overall ?? {}).sort(byText)) {
      const wanted = grown.get(resource);
      const limit = parseQuantity(spec.overall[resource]!);
      if (wanted === undefined || limit === null) continue;
      used ??= others();
      const sum = addQuantity(used.get(resource) ?? NONE, wanted);
      if (compareQuantity(sum, limit) <= 0) continue;
      const quota = `${QUOTA_WORD}(${metadata.namespace}/${metadata.name})`;
      const numbers = `requested sum ${formatQuantity(sum)}, limit ${formatQuantity(limit)}`;
      return `${quota} exceeded for resource ${resource}: ${numbers}.`;
    }
  }
  return null;
}

interface Placed {
  readonly metadata: { readonly name: string };
  readonly spec: Needs;
}

/** The same for a binding that is written: held against the others that are there. */
export function bindingRefusal(
  next: Placed,
  previous: Placed | null,
  quotas: readonly FederatedResourceQuota[],
  bindings: () => readonly Placed[],
): string | null {
  if (quotas.length === 0) return null;
  const others = () =>
    sumOfUses(
      bindings()
        .filter(({ metadata }) => metadata.name !== next.metadata.name)
        .map(({ spec }) => useOf(spec)),
    );
  return quotaRefusal(previous === null ? null : useOf(previous.spec), useOf(next.spec), quotas, others);
}
