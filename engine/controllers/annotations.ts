// What controllers note as JSON in annotations: anybody who may edit an object may write anything there, and what is not what they
// would have noted says nothing.

import { deepFreeze } from '../base/freeze.ts';
import { remembered } from '../base/remembered.ts';
import { dropNulls } from '../kube/drop-nulls.ts';
import type { ObjectMeta } from '../kube/meta.ts';
import type { StructuralSchema } from '../kube/schema/structural-schema.ts';
import { validate } from '../kube/schema/validate.ts';

type Annotated = Pick<ObjectMeta, 'annotations'>;

/** Null where there is none, or where it cannot be read. */
export function jsonAnnotation({ annotations }: Annotated, name: string): unknown {
  const text = annotations?.[name];
  return text === undefined ? null : parsed(text);
}

/** Reads what is noted in an annotation as a value of a schema; null where there is none, or where it is no such value. */
export function noteReader<T>(name: string, schema: StructuralSchema): (metadata: Annotated) => T | null {
  const read = remembered((text: string): T | null => {
    const value = parsed(text);
    return isNote<T>(value, schema) ? value : null;
  });
  return ({ annotations }) => {
    const text = annotations?.[name];
    return text === undefined ? null : read(text);
  };
}

export const isNote = <T>(value: unknown, schema: StructuralSchema): value is T =>
  value !== null && validate(value, schema).length === 0;

const parsed = remembered((text: string): unknown => {
  try {
    return deepFreeze(dropNulls(JSON.parse(text) as unknown));
  } catch {
    return null;
  }
});
