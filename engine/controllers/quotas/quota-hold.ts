// A template that asks for other amounts than its binding knows is not rendered in a namespace with quotas: it is the binding that is
// held against them, and it may be refused. In Karmada nothing is rendered by what its binding does not know.
import { useOf } from '../../api/admission/quota-use.ts';
import type { ResourceBinding, ResourceBindingSpec } from '../../api/binding.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import type { View } from '../../control/controller.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { compareQuantity } from '../../kube/quantity.ts';
import type { Gates } from '../../profile/gates.ts';
import { needsOf } from '../../propagate/bind.ts';
import { isClaimed } from '../../propagate/claim.ts';
import { PropagationError } from '../../propagate/errors.ts';
import type { Interpreter } from '../../propagate/interpret/interpreter.ts';

export function isHeldByQuota(
  { metadata, spec }: ResourceBinding,
  template: KubeObject,
  interpreter: Interpreter,
  gates: Gates,
  view: View,
): boolean {
  // Nobody brings the binding up to date of what no policy claims.
  if (!gates.FederatedQuotaEnforcement || !metadata.namespace || !isClaimed(metadata)) return false;
  if (spec.resource.resourceVersion === template.metadata.resourceVersion) return false;
  if (view.list(COLLECTIONS.quotas, metadata.namespace).length === 0) return false;
  try {
    const needs = needsOf(template, interpreter, { components: gates.MultiplePodTemplatesScheduling });
    return usesMore({ ...needs, clusters: spec.clusters ?? [] }, spec);
  } catch (error) {
    if (error instanceof PropagationError) return false;
    throw error;
  }
}

type Needs = Pick<ResourceBindingSpec, 'clusters' | 'components' | 'replicaRequirements'>;

function usesMore(wanted: Needs, known: Needs): boolean {
  const before = useOf(known);
  return [...useOf(wanted)].some(([resource, all]) => {
    const there = before.get(resource);
    return there === undefined || compareQuantity(all, there) > 0;
  });
}
