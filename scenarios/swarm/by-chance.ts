// What of an end is a matter of when somebody looked, and of what was drawn: two runs may have it otherwise.
import { isObject, type KubeObject, type ResourceBinding, type Work } from '../../engine/index.ts';

const OF_THE_PAST = new Set([
  'Cluster',
  'StagedRollout',
  'FederatedHPA',
  'CronFederatedHPA',
  'FederatedResourceQuota',
  'MultiClusterService',
]);

/** Whether its status says what was, and when, or how much its pods use. */
export const tellsThePast = (object: KubeObject): boolean =>
  OF_THE_PAST.has(object.kind) || kindWithin(object) === 'ResourceQuota';

/** When it has gone is a matter of when all that it has finds another place. */
export const isLeavingCluster = ({ kind, metadata }: KubeObject): boolean =>
  kind === 'Cluster' && metadata.deletionTimestamp !== undefined;

const AUTOSCALERS = new Set(['FederatedHPA', 'CronFederatedHPA', 'HorizontalPodAutoscaler']);

/** Whatever it scales, by kind, namespace and name. */
export function scaledBy({ kind, metadata, spec }: KubeObject): readonly string[] {
  if (!AUTOSCALERS.has(kind) || !isObject(spec) || !isObject(spec.scaleTargetRef)) return [];
  const { kind: target, name } = spec.scaleTargetRef;
  return [`${target} ${metadata.namespace ?? ''}/${name}`];
}

const SLICE = 'EndpointSlice';

/** Names and addresses of pods are drawn. */
export const isOfSlices = (object: KubeObject): boolean => object.kind === SLICE || kindWithin(object) === SLICE;

const BINDING_KINDS = new Set(['ResourceBinding', 'ClusterResourceBinding']);

/** Of what a Work brings, or a binding is about; nothing of either is sure where somebody damaged it. */
function kindWithin({ kind, spec }: KubeObject): unknown {
  const { workload, resource } = (isObject(spec) ? spec : {}) as Partial<Work['spec'] & ResourceBinding['spec']>;
  if (kind === 'Work') return workload?.manifests?.[0]?.kind;
  return BINDING_KINDS.has(kind) ? resource?.kind : undefined;
}
