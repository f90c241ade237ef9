// A stored object of the control plane's own kinds is damaged where it lies, past every check: a value somewhere in it is another
// than its kind allows, or than anybody wrote.
import { COLLECTIONS } from '../api/kinds.ts';
import type { Random } from '../base/random.ts';
import { deepEqual, isObject, type JsonValue } from '../kube/json.ts';
import type { KubeObject } from '../kube/meta.ts';
import { formatKey, keyOf } from '../store/key.ts';
import type { SimulatedApi } from './api.ts';

const VICTIMS = [
  COLLECTIONS.clusters,
  COLLECTIONS.policies,
  COLLECTIONS.clusterPolicies,
  COLLECTIONS.overrides,
  COLLECTIONS.bindings,
  COLLECTIONS.works,
];

/** What metadata holds is decoded by whoever serves it; these are free texts. */
const PARTS = ['spec', 'status', 'annotations'] as const;

const GARBAGE: readonly unknown[] = [null, 'garbage', -7, 1.5, true, [], {}, [null], { garbage: [] }];

/**
 * What puts back what was there before, as whoever has a copy would; null where there is nothing to damage. Who is damaged twice at a
 * time would be put back damaged: nobody is chosen again, and the victim is noted before the harm is done.
 */
export function corrupt({ store }: SimulatedApi, random: Random, damaged: Set<string>): (() => void) | null {
  const collection = random.pick(VICTIMS);
  const all = store.list(collection).filter((object) => !damaged.has(formatKey(keyOf(collection, object))));
  if (all.length === 0) return null;
  const victim = random.pick(all);
  const key = keyOf(collection, victim);
  const part = random.pick(PARTS);
  const sound = partOf(victim, part);
  if (sound === undefined) return null;
  const path = part === 'annotations' ? textIn(sound, random) : random.pick(pathsIn(sound));
  if (path === null) return null;
  const garbage = part === 'annotations' ? '{"garbage"' : random.pick(GARBAGE);
  const put = (object: KubeObject, value: unknown) => {
    const whole = replacedAt(path, partOf(object, part), value);
    store.commit([{ key, object: withPart(object, part, whole) }]);
  };
  damaged.add(formatKey(key));
  put(victim, garbage);
  return () => {
    const there = store.get(key.collection, key.namespace, key.name);
    if (there === null || there.metadata.uid !== victim.metadata.uid) return;
    // Somebody may have written it anew meanwhile.
    const isThere = deepEqual((valueAt(path, partOf(there, part)) ?? null) as JsonValue, garbage as JsonValue);
    if (isThere) put(part === 'spec' ? ofNextGeneration(there) : there, valueAt(path, sound));
  };
}

const partOf = (object: KubeObject, part: (typeof PARTS)[number]): unknown =>
  part === 'annotations' ? object.metadata.annotations : object[part];

/** What is put back is put back through the API, which counts what is asked for anew. */
const ofNextGeneration = (object: KubeObject): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, generation: (object.metadata.generation ?? 0) + 1 },
});

function withPart(object: KubeObject, part: (typeof PARTS)[number], value: unknown): KubeObject {
  if (part !== 'annotations') return { ...object, [part]: value };
  return { ...object, metadata: { ...object.metadata, annotations: value as Record<string, string> } };
}

type Path = readonly (string | number)[];

/** Of the value itself and of all that is in it, but not in the manifests of others. */
function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  const steps = Array.isArray(value) ? [...value.keys()] : isObject(value) ? Object.keys(value) : [];
  const isOthers = path.at(-1) === 'manifests';
  return [path, ...(isOthers ? [] : steps.flatMap((step) => pathsIn((value as never)[step], [...path, step])))];
}

function valueAt(path: Path, value: unknown): unknown {
  return path.reduce((inner, step) => (inner as Record<string | number, unknown> | null | undefined)?.[step], value);
}

function replacedAt(path: Path, value: unknown, replacement: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return replacement;
  if (Array.isArray(value)) {
    const at = Number(step);
    return at < value.length ? value.with(at, replacedAt(rest, value[at], replacement)) : value;
  }
  // What it was in has gone meanwhile.
  return isObject(value) ? { ...value, [step]: replacedAt(rest, value[step], replacement) } : value;
}

/** One of the texts is to say nothing that anybody understands. */
function textIn(texts: unknown, random: Random): Path | null {
  const names = isObject(texts) ? Object.keys(texts) : [];
  return names.length === 0 ? null : [random.pick(names)];
}
