// What a rollout rolls out: its objects and the overrides that concern them, as a snapshot, and where policies want them; and the name of
// all that, a revision: a part for the template, and one for the placement where that is staged and known.
import { COLLECTIONS } from '../../api/kinds.ts';
import { ANNOTATIONS } from '../../api/names.ts';
import type { OverridePolicy } from '../../api/override.ts';
import type { StagedRollout } from '../../api/staged-rollout.ts';
import type { Reader } from '../../control/controller.ts';
import { canonicalJson } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { PropagationError } from '../../propagate/errors.ts';
import type { Interpreter } from '../../propagate/interpret/interpreter.ts';
import type { OverridePolicies } from '../../propagate/override/override.ts';
import { pruneManifest } from '../../propagate/prune.ts';
import { selectorsPriority } from '../../propagate/resource-selector.ts';
import { resourcesOf, stages } from '../../propagate/staged.ts';
import { collectionOf } from '../kinds.ts';
import { ANY_TEMPLATE, hashOf, placementPart } from './placements.ts';

export interface Snapshot extends OverridePolicies {
  /** Those of the rollout's objects that there are. */
  readonly templates: readonly KubeObject[];
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
function templateRevision({ templates, ...policies }: Snapshot, interpreter: Interpreter): string {
  const identity = templates.map((template) => {
    const { uid: _uid, generation: _generation, labels, annotations, ...metadata } = template.metadata;
    const own = { ...metadata, labels: withoutBookkeeping(labels), annotations: withoutBookkeeping(annotations) };
    return { ...withoutReplicas(template, interpreter), metadata: own };
  });
  return hashOf(canonicalJson({ identity, ...policies }));
}

function withoutReplicas(template: KubeObject, interpreter: Interpreter): KubeObject {
  try {
    return interpreter.revise(template, 0);
  } catch (error) {
    if (error instanceof PropagationError) return template;
    throw error;
  }
}

const withoutBookkeeping = (texts: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(texts).filter(([key]) => !BOOKKEEPING.has(key) && !/(^|\.)karmada\.io\//.test(key)),
  );

/** What kubectl was given, with the number of replicas, and who in its clusters says how many there are. */
const BOOKKEEPING = new Set(['kubectl.kubernetes.io/last-applied-configuration', ANNOTATIONS.scaledFor]);

export function newestTemplate(rollout: StagedRollout, snapshot: Snapshot, interpreter: Interpreter): string {
  return stages(rollout, 'Template') ? templateRevision(snapshot, interpreter) : ANY_TEMPLATE;
}

export function newestRevision(
  rollout: StagedRollout,
  snapshot: Snapshot,
  hub: Reader,
  interpreter: Interpreter,
): string {
  const placement = placementPart(rollout, hub);
  const template = newestTemplate(rollout, snapshot, interpreter);
  return placement === null ? template : `${template}-${placement}`;
}
