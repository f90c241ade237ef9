// Records of owned fields, as they are read and written again and again while objects change and their owners do not: each is read
// and written once.
import { deepFreeze, type FieldSet, fromFieldsV1, toFieldsV1 } from '../../../engine/index.ts';

const READ = new WeakMap<object, FieldSet>();
const WRITTEN = new WeakMap<FieldSet, Record<string, unknown>>();

/** What is not frozen may still change, and is not remembered. */
export function readFields(record: unknown): FieldSet | null {
  if (typeof record !== 'object' || record === null) return fromFieldsV1(record);
  const known = READ.get(record);
  if (known !== undefined) return known;
  const set = fromFieldsV1(record);
  if (set !== null && Object.isFrozen(record)) READ.set(record, set);
  return set;
}

export function writeFields(set: FieldSet): Record<string, unknown> {
  const known = WRITTEN.get(set);
  if (known !== undefined) return known;
  const record = deepFreeze(toFieldsV1(set));
  READ.set(record, set);
  WRITTEN.set(set, record);
  return record;
}
