// Member -> Work: what became of each manifest, reflected and judged, is told in the Work's status.

import type { Cluster } from '../api/cluster.ts';
import { COLLECTIONS } from '../api/kinds.ts';
import { clusterOfExecutionSpace, executionSpaceOf } from '../api/names.ts';
import { type ManifestStatus, WORK_CONDITIONS, type Work } from '../api/work.ts';
import { merged } from '../base/merged.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../control/controller.ts';
import { clusterOf, type Place } from '../control/place.ts';
import { findCondition } from '../kube/conditions.ts';
import { deepEqual, isObject, type JsonObject } from '../kube/json.ts';
import type { Millis } from '../kube/time.ts';
import type { Interpreter } from '../propagate/interpret/interpreter.ts';
import type { Change } from '../store/change.ts';
import { isReport, isWish } from './changes.ts';
import { workKeyIn } from './execution/manifest.ts';
import { joined, type News } from './joining.ts';
import { DEFINED_KIND_INDEX } from './kinds.ts';
import type { ControlPorts } from './ports.ts';
import { areLastWords, reflectedOf } from './reflected.ts';
import { patchStatus } from './writes.ts';

const BACK_OFF = { baseMs: 50, maxMs: 10_000 };
const CONCURRENCY = 256;

/** What has just been made, or asked for something else, tells soon how it is. */
const BEGINNING_MS: Millis = 1_000;

/** Of the clusters that the hub pushes to, or of one, as its agent. It sees what `execution` in the same process follows. */
export function workStatus({ interpreter }: ControlPorts, agentOf: string | null = null): Controller {
  return {
    name: 'work-status',
    indexes: [DEFINED_KIND_INDEX],
    concurrency: CONCURRENCY,
    backOff: BACK_OFF,
    ignoresEchoes: true,
    watches: [
      { on: 'members', collection: () => true, keysOf: (change, _, place) => keysOf(change, place) },
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
  type === 'DELETED' ? [] : [`${object.metadata.namespace}/${object.metadata.name}`];

function keysOf(change: Change, place: Place): readonly string[] {
  // What is reflected counts the template's generations, which the object carries as an annotation.
  if (!isReport(change) && !isWish(change)) return [];
  const key = workKeyIn(change.object);
  return key?.startsWith(`${executionSpaceOf(clusterOf(place) ?? '')}/`) === true ? [key] : [];
}

function reconcile(key: string, view: View, now: Millis, interpreter: Interpreter, agentOf: string | null): Outcome {
  const [namespace, name] = key.split('/') as [string, string];
  const work = view.get(COLLECTIONS.works, namespace, name) as unknown as Work | null;
  const cluster = clusterOfExecutionSpace(namespace);
  if (work === null || cluster === null || work.metadata.deletionTimestamp !== undefined) return NOTHING_TO_DO;
  const isPull = (view.get(COLLECTIONS.clusters, '', cluster) as unknown as Cluster | null)?.spec.syncMode === 'Pull';
  if (agentOf === null ? isPull : agentOf !== cluster) return NOTHING_TO_DO;
  return joined(view, newsOf(work, cluster, view, interpreter), now);
}

function newsOf(work: Work, cluster: string, view: View, interpreter: Interpreter): News | null {
  const known = work.status?.manifestStatuses ?? [];
  const statuses = reflectedOf(work, cluster, view, interpreter);
  if (deepEqual(statuses, known) || isToldSoon(work, statuses)) return null;
  const status = { manifestStatuses: statuses } as unknown as JsonObject;
  const { namespace = '', name } = work.metadata;
  const command = patchStatus({ collection: COLLECTIONS.works, namespace, name }, work, status);
  return {
    outcome: { commands: [merged(command, { precondition: uidOf(work) })], requeue: 'await-change', events: [] },
    waitsMs: statuses.some(isOfNow) ? 0 : BEGINNING_MS,
  };
}

/** There is a status, and whoever writes it has seen what is asked for. */
const isOfNow = ({ status }: ManifestStatus): boolean =>
  isObject(status) && Number(status.observedGeneration ?? status.generation ?? 0) >= Number(status.generation ?? 0);

/** That it is there is not told yet: who tells that tells this as well. */
const isToldSoon = (work: Work, statuses: readonly ManifestStatus[]): boolean =>
  work.spec.suspendDispatching !== true &&
  findCondition(work.status?.conditions, WORK_CONDITIONS.applied) === undefined &&
  areLastWords(statuses, work);

/** What else is written meanwhile is looked at again, so that only the object itself has to be the same. */
const uidOf = ({ metadata: { uid } }: Work) => (uid === undefined ? null : { uid });
