// A JSON document without its null fields: to Kubernetes a null says the same as an absent field.

/** Deeper levels than any of its kinds has are left as they are, so that no document can exhaust the stack. */
const DEPTH_MAX = 64;

/** Whether a null says something in this field of this object. */
export type IsMeant = (owner: object, field: string) => boolean;

const NEVER: IsMeant = () => false;

/** The same object where nothing was null; entries of lists stay, whatever they are. */
export const dropNulls = (value: unknown, isMeant: IsMeant = NEVER): unknown =>
  hasNull(value, 0) ? withoutNulls(value, isMeant, 0) : value;

/** Nearly nothing has, and then nothing is copied. */
function hasNull(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || depth > DEPTH_MAX) return false;
  if (value === null) return true;
  for (const key in value) if (hasNull((value as Record<string, unknown>)[key], depth + 1)) return true;
  return false;
}

function withoutNulls(value: unknown, isMeant: IsMeant, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => withoutNulls(item, isMeant, depth + 1));
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  const fields = Object.entries(value);
  const kept = fields
    .filter(([key, field]) => field !== null || isMeant(value, key))
    .map(([key, field]): [string, unknown] => [key, withoutNulls(field, isMeant, depth + 1)]);
  const same = kept.length === fields.length && kept.every(([, field], at) => field === fields[at]![1]);
  return same ? value : Object.fromEntries(kept);
}
