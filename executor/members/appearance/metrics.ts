// What a metrics server would have measured on nodes and in pods. It is made up when somebody asks: part of what a pod has
// requested, another part every fifteen seconds, and the same for everybody who asks in the meantime.
import { createHash } from 'node:crypto';
import {
  type Fields,
  formatTime,
  isObject,
  type KubeObject,
  type Millis,
  objectIn,
  parseQuantity,
  specOf,
} from '../../../engine/index.ts';
import type { ComputedResource } from '../../apiserver/computed.ts';
import { itemsOf } from './pod-status.ts';

export interface MetricsSources {
  readonly now: () => Millis;
  readonly list: (collection: '/nodes' | '/pods', namespace: string | null) => readonly KubeObject[];
}

const WINDOW_MS: Millis = 15_000;
const MEBI = 1024 ** 2;
const KIBI = 1024;
/** Of what asks for nothing, and of a node beside its pods. */
const MODEST = { cpuMilli: 10, bytes: 32 * MEBI };
const SYSTEM = { cpuMilli: 200, bytes: 600 * MEBI };
/** In thousandths of what is requested. */
const LEAST = 300;
const SPREAD = 500;

interface Usage {
  readonly cpuMilli: number;
  readonly bytes: number;
}

export function metricsApi(sources: MetricsSources): readonly ComputedResource[] {
  return [
    { definition: definitionOf('nodes', 'NodeMetrics', 'Cluster'), read: () => nodeMetrics(sources) },
    {
      definition: definitionOf('pods', 'PodMetrics', 'Namespaced'),
      read: (namespace) => podMetrics(sources, namespace),
    },
  ];
}

function podMetrics(sources: MetricsSources, namespace: string | null): readonly KubeObject[] {
  const window = Math.floor(sources.now() / WINDOW_MS);
  return sources
    .list('/pods', namespace)
    .filter(isRunning)
    .map((pod) => ({
      ...head('PodMetrics', pod, window),
      containers: itemsOf(specOf(pod).containers).map((container) => ({
        name: container.name,
        usage: told(usageOf(container, pod, window)),
      })),
    }));
}

function nodeMetrics(sources: MetricsSources): readonly KubeObject[] {
  const window = Math.floor(sources.now() / WINDOW_MS);
  const byNode = new Map<unknown, Usage>();
  for (const pod of sources.list('/pods', null)) {
    if (!isRunning(pod)) continue;
    const { nodeName, containers } = specOf(pod);
    for (const container of itemsOf(containers)) {
      byNode.set(nodeName, sum(byNode.get(nodeName) ?? SYSTEM, usageOf(container, pod, window)));
    }
  }
  return sources
    .list('/nodes', null)
    .filter(isReady)
    .map((node) => ({
      ...head('NodeMetrics', node, window),
      usage: told(byNode.get(node.metadata.name) ?? SYSTEM),
    }));
}

function head(kind: string, { metadata }: KubeObject, window: number): KubeObject {
  const { name, namespace, labels } = metadata;
  const timestamp = formatTime(window * WINDOW_MS);
  return {
    apiVersion: 'metrics.k8s.io/v1beta1',
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(labels && { labels }),
      creationTimestamp: timestamp,
    },
    timestamp,
    window: `${WINDOW_MS / 1000}s`,
  };
}

function usageOf(container: Fields, { metadata }: KubeObject, window: number): Usage {
  const requests = objectIn(objectIn(container, 'resources'), 'requests');
  const digest = createHash('sha256')
    .update(`${metadata.uid}/${String(container.name)}/${window}`)
    .digest();
  const part = (at: number) => (LEAST + (digest.readUInt32BE(at) % SPREAD)) / 1000;
  return {
    cpuMilli: Math.ceil((milliOf(requests.cpu) || MODEST.cpuMilli) * part(0)),
    bytes: Math.ceil((milliOf(requests.memory) / 1000 || MODEST.bytes) * part(4)),
  };
}

const sum = (a: Usage, b: Usage): Usage => ({ cpuMilli: a.cpuMilli + b.cpuMilli, bytes: a.bytes + b.bytes });

const told = ({ cpuMilli, bytes }: Usage): Fields => ({ cpu: `${cpuMilli}m`, memory: `${Math.ceil(bytes / KIBI)}Ki` });

function milliOf(value: unknown): number {
  const quantity = typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : null;
  return quantity === null ? 0 : Number(quantity.nano / 1_000_000n);
}

const isRunning = ({ status }: KubeObject): boolean => isObject(status) && status.phase === 'Running';

const isReady = ({ status }: KubeObject): boolean =>
  itemsOf(isObject(status) ? status.conditions : []).some((one) => one.type === 'Ready' && one.status === 'True');

function definitionOf(plural: string, kind: string, scope: 'Cluster' | 'Namespaced'): KubeObject {
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.metrics.k8s.io` },
    spec: {
      group: 'metrics.k8s.io',
      names: { plural, kind, singular: '' },
      scope,
      versions: [{ name: 'v1beta1', served: true, storage: true, schema: { openAPIV3Schema: open } }],
    },
  };
}
