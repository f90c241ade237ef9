// A keyed list's items by their keys' values.
import { canonicalJson, isObject } from '../../../engine/index.ts';

export function itemsByKey(list: readonly unknown[], keys: readonly string[]): Map<string, unknown> {
  return new Map(
    list.map((item) => [canonicalJson(isObject(item) ? keys.map((key) => item[key] ?? null) : item), item]),
  );
}
