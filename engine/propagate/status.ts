// The way back: what a member says of an object -> its Work -> its binding, with the conditions that sum it up.

import type { AggregatedStatusItem, ResourceBindingSpec } from '../api/binding.ts';
import { clusterOfExecutionSpace } from '../api/names.ts';
import {
  BINDING_CONDITIONS,
  type ManifestStatus,
  type ResourceHealth,
  type ResourceIdentifier,
  WORK_CONDITIONS,
  type Work,
} from '../api/work.ts';
import { byKey, byText } from '../base/order.ts';
import { type ConditionState, findCondition } from '../kube/conditions.ts';
import { deepEqual, isObject } from '../kube/json.ts';
import { type KubeObject, parseApiVersion } from '../kube/meta.ts';
import { PropagationError } from './errors.ts';
import { present } from './fields.ts';
import type { Interpreter } from './interpret/interpreter.ts';
import { clustersWithWork } from './targets.ts';

type Identity = Pick<KubeObject, 'apiVersion' | 'kind'> & { readonly namespace?: string; readonly name: string };

/** What a Work's manifest has become in its member. Throws PropagationError where its status cannot be read. */
export const manifestStatusOf = (observed: KubeObject, ordinal: number, interpreter: Interpreter): ManifestStatus =>
  present<ManifestStatus>({
    identifier: identifierOf(identityOf(observed), ordinal),
    status: interpreter.reflect(observed) ?? undefined,
    health: healthOf(observed, interpreter),
  });

/** The list with this manifest's status in place of its earlier one. */
export function withManifestStatus(statuses: readonly ManifestStatus[], status: ManifestStatus): ManifestStatus[] {
  const at = statuses.findIndex(({ identifier }) => isSame(identifier, status.identifier));
  return at < 0 ? [...statuses, status] : statuses.with(at, status);
}

/** Health that cannot be judged is unknown, which is not the same as bad. */
function healthOf(observed: KubeObject, interpreter: Interpreter): ResourceHealth {
  try {
    return interpreter.healthy(observed) ? 'Healthy' : 'Unhealthy';
  } catch (error) {
    if (error instanceof PropagationError) return 'Unknown';
    throw error;
  }
}

/** One item a Work in order of clusters; Works on their way out say nothing any more. */
export const aggregatedStatusOf = (works: readonly Work[], resource: Identity): AggregatedStatusItem[] =>
  works
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .map((work) => itemOf(work, resource))
    .sort(byKey((item) => item.clusterName, byText));

/**
 * What one Work tells about an object.
 *
 * Differs from Karmada: a Work without the object, as when an override has renamed it, has an item of unknown health
 * instead of ending the whole aggregation.
 */
function itemOf({ metadata, spec, status }: Work, resource: Identity): AggregatedStatusItem {
  const clusterName = clusterOfExecutionSpace(metadata.namespace ?? '');
  if (clusterName === null) {
    throw new PropagationError(`Work ${metadata.name} is in namespace ${metadata.namespace}, which no cluster has`);
  }
  const applied = findCondition(status?.conditions, WORK_CONDITIONS.applied);
  if (applied?.status !== 'True') {
    return present<AggregatedStatusItem>({
      clusterName,
      appliedMessage: applied?.message || undefined,
      health: 'Unknown',
    });
  }
  const ordinal = (spec.workload.manifests ?? []).findIndex((manifest) => isOf(manifest, resource));
  const wanted = identifierOf(resource, ordinal);
  const found = status?.manifestStatuses?.find(({ identifier }) => isSame(identifier, wanted));
  return present<AggregatedStatusItem>({
    clusterName,
    status: found?.status ?? undefined,
    applied: true,
    health: found ? found.health : 'Unknown',
  });
}

/** Whether what it tells is about other objects than before, one of them damaged or not. */
export const tellsOfOthers = ({ spec }: Work, { spec: before }: Work): boolean =>
  spec !== before && !deepEqual(subjectsOf(spec), subjectsOf(before));

function subjectsOf({ workload }: Work['spec']): readonly (string | null)[] {
  const manifests: unknown = workload?.manifests;
  if (!Array.isArray(manifests)) return [];
  return manifests.map((manifest: KubeObject | null) =>
    isObject(manifest?.metadata)
      ? JSON.stringify([manifest.apiVersion, manifest.kind, manifest.metadata.namespace, manifest.metadata.name])
      : null,
  );
}

const identityOf = ({ apiVersion, kind, metadata: { namespace, name } }: KubeObject): Identity => ({
  apiVersion,
  kind,
  ...(namespace !== undefined && { namespace }),
  name,
});

const isOf = ({ apiVersion, kind, metadata: { namespace, name } }: KubeObject, resource: Identity): boolean =>
  name === resource.name &&
  kind === resource.kind &&
  apiVersion === resource.apiVersion &&
  (namespace ?? '') === (resource.namespace ?? '');

function identifierOf({ apiVersion, kind, namespace, name }: Identity, ordinal: number): ResourceIdentifier {
  const { group, version } = parseApiVersion(apiVersion);
  return present({ ordinal, group: group || undefined, version, kind, namespace: namespace || undefined, name });
}

const isSame = (a: ResourceIdentifier, b: ResourceIdentifier): boolean =>
  a.ordinal === b.ordinal &&
  (a.group ?? '') === (b.group ?? '') &&
  a.version === b.version &&
  a.kind === b.kind &&
  (a.namespace ?? '') === (b.namespace ?? '') &&
  a.name === b.name;

/** Whether the object is everywhere where it has to be; healthy or not. */
export function fullyAppliedCondition(
  spec: ResourceBindingSpec,
  items: readonly AggregatedStatusItem[],
): ConditionState {
  const clusters = clustersWithWork(spec);
  const missing = [...clusters].filter((name) => !items.some((item) => item.clusterName === name && item.applied));
  const type = BINDING_CONDITIONS.fullyApplied;
  if (clusters.size > 0 && missing.length === 0 && items.length === clusters.size) {
    return { type, status: 'True', reason: 'FullyAppliedSuccess', message: 'Every Work has been applied.' };
  }
  const message = 'Not every Work has been applied; status.aggregatedStatus tells which.';
  return { type, status: 'False', reason: 'FullyAppliedFailed', message };
}

/** What became of a Work's manifests in its member; a failure for each that could not be applied. */
export function appliedCondition(manifests: number, failures: readonly string[]): ConditionState {
  const type = WORK_CONDITIONS.applied;
  if (failures.length === 0) {
    return { type, status: 'True', reason: 'AppliedSuccessful', message: 'Every manifest has been applied.' };
  }
  const count = `${manifests - failures.length} of ${manifests} manifests have been applied`;
  return { type, status: 'False', reason: 'AppliedFailed', message: `${count}: ${failures.join('; ')}` };
}

export const dispatchingCondition = ({ spec }: Pick<Work, 'spec'>): ConditionState =>
  spec.suspendDispatching
    ? {
        type: WORK_CONDITIONS.dispatching,
        status: 'False',
        reason: 'SuspendDispatching',
        message: 'Manifests are not sent to the member while dispatching is suspended.',
      }
    : {
        type: WORK_CONDITIONS.dispatching,
        status: 'True',
        reason: 'Dispatching',
        message: 'Manifests are sent to the member.',
      };
