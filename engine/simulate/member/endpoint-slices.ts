// Which pods answer for a Service, as EndpointSlices. Nobody makes them before somebody asks for them: from then on they follow the
// Services and the pods, a moment later.
import { COLLECTIONS } from '../../api/kinds.ts';
import { byNumber } from '../../base/order.ts';
import { deepEqual, isObject } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Millis } from '../../kube/time.ts';
import { SERVICE_NAME, SERVICES_KEEPER, SLICE_KEEPER } from '../../propagate/endpoint-slices.ts';
import type { Change } from '../../store/change.ts';
import { keyOf } from '../../store/key.ts';
import type { SimulatedApi } from '../api.ts';
import type { Clock } from '../clock.ts';
import { isReady, type Pod } from './pod.ts';
import { type Fields, objectIn, specOf, type Workload } from './workload.ts';

const SLICES = COLLECTIONS.endpointSlices;
const SERVICES = COLLECTIONS.services;
/** As real ones are written: so many endpoints in each, so long after what happened first. */
const SLICE_MAX = 100;
const GATHER_MS: Millis = 500;

export interface EndpointSlicesOptions {
  readonly clock: Clock;
  readonly api: SimulatedApi;
  readonly workloads: () => Iterable<Workload>;
  /** Without power nothing is written. */
  readonly isOff: () => boolean;
}

export class EndpointSlices {
  readonly #options: EndpointSlicesOptions;
  /** Services that are to be looked at, by name; null while nobody asks. */
  #due: Map<string, KubeObject> | null = null;
  #isGathering = false;

  constructor(options: EndpointSlicesOptions) {
    this.#options = options;
    options.api.onAsked((collection) => {
      if (collection === SLICES) this.#begin();
    });
  }

  noticeService({ type, object }: Pick<Change, 'type' | 'object'>): void {
    // Slices have an owner to go with.
    if (type !== 'DELETED') this.#look(object);
  }

  noticePod({ workload }: Pod): void {
    if (this.#due === null) return;
    const labels = podLabelsOf(workload);
    for (const service of this.#options.api.store.list(SERVICES, workload.key.namespace)) {
      if (labels === null || selects(service, labels)) this.#look(service);
    }
  }

  /** After a time without power everything is looked at again. */
  resume(): void {
    for (const service of this.#options.api.store.list(SERVICES)) this.#look(service);
  }

  #begin(): void {
    if (this.#due !== null) return;
    this.#due = new Map();
    // Whoever asks finds what would have been there all the time.
    for (const service of this.#options.api.store.list(SERVICES)) this.#write(service);
  }

  #look(service: KubeObject): void {
    if (this.#due === null) return;
    this.#due.set(`${service.metadata.namespace}/${service.metadata.name}`, service);
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#options.clock.after(GATHER_MS, () => this.#writeAll());
  }

  #writeAll(): void {
    this.#isGathering = false;
    const due = this.#due ?? new Map<string, KubeObject>();
    this.#due = new Map();
    for (const { metadata } of due.values()) {
      const service = this.#options.api.store.get(SERVICES, metadata.namespace ?? '', metadata.name);
      if (service !== null) this.#write(service);
    }
  }

  #write(service: KubeObject): void {
    const { api, isOff } = this.#options;
    if (isOff() || selectorOf(service) === null) return;
    const { namespace = '', name } = service.metadata;
    const known = api.store.list(SLICES, namespace).filter(({ metadata }) => isOf(metadata, name));
    const pods = this.#podsOf(service);
    const parts = Math.max(1, Math.ceil(pods.length / SLICE_MAX));
    for (let part = 0; part < parts; part += 1) {
      const endpoints = pods.slice(part * SLICE_MAX, (part + 1) * SLICE_MAX).map(endpointOf);
      const there = known[part];
      if (there === undefined) api.create(SLICES, newSlice(service, endpoints));
      else if (!deepEqual(there.endpoints, endpoints) || !deepEqual(there.ports, portsOf(service))) {
        const content = { endpoints, ports: portsOf(service) };
        api.writer.patch(keyOf(SLICES, there), (slice) => ({ ...slice, ...content }));
      }
    }
    for (const spare of known.slice(parts)) api.writer.delete(keyOf(SLICES, spare), api.now);
  }

  #podsOf(service: KubeObject): readonly Pod[] {
    const found: Pod[] = [];
    for (const workload of this.#options.workloads()) {
      const labels = podLabelsOf(workload);
      if (workload.key.namespace !== service.metadata.namespace || labels === null || !selects(service, labels))
        continue;
      for (const pod of workload.pods) if (isReady(pod)) found.push(pod);
    }
    return found.sort((a, b) => byNumber(a.number, b.number));
  }
}

function selectorOf(service: KubeObject): Fields | null {
  const { selector, type } = specOf(service);
  return isObject(selector) && Object.keys(selector).length > 0 && type !== 'ExternalName' ? selector : null;
}

/** Null once the workload has been deleted: whatever its pods were called. */
function podLabelsOf({ kind, object }: Workload): Fields | null {
  if (object === null) return null;
  return kind === 'Pod'
    ? (object.metadata.labels ?? {})
    : objectIn(objectIn(objectIn(specOf(object), 'template'), 'metadata'), 'labels');
}

function selects(service: KubeObject, labels: Fields): boolean {
  const selector = selectorOf(service);
  return selector !== null && Object.keys(selector).every((key) => labels[key] === selector[key]);
}

const isOf = ({ labels }: KubeObject['metadata'], service: string): boolean =>
  labels?.[SERVICE_NAME] === service && labels[SLICE_KEEPER] === SERVICES_KEEPER;

function newSlice(service: KubeObject, endpoints: readonly Fields[]): KubeObject {
  const { namespace = '', name, uid = '' } = service.metadata;
  const owner = { apiVersion: 'v1', kind: 'Service', name, uid, controller: true, blockOwnerDeletion: true };
  const metadata = {
    generateName: `${name}-`,
    namespace,
    labels: { ...service.metadata.labels, [SLICE_KEEPER]: SERVICES_KEEPER, [SERVICE_NAME]: name },
    ownerReferences: [owner],
  } as Partial<KubeObject['metadata']> as KubeObject['metadata'];
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata,
    addressType: 'IPv4',
    endpoints,
    ports: portsOf(service),
  };
}

/** Every pod has an address of its own in its cluster, as pods have. */
const addressOf = ({ number }: Pod): string => `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;

const endpointOf = (pod: Pod): Fields => ({
  addresses: [addressOf(pod)],
  conditions: { ready: true, serving: true, terminating: false },
  nodeName: pod.node?.name,
});

function portsOf(service: KubeObject): readonly Fields[] {
  const { ports } = specOf(service);
  return (Array.isArray(ports) ? ports : [])
    .filter(isObject)
    .map(({ name = '', port, targetPort, protocol = 'TCP' }) => ({
      name,
      port: typeof targetPort === 'number' ? targetPort : port,
      protocol,
    }));
}
