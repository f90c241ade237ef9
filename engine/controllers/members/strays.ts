// What bears the hub's mark in a member and has no Work any more: a write that came late, or one that nobody saw. It is taken away,
// but only when it has been so for a while: whoever looks may be behind.
import { COLLECTIONS } from '../../api/kinds.ts';
import { clusterOfExecutionSpace, LABELS } from '../../api/names.ts';
import type { Work } from '../../api/work.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { clusterOf, memberPlace, type Place } from '../../control/place.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import type { Change } from '../../store/change.ts';
import { collectionOf, DEFINED_KIND_INDEX } from '../kinds.ts';
import type { ControlPorts } from '../ports.ts';
import { remove } from '../writes.ts';
import { workKeyIn } from './execution/manifest.ts';

/** Longer than any view is behind that still hears anything. */
const PATIENCE_MS: Millis = 60_000;

/** How long it has been astray, as remembered, and how much longer it may be. */
export function patienceWith({ remembered }: View, now: Millis): { readonly since: Millis; readonly leftMs: Millis } {
  const since = typeof remembered === 'number' ? remembered : now;
  return { since, leftMs: since + PATIENCE_MS - now };
}

export function strays({ profile }: ControlPorts): Controller {
  return {
    name: 'strays',
    indexes: [DEFINED_KIND_INDEX],
    watches: [
      { on: 'members', collection: () => true, keysOf: ofMemberObject },
      { on: 'hub', collection: COLLECTIONS.works, keysOf: ofLostWork },
    ],
    reconcile: (key, view, now) => (profile.switches.collectsStrays ? reconcile(key, view, now) : NOTHING_TO_DO),
  };
}

const keyText = (cluster: string, collection: string, { metadata }: KubeObject): string =>
  `${cluster} ${collection} ${metadata.namespace ?? ''} ${metadata.name}`;

function ofMemberObject({ type, object, collection }: Change, view: View, place: Place): readonly string[] {
  const cluster = clusterOf(place);
  if (type === 'DELETED' || cluster === null || !isAstray(object, cluster, view)) return [];
  return [keyText(cluster, collection, object)];
}

function ofLostWork({ type, object }: Change, view: View): readonly string[] {
  const cluster = clusterOfExecutionSpace(object.metadata.namespace ?? '');
  if (type !== 'DELETED' || cluster === null) return [];
  return ((object as unknown as Work).spec.workload.manifests ?? []).flatMap((manifest) => {
    const collection = collectionOf(manifest, view);
    return collection === null ? [] : [keyText(cluster, collection, manifest)];
  });
}

/** What came with the Work of a cluster of another name is another control plane's, or waits for the cluster to be taken over. */
function isAstray(object: KubeObject, cluster: string, view: View): boolean {
  const key = workKeyIn(object);
  // By the label alone it is not: a Service gives its labels to its endpoints.
  if (object.metadata.labels?.[LABELS.managed] !== 'true' || key === null) return false;
  const [space, name] = key.split('/') as [string, string];
  const of = clusterOfExecutionSpace(space);
  return (of === null || of === cluster) && view.get(COLLECTIONS.works, space, name) === null;
}

function reconcile(key: string, view: View, now: Millis): Outcome {
  const [cluster, collection, namespace, name] = key.split(' ') as [string, string, string, string];
  const there = view.member(cluster).get(collection, namespace, name);
  const isStray =
    there !== null &&
    there.metadata.deletionTimestamp === undefined &&
    view.isSynced(COLLECTIONS.works) &&
    isAstray(there, cluster, view);
  if (!isStray) return { ...NOTHING_TO_DO, remember: null };
  const { since, leftMs } = patienceWith(view, now);
  if (leftMs > 0) return { commands: [], requeue: { afterMs: leftMs }, events: [], remember: since };
  const command = remove({ collection, namespace, name }, there, memberPlace(cluster));
  // An API that is not served for now says that there is nothing: it is looked again until it is really gone.
  return { commands: [command], requeue: { afterMs: PATIENCE_MS }, events: [], remember: now };
}
