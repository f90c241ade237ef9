// Kinds that are served in two forms but kept in one: scalers in v1 and v2, events in the core group and in their own.
import { isObject, type KubeObject } from '../../../engine/index.ts';
import { items, read } from './cells.ts';

export interface Conversion {
  readonly collection: string;
  readonly toStored: (object: KubeObject) => KubeObject;
  readonly fromStored: (object: KubeObject) => KubeObject;
}

const METRICS_NOTE = 'autoscaling.alpha.kubernetes.io/metrics';

/** Anybody may write anything into an annotation: what is no list of metrics is none. */
function metricsIn(note: string | undefined): unknown[] {
  if (note === undefined) return [];
  try {
    const found: unknown = JSON.parse(note);
    return Array.isArray(found) ? found.filter(isObject) : [];
  } catch {
    return [];
  }
}

/** v1 knows one CPU target; the other metrics travel in an annotation. */
function scalerToV2(object: KubeObject): KubeObject {
  const spec = isObject(object.spec) ? object.spec : {};
  const { targetCPUUtilizationPercentage: target, ...rest } = spec;
  const { [METRICS_NOTE]: note, ...annotations } = object.metadata.annotations ?? {};
  const others = metricsIn(note);
  const cpu =
    target === undefined
      ? []
      : [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: target } } }];
  const metrics = [...others, ...cpu];
  const status = isObject(object.status) ? object.status : {};
  const { currentCPUUtilizationPercentage: _current, ...kept } = status;
  return {
    ...object,
    apiVersion: 'autoscaling/v2',
    metadata: withAnnotations(object, annotations),
    spec: { ...rest, ...(metrics.length === 0 ? {} : { metrics }) },
    status: { desiredReplicas: 0, currentMetrics: null, ...kept },
  };
}

function scalerToV1(object: KubeObject): KubeObject {
  const spec = isObject(object.spec) ? object.spec : {};
  const { metrics, behavior: _behavior, ...rest } = spec;
  const isCpu = (metric: Record<string, unknown>) =>
    read(metric, 'resource.name') === 'cpu' && read(metric, 'resource.target.averageUtilization') !== undefined;
  const all = items(metrics);
  const cpu = all.find(isCpu);
  const others = all.filter((metric) => metric !== cpu);
  const target = cpu === undefined ? undefined : read(cpu, 'resource.target.averageUtilization');
  const annotations = { ...object.metadata.annotations };
  if (others.length > 0) annotations[METRICS_NOTE] = JSON.stringify(others);
  const { currentMetrics: _metrics, conditions: _conditions, ...status } = isObject(object.status) ? object.status : {};
  return {
    ...object,
    apiVersion: 'autoscaling/v1',
    metadata: withAnnotations(object, annotations),
    spec: { ...rest, ...(target === undefined ? {} : { targetCPUUtilizationPercentage: target }) },
    status: { currentReplicas: 0, desiredReplicas: 0, ...status },
  };
}

function withAnnotations(object: KubeObject, annotations: Record<string, string>): KubeObject['metadata'] {
  const { annotations: _old, ...metadata } = object.metadata;
  return Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations };
}

const EVENT_FIELDS: readonly (readonly [string, string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
];

function renamed(object: KubeObject, apiVersion: string, forward: boolean): KubeObject {
  const result: KubeObject = { ...object, apiVersion };
  for (const [core, own] of EVENT_FIELDS) {
    const [from, to] = forward ? [core, own] : [own, core];
    if (result[from] === undefined) continue;
    result[to] = result[from];
    delete result[from];
  }
  return result;
}

const same = (object: KubeObject): KubeObject => object;

export function conversionOf(group: string, version: string, plural: string): Conversion {
  const collection = `${group}/${plural}`;
  if (group === 'autoscaling' && version === 'v1' && plural === 'horizontalpodautoscalers') {
    return { collection, toStored: scalerToV2, fromStored: scalerToV1 };
  }
  if (group === 'events.k8s.io') {
    return {
      collection: '/events',
      toStored: (object) => renamed(object, 'v1', false),
      fromStored: (object) => renamed(object, 'events.k8s.io/v1', true),
    };
  }
  return { collection, toStored: same, fromStored: same };
}
