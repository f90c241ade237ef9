// What a Work says of itself in its status: that it is applied and dispatched, and with the first of that how what it brought is.
import { COLLECTIONS } from '../../../api/kinds.ts';
import { type ManifestStatus, WORK_CONDITIONS, type Work } from '../../../api/work.ts';
import { merged } from '../../../base/merged.ts';
import { NOTHING_TO_DO, type Outcome } from '../../../control/controller.ts';
import { type ConditionState, findCondition, withCondition } from '../../../kube/conditions.ts';
import type { JsonObject } from '../../../kube/json.ts';
import type { Millis } from '../../../kube/time.ts';
import { patchStatus } from '../../writes.ts';
import { dispatchNews } from './news.ts';

/** Written only where something else is to be told than before. */
export function told(
  work: Work,
  states: readonly ConditionState[],
  now: Millis,
  manifestStatuses: readonly ManifestStatus[] | null = null,
): Outcome {
  const before = work.status?.conditions ?? [];
  const isNews = states.some((state) => {
    const known = findCondition(before, state.type);
    return known?.status !== state.status || known.reason !== state.reason || known.message !== state.message;
  });
  if (!isNews) return NOTHING_TO_DO;
  const conditions = states.reduce((list, state) => withCondition(list, state, now), [...before]);
  const { namespace = '', name } = work.metadata;
  const key = { collection: COLLECTIONS.works, namespace, name };
  const status = { conditions, ...(manifestStatuses !== null && { manifestStatuses }) };
  const command = patchStatus(key, work, status as unknown as JsonObject);
  const dispatching = states.find(({ type }) => type === WORK_CONDITIONS.dispatching);
  const events = dispatching === undefined ? [] : dispatchNews(work, dispatching);
  return { commands: [merged(command, { isIndependent: true })], requeue: 'await-change', events };
}
