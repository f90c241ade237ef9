// What a real cluster tells of a workload that is scaled: its scale, its pods, and what the metrics APIs have measured of them. An API
// that is not there has measured nothing; more pods than anybody could count are refused.
import {
  type CommandResult,
  type JsonValue,
  type KubeObject,
  parseTime,
  type Question,
  type WorkloadLoad,
} from '../../engine/index.ts';
import { fieldsOf, itemsOf, milliOf, read } from './api-document.ts';
import { customMetrics } from './custom-metrics.ts';
import { type Directory, pathFor } from './directory.ts';
import type { AskableApi } from './http-api.ts';
import { refusal } from './place-client.ts';

export type LoadQuestion = Extract<Question, { readonly about: 'load' }>;
type PodLoad = NonNullable<WorkloadLoad['pods']>[number];
type PodUsage = NonNullable<PodLoad['usage']>;
type Amounts = PodLoad['containers'][number]['requests'];

/** A request for more would hold up everything else. */
const PODS_MAX = 5_000;

export async function workloadLoad(
  api: AskableApi,
  directory: Directory,
  { key, wish }: LoadQuestion,
): Promise<CommandResult> {
  const served = await directory.find(key.collection);
  if (served === null) return refusal('NotFound', `${key.collection} is not served here`);
  if ('ok' in served) return served;
  const scale = await read(api, `${pathFor(served.apiVersion, served, key.namespace, key.name)}/scale`);
  if ('refused' in scale) return scale.refused;
  const spec = fieldsOf(scale.document.spec);
  const status = fieldsOf(scale.document.status);
  const selector = typeof status.selector === 'string' ? status.selector : '';
  const counts = { replicas: Number(spec.replicas ?? 0), present: Number(status.replicas ?? 0) };
  if (selector === '') return answer({ ...counts, pods: null, objects: wish.objects.map(() => null) });
  const query = `labelSelector=${encodeURIComponent(selector)}`;
  const own = `namespaces/${encodeURIComponent(key.namespace)}/pods`;
  const listed = await read(api, `/api/v1/${own}?${query}&limit=${PODS_MAX}`);
  if ('refused' in listed) return listed.refused;
  if (fieldsOf(listed.document.metadata).continue)
    return refusal('TooManyRequests', `there are more than ${PODS_MAX} pods`);
  const measured = wish.resources.length === 0 ? null : await read(api, `/apis/metrics.k8s.io/v1beta1/${own}?${query}`);
  const usage = measured === null || 'refused' in measured ? new Map() : usageIn(measured.document, wish.resources);
  const custom = await customMetrics(api, directory, key.namespace, selector, wish);
  const pods = itemsOf(listed.document.items).map((pod) => {
    const { name } = fieldsOf(pod.metadata);
    const metrics = custom.pods.map((values) => values.get(String(name)) ?? null);
    return podLoad(pod as unknown as KubeObject, wish.resources, usage.get(name), metrics);
  });
  return answer({ ...counts, pods, objects: custom.objects });
}

const answer = (load: WorkloadLoad): CommandResult => ({
  ok: true,
  object: null,
  answer: load as unknown as JsonValue,
});

function amountsIn(amounts: unknown, resources: readonly string[]): Amounts {
  const own = fieldsOf(amounts);
  return Object.fromEntries(
    resources.flatMap((name) => {
      const milli = milliOf(own[name]);
      return milli === null ? [] : [[name, milli] as const];
    }),
  );
}

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** As Go writes durations: "1m30s", "15.021s". */
const durationMs = (text: unknown): number =>
  [...String(text ?? '').matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)].reduce(
    (sum, [, count, unit]) => sum + Math.round(Number(count) * UNIT_MS[unit!]!),
    0,
  );

function usageIn(
  list: Readonly<Record<string, unknown>>,
  resources: readonly string[],
): ReadonlyMap<unknown, PodUsage> {
  return new Map(
    itemsOf(list.items).flatMap(({ metadata, timestamp, window, containers }) => {
      const at = parseTime(String(timestamp ?? ''));
      if (at === null) return [];
      const used = itemsOf(containers).map(({ name, usage }) => ({
        name: String(name),
        usage: amountsIn(usage, resources),
      }));
      return [[fieldsOf(metadata).name, { at, windowMs: durationMs(window), containers: used }] as const];
    }),
  );
}

function podLoad(
  { metadata, spec, status }: KubeObject,
  resources: readonly string[],
  usage: PodUsage | undefined,
  metrics: readonly (number | null)[],
): PodLoad {
  const { phase, startTime, conditions } = fieldsOf(status);
  const startedAt = typeof startTime === 'string' ? parseTime(startTime) : null;
  const condition = itemsOf(conditions).find(({ type }) => type === 'Ready');
  const since = parseTime(String(condition?.lastTransitionTime ?? ''));
  const ready = condition?.status;
  return {
    name: metadata.name,
    phase: String(phase ?? ''),
    ...(metadata.deletionTimestamp !== undefined && { isGoing: true }),
    ...(startedAt !== null && { startedAt }),
    ...((ready === 'True' || ready === 'False' || ready === 'Unknown') &&
      since !== null && { ready: { status: ready, since } }),
    containers: itemsOf(fieldsOf(spec).containers).map(({ name, resources: own }) => ({
      name: String(name),
      requests: amountsIn(fieldsOf(own).requests, resources),
    })),
    ...(usage !== undefined && { usage }),
    ...(metrics.length > 0 && { metrics }),
  };
}
