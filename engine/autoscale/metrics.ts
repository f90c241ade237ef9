// What each metric of an autoscaler asks for, and what they ask for together: the most. Fewer are asked for only where every metric
// is known.
import type {
  ContainerResourceMetric,
  MetricIdentifier,
  MetricSpec,
  MetricStatus,
  MetricValue,
  ObjectMetric,
  PodsMetric,
  ResourceMetric,
} from '../api/autoscaling.ts';
import { formatQuantity, parseQuantity, quantityMilli } from '../kube/quantity.ts';
import type { Millis } from '../kube/time.ts';
import { type Count, countByPods, countByShare, countByValue, type Goal, type Scale } from './count.ts';
import type { LoadWish, PodLoad, WorkloadLoad } from './load.ts';
import { type Sample, sortPods } from './sorted-pods.ts';
import type { Tuning } from './tuning.ts';

export interface Proposal {
  readonly ok: true;
  readonly replicas: number;
  /** What asked for so many. */
  readonly by: string;
  readonly status: MetricStatus;
}

export interface NoProposal {
  readonly ok: false;
  readonly reason: string;
  readonly message: string;
}

export interface Proposals {
  /** Null where nothing can be said, or only what would take away what an unknown metric may need. */
  readonly best: Pick<Proposal, 'replicas' | 'by'> | null;
  readonly statuses: readonly MetricStatus[];
  /** The first metric of which nothing is known. */
  readonly failed: NoProposal | null;
}

export interface Measured {
  readonly load: WorkloadLoad;
  readonly scale: Scale;
  readonly now: Millis;
  readonly tuning: Tuning;
}

export function proposalsOf(metrics: readonly MetricSpec[], measured: Measured): Proposals {
  const all = metrics.map((metric) => proposalOf(metric, metrics, measured));
  const good = all.filter((one) => one.ok);
  const failed = all.find((one) => !one.ok) ?? null;
  // Of equals the first.
  const best = good.reduce<Proposal | null>(
    (most, one) => (most === null || one.replicas > most.replicas ? one : most),
    null,
  );
  const isShort = failed !== null && (best === null || best.replicas < measured.scale.current);
  return { best: isShort ? null : best, statuses: good.map(({ status }) => status), failed };
}

/** What clusters are to be asked for. */
export function wishOf(metrics: readonly MetricSpec[]): LoadWish {
  const resources = metrics.flatMap(
    ({ resource, containerResource }) => resource?.name ?? containerResource?.name ?? [],
  );
  return {
    resources: [...new Set(resources)],
    pods: podMetricsIn(metrics).map(({ metric }) => metric),
    objects: objectMetricsIn(metrics).map(({ describedObject, metric }) => ({ object: describedObject, metric })),
  };
}

const podMetricsIn = (metrics: readonly MetricSpec[]): readonly PodsMetric[] =>
  metrics.flatMap(({ pods }) => pods ?? []);
const objectMetricsIn = (metrics: readonly MetricSpec[]): readonly ObjectMetric[] =>
  metrics.flatMap(({ object }) => object ?? []);

function proposalOf(spec: MetricSpec, all: readonly MetricSpec[], measured: Measured): Proposal | NoProposal {
  const { type, resource, containerResource, pods, object } = spec;
  switch (type) {
    case 'Resource':
      if (resource !== undefined) return byResource(resource, measured);
      break;
    case 'ContainerResource':
      if (containerResource !== undefined) return byContainer(containerResource, measured);
      break;
    case 'Pods':
      if (pods !== undefined) return byPods(pods, podMetricsIn(all).indexOf(pods), measured);
      break;
    case 'Object':
      if (object !== undefined) return byObject(object, objectMetricsIn(all).indexOf(object), measured);
      break;
    default:
  }
  return { ok: false, reason: 'InvalidMetricSourceType', message: `there is no way to measure what is called ${type}` };
}

function byResource(metric: ResourceMetric, measured: Measured): Proposal | NoProposal {
  const found = countOfResource(metric, null, measured);
  if (typeof found === 'string') return { ok: false, reason: 'FailedGetResourceMetric', message: found };
  const { name } = metric;
  const current = readingOf(found);
  const status = { type: 'Resource', resource: { name, current } };
  return { ok: true, replicas: found.replicas, by: `${name} resource${inPercent(found)}`, status };
}

function byContainer(metric: ContainerResourceMetric, measured: Measured): Proposal | NoProposal {
  const { name, container } = metric;
  const found = countOfResource(metric, container, measured);
  if (typeof found === 'string') return { ok: false, reason: 'FailedGetContainerResourceMetric', message: found };
  const status = { type: 'ContainerResource', containerResource: { name, container, current: readingOf(found) } };
  return { ok: true, replicas: found.replicas, by: `${name} container resource${inPercent(found)}`, status };
}

const inPercent = ({ percent }: Count): string => (percent === null ? '' : ' utilization (percentage of request)');

const readingOf = ({ average, percent }: Count): MetricValue => ({
  ...(percent !== null && { averageUtilization: percent }),
  averageValue: amountText(average),
});

const amountText = (milli: number): string => formatQuantity({ nano: BigInt(milli) * 1_000_000n, format: 'DecimalSI' });

/** A text says why there is none. */
function countOfResource(
  { name, target }: ResourceMetric,
  container: string | null,
  { load, scale, now, tuning }: Measured,
): Count | string {
  const pods = load.pods ?? [];
  if (pods.length === 0) return NO_PODS;
  const samples: Sample[] = [];
  for (const pod of pods) {
    const value = usageOf(pod, name, container);
    if (typeof value === 'string') return value;
    samples.push({ pod, value });
  }
  if (samples.every(({ value }) => value === null)) return `no cluster has measured the ${name} of any pod`;
  const amount = milliOf(target.averageValue);
  const goal = amount !== null ? { amount } : shareOf(target.averageUtilization, pods, name, container);
  if (typeof goal === 'string') return goal;
  return countByPods(sortPods(samples, name === 'cpu', now, tuning), goal, scale) ?? NONE_READY;
}

const NO_PODS = 'there are no pods';
const NONE_READY = 'nothing has been measured of pods that are ready';

function shareOf(
  percent: number | undefined,
  pods: readonly PodLoad[],
  resource: string,
  container: string | null,
): Goal | string {
  if (percent === undefined || percent < 1) return 'the target is neither an average utilization nor an average value';
  const requests = new Map<PodLoad, number>();
  for (const pod of pods) {
    let sum = 0;
    for (const one of pod.containers) {
      if (container !== null && one.name !== container) continue;
      const request = one.requests[resource];
      if (request === undefined) return `container ${one.name} of pod ${pod.name} requests no ${resource}`;
      sum += request;
    }
    requests.set(pod, sum);
  }
  return { percent, requestOf: ({ pod }) => requests.get(pod) ?? 0 };
}

/** Null where it has not been measured; a text where it never will be. */
function usageOf({ name, usage }: PodLoad, resource: string, container: string | null): number | string | null {
  if (usage === undefined) return null;
  const measured = usage.containers.filter((one) => container === null || one.name === container);
  if (container !== null && measured.length === 0) return `there is no container ${container} in pod ${name}`;
  let sum = 0;
  for (const one of measured) {
    const amount = one.usage[resource];
    if (amount === undefined) return null;
    sum += amount;
  }
  return sum;
}

function byPods({ metric, target }: PodsMetric, at: number, measured: Measured): Proposal | NoProposal {
  const { load, scale, now, tuning } = measured;
  const failed = (message: string): NoProposal => ({ ok: false, reason: 'FailedGetPodsMetric', message });
  const amount = milliOf(target.averageValue);
  if (amount === null) return failed('the target has no average value');
  const pods = load.pods ?? [];
  if (pods.length === 0) return failed(NO_PODS);
  const samples = pods.map((pod): Sample => ({ pod, value: pod.metrics?.[at] ?? null }));
  if (samples.every(({ value }) => value === null)) return failed(unmeasured(metric));
  const found = countByPods(sortPods(samples, false, now, tuning), { amount }, scale);
  if (found === null) return failed(NONE_READY);
  const status = { type: 'Pods', pods: { metric, current: { averageValue: amountText(found.average) } } };
  return { ok: true, replicas: found.replicas, by: `pods metric ${metric.name}`, status };
}

function byObject(spec: ObjectMetric, at: number, { load, scale }: Measured): Proposal | NoProposal {
  const { describedObject, metric, target } = spec;
  const failed = (message: string): NoProposal => ({ ok: false, reason: 'FailedGetObjectMetric', message });
  const value = load.objects[at] ?? null;
  if (value === null) return failed(`${unmeasured(metric)} of ${describedObject.kind} ${describedObject.name}`);
  const by = `${describedObject.kind} metric ${metric.name}`;
  const told = (replicas: number, current: MetricValue): Proposal => {
    const status = { type: 'Object', object: { describedObject, metric, current } };
    return { ok: true, replicas, by, status };
  };
  const whole = milliOf(target.value);
  const share = milliOf(target.averageValue);
  if (target.type === 'Value' && whole !== null) {
    const pods = load.pods ?? [];
    if (pods.length === 0) return failed(NO_PODS);
    const ready = pods.filter(({ phase, ready: is }) => phase === 'Running' && is?.status === 'True').length;
    return told(countByValue(value, whole, ready, scale), { value: amountText(value) });
  }
  if (target.type === 'AverageValue' && share !== null) {
    const average = load.present === 0 ? value : Math.ceil(value / load.present);
    return told(countByShare(value, share, load.present, scale), { averageValue: amountText(average) });
  }
  return failed('the target is neither a value nor an average value');
}

const unmeasured = ({ name }: MetricIdentifier): string => `no cluster measures ${name}`;

/** Null for what is not given, and for no goal. */
function milliOf(given: string | number | undefined): number | null {
  const read = given === undefined ? null : parseQuantity(given);
  return read === null || read.nano <= 0n ? null : Number(quantityMilli(read));
}
