// Which pods answer for a Service, as EndpointSlices, and as Endpoints for those who still read them. Changes of a Service's pods
// are gathered for a moment and written together.
import {
  type Change,
  type Clock,
  type Fields,
  isObject,
  type KubeObject,
  type Millis,
  specOf,
} from '../../../engine/index.ts';
import { itemsOf } from './pod-status.ts';
import { ownedBy } from './replica-sets.ts';
import type { ShownObjects } from './shown-objects.ts';

const SLICES = 'discovery.k8s.io/endpointslices';
const ENDPOINTS = '/endpoints';
const GATHER_MS: Millis = 500;
/** As many as real controllers put into one. */
const SLICE_MAX = 100;

interface Served {
  readonly service: KubeObject;
  readonly selector: Readonly<Record<string, string>>;
  /** Of all that its selector finds, by name. */
  readonly pods: Map<string, KubeObject>;
  slices: readonly { readonly name: string; readonly uid: string }[];
  isDue: boolean;
}

interface Backend {
  readonly pod: KubeObject;
  readonly ip: string;
  readonly nodeName: unknown;
  readonly isServing: boolean;
  readonly isEnding: boolean;
}

export class Endpoints {
  readonly #clock: Clock;
  readonly #objects: ShownObjects;
  /** By namespace, then by name. */
  readonly #services = new Map<string, Map<string, Served>>();
  /** Services by one label that their selectors ask for, so that a pod need not be held against all of them. */
  readonly #byLabel = new Map<string, Set<Served>>();

  constructor(clock: Clock, objects: ShownObjects) {
    this.#clock = clock;
    this.#objects = objects;
  }

  noticeService({ type, object, previous }: Pick<Change, 'type' | 'object' | 'previous'>): void {
    const { namespace = '', name } = object.metadata;
    const known = this.#services.get(namespace)?.get(name);
    if (type === 'DELETED') {
      if (known !== undefined) this.#drop(known);
      // Slices have an owner to go with; these have none.
      const left = this.#objects.get({ collection: ENDPOINTS, namespace, name });
      if (known !== undefined && left !== null) this.#objects.remove(left, ENDPOINTS);
      return;
    }
    if (known !== undefined && object.spec === previous?.spec) return;
    if (known !== undefined) this.#drop(known);
    const { selector, type: sort } = specOf(object);
    if (!isObject(selector) || Object.keys(selector).length === 0 || sort === 'ExternalName') return;
    const served: Served = {
      service: object,
      selector: selector as Record<string, string>,
      pods: new Map(),
      slices: known?.slices ?? [],
      isDue: false,
    };
    this.#add(namespace, name, served);
    for (const pod of this.#objects.list('/pods', namespace)) {
      if (isSelected(pod, served)) served.pods.set(pod.metadata.name, pod);
    }
    this.#due(served);
  }

  noticePod({ type, object, previous }: Pick<Change, 'type' | 'object' | 'previous'>): void {
    const { name } = object.metadata;
    const candidates = this.#candidates(object);
    if (previous !== null && previous.metadata.labels !== object.metadata.labels) {
      for (const served of this.#candidates(previous)) candidates.add(served);
    }
    for (const served of candidates) {
      const isIn = type !== 'DELETED' && isSelected(object, served);
      if (!isIn && !served.pods.has(name)) continue;
      if (isIn) served.pods.set(name, object);
      else served.pods.delete(name);
      this.#due(served);
    }
  }

  #add(namespace: string, name: string, served: Served): void {
    const own = this.#services.get(namespace) ?? new Map<string, Served>();
    this.#services.set(namespace, own);
    own.set(name, served);
    const label = labelOf(namespace, Object.entries(served.selector)[0]!);
    const same = this.#byLabel.get(label) ?? new Set<Served>();
    this.#byLabel.set(label, same);
    same.add(served);
  }

  #drop(served: Served): void {
    const { namespace = '', name } = served.service.metadata;
    this.#services.get(namespace)?.delete(name);
    const label = labelOf(namespace, Object.entries(served.selector)[0]!);
    const same = this.#byLabel.get(label);
    same?.delete(served);
    if (same?.size === 0) this.#byLabel.delete(label);
    served.isDue = true;
  }

  #candidates({ metadata: { namespace = '', labels = {} } }: KubeObject): Set<Served> {
    const found = new Set<Served>();
    if (this.#byLabel.size === 0) return found;
    for (const label of Object.entries(labels)) {
      for (const served of this.#byLabel.get(labelOf(namespace, label)) ?? []) found.add(served);
    }
    return found;
  }

  #due(served: Served): void {
    if (served.isDue) return;
    served.isDue = true;
    this.#clock.after(GATHER_MS, () => {
      const { namespace = '', name } = served.service.metadata;
      if (this.#services.get(namespace)?.get(name) !== served) return;
      served.isDue = false;
      this.#write(served);
    });
  }

  #write(served: Served): void {
    const all = [...served.pods.values()].flatMap((pod) => backendOf(pod) ?? []);
    all.sort((a, b) => (a.pod.metadata.name < b.pod.metadata.name ? -1 : 1));
    this.#writeSlices(served, all);
    this.#writeEndpoints(served, all);
  }

  #writeSlices(served: Served, all: readonly Backend[]): void {
    const { service, slices } = served;
    const { namespace = '' } = service.metadata;
    const isOpen = specOf(service).publishNotReadyAddresses === true;
    const kept: { name: string; uid: string }[] = [];
    for (let from = 0; from === 0 || from < all.length; from += SLICE_MAX) {
      const part = all.slice(from, from + SLICE_MAX);
      const content = { endpoints: part.map((one) => endpointOf(one, isOpen)), ports: portsOf(service, part[0]?.pod) };
      const known = slices[kept.length];
      const renewed =
        known === undefined
          ? null
          : this.#objects.renew({ collection: SLICES, namespace, name: known.name }, known.uid, (slice) => ({
              ...slice,
              ...content,
            }));
      const slice = renewed ?? this.#objects.make(SLICES, this.#newSlice(service, content));
      if (slice !== null) kept.push({ name: slice.metadata.name, uid: slice.metadata.uid ?? '' });
    }
    for (const { name: spare } of slices.slice(kept.length)) {
      const object = this.#objects.get({ collection: SLICES, namespace, name: spare });
      if (object !== null) this.#objects.remove(object, SLICES);
    }
    served.slices = kept;
  }

  #newSlice(service: KubeObject, content: Fields): KubeObject {
    const { namespace = '', name, labels } = service.metadata;
    return {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: this.#objects.freeName(SLICES, namespace, `${name}-`),
        generateName: `${name}-`,
        namespace,
        generation: 1,
        labels: {
          ...labels,
          'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
          'kubernetes.io/service-name': name,
        },
        ownerReferences: [ownedBy(service)],
      },
      addressType: 'IPv4',
      ...content,
    };
  }

  #writeEndpoints({ service }: Served, all: readonly Backend[]): void {
    const { namespace = '', name, labels } = service.metadata;
    const key = { collection: ENDPOINTS, namespace, name };
    const isOpen = specOf(service).publishNotReadyAddresses === true;
    const ready = all.filter(({ isServing, isEnding }) => isOpen || (isServing && !isEnding)).map(addressOf);
    const others = all.filter(({ isServing, isEnding }) => !isOpen && !isServing && !isEnding).map(addressOf);
    const ports = portsOf(service, all[0]?.pod);
    const subset = {
      ...(ready.length > 0 && { addresses: ready }),
      ...(others.length > 0 && { notReadyAddresses: others }),
      ...(ports.length > 0 && { ports }),
    };
    const subsets = ready.length + others.length === 0 ? [] : [subset];
    const there = this.#objects.get(key);
    if (there !== null) {
      this.#objects.renew(key, there.metadata.uid ?? '', (object) => ({ ...object, subsets }));
      return;
    }
    const own = { ...labels, 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' };
    this.#objects.make(ENDPOINTS, {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name, namespace, labels: own },
      subsets,
    });
  }
}

const labelOf = (namespace: string, [key, value]: readonly [string, string]): string => `${namespace}/${key}=${value}`;

const isSelected = ({ metadata: { labels = {} } }: KubeObject, { selector }: Served): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

/** Null for pods that have no address yet, or are done. */
function backendOf(pod: KubeObject): Backend | null {
  const status = isObject(pod.status) ? pod.status : {};
  const { podIP, phase } = status;
  if (typeof podIP !== 'string' || phase === 'Succeeded' || phase === 'Failed') return null;
  const isServing = itemsOf(status.conditions).some((one) => one.type === 'Ready' && one.status === 'True');
  const isEnding = pod.metadata.deletionTimestamp !== undefined;
  return { pod, ip: podIP, nodeName: specOf(pod).nodeName, isServing, isEnding };
}

const targetOf = ({ metadata }: KubeObject): Fields => ({
  kind: 'Pod',
  name: metadata.name,
  namespace: metadata.namespace,
  uid: metadata.uid,
});

const endpointOf = ({ pod, ip, nodeName, isServing, isEnding }: Backend, isOpen: boolean): Fields => ({
  addresses: [ip],
  conditions: { ready: isOpen || (isServing && !isEnding), serving: isServing, terminating: isEnding },
  nodeName,
  targetRef: targetOf(pod),
});

const addressOf = ({ pod, ip, nodeName }: Backend): Fields => ({ ip, nodeName, targetRef: targetOf(pod) });

/** Target ports by name are as the pod has them. */
function portsOf(service: KubeObject, pod: KubeObject | undefined): readonly Fields[] {
  return itemsOf(specOf(service).ports).flatMap(({ name, port, targetPort, protocol, appProtocol }) => {
    const number = typeof targetPort === 'string' ? namedPort(pod, targetPort) : (targetPort ?? port);
    if (typeof number !== 'number') return [];
    return [
      {
        name: name ?? '',
        port: number,
        protocol: protocol ?? 'TCP',
        ...(appProtocol !== undefined && { appProtocol }),
      },
    ];
  });
}

function namedPort(pod: KubeObject | undefined, wanted: string): unknown {
  const containers = pod === undefined ? [] : itemsOf(specOf(pod).containers);
  const ports = containers.flatMap((container) => itemsOf(container.ports));
  return ports.find(({ name }) => name === wanted)?.containerPort;
}
