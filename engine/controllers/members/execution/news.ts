// What people are told of a Work: what is wrong with it in its member, and when that is over.
import { COLLECTIONS } from '../../../api/kinds.ts';
import { WORK_CONDITIONS, type Work } from '../../../api/work.ts';
import type { EventRecord, View } from '../../../control/controller.ts';
import { type ConditionState, findCondition } from '../../../kube/conditions.ts';
import type { ObjectKey } from '../../../store/key.ts';
import { collectionOf } from '../../kinds.ts';
import { event } from '../../writes.ts';

type Tell = (type: EventRecord['type'], reason: string, message: string) => readonly EventRecord[];

const keyOfWork = ({ metadata: { namespace = '', name } }: Work): ObjectKey => ({
  collection: COLLECTIONS.works,
  namespace,
  name,
});

/** Of the Work, and of the template that it is for. */
export function tellerOf(work: Work, cluster: string, view: View): Tell {
  const template = templateIn(work, view);
  return (type, reason, message) => [
    event(type, 'Work', keyOfWork(work), reason, message),
    ...(template === null ? [] : [event(type, template.kind, template.key, reason, `${cluster}: ${message}`)]),
  ];
}

/** What became of its manifests; that all is well is told where it was not. */
export function newsOf(
  work: Work,
  failures: readonly string[],
  isDone: boolean,
  cluster: string,
  view: View,
): readonly EventRecord[] {
  const wasWrong = findCondition(work.status?.conditions, WORK_CONDITIONS.applied)?.status === 'False';
  const tell = tellerOf(work, cluster, view);
  if (failures.length > 0) return failures.flatMap((message) => tell('Warning', 'SyncFailed', message));
  return isDone && wasWrong ? tell('Normal', 'SyncSucceed', 'it is as it should be there') : [];
}

/** That its dispatching is suspended, and that it goes on; of what was never suspended nothing is told. */
export function dispatchNews(work: Work, { status, message = '' }: ConditionState): readonly EventRecord[] {
  const known = findCondition(work.status?.conditions, WORK_CONDITIONS.dispatching)?.status ?? 'True';
  return known === status ? [] : [event('Normal', 'Work', keyOfWork(work), 'WorkDispatching', message)];
}

/** Null where it is not seen from here, or where there are several. */
function templateIn({ spec }: Work, view: View): { readonly kind: string; readonly key: ObjectKey } | null {
  const [manifest, ...others] = spec.workload.manifests ?? [];
  const collection = manifest === undefined ? null : collectionOf(manifest, view);
  if (manifest === undefined || collection === null || others.length > 0) return null;
  const { namespace = '', name } = manifest.metadata;
  if (view.get(collection, namespace, name) === null) return null;
  return { kind: manifest.kind, key: { collection, namespace, name } };
}
