// Every namespace of the users is in every cluster, so that what is propagated finds a place.
import type { Cluster } from '../../api/cluster.ts';
import { fitTheSame } from '../../api/cluster-affinity.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { ANNOTATIONS, executionSpaceOf, LABELS, workNameOf } from '../../api/names.ts';
import type { OverridePolicy } from '../../api/override.ts';
import type { Work } from '../../api/work.ts';
import { merged } from '../../base/merged.ts';
import type { Command } from '../../control/command.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import type { KubeObject, OwnerReference } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import { PropagationError } from '../../propagate/errors.ts';
import { applyOverrides } from '../../propagate/override/override.ts';
import { soleWork } from '../../propagate/sole-work.ts';
import { overrideRecord } from '../../propagate/works.ts';
import type { Change } from '../../store/change.ts';
import { bindingKeyIn } from '../bindings.ts';
import { isWish } from '../changes.ts';
import { onceMore } from '../once-more.ts';
import { isSkippedNamespace } from '../policies/templates.ts';
import type { ControlPorts } from '../ports.ts';
import { event } from '../writes.ts';
import { renewed, written } from './own-works.ts';
import { namespaceOwning } from './taken-away.ts';

export function namespaceSync(ports: ControlPorts): Controller {
  return {
    name: 'namespace',
    ignoresEchoes: true,
    watches: [
      { on: 'hub', collection: COLLECTIONS.namespaces, keysOf: ofNamespace },
      { on: 'hub', collection: COLLECTIONS.clusters, keysOf: ofCluster },
      {
        on: 'hub',
        collection: COLLECTIONS.clusterOverrides,
        keysOf: (change, view) => (isWish(change) ? all(view) : []),
      },
      { on: 'hub', collection: COLLECTIONS.works, keysOf: ofOwnWork },
    ],
    reconcile: (key, view, now) => {
      const [name = '', about = null] = key.split(' ');
      if (about !== DISTURBED) return reconcile(name, about, view, ports);
      return madeAgain(reconcile(name, null, view, ports), view, now);
    },
  };
}

const KIND = 'Namespace';

/** Every cluster has it, and nobody made it for the users. */
const DEFAULT = 'default';

const isSynced = (name: string): boolean => name !== DEFAULT && !isSkippedNamespace(name);

/** Said of a namespace one of whose Works is gone, or is not as it was made; no cluster can be called so. */
const DISTURBED = '/disturbed';

const ofNamespace = (change: Change): readonly string[] =>
  change.type !== 'DELETED' && isWish(change) ? [change.object.metadata.name] : [];

/** Most namespaces are the clusters' own, and not the users'. */
const all = (view: View): readonly string[] =>
  view.list(COLLECTIONS.namespaces).flatMap(({ metadata: { name } }) => (isSynced(name) ? [name] : []));

/** One that joins gets them all; what an affinity goes by may decide which overrides are for it. */
function ofCluster({ type, object, previous }: Change, view: View): readonly string[] {
  const [now, before] = [object, previous] as unknown as readonly [Cluster, Cluster | null];
  if (type === 'DELETED' || (before !== null && fitTheSame(now, before))) return [];
  return all(view).map((namespace) => `${namespace} ${now.metadata.name}`);
}

/** One that is lost is made again, and one that somebody changed is put right; what marks one of many tells of all. */
function ofOwnWork(change: Change): readonly string[] {
  const owner = namespaceOwning(change.object);
  if (owner === undefined || change.type === 'ADDED' || !isWish(change)) return [];
  return [`${owner.name} ${DISTURBED}`];
}

function madeAgain(outcome: Outcome, view: View, now: Millis): Outcome {
  if (outcome.commands.length === 0) return outcome;
  const { waitMs, remember } = onceMore(view, now);
  if (waitMs > 0) return { commands: [], requeue: { afterMs: waitMs }, events: [] };
  return { ...outcome, ...(remember !== undefined && { remember }) };
}

/** In one cluster, or in every one. */
function reconcile(name: string, cluster: string | null, view: View, ports: ControlPorts): Outcome {
  const namespace = view.get(COLLECTIONS.namespaces, '', name);
  // Its Works are owned by it, and go with it.
  if (namespace === null || namespace.metadata.deletionTimestamp !== undefined || !isSynced(name)) {
    return NOTHING_TO_DO;
  }
  if (namespace.metadata.labels?.[LABELS.skipAutoPropagation]?.toLowerCase() === 'true') return NOTHING_TO_DO;
  const commands: Command[] = [];
  const refused: string[] = [];
  for (const object of cluster === null ? view.list(COLLECTIONS.clusters) : clustersCalled(cluster, view)) {
    if (object.metadata.deletionTimestamp !== undefined) continue;
    try {
      commands.push(...inCluster(namespace, object as unknown as Cluster, view, ports));
    } catch (error) {
      if (!(error instanceof PropagationError)) throw error;
      refused.push(`${object.metadata.name}: ${error.message}`);
    }
  }
  const key = { collection: COLLECTIONS.namespaces, namespace: '', name };
  const events = refused.map((message) => event('Warning', KIND, key, 'SyncWorkFailed', message));
  return { commands, requeue: refused.length > 0 ? 'back-off' : 'await-change', events };
}

const ownerFor = ({ metadata: { name, uid = '' } }: KubeObject): OwnerReference => ({
  apiVersion: 'v1',
  kind: KIND,
  name,
  uid,
  controller: true,
  blockOwnerDeletion: true,
});

function clustersCalled(name: string, view: View): readonly KubeObject[] {
  const found = view.get(COLLECTIONS.clusters, '', name);
  return found === null ? [] : [found];
}

function inCluster(namespace: KubeObject, cluster: Cluster, view: View, { yaml }: ControlPorts): readonly Command[] {
  const name = workNameOf(KIND, namespace.metadata.name, undefined);
  const space = executionSpaceOf(cluster.metadata.name);
  const stored = view.get(COLLECTIONS.works, space, name) as unknown as Work | null;
  if (stored?.metadata.deletionTimestamp !== undefined) return [];
  if (stored !== null && bindingKeyIn(stored.metadata) !== null) return shared(stored, namespace);
  return renewed(stored, workFor(namespace, cluster, name, stored, view, yaml));
}

/** Where a policy places it, its binding writes the Work, and only leaves it to us when it no longer needs it. */
function shared(work: Work, namespace: KubeObject): readonly Command[] {
  if (namespaceOwning(work) !== undefined) return [];
  const ownerReferences = [...(work.metadata.ownerReferences ?? []), ownerFor(namespace)];
  return written(work, merged(work, { metadata: merged(work.metadata, { ownerReferences }) }));
}

function workFor(
  namespace: KubeObject,
  cluster: Cluster,
  name: string,
  stored: Work | null,
  view: View,
  yaml: ControlPorts['yaml'],
): Work {
  const { uid = '', labels, annotations } = namespace.metadata;
  const bare: KubeObject = {
    apiVersion: 'v1',
    kind: KIND,
    metadata: { name: namespace.metadata.name, uid, labels: { ...labels }, annotations: { ...annotations } },
  };
  const { object, clusterOverrides } = applyOverrides(
    bare,
    cluster,
    {
      clusterOverridePolicies: view.list(COLLECTIONS.clusterOverrides) as unknown as readonly OverridePolicy[],
      overridePolicies: [],
    },
    yaml,
  );
  return soleWork(stored, {
    name,
    cluster: cluster.metadata.name,
    seed: `${uid}/${executionSpaceOf(cluster.metadata.name)}`,
    manifest: object,
    annotations: overrideRecord(ANNOTATIONS.appliedClusterOverrides, clusterOverrides),
    owner: ownerFor(namespace),
  });
}
