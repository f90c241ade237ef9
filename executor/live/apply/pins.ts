// Makes the hub place workloads as the plan does: each binding says so before its template or policy is written, so that the
// scheduler has nothing left to decide; and what was decided otherwise all the same is put right.
import {
  ANNOTATIONS,
  bindingFor,
  canonicalJson,
  type Interpreter,
  type KubeObject,
  LABELS,
  matchPolicy,
  type PlannedWorkload,
  type PropagationPolicy,
  type ResourceBinding,
  type TargetCluster,
} from '../../../engine/index.ts';
import { type ApiObjects, referenceTo } from '../api-objects.ts';
import { bindingReference, isSamePlacement, plannedTargets } from './changes.ts';

export interface PinSources {
  /** Those that are applied, and those that the hub has. */
  readonly templates: readonly KubeObject[];
  readonly policies: readonly PropagationPolicy[];
  readonly clusterPolicies: readonly PropagationPolicy[];
}

export interface Pin {
  readonly workload: PlannedWorkload;
  readonly template: KubeObject;
  /** As the hub's own controller would make it, with the plan's placement. */
  readonly binding: ResourceBinding;
}

export function pinsFor(
  workloads: readonly PlannedWorkload[],
  { templates, policies, clusterPolicies }: PinSources,
  interpreter: Interpreter,
): readonly Pin[] {
  return workloads.flatMap((workload): Pin[] => {
    if (workload.outcome !== 'placed') return [];
    const template = templates.find(
      ({ kind, apiVersion, metadata }) =>
        kind === workload.kind &&
        apiVersion === workload.apiVersion &&
        metadata.name === workload.name &&
        (metadata.namespace ?? null) === workload.namespace,
    );
    const policy = template === undefined ? null : matchPolicy(template, policies, clusterPolicies);
    if (template === undefined || policy === null || idOf(policy) === undefined) return [];
    const wanted = bindingFor(template, policy, interpreter);
    const placement = canonicalJson(wanted.spec.placement ?? {});
    const annotations = { ...wanted.metadata.annotations, [ANNOTATIONS.appliedPlacement]: placement };
    const clusters = [...plannedTargets(workload)];
    const metadata = { ...wanted.metadata, annotations };
    return [{ workload, template, binding: { ...wanted, metadata, spec: { ...wanted.spec, clusters } } }];
  });
}

export const idLabelOf = ({ metadata }: PropagationPolicy): string =>
  metadata.namespace ? LABELS.propagationPolicyId : LABELS.clusterPropagationPolicyId;

const idOf = (policy: PropagationPolicy): string | undefined => policy.metadata.labels?.[idLabelOf(policy)];

/** Of a list of affinities the scheduler notes which it chose: those it decides by itself, and is put right afterwards. */
const canSayBefore = ({ binding }: Pin): boolean => binding.spec.placement?.clusterAffinities === undefined;

/** Before the template is written; one that is not there yet gets its identity afterwards. */
export async function pinBefore(hub: ApiObjects, pin: Pin): Promise<void> {
  const { binding, workload } = pin;
  if (!canSayBefore(pin)) return;
  const reference = bindingReference(workload);
  const there = (await hub.get(reference)) as unknown as ResourceBinding | null;
  if (there === null) {
    const { uid: _uid, resourceVersion: _revision, ...resource } = binding.spec.resource;
    const { ownerReferences: _owners, ...metadata } = binding.metadata;
    await hub.create({ ...binding, metadata, spec: { ...binding.spec, resource } } as unknown as KubeObject);
    return;
  }
  const { clusters = [], placement, replicas, replicaRequirements } = binding.spec;
  await hub.change(reference, (object) => ({
    metadata: { annotations: { [ANNOTATIONS.appliedPlacement]: canonicalJson(placement ?? {}) } },
    spec: {
      ...leaving(object as unknown as ResourceBinding, clusters),
      placement,
      ...(replicas !== undefined && { replicas, replicaRequirements }),
    },
  }));
}

type Task = NonNullable<ResourceBinding['spec']['gracefulEvictionTasks']>[number];

/** What is left stays until the hub finds its successors well. */
function leaving({ spec }: ResourceBinding, clusters: readonly TargetCluster[]) {
  const before = spec.clusters ?? [];
  const arriving = new Set(clusters.map(({ name }) => name));
  const kept = (spec.gracefulEvictionTasks ?? []).filter(({ fromCluster }) => !arriving.has(fromCluster));
  const known = new Set(kept.map(({ fromCluster }) => fromCluster));
  const added = before
    .filter(({ name }) => !arriving.has(name) && !known.has(name))
    .map(
      ({ name, replicas }): Task => ({
        fromCluster: name,
        purgeMode: 'Gracefully',
        ...(replicas !== undefined && { replicas }),
        reason: 'PlanApplied',
        producer: 'Apply',
        clustersBeforeFailover: before.map((one) => one.name),
      }),
    );
  const gracefulEvictionTasks = clusters.length === 0 ? kept : [...kept, ...added];
  return { clusters, gracefulEvictionTasks: gracefulEvictionTasks.length === 0 ? null : gracefulEvictionTasks };
}

/** Says whose a binding is that was there before its template. */
export async function identify(hub: ApiObjects, { workload }: Pin, template: KubeObject): Promise<void> {
  const { apiVersion, kind, metadata } = template;
  const { uid = '', name } = metadata;
  const owner = { apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true };
  await hub.change(bindingReference(workload), (object) => {
    const { spec } = object as unknown as ResourceBinding;
    if (spec.resource.uid !== undefined) return null;
    return { metadata: { ownerReferences: [owner] }, spec: { resource: { ...spec.resource, uid } } };
  });
}

/** False where it is as planned already. */
export async function pinAfter(hub: ApiObjects, { workload }: Pick<Pin, 'workload'>): Promise<boolean> {
  let hasChanged = false;
  await hub.change(bindingReference(workload), (object) => {
    const binding = object as unknown as ResourceBinding;
    hasChanged = !isSamePlacement(binding.spec.clusters ?? [], plannedTargets(workload));
    return hasChanged ? { spec: leaving(binding, plannedTargets(workload)) } : null;
  });
  return hasChanged;
}

/** Of the template of each. */
export function pinFinder(pins: readonly Pin[]): (template: KubeObject) => Pin | null {
  const keyOf = (object: KubeObject) => JSON.stringify(referenceTo(object));
  const byTemplate = new Map(pins.map((pin) => [keyOf(pin.template), pin]));
  return (template) => byTemplate.get(keyOf(template)) ?? null;
}
