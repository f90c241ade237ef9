// What somebody measures in a cluster beside CPU and memory, where custom.metrics.k8s.io is served: of pods, and of single objects.
import { builtInCollectionOf, parseApiVersion, type Question } from '../../engine/index.ts';
import { fieldsOf, itemsOf, milliOf, read } from './api-document.ts';
import type { Directory } from './directory.ts';
import type { AskableApi } from './http-api.ts';

type Wish = Extract<Question, { readonly about: 'load' }>['wish'];
type Identifier = Wish['pods'][number];

export interface CustomMetrics {
  /** One for each metric of pods: by the pod's name. */
  readonly pods: readonly ReadonlyMap<string, number>[];
  readonly objects: readonly (number | null)[];
}

const GROUP = '/apis/custom.metrics.k8s.io';
/** The newest first. */
const VERSIONS = ['v1beta2', 'v1beta1'];

export async function customMetrics(
  api: AskableApi,
  directory: Directory,
  namespace: string,
  selector: string,
  { pods, objects }: Wish,
): Promise<CustomMetrics> {
  const nothing = { pods: pods.map(() => new Map<string, number>()), objects: objects.map(() => null) };
  if (pods.length + objects.length === 0) return nothing;
  const version = await servedVersion(api);
  if (version === null) return nothing;
  const root = `${GROUP}/${version}/namespaces/${encodeURIComponent(namespace)}`;
  const valuesOf = async (what: string, metric: Identifier, query: string): Promise<ReadonlyMap<string, number>> => {
    const chosen = selectorText(metric);
    const more = [query, chosen === '' ? '' : `metricLabelSelector=${encodeURIComponent(chosen)}`].filter(Boolean);
    const found = await read(api, `${root}/${what}/${encodeURIComponent(metric.name)}?${more.join('&')}`);
    return 'refused' in found ? new Map() : valuesIn(found.document.items);
  };
  const ofPods = pods.map((metric) => valuesOf('pods/*', metric, `labelSelector=${encodeURIComponent(selector)}`));
  const ofObjects = objects.map(async ({ object, metric }) => {
    const resource = await resourceOf(directory, object.apiVersion ?? '', object.kind);
    if (resource === null) return null;
    const values = await valuesOf(`${resource}/${encodeURIComponent(object.name)}`, metric, '');
    return values.get(object.name) ?? null;
  });
  return { pods: await Promise.all(ofPods), objects: await Promise.all(ofObjects) };
}

async function servedVersion(api: AskableApi): Promise<string | null> {
  const group = await read(api, GROUP);
  if ('refused' in group) return null;
  const served = itemsOf(group.document.versions).map(({ version }) => version);
  return VERSIONS.find((one) => served.includes(one)) ?? null;
}

/** "pods", "ingresses.networking.k8s.io", as this API names kinds. */
async function resourceOf(directory: Directory, apiVersion: string, kind: string): Promise<string | null> {
  const { group } = parseApiVersion(apiVersion);
  const known = builtInCollectionOf(apiVersion, kind);
  if (known === null && directory.all().length === 0) await directory.read();
  const served = directory.all().find((one) => one.kind === kind && one.collection.startsWith(`${group}/`))?.collection;
  const plural = (known ?? served)?.slice(group.length + 1);
  if (plural === undefined) return null;
  return group === '' ? plural : `${plural}.${group}`;
}

function valuesIn(items: unknown): ReadonlyMap<string, number> {
  return new Map(
    itemsOf(items).flatMap(({ describedObject, value }) => {
      const milli = milliOf(value);
      return milli === null ? [] : [[String(fieldsOf(describedObject).name), milli] as const];
    }),
  );
}

const EXPRESSIONS: Readonly<Record<string, (key: string, values: string) => string>> = {
  In: (key, values) => `${key} in (${values})`,
  NotIn: (key, values) => `${key} notin (${values})`,
  Exists: (key) => key,
  DoesNotExist: (key) => `!${key}`,
};

function selectorText({ selector }: Identifier): string {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  return [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values = [] }) => EXPRESSIONS[operator]?.(key, values.join(',')) ?? key),
  ].join(',');
}
