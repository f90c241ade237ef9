// Secondary indexes: under which values an object is found besides its name. By label, by field, by owner, or by any function.
import { assert } from '../base/assert.ts';
import { isObject } from '../kube/json.ts';
import type { KubeObject } from '../kube/meta.ts';

export interface IndexDefinition {
  readonly name: string;
  /** The collection it is kept for; null for all. */
  readonly collection: string | null;
  /** Pure, and a function of the object's labels, annotations, owners and content alone: reports move nothing. No value twice. */
  readonly valuesOf: (object: KubeObject) => readonly string[];
  /** Set where the index answers label selectors. */
  readonly label?: string;
}

const NOTHING: readonly string[] = [];

/** Objects by the uids of their owners; every collection has it. */
export const OWNER_INDEX: IndexDefinition = {
  name: 'owner',
  collection: null,
  valuesOf: ({ metadata: { ownerReferences } }) =>
    ownerReferences === undefined || ownerReferences.length === 0
      ? NOTHING
      : [...new Set(ownerReferences.map(({ uid }) => uid))],
};

export function labelIndex(collection: string | null, label: string): IndexDefinition {
  return {
    name: `label:${label}`,
    collection,
    label,
    valuesOf: ({ metadata: { labels } }) =>
      labels !== undefined && Object.hasOwn(labels, label) ? [labels[label]!] : NOTHING,
  };
}

/** By a text at a path of plain fields, as in "spec.nodeName"; nothing of the status. */
export function fieldIndex(collection: string, path: string): IndexDefinition {
  const steps = path.split('.');
  assert(steps[0] !== 'status', 'indexes are not made of reports');
  return {
    name: `field:${path}`,
    collection,
    valuesOf: (object) => {
      let value: unknown = object;
      for (const step of steps) value = isObject(value) ? value[step] : undefined;
      return typeof value === 'string' ? [value] : NOTHING;
    },
  };
}
