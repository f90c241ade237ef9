// The Service of a MultiClusterService: taken from whatever policy had claimed it, bound to the clusters that have it or ask for it, and
// given back when it is over, where it is: what runs goes on, and a policy can take it over.
import type { ResourceBinding } from '../../api/binding.ts';
import { COLLECTIONS } from '../../api/kinds.ts';
import { ANNOTATIONS, LABELS } from '../../api/names.ts';
import { MULTI_CLUSTER_SERVICE, type MultiClusterService } from '../../api/services.ts';
import { merged } from '../../base/merged.ts';
import type { Command } from '../../control/command.ts';
import type { View } from '../../control/controller.ts';
import { deepEqual } from '../../kube/json.ts';
import type { KubeObject, ObjectMeta } from '../../kube/meta.ts';
import { bareBindingFor, renewBinding } from '../../propagate/bind.ts';
import { withoutClaim } from '../../propagate/claim.ts';
import { without } from '../../propagate/fields.ts';
import { bindingAt, bindingKeyFor, objectKeyOf } from '../bindings.ts';
import { createIn, update, updateWish } from '../writes.ts';
import type { ServiceKey } from './service-key.ts';

type Noted = Pick<ObjectMeta, 'labels' | 'annotations'>;

const LABELS_OF_CLAIM = [LABELS.claimedBy, LABELS.bindingManagedBy, LABELS.multiClusterServiceId];
const ANNOTATIONS_OF_CLAIM = [ANNOTATIONS.multiClusterServiceNamespace, ANNOTATIONS.multiClusterServiceName];

const markOf = ({ metadata }: MultiClusterService, claim: string): Noted => ({
  labels: {
    [claim]: MULTI_CLUSTER_SERVICE,
    [LABELS.multiClusterServiceId]: metadata.labels?.[LABELS.multiClusterServiceId] ?? '',
  },
  annotations: {
    [ANNOTATIONS.multiClusterServiceNamespace]: metadata.namespace ?? '',
    [ANNOTATIONS.multiClusterServiceName]: metadata.name,
  },
});

const withMark = <M extends Noted>(metadata: M, { labels, annotations }: Noted): M =>
  merged(metadata, {
    labels: merged(metadata.labels, labels),
    annotations: merged(metadata.annotations, annotations),
  });

/** Differs from Karmada: on the Service no note of it is left, either. */
const withoutMark = <M extends Noted>(metadata: M): M =>
  merged(metadata, {
    labels: without(metadata.labels ?? {}, LABELS_OF_CLAIM),
    annotations: without(metadata.annotations ?? {}, ANNOTATIONS_OF_CLAIM),
  });

/** Of this MultiClusterService, or of an earlier one of its name. */
const isMarked = ({ labels, annotations }: Noted, claim: string, { namespace, name }: ServiceKey): boolean =>
  labels?.[claim] === MULTI_CLUSTER_SERVICE &&
  annotations?.[ANNOTATIONS.multiClusterServiceNamespace] === namespace &&
  annotations?.[ANNOTATIONS.multiClusterServiceName] === name;

export const serviceAt = (view: View, { namespace, name }: ServiceKey): KubeObject | null =>
  view.get(COLLECTIONS.services, namespace, name);

export function claiming(service: KubeObject, found: MultiClusterService): readonly Command[] {
  const metadata = withMark(withoutClaim(service.metadata), markOf(found, LABELS.claimedBy));
  return isAsNoted(service.metadata, metadata) ? [] : [update(COLLECTIONS.services, merged(service, { metadata }))];
}

const isAsNoted = (a: Noted, b: Noted): boolean =>
  deepEqual(a.labels ?? {}, b.labels ?? {}) && deepEqual(a.annotations ?? {}, b.annotations ?? {});

/**
 * Null while the binding is of an earlier Service of its name: it goes with that.
 *
 * Differs from Karmada: a policy that had placed the Service before has no claim on the binding any more, either.
 */
export function binding(
  service: KubeObject,
  found: MultiClusterService,
  clusterNames: readonly string[],
  view: View,
): readonly Command[] | null {
  const key = bindingKeyFor(service);
  const bare = bareBindingFor(service);
  const wanted = merged(bare, {
    metadata: withMark(bare.metadata, markOf(found, LABELS.bindingManagedBy)),
    spec: merged(bare.spec, {
      placement: { clusterAffinity: { clusterNames: [...clusterNames] } },
      conflictResolution: 'Overwrite' as const,
    }),
  });
  const stored = bindingAt(view, key);
  const { collection } = objectKeyOf(key);
  if (stored === null) return [createIn(collection, wanted as unknown as KubeObject)];
  const isOthers = stored.spec.resource.uid !== service.metadata.uid;
  if (isOthers || stored.metadata.deletionTimestamp !== undefined) return null;
  const renewed = renewBinding(stored, wanted);
  return isSame(stored, renewed) ? [] : [updateWish(collection, renewed as unknown as KubeObject)];
}

/** The Service's revision alone is no reason to write. */
function isSame(stored: ResourceBinding, renewed: ResourceBinding): boolean {
  const atNoRevision = ({ spec }: ResourceBinding) =>
    merged(spec, { resource: merged(spec.resource, { resourceVersion: '' }) });
  return (
    isAsNoted(stored.metadata, renewed.metadata) &&
    deepEqual(stored.metadata.finalizers ?? [], renewed.metadata.finalizers ?? []) &&
    deepEqual(atNoRevision(stored), atNoRevision(renewed))
  );
}

/** The binding first: what the Service still says tells what is left to do if everything ends in between. */
export function givingBack(key: ServiceKey, view: View): readonly Command[] {
  const service = serviceAt(view, key);
  if (service === null) return [];
  const bindingKey = bindingKeyFor(service);
  const bound = bindingAt(view, bindingKey);
  const commands: Command[] = [];
  if (bound !== null && isMarked(bound.metadata, LABELS.bindingManagedBy, key)) {
    const freed = merged(bound, { metadata: withoutMark(bound.metadata) });
    commands.push(updateWish(objectKeyOf(bindingKey).collection, freed as unknown as KubeObject));
  }
  if (isMarked(service.metadata, LABELS.claimedBy, key)) {
    commands.push(update(COLLECTIONS.services, merged(service, { metadata: withoutMark(service.metadata) })));
  }
  return commands;
}
