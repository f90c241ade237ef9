// The labels and annotations overriders: add keys, and replace or remove those that are there.
import type { LabelAnnotationOverrider } from '../../api/override.ts';
import { sortedKeys } from '../../base/order.ts';
import { formatPointer } from '../../kube/json-pointer.ts';
import type { KubeObject } from '../../kube/meta.ts';
import { textsAt, withValue } from '../fields.ts';
import { type Edit, patchObject } from './patch.ts';

export function overrideKeys(
  object: KubeObject,
  field: 'labels' | 'annotations',
  overrider: LabelAnnotationOverrider,
): KubeObject {
  const { operator } = overrider;
  const value = overrider.value ?? {};
  const present = textsAt(object, 'metadata', field);
  const keys = sortedKeys(value).filter((key) => operator === 'add' || Object.hasOwn(present ?? {}, key));
  if (keys.length === 0) return object;
  const target = present === undefined ? withValue(object, {}, 'metadata', field) : object;
  const edits = keys.map(
    (key): Edit => ({ op: operator, path: formatPointer(['metadata', field, key]), value: value[key] }),
  );
  return patchObject(target, edits, `${field}Overrider`);
}
