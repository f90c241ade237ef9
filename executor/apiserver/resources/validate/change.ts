// What may not change, and the sentences that say so.
import { deepEqual, type FieldError, forbiddenField, invalidValue, isObject } from '../../../../engine/index.ts';

export type Fields = Record<string, unknown>;

export const fieldsOf = (value: unknown): Fields => (isObject(value) ? value : {});

export const immutable = (next: unknown, old: unknown, field: string): FieldError[] =>
  deepEqual(next ?? null, old ?? null) ? [] : [invalidValue(field, next ?? null, 'field is immutable')];

export const forbiddenOnChange = (next: unknown, old: unknown, field: string, why: string): FieldError[] =>
  deepEqual(next ?? null, old ?? null) ? [] : [forbiddenField(field, why)];
