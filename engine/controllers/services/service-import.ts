// ServiceImport -> derived Service: what other clusters offer is a Service of the hub, which goes to whom the import goes.
import { COLLECTIONS } from '../../api/kinds.ts';
import { derivedFrom, derivedServiceNameOf } from '../../api/names.ts';
import type { ServiceImport, ServiceImportPort } from '../../api/services.ts';
import { merged } from '../../base/merged.ts';
import type { Command } from '../../control/command.ts';
import { type Controller, type EventRecord, NOTHING_TO_DO, type Outcome, type View } from '../../control/controller.ts';
import { deepEqual, isObject } from '../../kube/json.ts';
import type { KubeObject, OwnerReference } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import type { Change } from '../../store/change.ts';
import { isReport, isWish } from '../changes.ts';
import { onceMore } from '../once-more.ts';
import { asSeen, createIn, event, update, updateStatus } from '../writes.ts';
import { serviceKeyOf, serviceText, textOfObject } from './service-key.ts';

const KIND = 'ServiceImport';
const API_VERSION = 'multicluster.x-k8s.io/v1alpha1';

export const serviceImport: Controller = {
  name: 'service-import',
  watches: [
    {
      on: 'hub',
      collection: COLLECTIONS.serviceImports,
      isOptional: true,
      keysOf: (change) => (change.type !== 'DELETED' && isWish(change) ? [textOfObject(change.object)] : []),
    },
    { on: 'hub', collection: COLLECTIONS.services, keysOf: ofDerived },
  ],
  reconcile: (key, view, now) => {
    const { namespace, name } = serviceKeyOf(key);
    const found = view.get(COLLECTIONS.serviceImports, namespace, name);
    // With an import goes what it owns.
    if (found === null || found.metadata.deletionTimestamp !== undefined) return { ...NOTHING_TO_DO, remember: null };
    const { spec } = found as unknown as ServiceImport;
    return spec?.type === 'ClusterSetIP' ? derive(found, spec.ports, spec.ips ?? [], view, now) : NOTHING_TO_DO;
  },
};

/** One that is gone while its import is there is made again, and one that somebody changed is put right. */
function ofDerived(change: Change): readonly string[] {
  const { namespace = '', name } = change.object.metadata;
  const service = derivedFrom(name);
  return service === null || !(isWish(change) || isReport(change)) ? [] : [serviceText({ namespace, name: service })];
}

function derive(
  found: KubeObject,
  ports: readonly ServiceImportPort[],
  ips: readonly string[],
  view: View,
  now: Millis,
): Outcome {
  const { namespace = '', name } = found.metadata;
  const there = view.get(COLLECTIONS.services, namespace, derivedServiceNameOf(name));
  if (there?.metadata.deletionTimestamp !== undefined) return NOTHING_TO_DO;
  if (there === null) return make(derivedService(found, ports), found, view, now);
  const next = renewed(there, found, ports);
  if (next !== there) return did([update(COLLECTIONS.services, next)], found);
  // The address is told as that of a load balancer: a Service has no other place for addresses that others give it.
  if (deepEqual(addressesOf(there), ips)) return NOTHING_TO_DO;
  const status = { loadBalancer: ips.length === 0 ? {} : { ingress: ips.map((ip) => ({ ip })) } };
  return did([updateStatus(COLLECTIONS.services, { ...there, status })], found);
}

/** One that is lost may have gone because its import has, which is heard of later. */
function make(service: KubeObject, found: KubeObject, view: View, now: Millis): Outcome {
  const { waitMs, remember } = onceMore(view, now);
  if (waitMs > 0) return { commands: [], requeue: { afterMs: waitMs }, events: [] };
  const before = isObject(view.remembered) ? [asSeen(COLLECTIONS.serviceImports, found)] : [];
  const outcome = did([...before, createIn(COLLECTIONS.services, service)], found);
  return remember === undefined ? outcome : { ...outcome, remember };
}

/** What comes of it wakes it: there may be a next step. */
const did = (commands: readonly Command[], found: KubeObject): Outcome => ({
  commands,
  requeue: 'await-change',
  events: [told(found)],
});

function told({ metadata: { namespace = '', name } }: KubeObject): EventRecord {
  const key = { collection: COLLECTIONS.serviceImports, namespace, name };
  const message = `the Service ${derivedServiceNameOf(name)} is as it asks for`;
  return event('Normal', KIND, key, 'SyncDerivedServiceSucceed', message);
}

/** Differs from Karmada: the import owns it, so that it goes with the import even if nobody hears of that. */
const ownerOf = ({ metadata: { name, uid = '' } }: KubeObject): OwnerReference => ({
  apiVersion: API_VERSION,
  kind: KIND,
  name,
  uid,
  controller: true,
  blockOwnerDeletion: true,
});

const derivedService = (found: KubeObject, ports: readonly ServiceImportPort[]): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: derivedServiceNameOf(found.metadata.name),
    namespace: found.metadata.namespace ?? '',
    ownerReferences: [ownerOf(found)],
  },
  spec: { type: 'ClusterIP', ports: ports.map(portOf) },
});

/** What a port says, as a server completes it. */
const portOf = ({ name = '', protocol = 'TCP', port, appProtocol }: ServiceImportPort): ServiceImportPort => ({
  ...(name !== '' && { name }),
  protocol,
  port,
  ...(appProtocol !== undefined && { appProtocol }),
});

/** The same where it is as it should be; what the server, or policies, have added to it stays. */
function renewed(there: KubeObject, found: KubeObject, wanted: readonly ServiceImportPort[]): KubeObject {
  const spec = isObject(there.spec) ? there.spec : {};
  const ports = (Array.isArray(spec.ports) ? spec.ports : []) as readonly ServiceImportPort[];
  const owner = ownerOf(found);
  const owners = there.metadata.ownerReferences ?? [];
  const isOwned = owners.some(({ uid }) => uid === owner.uid);
  const isSame = spec.type === 'ClusterIP' && deepEqual(ports.map(portOf), wanted.map(portOf));
  if (isOwned && isSame) return there;
  return {
    ...there,
    metadata: isOwned
      ? there.metadata
      : merged(there.metadata, { ownerReferences: [...owners.filter(({ controller }) => !controller), owner] }),
    spec: isSame ? spec : { ...spec, type: 'ClusterIP', ports: wanted.map(portOf) },
  };
}

function addressesOf({ status }: KubeObject): readonly unknown[] {
  const loadBalancer = isObject(status) && isObject(status.loadBalancer) ? status.loadBalancer : {};
  const { ingress } = loadBalancer;
  return Array.isArray(ingress) ? ingress.map((one) => (isObject(one) ? one.ip : undefined)) : [];
}
