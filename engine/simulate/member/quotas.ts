// What a member tells of its ResourceQuotas: what may be used, and what its pods have asked for. Nothing is refused for want of quota.
import { sortedKeys } from '../../base/order.ts';
import { deepEqual, isObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { formatQuantity } from '../../kube/quantity.ts';
import type { Millis } from '../../kube/time.ts';
import { keyOf } from '../../store/key.ts';
import type { SimulatedApi } from '../api.ts';
import type { Clock } from '../clock.ts';
import type { Nodes } from './nodes.ts';
import { isActive, type Pod } from './pod.ts';
import { objectIn, specOf } from './workload.ts';

export const QUOTAS = '/resourcequotas';

const SYNC_DELAY_MS: Millis = 1_000;

export interface MemberQuotasOptions {
  readonly api: SimulatedApi;
  readonly clock: Clock;
  readonly nodes: Nodes;
  readonly podsIn: (namespace: string) => Iterable<Pod>;
  readonly isOff: () => boolean;
}

export class MemberQuotas {
  readonly #options: MemberQuotasOptions;
  /** Namespaces that have quotas. */
  readonly #namespaces = new Set<string>();
  readonly #due = new Set<string>();

  constructor(options: MemberQuotasOptions) {
    this.#options = options;
  }

  notice({ metadata: { namespace = '' } }: KubeObject): void {
    this.#namespaces.add(namespace);
    this.#countSoon(namespace);
  }

  noticePod({ workload }: Pod): void {
    if (this.#namespaces.has(workload.key.namespace)) this.#countSoon(workload.key.namespace);
  }

  /** After a time without power. */
  resume(): void {
    for (const namespace of this.#namespaces) this.#countSoon(namespace);
  }

  #countSoon(namespace: string): void {
    if (this.#due.has(namespace)) return;
    this.#due.add(namespace);
    this.#options.clock.after(SYNC_DELAY_MS, () => {
      this.#due.delete(namespace);
      if (!this.#options.isOff()) this.#count(namespace);
    });
  }

  #count(namespace: string): void {
    const { api, podsIn } = this.#options;
    const quotas = api.store.list(QUOTAS, namespace);
    if (quotas.length === 0) this.#namespaces.delete(namespace);
    const asked = quotas.length === 0 ? new Map<string, number>() : this.#asked(podsIn(namespace));
    for (const quota of quotas) {
      const hard = objectIn(specOf(quota), 'hard');
      const used = Object.fromEntries(sortedKeys(hard).map((item) => [item, usedText(item, asked)]));
      const status = { hard, used };
      if (isObject(quota.status) && deepEqual(quota.status, status)) continue;
      api.writer.patch(keyOf(QUOTAS, quota), (object) => ({ ...object, status }), 'status');
    }
  }

  /** By resource: thousandths of CPU, whole units of everything else. */
  #asked(pods: Iterable<Pod>): ReadonlyMap<string, number> {
    const { names } = this.#options.nodes.columns;
    const asked = new Map<string, number>();
    for (const pod of pods) {
      if (!isActive(pod)) continue;
      for (const [column, amount] of pod.workload.shape.requests) {
        const name = names[column]!;
        asked.set(name, (asked.get(name) ?? 0) + amount);
      }
    }
    return asked;
  }
}

function usedText(item: string, asked: ReadonlyMap<string, number>): string {
  const resource = item.startsWith('requests.') ? item.slice('requests.'.length) : item;
  const amount = BigInt(asked.get(resource) ?? 0);
  const nano = amount * (resource === 'cpu' ? 1_000_000n : 1_000_000_000n);
  return formatQuantity({ nano, format: resource === 'memory' ? 'BinarySI' : 'DecimalSI' });
}
