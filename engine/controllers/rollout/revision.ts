// What a rollout rolls out: its objects and the overrides that concern them, as a snapshot, and the name of such a snapshot.
import { COLLECTIONS } from '../../api/kinds.ts';
import type { OverridePolicy } from '../../api/override.ts';
import type { StagedResource, StagedRollout } from '../../api/staged-rollout.ts';
import type { Reader } from '../../control/controller.ts';
import { nameUuid } from '../../kube/hash.ts';
import { canonicalJson } from '../../kube/json.ts';
import { formatApiVersion, type KubeObject, parseApiVersion } from '../../kube/meta.ts';
import { PropagationError } from '../../propagate/errors.ts';
import type { Interpreter } from '../../propagate/interpret/interpreter.ts';
import type { OverridePolicies } from '../../propagate/override/override.ts';
import { pruneManifest } from '../../propagate/prune.ts';
import { selectorsPriority } from '../../propagate/resource-selector.ts';
import type { IndexDefinition } from '../../store/indexes.ts';
import { collectionOf } from '../kinds.ts';

export interface Snapshot extends OverridePolicies {
  /** Those of the rollout's objects that there are. */
  readonly templates: readonly KubeObject[];
}

type Named = Pick<KubeObject, 'apiVersion' | 'kind'> & { readonly namespace: string; readonly name: string };

/** The same in every version of a group. */
export const resourceKeyOf = ({ apiVersion, kind, namespace, name }: Named): string =>
  `${formatApiVersion(parseApiVersion(apiVersion).group, kind)} ${namespace}/${name}`;

export const templateKeyOf = ({ apiVersion, kind, metadata: { namespace = '', name } }: KubeObject): string =>
  resourceKeyOf({ apiVersion, kind, namespace, name });

export const resourcesOf = ({
  metadata: { namespace = '' },
  spec,
}: StagedRollout): readonly (StagedResource & Named)[] => (spec.resources ?? []).map((one) => ({ ...one, namespace }));

/** Rollouts by what they roll out. */
export const ROLLOUTS_BY_RESOURCE: IndexDefinition = {
  name: 'rollout-by-resource',
  collection: COLLECTIONS.stagedRollouts,
  valuesOf: (object) => resourcesOf(object as unknown as StagedRollout).map(resourceKeyOf),
};

/** The first by name, where several want the same. */
export function rolloutOf(key: string, namespace: string, hub: Reader): StagedRollout | null {
  const found = hub.byIndex(COLLECTIONS.stagedRollouts, ROLLOUTS_BY_RESOURCE.name, key, namespace);
  const alive = found.find(({ metadata }) => metadata.deletionTimestamp === undefined);
  return (alive ?? null) as unknown as StagedRollout | null;
}

export function snapshotOf(rollout: StagedRollout, hub: Reader): Snapshot {
  const templates = resourcesOf(rollout).flatMap((resource) => {
    const collection = collectionOf(resource, hub);
    const found = collection === null ? null : hub.get(collection, resource.namespace, resource.name);
    return found === null ? [] : [bare(found)];
  });
  const concerning = (collection: string, namespace?: string): readonly OverridePolicy[] =>
    (hub.list(collection, namespace) as unknown as readonly OverridePolicy[])
      .filter(({ spec: { resourceSelectors = [] } }) =>
        templates.some((one) => resourceSelectors.length === 0 || selectorsPriority(one, resourceSelectors) > 0),
      )
      .map(({ metadata, spec }) => ({
        metadata: { name: metadata.name, ...(metadata.namespace && { namespace: metadata.namespace }) },
        spec,
      }));
  return {
    templates,
    clusterOverridePolicies: concerning(COLLECTIONS.clusterOverrides),
    overridePolicies: concerning(COLLECTIONS.overrides, rollout.metadata.namespace),
  };
}

/** As members get it, with what its Works tell of where it comes from. */
function bare(object: KubeObject): KubeObject {
  const { uid, generation } = object.metadata;
  const pruned = pruneManifest(object);
  return {
    ...pruned,
    metadata: {
      ...pruned.metadata,
      ...(uid !== undefined && { uid }),
      ...(generation !== undefined && { generation }),
    },
  };
}

/** How many replicas there are is decided by others, and so is who propagates it, and who said it how: none of that makes a revision. */
export function revisionOf({ templates, ...policies }: Snapshot, interpreter: Interpreter): string {
  const identity = templates.map((template) => {
    const { uid: _uid, generation: _generation, labels, annotations, ...metadata } = template.metadata;
    const own = { ...metadata, labels: withoutBookkeeping(labels), annotations: withoutBookkeeping(annotations) };
    return { ...withoutReplicas(template, interpreter), metadata: own };
  });
  return nameUuid(canonicalJson({ identity, ...policies }))
    .replaceAll('-', '')
    .slice(0, REVISION_LENGTH);
}

const REVISION_LENGTH = 10;

function withoutReplicas(template: KubeObject, interpreter: Interpreter): KubeObject {
  try {
    return interpreter.revise(template, 0);
  } catch (error) {
    if (error instanceof PropagationError) return template;
    throw error;
  }
}

const withoutBookkeeping = (texts: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).filter(([key]) => key !== LAST_APPLIED && !/(^|\.)karmada\.io\//.test(key)));

/** What kubectl was given, with the number of replicas. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
