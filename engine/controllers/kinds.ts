// In which collection objects of a kind are kept: known for built-in kinds, told by a definition for all others.
import { builtInCollectionOf, COLLECTIONS, collectionDefinedBy } from '../api/kinds.ts';
import type { Reader } from '../control/controller.ts';
import { isObject } from '../kube/json.ts';
import { formatApiVersion, type KubeObject, parseApiVersion } from '../kube/meta.ts';
import type { IndexDefinition } from '../store/indexes.ts';

/** Definitions by "group/Kind". */
export const DEFINED_KIND_INDEX: IndexDefinition = {
  name: 'defined-kind',
  collection: COLLECTIONS.definitions,
  valuesOf: ({ spec }) => {
    if (!isObject(spec) || !isObject(spec.names)) return [];
    return [formatApiVersion(String(spec.group), String(spec.names.kind))];
  },
};

/** Null where nobody serves the kind. A controller that asks has the index, and watches the definitions. */
export function collectionOf(
  { apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>,
  hub: Reader,
): string | null {
  const known = builtInCollectionOf(apiVersion, kind);
  if (known !== null) return known;
  const { group } = parseApiVersion(apiVersion);
  const [definition] = hub.byIndex(COLLECTIONS.definitions, DEFINED_KIND_INDEX.name, formatApiVersion(group, kind));
  return definition === undefined ? null : collectionDefinedBy(definition);
}
