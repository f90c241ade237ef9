// JSON in annotations: anybody who may edit an object may write anything there, and what is none says nothing.

import { deepFreeze } from '../base/freeze.ts';
import { remembered } from '../base/remembered.ts';
import type { ObjectMeta } from '../kube/meta.ts';

/** Null where there is none, or where it cannot be read. */
export function jsonAnnotation(metadata: Pick<ObjectMeta, 'annotations'>, name: string): unknown {
  const text = metadata.annotations?.[name];
  return text === undefined ? null : parsed(text);
}

const parsed = remembered((text: string): unknown => {
  try {
    return deepFreeze(JSON.parse(text) as unknown);
  } catch {
    return null;
  }
});
