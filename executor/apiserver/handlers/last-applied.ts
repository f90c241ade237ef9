// The annotation in which kubectl's client-side apply keeps what it applied: honoured and refreshed by server-side apply.
import {
  appliedFields,
  compareFields,
  difference,
  type FieldSet,
  isEmptySet,
  isObject,
  type KubeObject,
  sortedKeys,
  type TypeShape,
} from '../../../engine/index.ts';
import type { Resource } from '../resource.ts';

const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';

/** Conflicts over fields that the same kubectl applied before, in its old way, and that are still as it left them, are none. */
export function allowedByLastApplied(
  live: KubeObject,
  conflicts: readonly { readonly fields: FieldSet }[],
  resource: Resource,
): boolean {
  const text = live.metadata.annotations?.[ANNOTATION];
  if (text === undefined) return false;
  let last: unknown;
  try {
    last = JSON.parse(text);
  } catch {
    return false;
  }
  const shape = resource.shape as TypeShape;
  const { added, modified, removed } = compareFields(last, live, shape);
  const allowed = [added, modified, removed].reduce(difference, appliedFields(last, shape));
  return conflicts.every(({ fields }) => isEmptySet(difference(fields, allowed)));
}

export function refreshLastApplied(
  object: Record<string, unknown>,
  config: Record<string, unknown>,
): Record<string, unknown> {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const annotations = isObject(metadata.annotations) ? metadata.annotations : {};
  if (annotations[ANNOTATION] === undefined) return object;
  const text = `${JSON.stringify(inOrder(withoutAnnotation(config)))}\n`;
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, [ANNOTATION]: text } } };
}

function withoutAnnotation(config: Record<string, unknown>): Record<string, unknown> {
  const metadata = isObject(config.metadata) ? config.metadata : {};
  if (!isObject(metadata.annotations)) return config;
  const { [ANNOTATION]: _last, ...annotations } = metadata.annotations;
  return { ...config, metadata: { ...metadata, annotations } };
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isObject(value)) return value;
  return Object.fromEntries(sortedKeys(value).map((key) => [key, inOrder(value[key])]));
}
