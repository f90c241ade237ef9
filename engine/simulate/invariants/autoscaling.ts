// What is scaled over all clusters, against its autoscaler: within its bounds.
import type { FederatedHPA } from '../../api/autoscaling.ts';
import type { ResourceBinding } from '../../api/binding.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { bindingNameOf } from '../../api/names.ts';
import { isObject } from '../../kube/json.ts';
import { isClaimed } from '../../propagate/claim.ts';
import type { World } from '../world.ts';
import type { SettledPorts } from './settled-ports.ts';
import { nameOf, type Violation, violation } from './violation.ts';

/** Of those that a policy has placed somewhere: others are not looked at, and neither is who is at zero. */
export function autoscalingViolations({ hub: { store } }: World, ports: SettledPorts): readonly Violation[] {
  return store.list(COLLECTIONS.federatedHpas).flatMap((object) => {
    const { spec, metadata } = object as unknown as FederatedHPA;
    const { minReplicas = 1, maxReplicas, scaleTargetRef } = spec;
    const namespace = metadata.namespace ?? '';
    const { apiVersion, kind, name } = scaleTargetRef;
    const collection = ports.collectionOf({ apiVersion: apiVersion ?? '', kind });
    const target = collection === null ? null : store.get(collection, namespace, name);
    const found = store.get(COLLECTIONS.bindings, namespace, bindingNameOf(kind, name));
    const binding = found as unknown as ResourceBinding | null;
    const replicas = isObject(target?.spec) ? Number(target.spec.replicas ?? 1) : 0;
    if (replicas === 0 || binding === null || !isClaimed(binding.metadata)) return [];
    // What is suspended may be nowhere yet, and nobody can tell of it.
    if ((binding.spec.clusters ?? []).length === 0 || binding.spec.suspension !== undefined) return [];
    if (replicas >= minReplicas && replicas <= maxReplicas) return [];
    const message = `${kind} ${name} is to have ${replicas} replicas, and not ${minReplicas} to ${maxReplicas}`;
    return [violation('autoscaled-within-bounds', nameOf(object), message)];
  });
}
