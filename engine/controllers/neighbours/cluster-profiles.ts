// Cluster -> ClusterProfile: the fleet as an inventory that tools of others read, in a namespace of its own.
import type { Cluster } from '../../api/cluster.ts';
import {
  CA_BUNDLE_ANNOTATION,
  type ClusterProfile,
  type ClusterProfileStatus,
  INVENTORY,
  type ProfileProperty,
} from '../../api/inventory.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { LABELS } from '../../api/names.ts';
import type { Command } from '../../control/command.ts';
import { type Controller, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { deepEqual } from '../../kube/json.ts';
import type { Condition, KubeObject } from '../../kube/meta.ts';
import { formatTime, type Millis } from '../../kube/time.ts';
import type { Change } from '../../store/change.ts';
import { isOther, isWish } from '../changes.ts';
import { readyCondition } from '../clusters/cluster-conditions.ts';
import type { ControlPorts } from '../ports.ts';
import { createIn, remove, update, updateStatus } from '../writes.ts';

const { clusterProfiles: PROFILES } = COLLECTIONS;
/** Consumers that read tokens from Secrets know this name. */
const SECRET_READER = 'secretreader';

const NAME = 'cluster-profiles';

/** Longer than any view is behind that still hears anything. */
const PATIENCE_MS: Millis = 60_000;

export function clusterProfiles({ profile }: ControlPorts): Controller {
  if (!profile.switches.tellsNeighbours) return { name: NAME, watches: [], reconcile: () => NOTHING_TO_DO };
  return {
    name: NAME,
    watches: [
      {
        on: 'hub',
        collection: COLLECTIONS.clusters,
        keysOf: (change) => (isNews(change) ? namesIn(change) : []),
      },
      {
        on: 'hub',
        collection: PROFILES,
        isOptional: true,
        keysOf: (change) => (change.object.metadata.namespace === INVENTORY.namespace ? namesIn(change) : []),
      },
      { on: 'hub', collection: COLLECTIONS.namespaces },
    ],
    reconcile,
  };
}

const namesIn = ({ object }: Change): readonly string[] => [object.metadata.name];

/** What clusters report every few seconds is not in their profiles. */
function isNews(change: Change): boolean {
  if (isWish(change)) return true;
  const { object, previous } = change;
  return versionOf(object) !== versionOf(previous) || isOther(readyCondition(object), readyCondition(previous));
}

const versionOf = (cluster: KubeObject | null): string | undefined =>
  (cluster as unknown as Cluster | null)?.status?.kubernetesVersion;

function reconcile(name: string, view: View, now: Millis): Outcome {
  // Where nobody serves the kind nobody reads it.
  if (!view.isSynced(PROFILES)) return NOTHING_TO_DO;
  const cluster = view.get(COLLECTIONS.clusters, '', name) as unknown as Cluster | null;
  const known = view.get(PROFILES, INVENTORY.namespace, name) as unknown as ClusterProfile | null;
  // Another manager's cluster of that name is none of ours.
  if (known !== null && known.spec.clusterManager.name !== INVENTORY.manager) return NOTHING_TO_DO;
  if (cluster === null || cluster.metadata.deletionTimestamp !== undefined) {
    if (known === null) return { ...NOTHING_TO_DO, remember: null };
    return cluster === null ? unseen(known, view, now) : gone(known);
  }
  const commands = known === null ? first(cluster, view) : renewed(known, cluster, now);
  return { commands, requeue: commands.length > 0 ? 'when-done' : 'await-change', events: [], remember: null };
}

/** It may be that the cluster is not seen yet: it is gone when it has not been seen for a while. */
function unseen(known: ClusterProfile, { remembered }: View, now: Millis): Outcome {
  const since = typeof remembered === 'number' ? remembered : now;
  const left = since + PATIENCE_MS - now;
  return left > 0
    ? { commands: [], requeue: { afterMs: left }, events: [], remember: since }
    : { ...gone(known), remember: null };
}

const gone = (known: ClusterProfile): Outcome => {
  const key = { collection: PROFILES, namespace: INVENTORY.namespace, name: known.metadata.name };
  return { commands: [remove(key, known)], requeue: 'await-change', events: [] };
};

function first(cluster: Cluster, view: View): readonly Command[] {
  const { namespace } = INVENTORY;
  const created = createIn(PROFILES, {
    apiVersion: INVENTORY.apiVersion,
    kind: 'ClusterProfile',
    metadata: { name: cluster.metadata.name, namespace, labels: labelsOf(cluster) },
    spec: { displayName: cluster.metadata.name, clusterManager: { name: INVENTORY.manager } },
  });
  if (view.get(COLLECTIONS.namespaces, '', namespace) !== null) return [created];
  const space: KubeObject = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: namespace,
      labels: { [INVENTORY.setLabel]: INVENTORY.manager, [LABELS.skipAutoPropagation]: 'true' },
    },
  };
  // Several clusters may find it missing at the same time.
  return [{ ...createIn(COLLECTIONS.namespaces, space), isIndependent: true }, created];
}

function renewed(known: ClusterProfile, cluster: Cluster, now: Millis): readonly Command[] {
  const labels = labelsOf(cluster);
  if (!deepEqual(known.metadata.labels ?? {}, labels)) {
    return [update(PROFILES, { ...known, metadata: { ...known.metadata, labels } } as unknown as KubeObject)];
  }
  const status = statusOf(cluster, known.status?.properties ?? [], now);
  if (deepEqual(known.status ?? {}, status)) return [];
  return [updateStatus(PROFILES, { ...known, status } as unknown as KubeObject)];
}

/** Consumers choose by labels as policies do. */
const labelsOf = ({ metadata }: Cluster): Record<string, string> => ({
  ...metadata.labels,
  [INVENTORY.managerLabel]: INVENTORY.manager,
});

function statusOf(cluster: Cluster, before: readonly ProfileProperty[], now: Millis): ClusterProfileStatus {
  const { spec, status, metadata } = cluster;
  const ready = readyCondition(cluster as unknown as KubeObject);
  const version = status?.kubernetesVersion;
  return {
    conditions: ready === undefined ? [] : [{ ...ready, type: INVENTORY.healthy } satisfies Condition],
    ...(version !== undefined && version !== '' && { version: { kubernetes: version } }),
    properties: propertiesOf(cluster, before, now),
    ...(spec.apiEndpoint && {
      accessProviders: [
        {
          name: SECRET_READER,
          cluster: {
            server: spec.apiEndpoint,
            ...(spec.insecureSkipTLSVerification === true && { 'insecure-skip-tls-verify': true }),
            ...(metadata.annotations?.[CA_BUNDLE_ANNOTATION] !== undefined && {
              'certificate-authority-data': metadata.annotations[CA_BUNDLE_ANNOTATION],
            }),
            ...(spec.proxyURL && { 'proxy-url': spec.proxyURL }),
          },
        },
      ],
    }),
  };
}

function propertiesOf({ spec, metadata }: Cluster, before: readonly ProfileProperty[], now: Millis): ProfileProperty[] {
  const zones = spec.zones ?? (spec.zone ? [spec.zone] : []);
  const told: readonly (readonly [string, string | undefined])[] = [
    ['cluster.clusterset.k8s.io', metadata.name],
    ['clusterset.k8s.io', INVENTORY.manager],
    ['topology.kubernetes.io/region', spec.region],
    ['topology.kubernetes.io/zone', zones.join(',')],
    ['muster.dev/provider', spec.provider],
  ];
  return told.flatMap(([name, value]) => {
    if (!value) return [];
    const known = before.find((one) => one.name === name && one.value === value);
    return [known ?? { name, value, lastObservedTime: formatTime(now) }];
  });
}
