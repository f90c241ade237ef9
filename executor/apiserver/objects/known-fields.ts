// Records of owned fields. Objects change far more often than their owners, and most objects of a kind are owned alike: so a record is
// read and written once, and those that say the same are one.
import { deepFreeze, type FieldSet, fromFieldsV1, toFieldsV1 } from '../../../engine/index.ts';

type FieldsRecord = Record<string, unknown>;

interface Known {
  readonly set: FieldSet;
  readonly record: FieldsRecord;
}

/** The ones that were needed least lately are forgotten. */
const KNOWN_MAX = 1_024;
const BY_TEXT = new Map<string, Known>();
const BY_RECORD = new WeakMap<object, FieldSet>();
const BY_SET = new WeakMap<FieldSet, FieldsRecord>();

export function readFields(record: unknown): FieldSet | null {
  // What is not frozen may still change.
  if (typeof record !== 'object' || record === null || !Object.isFrozen(record)) return fromFieldsV1(record);
  const known = BY_RECORD.get(record);
  if (known !== undefined) return known;
  const text = JSON.stringify(record);
  const set = recall(text)?.set ?? fromFieldsV1(record);
  if (set !== null) BY_RECORD.set(record, set);
  return set;
}

export function writeFields(set: FieldSet): FieldsRecord {
  const known = BY_SET.get(set);
  if (known !== undefined) return known;
  const made = toFieldsV1(set);
  const text = JSON.stringify(made);
  const { record } = recall(text) ?? remember(text, { set, record: deepFreeze(made) });
  BY_SET.set(set, record);
  return record;
}

function recall(text: string): Known | null {
  const known = BY_TEXT.get(text);
  if (known === undefined) return null;
  BY_TEXT.delete(text);
  BY_TEXT.set(text, known);
  return known;
}

function remember(text: string, known: Known): Known {
  BY_TEXT.set(text, known);
  BY_RECORD.set(known.record, known.set);
  if (BY_TEXT.size > KNOWN_MAX) BY_TEXT.delete(BY_TEXT.keys().next().value!);
  return known;
}
