// What is used of the quotas of each namespace while a plan is made: first what was there, then what has been decided in its place.
import { quotaRefusal, sumOfUses, type Use, useOf } from '../api/admission/quota-use.ts';
import type { ResourceBinding, TargetCluster } from '../api/binding.ts';
import type { FederatedResourceQuota } from '../api/quota.ts';
import { keyOfBinding } from './bind-templates.ts';

export class QuotaLedger {
  readonly #quotas = new Map<string, FederatedResourceQuota[]>();
  /** By namespace, and in it by binding. */
  readonly #uses = new Map<string, Map<string, Use>>();

  constructor(quotas: readonly FederatedResourceQuota[], standing: readonly ResourceBinding[]) {
    for (const quota of quotas) {
      const namespace = quota.metadata.namespace ?? '';
      this.#quotas.set(namespace, [...(this.#quotas.get(namespace) ?? []), quota]);
      this.#uses.set(namespace, new Map());
    }
    for (const binding of standing) this.#usesBeside(binding)?.set(keyOfBinding(binding), useOf(binding.spec));
  }

  /** Why it cannot go there; null where it can, and what it uses is noted. */
  refusal(binding: Pick<ResourceBinding, 'spec'>, clusters: readonly TargetCluster[]): string | null {
    const uses = this.#usesBeside(binding);
    if (uses === undefined) return null;
    const key = keyOfBinding(binding);
    const after = useOf({ ...binding.spec, clusters: [...clusters] });
    const others = () => sumOfUses([...uses].flatMap(([name, use]) => (name === key ? [] : [use])));
    const quotas = this.#quotas.get(namespaceOf(binding)) ?? [];
    const refused = quotaRefusal(uses.get(key) ?? null, after, quotas, others);
    if (refused === null) uses.set(key, after);
    return refused;
  }

  /** Undefined where there is no quota. */
  #usesBeside(binding: Pick<ResourceBinding, 'spec'>): Map<string, Use> | undefined {
    return this.#uses.get(namespaceOf(binding));
  }
}

/** Nothing of all namespaces counts for any. */
const namespaceOf = ({ spec }: Pick<ResourceBinding, 'spec'>): string => spec.resource.namespace ?? '';
