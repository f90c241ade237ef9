// What a live hub holds, as manifests: its clusters, policies, bindings and what those are about. Files say how some of it is to be.
import {
  type Cluster,
  isObject,
  type KubeObject,
  matchPolicy,
  type PropagationPolicy,
  type ResourceBinding,
  type Work,
} from '../../../engine/index.ts';
import type { Manifest, Origin } from '../../files/manifests.ts';
import type { ApiObjects, Kind } from '../../live/api-objects.ts';

export interface LiveState {
  /** All but clusters. */
  readonly manifests: readonly Manifest[];
  readonly clusters: readonly Cluster[];
  readonly bindings: readonly ResourceBinding[];
  readonly works: readonly Work[];
}

const POLICIES = 'policy.karmada.io/v1alpha1';
const BINDINGS = 'work.karmada.io/v1alpha2';
const kind = (apiVersion: string, name: string): Kind => ({ apiVersion, kind: name });

export async function readLiveState(hub: ApiObjects): Promise<LiveState> {
  const clusters = await hub.list(kind('cluster.karmada.io/v1alpha1', 'Cluster'));
  const [policies, clusterPolicies] = [
    await hub.list(kind(POLICIES, 'PropagationPolicy')),
    await hub.list(kind(POLICIES, 'ClusterPropagationPolicy')),
  ];
  const overrides = [
    ...(await hub.list(kind(POLICIES, 'OverridePolicy'))),
    ...(await hub.list(kind(POLICIES, 'ClusterOverridePolicy'))),
  ];
  const rollouts = await hub.list(kind('muster.dev/v1alpha1', 'StagedRollout'));
  const quotas = await hub.list(kind(POLICIES, 'FederatedResourceQuota'));
  const bindings = [
    ...(await hub.list(kind(BINDINGS, 'ResourceBinding'))),
    ...(await hub.list(kind(BINDINGS, 'ClusterResourceBinding'))),
  ];
  const works = await hub.list(kind('work.karmada.io/v1alpha1', 'Work'));
  const templates = await templatesOf(hub, policies, clusterPolicies, bindings as unknown as ResourceBinding[]);
  const all = [...templates, ...policies, ...clusterPolicies, ...overrides, ...quotas, ...rollouts, ...bindings];
  return {
    manifests: all.map((object) => ({ object, origin: originOf(object) })),
    clusters: clusters as unknown as Cluster[],
    bindings: bindings as unknown as ResourceBinding[],
    works: works as unknown as Work[],
  };
}

/** Those that have bindings, and those that a policy selects and that have none yet. */
async function templatesOf(
  hub: ApiObjects,
  policies: readonly KubeObject[],
  clusterPolicies: readonly KubeObject[],
  bindings: readonly ResourceBinding[],
): Promise<readonly KubeObject[]> {
  const kinds = new Map<string, Kind>();
  const note = ({ apiVersion, kind: name }: Kind) => kinds.set(`${apiVersion} ${name}`, kind(apiVersion, name));
  const [own, general] = [policies, clusterPolicies] as unknown as readonly PropagationPolicy[][];
  for (const { spec } of bindings) note(spec.resource);
  for (const { spec } of [...own!, ...general!]) for (const selector of spec.resourceSelectors ?? []) note(selector);
  if ([...own!, ...general!].some(({ spec }) => spec.schedulePriority !== undefined)) {
    note(kind('scheduling.k8s.io/v1', 'PriorityClass'));
  }
  const bound = new Set(
    bindings.map(({ spec: { resource } }) => keyOf(resource.kind, resource.namespace, resource.name)),
  );
  const found: KubeObject[] = [];
  for (const one of kinds.values()) {
    for (const object of await hub.list(one)) {
      const { namespace, name, deletionTimestamp } = object.metadata;
      if (deletionTimestamp !== undefined || (namespace ?? '').startsWith('kube-')) continue;
      const isBound = bound.has(keyOf(object.kind, namespace, name));
      if (isBound || object.kind === 'PriorityClass' || matchPolicy(object, own!, general!) !== null)
        found.push(object);
    }
  }
  return found;
}

const keyOf = (kindName: string, namespace: string | undefined, name: string): string =>
  JSON.stringify([kindName, namespace ?? '', name]);

function originOf({ kind: name, metadata }: KubeObject): Origin {
  const file = `the hub's ${name} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
  return { file, document: 0, path: '', place: () => ({ file, line: 1, column: 1 }) };
}

/** What files say stands in place of what the hub has of that name; who it is and what others noted on it stays. */
export function overlaid(live: readonly Manifest[], files: readonly Manifest[]): readonly Manifest[] {
  const key = ({ object: { kind: name, metadata } }: Manifest) => keyOf(name, metadata.namespace, metadata.name);
  const known = new Map(live.map((manifest) => [key(manifest), manifest]));
  const replaced = files.map((manifest): Manifest => {
    const there = known.get(key(manifest))?.object;
    known.delete(key(manifest));
    return there === undefined ? manifest : { ...manifest, object: onto(there, manifest.object) };
  });
  return [...known.values(), ...replaced];
}

function onto(there: KubeObject, object: KubeObject): KubeObject {
  const { labels, annotations, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: { ...there.metadata.labels, ...labels },
      annotations: { ...there.metadata.annotations, ...annotations },
      ...(there.metadata.uid !== undefined && { uid: there.metadata.uid }),
      ...(there.metadata.generation !== undefined && { generation: there.metadata.generation }),
      ...(there.metadata.resourceVersion !== undefined && { resourceVersion: there.metadata.resourceVersion }),
    },
    ...(isObject(there.status) && { status: there.status }),
  };
}
