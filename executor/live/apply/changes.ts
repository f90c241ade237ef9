// What applying a plan would change on the hub: object by object, and placement by placement.
import {
  BINDING_API_VERSION,
  bindingNameOf,
  byText,
  canonicalJson,
  changedFields,
  type KubeObject,
  type PlannedWorkload,
  parseApiVersion,
  type ResourceBinding,
  type TargetCluster,
  unmetFields,
} from '../../../engine/index.ts';
import { type ApiObjects, ApiProblem, type Reference, referenceTo } from '../api-objects.ts';
import { severalAtOnce } from '../several-at-once.ts';

/** Who sets the fields, as the hub's managed fields tell. */
export const MANAGER = 'muster-apply';

export interface ObjectChange {
  readonly action: 'create' | 'change' | 'keep' | 'remove';
  readonly object: KubeObject;
  /** As it is now; null where it is not there. */
  readonly there: KubeObject | null;
  readonly fields: readonly string[];
}

export interface PlacementChange {
  readonly workload: PlannedWorkload;
  readonly before: readonly TargetCluster[];
  readonly after: readonly TargetCluster[];
}

export interface LookChoice {
  /** By the hub itself, or by what can be seen of it. */
  readonly by: 'server' | 'client';
  readonly force: boolean;
}

const RANKS: readonly string[] = [
  'Namespace',
  'CustomResourceDefinition',
  'PriorityClass',
  'StagedRollout',
  'ClusterOverridePolicy',
  'OverridePolicy',
  'ClusterPropagationPolicy',
  'PropagationPolicy',
];

/** What others build on comes first. */
export const inApplyOrder = (objects: readonly KubeObject[]): readonly KubeObject[] => {
  const rankOf = ({ kind }: KubeObject) => (RANKS.includes(kind) ? RANKS.indexOf(kind) : RANKS.length);
  return [...objects].sort((a, b) => rankOf(a) - rankOf(b));
};

/** As somebody would have written it: without what only a server sets. */
function written(object: KubeObject): KubeObject {
  const { status: _status, ...rest } = object;
  const { name, namespace, labels, annotations, finalizers } = object.metadata;
  const metadata = {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(labels !== undefined && { labels }),
    ...(annotations !== undefined && { annotations }),
    ...(finalizers !== undefined && { finalizers }),
  };
  return { ...rest, metadata } as KubeObject;
}

/** With the namespaces that the objects need and that nobody makes. */
export async function withNamespaces(hub: ApiObjects, objects: readonly KubeObject[]): Promise<readonly KubeObject[]> {
  const made = new Set(objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name));
  const needed = [...new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []))].sort(byText);
  const missing: KubeObject[] = [];
  for (const name of needed.filter((one) => !made.has(one))) {
    const known = await hub.get({ apiVersion: 'v1', kind: 'Namespace', name });
    if (known === null) missing.push({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  return [...missing, ...objects];
}

export async function objectChanges(
  hub: ApiObjects,
  objects: readonly KubeObject[],
  choice: LookChoice,
): Promise<readonly ObjectChange[]> {
  return severalAtOnce(inApplyOrder(objects), (one) => objectChange(hub, written(one), choice));
}

async function objectChange(hub: ApiObjects, object: KubeObject, { by, force }: LookChoice): Promise<ObjectChange> {
  const there = await hub.get(referenceTo(object));
  if (there === null) return { action: 'create', object, there, fields: [] };
  const fields =
    by === 'client'
      ? unmetFields(object, written(there))
      : changedFields(written(there), written(await hub.apply(object, { manager: MANAGER, force, dryRun: true })));
  return { action: fields.length === 0 ? 'keep' : 'change', object, there, fields };
}

/** Whether the hub would make what is not there; it cannot be asked about what lies in a namespace, or is of a kind, still to come. */
export async function refuseUncreatable(hub: ApiObjects, changes: readonly ObjectChange[]): Promise<void> {
  const coming = changes.filter(({ action }) => action === 'create').map(({ object }) => object);
  const spaces = new Set(coming.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name));
  await severalAtOnce(coming, async (object) => {
    if (spaces.has(object.metadata.namespace ?? '')) return;
    if ((await hub.find(object)) === null) {
      if (isDefinedBy(object, coming)) return;
      const what = `kind ${object.kind} of ${object.apiVersion}`;
      throw new ApiProblem(`${hub.title} has no ${what}: apply its CustomResourceDefinition, too`, null);
    }
    await hub.apply(object, { manager: MANAGER, dryRun: true });
  });
}

function isDefinedBy({ apiVersion, kind }: KubeObject, coming: readonly KubeObject[]): boolean {
  const { group } = parseApiVersion(apiVersion);
  return coming.some((one) => {
    const spec = one.spec as { group?: string; names?: { kind?: string } } | undefined;
    return one.kind === 'CustomResourceDefinition' && spec?.group === group && spec.names?.kind === kind;
  });
}

export const bindingReference = ({
  kind,
  name,
  namespace,
}: Pick<PlannedWorkload, 'kind' | 'name' | 'namespace'>): Reference => ({
  apiVersion: BINDING_API_VERSION,
  kind: namespace === null ? 'ClusterResourceBinding' : 'ResourceBinding',
  ...(namespace !== null && { namespace }),
  name: bindingNameOf(kind, name),
});

export const plannedTargets = ({ clusters }: PlannedWorkload): readonly TargetCluster[] =>
  clusters.map(({ name, replicas }) => ({ name, ...(replicas !== undefined && { replicas }) }));

/** Of what the plan places; what goes along with others follows them by itself. */
export async function placementChanges(
  hub: ApiObjects,
  workloads: readonly PlannedWorkload[],
): Promise<readonly PlacementChange[]> {
  const placed = workloads.filter(({ outcome }) => outcome === 'placed');
  const all = await severalAtOnce(placed, async (workload): Promise<PlacementChange> => {
    const binding = (await hub.get(bindingReference(workload))) as unknown as ResourceBinding | null;
    return { workload, before: binding?.spec.clusters ?? [], after: plannedTargets(workload) };
  });
  return all.filter(({ before, after }) => !isSamePlacement(before, after));
}

export const isSamePlacement = (before: readonly TargetCluster[], after: readonly TargetCluster[]): boolean =>
  placementText(before) === placementText(after);

const placementText = (targets: readonly TargetCluster[]): string =>
  canonicalJson(targets.map(({ name, replicas = 0 }) => [name, replicas] as const).sort(([a], [b]) => byText(a, b)));
