// Member -> Work: what became of each manifest, reflected and judged, is told in the Work's status.

import { COLLECTIONS } from '../../api/kinds.ts';
import { clusterOfExecutionSpace, executionSpaceOf } from '../../api/names.ts';
import { isSuppressed, WORK_CONDITIONS, type Work } from '../../api/work.ts';
import { merged } from '../../base/merged.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { clusterOf, type Place } from '../../control/place.ts';
import { findCondition } from '../../kube/conditions.ts';
import { deepEqual, type JsonObject } from '../../kube/json.ts';
import type { Millis } from '../../kube/time.ts';
import type { Interpreter } from '../../propagate/interpret/interpreter.ts';
import type { Change } from '../../store/change.ts';
import { isReport, isWish } from '../changes.ts';
import { speaksFor } from '../clusters/spokesman.ts';
import { joined, type News } from '../joining.ts';
import { DEFINED_KIND_INDEX } from '../kinds.ts';
import type { ControlPorts } from '../ports.ts';
import { patchStatus } from '../writes.ts';
import { workKeyIn } from './execution/manifest.ts';
import { areAllThere, areOfNow, reflectedOf, SOON_MS } from './reflected.ts';

const BACK_OFF = { baseMs: 50, maxMs: 10_000 };
const CONCURRENCY = 256;

/** Of the clusters that the hub pushes to, or of one, as its agent. It sees what `execution` in the same process follows. */
export function workStatus({ interpreter }: ControlPorts, agentOf: string | null = null): Controller {
  return {
    name: 'work-status',
    indexes: [DEFINED_KIND_INDEX],
    concurrency: CONCURRENCY,
    backOff: BACK_OFF,
    ignoresEchoes: true,
    watches: [
      { on: 'members', collection: () => true, keysOf },
      {
        on: 'hub',
        collection: COLLECTIONS.works,
        // What it tells is looked at, too: it may have been told by a view that was behind.
        keysOf: (change) => (isReport(change) ? keysOfWork(change) : []),
      },
    ],
    reconcile: (key, view, now) => reconcile(key, view, now, interpreter, agentOf),
  };
}

const keysOfWork = ({ type, object }: Change): readonly string[] =>
  type === 'DELETED' || isFirstTold(object as unknown as Work)
    ? []
    : [`${object.metadata.namespace}/${object.metadata.name}`];

function keysOf(change: Change, view: View, place: Place): readonly string[] {
  // What is reflected counts the template's generations, which the object carries as an annotation.
  if (!isReport(change) && !isWish(change)) return [];
  const key = workKeyIn(change.object);
  const space = executionSpaceOf(clusterOf(place) ?? '');
  if (key?.startsWith(`${space}/`) !== true) return [];
  const work = view.get(COLLECTIONS.works, space, key.slice(space.length + 1)) as unknown as Work | null;
  return work !== null && change.type !== 'DELETED' && isFirstTold(work) ? [] : [key];
}

/** Nothing is to be told of the only thing that it brings before that is there. */
const isFirstTold = (work: Work): boolean => work.spec.workload.manifests?.length === 1 && isToldWithApplied(work);

function reconcile(key: string, view: View, now: Millis, interpreter: Interpreter, agentOf: string | null): Outcome {
  const [namespace, name] = key.split('/') as [string, string];
  const work = view.get(COLLECTIONS.works, namespace, name) as unknown as Work | null;
  const cluster = clusterOfExecutionSpace(namespace);
  if (work === null || cluster === null || work.metadata.deletionTimestamp !== undefined) return NOTHING_TO_DO;
  if (isSuppressed(work)) return NOTHING_TO_DO;
  if (!speaksFor(cluster, view.get(COLLECTIONS.clusters, '', cluster), agentOf)) return NOTHING_TO_DO;
  return joined(view, newsOf(work, cluster, view, interpreter), now);
}

function newsOf(work: Work, cluster: string, view: View, interpreter: Interpreter): News | null {
  const known = work.status?.manifestStatuses ?? [];
  const { statuses, events } = reflectedOf(work, cluster, view, interpreter);
  if (deepEqual(statuses, known) || (isToldWithApplied(work) && areAllThere(statuses, work))) {
    return events.length === 0 ? null : { outcome: { ...NOTHING_TO_DO, events }, waitsMs: 0 };
  }
  const status = { manifestStatuses: statuses } as unknown as JsonObject;
  const { namespace = '', name } = work.metadata;
  const command = patchStatus({ collection: COLLECTIONS.works, namespace, name }, work, status);
  return {
    outcome: { commands: [merged(command, { precondition: uidOf(work) })], requeue: 'await-change', events },
    waitsMs: areOfNow(statuses) ? 0 : SOON_MS,
  };
}

/** That it is there is not told yet: who tells that tells this as well. */
const isToldWithApplied = ({ spec, status }: Work): boolean =>
  spec.suspendDispatching !== true && findCondition(status?.conditions, WORK_CONDITIONS.applied) === undefined;

/** What else is written meanwhile is looked at again, so that only the object itself has to be the same. */
const uidOf = ({ metadata: { uid } }: Work) => (uid === undefined ? null : { uid });
