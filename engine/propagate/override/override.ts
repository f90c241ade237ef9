// Applies override policies to an object on its way to a cluster, the least specific first: the most specific wins.

import type { Cluster } from '../../api/cluster.ts';
import { compileAffinity } from '../../api/cluster-affinity.ts';
import type { OverridePolicy, OverrideRule, Overriders } from '../../api/override.ts';
import { byKey, byNumber, byText, inOrder } from '../../base/order.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { MATCHES_ALL, MISMATCH, selectorsPriority } from '../resource-selector.ts';
import { overrideCommandArgs } from './command-args.ts';
import { overrideField, type YamlCodec } from './field.ts';
import { overrideImages } from './image.ts';
import { overrideKeys } from './labels-annotations.ts';
import { patchObject } from './patch.ts';

/** One rule that was applied; a policy with two matching rules appears twice. */
export interface AppliedOverride {
  readonly policyName: string;
  readonly overriders: Overriders;
}

export interface OverridePolicies {
  readonly clusterOverridePolicies: readonly OverridePolicy[];
  readonly overridePolicies: readonly OverridePolicy[];
}

export interface Overridden {
  readonly object: KubeObject;
  readonly clusterOverrides: readonly AppliedOverride[];
  readonly namespacedOverrides: readonly AppliedOverride[];
}

/** Cluster policies first, then those of the object's namespace. Throws PropagationError if an overrider does not fit. */
export function applyOverrides(
  object: KubeObject,
  cluster: Cluster,
  { clusterOverridePolicies, overridePolicies }: OverridePolicies,
  yaml: YamlCodec,
): Overridden {
  const clusterOverrides = rulesFor(object, cluster, clusterOverridePolicies);
  const afterCluster = applyAll(object, clusterOverrides, yaml);
  const { namespace } = afterCluster.metadata;
  const inReach = namespace ? overridePolicies.filter((policy) => policy.metadata.namespace === namespace) : [];
  const namespacedOverrides = rulesFor(afterCluster, cluster, inReach);
  return { object: applyAll(afterCluster, namespacedOverrides, yaml), clusterOverrides, namespacedOverrides };
}

const leastSpecificFirst = inOrder<{ readonly policy: OverridePolicy; readonly priority: number }>(
  byKey((match) => match.priority, byNumber),
  byKey((match) => match.policy.metadata.name, byText),
);

function rulesFor(object: KubeObject, cluster: Cluster, policies: readonly OverridePolicy[]): AppliedOverride[] {
  return policies
    .map((policy) => ({ policy, priority: priorityOf(object, policy) }))
    .filter(({ priority }) => priority > MISMATCH)
    .sort(leastSpecificFirst)
    .flatMap(({ policy }) =>
      rulesOf(policy)
        .filter(({ targetCluster }) => !targetCluster || compileAffinity(targetCluster)(cluster) === null)
        .map(({ overriders }) => ({ policyName: policy.metadata.name, overriders: overriders ?? {} })),
    );
}

/** A policy without selectors concerns everything. */
function priorityOf(object: KubeObject, { spec: { resourceSelectors } }: OverridePolicy): number {
  // Of none at all, and not of what is no list.
  const isForAll = resourceSelectors === undefined || resourceSelectors === null || resourceSelectors.length === 0;
  return isForAll ? MATCHES_ALL : selectorsPriority(object, resourceSelectors);
}

function rulesOf({ spec }: OverridePolicy): readonly OverrideRule[] {
  if (spec.overrideRules?.length) return spec.overrideRules;
  return [{ targetCluster: spec.targetCluster, overriders: spec.overriders ?? {} }];
}

const applyAll = (object: KubeObject, overrides: readonly AppliedOverride[], yaml: YamlCodec): KubeObject =>
  overrides.reduce((current, { overriders }) => applyOverriders(current, overriders, yaml), object);

/** One rule's overriders, in the order that Karmada gives them. */
export function applyOverriders(object: KubeObject, overriders: Overriders, yaml: YamlCodec): KubeObject {
  let current = object;
  for (const image of overriders.imageOverrider ?? []) current = overrideImages(current, image);
  for (const command of overriders.commandOverrider ?? []) current = overrideCommandArgs(current, 'command', command);
  for (const args of overriders.argsOverrider ?? []) current = overrideCommandArgs(current, 'args', args);
  for (const labels of overriders.labelsOverrider ?? []) current = overrideKeys(current, 'labels', labels);
  for (const keys of overriders.annotationsOverrider ?? []) current = overrideKeys(current, 'annotations', keys);
  for (const field of overriders.fieldOverrider ?? []) current = overrideField(current, field, yaml);
  const plaintext = (overriders.plaintext ?? []).map(({ operator, path, value }) => ({ op: operator, path, value }));
  return patchObject(current, plaintext, 'plaintext');
}
