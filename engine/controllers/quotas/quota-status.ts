// Works and bindings -> the status of a FederatedResourceQuota: what its clusters tell, and what is used in all of them together.
import { sumOfUses, type Use, usedOf, useOf } from '../../api/admission/quota-use.ts';
import type { ResourceBinding } from '../../api/binding.ts';
import type { ResourceList } from '../../api/cluster.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { clusterOfExecutionSpace } from '../../api/names.ts';
import type { ClusterQuotaStatus, FederatedResourceQuotaStatus } from '../../api/quota.ts';
import { isSound } from '../../api/soundness.ts';
import { WORK_CONDITIONS, type Work } from '../../api/work.ts';
import { byKey, byText } from '../../base/order.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { hasConditionStatus } from '../../kube/conditions.ts';
import { deepEqual, isObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { parseQuantity } from '../../kube/quantity.ts';
import type { Millis } from '../../kube/time.ts';
import type { Change } from '../../store/change.ts';
import { isOther, isReport } from '../changes.ts';
import type { ControlPorts } from '../ports.ts';
import { updateStatus } from '../writes.ts';
import { type QuotaKey, quotaAt, quotaKeyIn, quotaKeyOf, WORKS_BY_QUOTA, worksOfQuota } from './quota-sync.ts';

/** Many bindings become others at once: what comes of them is counted together. */
const REST_MS: Millis = 500;

export function quotaStatus({ profile }: ControlPorts): Controller {
  const isEnforced = profile.gates.FederatedQuotaEnforcement;
  return {
    name: 'federated-resource-quota-status',
    indexes: [WORKS_BY_QUOTA],
    ignoresEchoes: true,
    watches: [
      { on: 'hub', collection: COLLECTIONS.quotas, isOptional: true, keysOf: ofQuota },
      { on: 'hub', collection: COLLECTIONS.works, keysOf: ofOwnWork },
      ...(isEnforced ? [{ on: 'hub' as const, collection: COLLECTIONS.bindings, keysOf: ofBinding }] : []),
    ],
    reconcile: (key, view) => reconcile(key, view, isEnforced),
  };
}

const ofQuota = ({ type, object }: Change): readonly QuotaKey[] => (type === 'DELETED' ? [] : [quotaKeyOf(object)]);

function ofOwnWork(change: Change): readonly QuotaKey[] {
  const key = quotaKeyIn(change.object);
  return key !== null && isReport(change) ? [key] : [];
}

function ofBinding({ type, object, previous }: Change, view: View): readonly QuotaKey[] {
  const quotas = view.list(COLLECTIONS.quotas, object.metadata.namespace ?? '');
  if (quotas.length === 0) return [];
  // What is damaged does not count, whatever is damaged in it.
  const isSame = previous !== null && !isOther(object.spec, previous.spec) && isSound(object) === isSound(previous);
  return type === 'MODIFIED' && isSame ? [] : quotas.map(quotaKeyOf);
}

function reconcile(key: QuotaKey, view: View, isEnforced: boolean): Outcome {
  const quota = quotaAt(key, view);
  if (quota === null || quota.metadata.deletionTimestamp !== undefined) return NOTHING_TO_DO;
  const aggregatedStatus = worksOfQuota(key, view)
    .flatMap(toldBy)
    .sort(byKey(({ clusterName }) => clusterName, byText));
  const { overall } = quota.spec;
  const overallUsed = isEnforced
    ? usedOf(overall, usedIn(quota.metadata.namespace ?? '', view))
    : usedInAll(aggregatedStatus);
  const status: FederatedResourceQuotaStatus = {
    overall,
    overallUsed,
    ...(aggregatedStatus.length > 0 && { aggregatedStatus }),
  };
  if (deepEqual(status, quota.status ?? {})) return NOTHING_TO_DO;
  const told = { ...quota, status } as unknown as KubeObject;
  return { commands: [updateStatus(COLLECTIONS.quotas, told)], requeue: 'await-change', events: [], restMs: REST_MS };
}

/** Of all that is assigned there to clusters; of what is damaged, nothing. */
const usedIn = (namespace: string, view: View): Use =>
  sumOfUses(
    view
      .list(COLLECTIONS.bindings, namespace)
      .filter(isSound)
      .map((binding) => useOf((binding as unknown as ResourceBinding).spec)),
  );

/** One that has not been applied tells nothing that counts, and one that has may not have told yet. */
function toldBy({ metadata, status }: Work): readonly ClusterQuotaStatus[] {
  const clusterName = clusterOfExecutionSpace(metadata.namespace ?? '');
  const told = status?.manifestStatuses?.[0]?.status;
  const isApplied = hasConditionStatus(status?.conditions, WORK_CONDITIONS.applied, 'True');
  if (clusterName === null || !isApplied || status?.manifestStatuses?.[0] === undefined) return [];
  const { hard, used } = isObject(told) ? told : {};
  return [{ clusterName, ...amounts({ hard, used }) }];
}

/** What a member tells is nobody's here. */
const amounts = (told: Readonly<Record<string, unknown>>): Omit<ClusterQuotaStatus, 'clusterName'> =>
  Object.fromEntries(Object.entries(told).filter(([, list]) => isObject(list)));

function usedInAll(clusters: readonly ClusterQuotaStatus[]): ResourceList {
  const uses = clusters.map(
    ({ used = {} }): Use =>
      new Map(
        Object.entries(used).flatMap(([resource, text]) => {
          const quantity = parseQuantity(String(text));
          return quantity === null ? [] : [[resource, quantity] as const];
        }),
      ),
  );
  const sum = sumOfUses(uses);
  return usedOf(Object.fromEntries([...sum.keys()].map((resource) => [resource, 0])), sum);
}
