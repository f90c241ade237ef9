// Commits and objects as the JSON of records, and back; what has not their shape is refused, whatever its checksum says.
import { isObject, type KubeObject } from '../../../engine/index.ts';
import type { StoredCommit, StoredObject } from '../storage.ts';

export const commitToJson = ({ revision, writes }: StoredCommit): unknown => [
  revision,
  writes.map(({ key: { collection, namespace, name }, object }) => [collection, namespace, name, object]),
];

/** Null where it is no commit. */
export function commitFromJson(json: unknown): StoredCommit | null {
  if (!Array.isArray(json) || !Number.isSafeInteger(json[0]) || !Array.isArray(json[1])) return null;
  const writes = [];
  for (const write of json[1] as unknown[]) {
    if (!Array.isArray(write)) return null;
    const [collection, namespace, name, object] = write as unknown[];
    if (typeof collection !== 'string' || typeof namespace !== 'string' || typeof name !== 'string') return null;
    if (object !== null && !isStorable(object)) return null;
    writes.push({ key: { collection, namespace, name }, object });
  }
  return { revision: json[0] as number, writes };
}

export function objectFromJson(json: unknown): StoredObject | null {
  if (!Array.isArray(json)) return null;
  const [collection, object] = json as unknown[];
  return typeof collection === 'string' && isStorable(object) ? [collection, object] : null;
}

export function isStorable(value: unknown): value is KubeObject {
  return isObject(value) && isObject(value.metadata) && typeof value.metadata.name === 'string';
}
