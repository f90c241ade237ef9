// JSON as a script sees it, and what a script answers as JSON: a table that begins to count is a list, one with names an object.
// An empty one may be either, which only whoever asked can know.
import { isObject, type JsonValue } from '../kube/json.ts';
import { bytesOf, textOf } from './bytes.ts';
import { LuaTable } from './table.ts';
import { LuaError, type LuaValue, typeName } from './value.ts';

export function toLua(value: unknown): LuaValue {
  if (Array.isArray(value)) return LuaTable.listing(value.map(toLua));
  if (isObject(value)) {
    const table = new LuaTable();
    for (const key of Object.keys(value)) {
      const converted = toLua(value[key]);
      if (converted !== undefined) table.set(bytesOf(key), converted);
    }
    return table;
  }
  if (typeof value === 'string') return bytesOf(value);
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

/** Empty tables become empty lists. No table may stand in two places, as in Karmada. */
export function fromLua(value: LuaValue): JsonValue {
  return jsonOf(value, new Set());
}

function jsonOf(value: LuaValue, seen: Set<LuaTable>): JsonValue {
  switch (typeof value) {
    case 'undefined':
      return null;
    case 'string':
      return textOf(value);
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw new LuaError('a number without an end cannot be told as JSON');
      return value;
    default:
      if (!(value instanceof LuaTable)) throw new LuaError(`a ${typeName(value)} cannot be told as JSON`);
      return tableJson(value, seen);
  }
}

function tableJson(table: LuaTable, seen: Set<LuaTable>): JsonValue {
  if (seen.has(table)) throw new LuaError('a table that stands in two places cannot be told as JSON');
  seen.add(table);
  const first = table.after(undefined);
  if (!first) return [];
  return typeof first[0] === 'number' ? listJson(table, seen) : objectJson(table, seen);
}

function listJson(table: LuaTable, seen: Set<LuaTable>): JsonValue {
  const list: JsonValue[] = [];
  for (let entry = table.after(undefined); entry; entry = table.after(entry[0])) {
    if (entry[0] !== list.length + 1) throw new LuaError('a list with gaps or names cannot be told as JSON');
    list.push(jsonOf(entry[1], seen));
  }
  return list;
}

function objectJson(table: LuaTable, seen: Set<LuaTable>): JsonValue {
  const object: Record<string, JsonValue> = {};
  for (let entry = table.after(undefined); entry; entry = table.after(entry[0])) {
    const [key, value] = entry;
    if (typeof key !== 'string') throw new LuaError('a table with names and other keys cannot be told as JSON');
    Object.defineProperty(object, textOf(key), {
      value: jsonOf(value, seen),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return object;
}
