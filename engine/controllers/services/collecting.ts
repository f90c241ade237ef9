// The slices of a service in one cluster as Works of that cluster in the hub: those that are wanted are there as the member has them,
// and the others are let go.
import { COLLECTIONS } from '../../api/kinds.ts';
import { clusterOfExecutionSpace, executionSpaceOf } from '../../api/names.ts';
import type { Work } from '../../api/work.ts';
import type { Command } from '../../control/command.ts';
import { NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { clusterOf, memberPlace, type Place } from '../../control/place.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import {
  type Collector,
  collectedWork,
  collectedWorkNameOf,
  isCollectedBy,
  isOwnSlice,
  providerIn,
  releasedWork,
  SERVICE_NAME,
  serviceKeyIn,
} from '../../propagate/endpoint-slices.ts';
import type { Change } from '../../store/change.ts';
import { type IndexDefinition, labelIndex } from '../../store/indexes.ts';
import { isWish } from '../changes.ts';
import { isReady } from '../clusters/cluster-conditions.ts';
import { speaksFor } from '../clusters/spokesman.ts';
import { onceMoreEach, sooner } from '../once-more.ts';
import { taken, written } from '../works/own-works.ts';
import { keyIn, type ServiceKey, textOf } from './service-key.ts';

/** How often it is looked whether a member's lists have come. */
const LISTS_POLL_MS: Millis = 5_000;

/** Slices, of whatever place, by the Service that they are of. */
export const SLICES_BY_SERVICE: IndexDefinition = labelIndex(COLLECTIONS.endpointSlices, SERVICE_NAME);

export const worksByService = ({ nameLabel }: Collector): IndexDefinition => labelIndex(COLLECTIONS.works, nameLabel);

export const slicesOf = (reader: Pick<View, 'byIndex'>, { namespace, name }: ServiceKey): readonly KubeObject[] =>
  reader.byIndex(COLLECTIONS.endpointSlices, SLICES_BY_SERVICE.name, name, namespace);

/** All Works that bear the labels of this service, in one cluster or in all. */
export function worksOfService(
  view: View,
  { namespace, name }: ServiceKey,
  collector: Collector,
  cluster: string | null = null,
): readonly Work[] {
  const space = cluster === null ? null : executionSpaceOf(cluster);
  const works = view.byIndex(COLLECTIONS.works, worksByService(collector).name, name, space);
  return (works as unknown as readonly Work[]).filter((work) => serviceKeyIn(work, collector)?.namespace === namespace);
}

export const isCollected = (work: Work, collector: Collector): boolean =>
  isCollectedBy(work, collector) && providerIn(work) === null;

/** The collected ones among them. */
export const collectedOf = (
  view: View,
  key: ServiceKey,
  collector: Collector,
  cluster: string | null = null,
): readonly Work[] => worksOfService(view, key, collector, cluster).filter((work) => isCollected(work, collector));

/** The services, each in its cluster, that a Work of this collector's is of, or was. */
export const servicesOfWork = ({ object, previous }: Change, collector: Collector): readonly string[] => {
  const cluster = clusterOfExecutionSpace(object.metadata.namespace ?? '');
  if (cluster === null) return [];
  const keys = [object, previous].flatMap((one) => (one === null ? [] : (serviceKeyIn(one, collector) ?? [])));
  return [...new Set(keys.map((key) => textOf(cluster, key)))];
};

/** The services whose slice it is in its member, or was; none where it says what it said before. Not every member counts generations. */
export function servicesOfSlice(change: Change, place: Place): readonly string[] {
  const { object, previous } = change;
  const cluster = clusterOf(place);
  if (cluster === null || !isWish(change)) return [];
  const names = [object, previous].flatMap((one) => one?.metadata.labels?.[SERVICE_NAME] ?? []);
  const namespace = object.metadata.namespace ?? '';
  return [...new Set(names)].map((name) => textOf(cluster, { namespace, name }));
}

/** Whether it has just become ready, or is new here: then everything that is asked of it is looked at. */
export const hasArrived = ({ type, object, previous }: Change): boolean =>
  type !== 'DELETED' && isReady(object) && (type === 'ADDED' || !isReady(previous));

export interface Collecting {
  readonly collector: Collector;
  readonly agentOf: string | null;
  /** What has to be known of the member before anything is decided. */
  readonly follows: readonly string[];
  /** Whether there is anything to do with the service in this cluster at all. */
  readonly isConcerned: (key: ServiceKey, cluster: string, view: View) => boolean;
  readonly isWanted: (key: ServiceKey, cluster: string, view: View) => boolean;
}

export function collect(text: string, view: View, now: Millis, collecting: Collecting): Outcome {
  const { collector, agentOf, follows, isConcerned, isWanted } = collecting;
  const { cluster, ...key } = keyIn(text);
  const found = view.get(COLLECTIONS.clusters, '', cluster);
  // Becoming ready wakes it; with a cluster that leaves go all its Works.
  if (found === null || !speaksFor(cluster, found, agentOf) || !isReady(found)) return NOTHING_TO_DO;
  const collected = collectedOf(view, key, collector, cluster);
  if (collected.length === 0 && !isConcerned(key, cluster, view)) return NOTHING_TO_DO;
  const member = view.member(cluster);
  const unknown = follows.filter((collection) => !member.isSynced(collection));
  if (unknown.length > 0) {
    const commands = unknown
      .filter((collection) => !member.isWatched(collection))
      .map((collection): Command => ({ verb: 'watch', on: memberPlace(cluster), collection, isIndependent: true }));
    return { commands, requeue: { afterMs: LISTS_POLL_MS }, events: [] };
  }
  const slices = isWanted(key, cluster, view) ? slicesOf(member, key).filter(isOwnSlice) : [];
  const wanted = slices.map((slice) => wantedWork(slice, key, cluster, collector, view));
  const names = wanted.map(({ work }) => work.metadata.name);
  const missing = wanted.filter(({ stored }) => stored === null).map(({ work }) => work.metadata.name);
  const { due, nextMs, ...rounds } = onceMoreEach(view, missing, now);
  const commands = [
    ...wanted
      .filter(({ stored, work }) => stored !== null || due.includes(work.metadata.name))
      .flatMap(({ stored, work }) => written(stored, work)),
    ...collected.filter(({ metadata }) => !names.includes(metadata.name)).flatMap((work) => letGo(work, collector)),
  ];
  return { commands, requeue: sooner('await-change', nextMs), events: [], ...rounds };
}

/** Beside the one that there is, if there is one. */
function wantedWork(slice: KubeObject, { name }: ServiceKey, cluster: string, collector: Collector, view: View) {
  const known = view.get(COLLECTIONS.works, executionSpaceOf(cluster), collectedWorkNameOf(slice));
  const stored = known as unknown as Work | null;
  return { stored, work: collectedWork(slice, name, cluster, collector, stored) };
}

/** Taken away, unless it is collected for somebody else's sake as well. */
export function letGo(work: Work, collector: Collector): readonly Command[] {
  if (work.metadata.deletionTimestamp !== undefined) return [];
  const left = releasedWork(work, collector);
  if (left !== null) return written(work, left);
  return [taken(work)];
}
