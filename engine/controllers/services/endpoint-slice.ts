// Collected slices -> EndpointSlices of the hub: what clusters export is told beside the Service that is derived from it, and goes where
// that goes.
import { COLLECTIONS } from '../../api/kinds.ts';
import {
  ANNOTATIONS,
  clusterOfExecutionSpace,
  derivedFrom,
  derivedServiceNameOf,
  executionSpaceOf,
} from '../../api/names.ts';
import type { Work } from '../../api/work.ts';
import { merged } from '../../base/merged.ts';
import type { Command } from '../../control/command.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { deepEqual } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import { EXPORTS, importedSlice, SERVICE_NAME, serviceKeyIn, slicesIn } from '../../propagate/endpoint-slices.ts';
import type { Change } from '../../store/change.ts';
import { keyOf } from '../../store/key.ts';
import { isWish } from '../changes.ts';
import { patienceWith } from '../members/strays.ts';
import type { ControlPorts } from '../ports.ts';
import { createIn, isHeldBy, release, remove, update } from '../writes.ts';
import { answering, hasOtherReadiness } from './answering.ts';
import { collectedOf, SLICES_BY_SERVICE, slicesOf, worksByService } from './collecting.ts';
import { type ServiceKey, serviceKeyOf, serviceText } from './service-key.ts';

export function endpointSlice({ profile }: ControlPorts): Controller {
  const { withdrawsDeadEndpoints } = profile.switches;
  return {
    name: 'endpoint-slice',
    indexes: [SLICES_BY_SERVICE, worksByService(EXPORTS)],
    ignoresEchoes: true,
    watches: [
      { on: 'hub', collection: COLLECTIONS.works, keysOf: ofWork },
      { on: 'hub', collection: COLLECTIONS.endpointSlices, isOptional: true, keysOf: ofImported },
      {
        on: 'hub',
        collection: COLLECTIONS.clusters,
        keysOf: (change, view) => (withdrawsDeadEndpoints ? ofCluster(change, view) : []),
      },
    ],
    reconcile: (key, view, now) => reconcile(key, view, now, withdrawsDeadEndpoints),
  };
}

const ofWork = (change: Change): readonly string[] => {
  const versions = [change.object, change.previous].flatMap((one) => (one === null ? [] : [one]));
  const keys = versions.flatMap((one) => serviceKeyIn(one, EXPORTS) ?? []);
  return keys.length > 0 && isWish(change) ? [...new Set(keys.map(serviceText))] : [];
};

/** Those that were made here bear the Work that they are of. */
const isImported = ({ metadata: { annotations } }: KubeObject): boolean =>
  annotations?.[ANNOTATIONS.workName] !== undefined;

function ofImported(change: Change): readonly string[] {
  const { metadata } = change.object;
  const name = isImported(change.object) ? derivedFrom(metadata.labels?.[SERVICE_NAME] ?? '') : null;
  return name === null || !isWish(change) ? [] : [serviceText({ namespace: metadata.namespace ?? '', name })];
}

/** All that it exports, when it is out of sight, and when it is back. */
function ofCluster(change: Change, view: View): readonly string[] {
  if (!hasOtherReadiness(change)) return [];
  const works = view.list(COLLECTIONS.works, executionSpaceOf(change.object.metadata.name));
  return [...new Set(works.flatMap((work) => serviceKeyIn(work, EXPORTS) ?? []).map(serviceText))];
}

function reconcile(text: string, view: View, now: Millis, withdraws: boolean): Outcome {
  const key = serviceKeyOf(text);
  const works = collectedOf(view, key, EXPORTS);
  const standing = works.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const told = withdraws ? answering(standing, view) : standing;
  const wanted = told.flatMap((work) => importedFrom(work, key));
  const known = slicesOf(view, { ...key, name: derivedServiceNameOf(key.name) }).filter(isImported);
  const spare = known.filter(({ metadata }) => !wanted.some((one) => one.metadata.name === metadata.name));
  const orphans = spare.filter((slice) => !hasWork(slice, view));
  // Whose Work is not seen may be of one that is not heard of yet.
  const { since, leftMs } = patienceWith(view, now);
  const isWaiting = orphans.length > 0 && leftMs > 0;
  const going = isWaiting ? spare.filter((slice) => !orphans.includes(slice)) : spare;
  const ended = works.filter((work) => work.metadata.deletionTimestamp !== undefined);
  const commands = [
    ...wanted.flatMap((slice) => written(slice, known)),
    ...going.filter(({ metadata }) => metadata.deletionTimestamp === undefined).map(taken),
    ...ended.flatMap(released),
  ];
  if (commands.length === 0 && orphans.length === 0) return { ...NOTHING_TO_DO, remember: null };
  return {
    commands,
    requeue: isWaiting ? { afterMs: leftMs } : 'await-change',
    events: [],
    remember: isWaiting ? since : null,
  };
}

const importedFrom = (work: Work, { name }: ServiceKey): readonly KubeObject[] => {
  const cluster = clusterOfExecutionSpace(work.metadata.namespace ?? '');
  return cluster === null ? [] : slicesIn(work).map((slice) => importedSlice(slice, name, cluster, work));
};

function hasWork({ metadata: { annotations = {} } }: KubeObject, view: View): boolean {
  const { [ANNOTATIONS.workNamespace]: space = '', [ANNOTATIONS.workName]: name = '' } = annotations;
  return view.get(COLLECTIONS.works, space, name) !== null;
}

/** What others have noted on it stays: policies claim it. */
function written(wanted: KubeObject, known: readonly KubeObject[]): readonly Command[] {
  const there = known.find(({ metadata }) => metadata.name === wanted.metadata.name);
  if (there === undefined) return [merged(createIn(COLLECTIONS.endpointSlices, wanted), { isIndependent: true })];
  if (there.metadata.deletionTimestamp !== undefined) return [];
  const next: KubeObject = {
    ...wanted,
    metadata: merged(there.metadata, {
      labels: merged(there.metadata.labels, wanted.metadata.labels),
      annotations: merged(there.metadata.annotations, wanted.metadata.annotations),
    }),
  };
  return deepEqual(next, there) ? [] : [merged(update(COLLECTIONS.endpointSlices, next), { isIndependent: true })];
}

/** Each before the Work is let go of. */
const taken = (slice: KubeObject): Command => remove(keyOf(COLLECTIONS.endpointSlices, slice), slice);

const released = (work: Work): readonly Command[] =>
  isHeldBy(work, EXPORTS.finalizer)
    ? [
        merged(release(keyOf(COLLECTIONS.works, work as unknown as KubeObject), work, EXPORTS.finalizer), {
          isIndependent: true,
        }),
      ]
    : [];
