// Another way to the same wishes: what is asked for at the end is asked for from the beginning, in another order, one thing after the
// other, and some of it only after something else was asked for first.
import { isObject, type KubeObject, Random } from '../../engine/index.ts';
import { formatDuration, parseDuration } from '../../executor/terminal/duration.ts';
import type { SwarmDocument } from './draw-scenario.ts';
import { losesPolicies, withoutFaults } from './twin.ts';

type Entry = SwarmDocument['spec']['timeline'][number];

/** Null where the way is a part of what was asked for. */
export function anotherWay(document: SwarmDocument): SwarmDocument | null {
  const { spec } = withoutFaults(document);
  if (losesPolicies(document) || spec.timeline.some(leavesTraces) || spec.objects.some(weighsWhatIs)) return null;
  const random = new Random(spec.seed).stream('another way');
  const wishes = random.shuffled(lastWishes(spec.objects, spec.timeline));
  const clusters = lastClusters(spec.fleet.clusters, spec.timeline);
  if (clusters.length === 0 || wishes.every(({ metadata }) => metadata.namespace === undefined)) return null;
  const timeline = wishes.flatMap((wish, at) => {
    const [first, last] = [1 + at, 30 + 2 * at + random.integer(0, 30)].map((seconds) =>
      formatDuration(seconds * 1000),
    );
    const detour = random.chance(1, 2) ? detourTo(wish) : null;
    return detour === null
      ? [{ at: first, apply: wish }]
      : [
          { at: first, apply: detour },
          { at: last, apply: wish },
        ];
  });
  const lastMs = Math.max(...timeline.map(({ at }) => parseDuration(at) ?? 0));
  const duration = (parseDuration(spec.duration) ?? 0) < lastMs ? formatDuration(lastMs) : spec.duration;
  return { ...document, spec: { ...spec, duration, fleet: { clusters }, objects: [], timeline } };
}

/** What is suspended stays as it was; taints keep out what comes late. */
function leavesTraces(entry: Entry): boolean {
  return ['patch', 'taint', 'cordon', 'uncordon'].some((key) => entry[key] !== undefined);
}

/** What is there first goes first, or is the count that others are made of. */
const weighsWhatIs = ({ kind }: KubeObject): boolean =>
  /^(FederatedResourceQuota|FederatedHPA|CronFederatedHPA|HorizontalPodAutoscaler)$/.test(kind);

const inOrder = (timeline: readonly Entry[]): readonly Entry[] =>
  timeline
    .map((entry, at) => ({ entry, at, ms: parseDuration(entry.at) ?? 0 }))
    .sort((a, b) => a.ms - b.ms || a.at - b.at)
    .map(({ entry }) => entry);

const refOf = ({ kind, metadata }: KubeObject): string => `${kind}/${metadata.name}`;

function lastWishes(objects: readonly KubeObject[], timeline: readonly Entry[]): KubeObject[] {
  const wishes = new Map(objects.map((object) => [refOf(object), object]));
  for (const entry of inOrder(timeline)) {
    const ref = String(entry.scale ?? entry.rollout ?? entry.delete ?? '');
    const known = wishes.get(ref);
    if (entry.delete !== undefined) wishes.delete(ref);
    else if (entry.scale !== undefined && known !== undefined)
      wishes.set(ref, withReplicas(known, Number(entry.replicas)));
    else if (entry.rollout !== undefined && known !== undefined) wishes.set(ref, withImage(known, String(entry.image)));
    else if (isObject(entry.apply)) {
      const object = entry.apply as unknown as KubeObject;
      // Asking to place anew is done once, and asks for nothing that lasts.
      if (object.kind !== 'WorkloadRebalancer') wishes.set(refOf(object), object);
    }
  }
  return [...wishes.values()];
}

function lastClusters(
  clusters: readonly Record<string, unknown>[],
  timeline: readonly Entry[],
): readonly Record<string, unknown>[] {
  const fleet = new Map(clusters.map((cluster) => [String(cluster.name), cluster]));
  for (const entry of inOrder(timeline)) {
    if (typeof entry.remove === 'string') fleet.delete(entry.remove);
    const added = entry.add as Record<string, unknown> | undefined;
    if (added !== undefined && !fleet.has(String(added.name))) fleet.set(String(added.name), added);
  }
  return [...fleet.values()];
}

const specOf = ({ spec }: KubeObject): Record<string, unknown> => (isObject(spec) ? { ...spec } : {});

const withReplicas = (object: KubeObject, replicas: number): KubeObject =>
  ({ ...object, spec: { ...specOf(object), replicas } }) as KubeObject;

function withImage(object: KubeObject, image: string): KubeObject {
  const spec = specOf(object) as { template?: { spec?: { containers?: Record<string, unknown>[] } } };
  const [first, ...others] = spec.template?.spec?.containers ?? [];
  const containers = first === undefined ? [] : [{ ...first, image }, ...others];
  const template = { ...spec.template, spec: { ...spec.template?.spec, containers } };
  return { ...object, spec: { ...spec, template } } as KubeObject;
}

/** Something else of the same name. */
function detourTo(wish: KubeObject): KubeObject | null {
  const spec = specOf(wish);
  if (wish.kind.endsWith('PropagationPolicy')) return { ...wish, spec: { ...spec, placement: {} } } as KubeObject;
  if (typeof spec.replicas === 'number') return withReplicas(wish, spec.replicas + 2);
  if (isObject(wish.data)) return { ...wish, data: { value: 'at first' } } as KubeObject;
  return null;
}
