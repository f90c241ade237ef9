// What a run left behind, without what only chance, time and names of births put into it: two runs came to the same end where these
// are the same.
import {
  ANNOTATIONS,
  byText,
  type Change,
  COLLECTIONS,
  canonicalJson,
  formatKey,
  HUB,
  isObject,
  type KubeObject,
  keyOf,
  LABELS,
  type Place,
  type ResourceBinding,
  type Simulation,
} from '../../engine/index.ts';
import { isNoise } from '../run/noise.ts';
import { isLeavingCluster, isOfSlices, scaledBy, tellsThePast } from './by-chance.ts';
import { isHeldInWaves, isInWaves } from './held-in-waves.ts';
import { restsOnThePast } from './rests-on-the-past.ts';

export interface EndState {
  /** By place and key, what is there. */
  readonly objects: ReadonlyMap<string, string>;
  /** By place and key, how often it was made and how often it went. */
  readonly births: ReadonlyMap<string, number>;
  readonly deaths: ReadonlyMap<string, number>;
  /** Not everything has room to run: which of it runs is a matter of who came first. */
  readonly isCrowded: boolean;
  /** Every binding there ever was, as "namespace/name". */
  readonly known: ReadonlySet<string>;
  /** Those of them whose places another course of things may rightly have made others. */
  readonly loose: ReadonlySet<string>;
  /** Those of them whose changes come in waves: what is made on the way is a matter of when. */
  readonly staged: ReadonlySet<string>;
  /** Entries that follow from how pods fare at each moment: their addresses and names are a matter of chance. */
  readonly passing: ReadonlySet<string>;
  /** The binding from whose decision an entry follows. */
  readonly bindingOf: ReadonlyMap<string, string>;
  /** The entries of bindings themselves, with their names: they are there whatever was decided. */
  readonly bindings: ReadonlyMap<string, string>;
}

/** Of a run that did not come to its end. */
export const NO_END: EndState = {
  objects: new Map(),
  births: new Map(),
  deaths: new Map(),
  isCrowded: false,
  known: new Set(),
  loose: new Set(),
  staged: new Set(),
  passing: new Set(),
  bindingOf: new Map(),
  bindings: new Map(),
};

/** Of an entry that tells how something fares. */
export const STATUS = ' (status)';

/** Listens from now on; answers when it is asked. */
export function watchEndState(simulation: Simulation): () => EndState {
  const births = new Map<string, number>();
  const deaths = new Map<string, number>();
  const bindingOf = new Map<string, string>();
  const known = new Set<string>();
  const resting = new Set<string>();
  const staged = new Set<string>();
  const passing = new Set<string>();
  const scaled = new Set<string>();
  let hadTaints = false;
  let hadQuota = false;
  simulation.onChange((change, place) => {
    if (change.collection === COLLECTIONS.clusters && isTainted(change.object)) hadTaints = true;
    if (place === HUB && change.collection === COLLECTIONS.quotas) hadQuota = true;
    if (place === HUB) for (const target of scaledBy(change.object)) scaled.add(target);
    if (isNoise(change)) return;
    const entry = entryOf(place, change.collection, change.object);
    if (place === HUB && BINDINGS.includes(change.collection)) {
      known.add(textOf(change.object));
      if (isInWaves(change.object, simulation)) staged.add(textOf(change.object));
      if (restsOnThePast(change.object as unknown as ResourceBinding)) resting.add(textOf(change.object));
    }
    if (isOfSlices(change.object)) passing.add(entry);
    const binding = bindingNameOf(change);
    if (binding !== null) bindingOf.set(entry, binding);
    if (change.type === 'ADDED') births.set(entry, (births.get(entry) ?? 0) + 1);
    if (change.type === 'DELETED') deaths.set(entry, (deaths.get(entry) ?? 0) + 1);
  });
  return () => {
    const { store } = simulation.world.hub;
    const all = BINDINGS.flatMap((collection) => store.list(collection).map((object) => ({ collection, object })));
    const objects = new Map<string, string>();
    // Whoever was there before a taint or a quota may stay, and whoever came late may not come.
    const loose = new Set(hadTaints || hadQuota ? known : resting);
    for (const { object } of all) if (isHeldInWaves(object, simulation)) loose.add(textOf(object));
    const bindings = new Map<string, string>();
    const byTemplate = new Map<string, string>();
    for (const { collection, object } of all) {
      const binding = object as unknown as ResourceBinding;
      bindings.set(entryOf(HUB, collection, object), textOf(object));
      byTemplate.set(templateNameOf(binding), textOf(object));
      // When its load was looked at is a part of what an autoscaler comes to.
      if (scaled.has(templateNameOf(binding))) loose.add(textOf(object));
    }
    for (const collection of store.collectionNames().filter((one) => !UNTOLD.has(one))) {
      for (const object of store.list(collection)) {
        const { status, ...wish } = object;
        const entry = entryOf(HUB, collection, object);
        if (passing.has(entry) || isLeavingCluster(object)) continue;
        const binding = bindings.get(entry) ?? byTemplate.get(templateText(object)) ?? bindingOf.get(entry);
        objects.set(entry, canonicalJson(bare(wish)));
        if (binding !== undefined && scaled.has(templateText(object))) bindingOf.set(entry, binding);
        if (tellsThePast(object)) continue;
        objects.set(`${entry}${STATUS}`, canonicalJson(bare(comparable(status))));
        if (binding !== undefined) bindingOf.set(`${entry}${STATUS}`, binding);
      }
    }
    for (const [entry, wish] of sentTo(simulation)) objects.set(entry, wish);
    const isCrowded = all.some(({ object }) => isUnwell(object as unknown as ResourceBinding));
    return {
      objects,
      births,
      isCrowded,
      deaths,
      known: new Set(known),
      loose,
      staged: new Set(staged),
      passing: new Set(passing),
      bindingOf,
      bindings,
    };
  };
}

/** A Job that has not ended when all is quiet waits for room, too. */
const isUnwell = ({ status }: ResourceBinding): boolean =>
  (status?.aggregatedStatus ?? []).some(
    ({ health, status: told }) => health === 'Unhealthy' || (isObject(told) && Number(told.active ?? 0) > 0),
  );

/** What the members have of the hub, as it is wished and not as it fares. */
function sentTo({ world }: Simulation): readonly (readonly [string, string])[] {
  return world.members.flatMap(({ place, api: { store } }) =>
    store.collectionNames().flatMap((collection) =>
      store
        .list(collection)
        .filter(({ metadata }) => metadata.labels?.[LABELS.managed] === 'true')
        .filter((object) => !isOfSlices(object))
        .map(({ status: _status, ...wish }) => {
          const object = wish as KubeObject;
          return [entryOf(place, collection, object), canonicalJson(bare(wish))] as const;
        }),
    ),
  );
}

const isTainted = ({ spec }: KubeObject): boolean =>
  isObject(spec) && Array.isArray(spec.taints) && spec.taints.length > 0;

const BINDINGS: readonly string[] = [COLLECTIONS.bindings, COLLECTIONS.clusterBindings];

/** Heartbeats, and what only people read. */
const UNTOLD = new Set<string>([COLLECTIONS.leases, '/events', 'events.k8s.io/events', 'apps/controllerrevisions']);

const entryOf = (place: Place, collection: string, object: KubeObject): string =>
  `${place} ${formatKey(keyOf(collection, object))}`;

const textOf = ({ metadata }: Pick<KubeObject, 'metadata'>): string => `${metadata.namespace ?? ''}/${metadata.name}`;

const templateText = ({ kind, metadata }: KubeObject): string => `${kind} ${textOf({ metadata })}`;

const templateNameOf = ({ spec: { resource } }: ResourceBinding): string =>
  `${resource.kind} ${resource.namespace ?? ''}/${resource.name}`;

function bindingNameOf({ collection, object }: Change): string | null {
  if (BINDINGS.includes(collection)) return null;
  const { annotations = {} } = object.metadata;
  const name = annotations[ANNOTATIONS.bindingName] ?? annotations[ANNOTATIONS.clusterBindingName];
  return name === undefined ? null : `${annotations[ANNOTATIONS.bindingNamespace] ?? ''}/${name}`;
}

/**
 * Whoever is nowhere was perhaps somewhere before, and that not everything was applied there is no news any more. A Job that has
 * finished says no more what else was done, so that its counts are a matter of who was there by then.
 */
function comparable(status: unknown): unknown {
  if (!isObject(status) || !Array.isArray(status.conditions)) return status ?? null;
  if (status.conditions.some(({ type }) => type === 'Complete')) return { conditions: status.conditions };
  const isSomewhere = Array.isArray(status.aggregatedStatus) && status.aggregatedStatus.length > 0;
  return { ...status, conditions: status.conditions.filter(({ type }) => isSomewhere || type !== 'FullyApplied') };
}

const OF_BIRTH = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'observedGeneration',
  'resourceTemplateGeneration',
  'schedulerObservedGeneration',
  'creationTimestamp',
  'managedFields',
  'lastObservedTime',
  'lastTransitionTime',
  'lastScheduledTime',
  'startTime',
  'lastProbeTime',
  'completionTime',
  'timeAdded',
  'finishTime',
  'rescheduleTriggeredAt',
  'message',
  ANNOTATIONS.templateUid,
  ANNOTATIONS.templateGeneration,
  LABELS.propagationPolicyId,
  LABELS.clusterPropagationPolicyId,
  LABELS.bindingId,
  LABELS.clusterBindingId,
  LABELS.workId,
  'propagation.muster.dev/edition',
  'propagation.muster.dev/made-by-generation',
  'scheduling.muster.dev/moved-at',
  'scheduling.muster.dev/moved-for',
  'scheduling.muster.dev/fleet-followed',
]);

const NEEDED_BY = 'resourcebinding.karmada.io/depended-by-';

const typeOf = (condition: { readonly type?: string }): string => condition.type ?? '';

/** Empty is as good as missing. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (!isObject(value)) return value;
  const { conditions } = value;
  const ordered = Array.isArray(conditions)
    ? { ...value, conditions: [...conditions].sort((a, b) => byText(typeOf(a), typeOf(b))) }
    : value;
  const kept = Object.entries(ordered).flatMap(([key, inner]): [string, unknown][] => {
    if (OF_BIRTH.has(key) || key.endsWith('permanent-id')) return [];
    // Who needs it tells so by an id of its own.
    if (key.startsWith(NEEDED_BY)) return [[key, true]];
    const own = bare(inner);
    const isEmpty = isObject(own) && Object.keys(own).length === 0;
    return own === null || own === undefined || isEmpty || (Array.isArray(own) && own.length === 0) ? [] : [[key, own]];
  });
  return Object.fromEntries(kept);
}
