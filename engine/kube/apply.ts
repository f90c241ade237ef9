// Server-side apply: merges what a manager wants into an object, drops what it no longer wants, and finds conflicts.
import { merged } from '../base/merged.ts';
import { byText } from '../base/order.ts';
import { own } from '../base/own.ts';
import { setField } from '../base/set-field.ts';
import {
  appliedFields,
  compareFields,
  type FieldSet,
  indexItems,
  isEmptySet,
  itemElement,
  memberPaths,
  NO_FIELDS,
  pathsText,
  union,
  withoutPath,
} from './field-set.ts';
import { deepClone, isObject } from './json.ts';
import {
  contested,
  isSameManager,
  type Manager,
  type Owner,
  releaseChanged,
  stamped,
  withoutSystemFields,
} from './managed-fields.ts';
import type { StatusCause } from './status.ts';
import type { Millis } from './time.ts';
import { fieldShape, isAtomicMap, isOpen, listKind, type TypeShape } from './type-shape.ts';

export interface Application {
  /** Null where nothing exists yet. */
  readonly live: Record<string, unknown> | null;
  readonly wanted: Record<string, unknown>;
  readonly shape: TypeShape;
  readonly owners: readonly Owner[];
  readonly by: Manager;
  readonly force: boolean;
  /** Paths that this request cannot set, as path elements. */
  readonly ignored: readonly (readonly string[])[];
  readonly now: Millis;
}

export type Applied =
  | { readonly ok: true; readonly object: Record<string, unknown>; readonly owners: readonly Owner[] }
  | { readonly ok: false; readonly conflicts: readonly { readonly owner: Owner; readonly fields: FieldSet }[] };

export function applyConfiguration(application: Application): Applied {
  const { live, wanted, shape, owners, by, force, now } = application;
  let claimed = withoutSystemFields(appliedFields(wanted, shape));
  for (const path of application.ignored) claimed = withoutPath(claimed, path);
  const config = application.ignored.reduce((rest, path) => withoutField(rest, path), wanted);

  const last = owners.find((owner) => isSameManager(owner, by));
  const joined = mergeApplied(live ?? {}, config, shape) as Record<string, unknown>;
  const others = owners.filter((owner) => !isSameManager(owner, by));
  const kept = others.reduce((sum, owner) => union(sum, owner.fields), claimed);
  const object = last === undefined ? joined : (prune(joined, last.fields, kept, shape) as Record<string, unknown>);

  const changes = compareFields(live ?? undefined, object, shape);
  const conflicts = contested(owners, by, changes);
  if (conflicts.length > 0 && !force) return { ok: false, conflicts };
  const released = releaseChanged(others, by, changes);
  const own = isEmptySet(claimed) ? [] : [stamped(merged(by, { fields: claimed }), last, now)];
  return { ok: true, object, owners: [...released, ...own] };
}

function withoutField(object: Record<string, unknown>, path: readonly string[]): Record<string, unknown> {
  const [first, ...rest] = path;
  const key = first?.slice(2);
  if (key === undefined || !Object.hasOwn(object, key)) return object;
  const copy = merged(object);
  const below = copy[key];
  if (rest.length === 0) delete copy[key];
  else if (isObject(below)) copy[key] = withoutField(below, rest);
  return copy;
}

/** The live value with the applied one laid over it; keyed lists and maps merge, everything else is replaced. */
function mergeApplied(live: unknown, config: unknown, shape: TypeShape | null): unknown {
  if (isObject(config) && isObject(live) && !isAtomicMap(shape)) {
    const joined: Record<string, unknown> = merged(live);
    for (const [key, value] of Object.entries(config)) {
      if (value === undefined) continue;
      const old = own(live, key);
      setField(joined, key, mergeApplied(old, value, fieldShape(shape, key)));
    }
    return joined;
  }
  if (Array.isArray(config) && Array.isArray(live)) {
    const old = indexItems(live, shape);
    const next = indexItems(config, shape);
    if (old !== null && next !== null) return mergeItems(old, next, shape);
  }
  return deepClone(config);
}

/** Items that both have come in the applied order; the live ones that nobody applies stay between their neighbours. */
function mergeItems(old: Map<string, unknown>, next: Map<string, unknown>, shape: TypeShape | null): unknown[] {
  const result: unknown[] = [];
  const oldKeys = [...old.keys()];
  const nextKeys = [...next.keys()];
  const isSet = listKind(shape).kind === 'set';
  const combined = (key: string) =>
    isSet || !old.has(key) ? deepClone(next.get(key)) : mergeApplied(old.get(key), next.get(key), shape?.items ?? null);
  let at = 0;
  for (const key of nextKeys) {
    while (at < oldKeys.length && !next.has(oldKeys[at]!)) {
      result.push(old.get(oldKeys[at]!));
      at += 1;
    }
    if (old.has(key) && at < oldKeys.length) at += 1;
    result.push(combined(key));
  }
  for (const key of oldKeys.slice(at)) if (!next.has(key)) result.push(old.get(key));
  return result;
}

/** Removes what the manager owned before and what now nobody claims. */
function prune(value: unknown, last: FieldSet, kept: FieldSet, shape: TypeShape | null): unknown {
  if (isObject(value) && !isAtomicMap(shape)) {
    const rest: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      const element = `f:${key}`;
      const own = last.children.get(element);
      const claim = kept.children.get(element);
      if (own !== undefined && claim === undefined && !isSystemField(last, element)) continue;
      const next = own === undefined ? item : prune(item, own, claim ?? NO_FIELDS, fieldShape(shape, key));
      setField(rest, key, next);
    }
    return rest;
  }
  if (Array.isArray(value) && listKind(shape).kind !== 'atomic') {
    const items: unknown[] = [];
    for (const item of value) {
      const element = itemElement(item, shape);
      const own = element === null ? undefined : last.children.get(element);
      const claim = element === null ? undefined : kept.children.get(element);
      if (own !== undefined && claim === undefined) continue;
      items.push(own === undefined ? item : prune(item, own, claim ?? NO_FIELDS, shape?.items ?? null));
    }
    return items;
  }
  return value;
}

/** Metadata as such stays, whatever is taken out of it. */
const isSystemField = (set: FieldSet, element: string): boolean =>
  element === 'f:metadata' && set.children.has(element);

/** The message and the causes that tell who holds what. */
export function describeConflicts(conflicts: readonly { owner: Owner; fields: FieldSet }[]): {
  message: string;
  causes: StatusCause[];
} {
  const named = conflicts.map(({ owner, fields }) => ({ who: ownerText(owner), paths: memberPaths(fields) }));
  named.sort((a, b) => byText(a.who, b.who));
  const causes = named.flatMap(({ who, paths }) =>
    paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field })),
  );
  const total = causes.length;
  if (total === 1) {
    return { message: `Apply failed with 1 conflict: ${causes[0]!.message}: ${causes[0]!.field}`, causes };
  }
  const parts = named.map(({ who, paths }) => `conflicts with ${who}:\n${paths.map((path) => `- ${path}`).join('\n')}`);
  return { message: `Apply failed with ${total} conflicts: ${parts.join('\n')}`, causes };
}

function ownerText(owner: Owner): string {
  const subresource = owner.subresource === '' ? '' : ` with subresource "${owner.subresource}"`;
  const version = owner.operation === 'Update' ? ` using ${owner.apiVersion}` : '';
  return `"${owner.name}"${subresource}${version}`;
}

/** Why a configuration does not fit its type: an undeclared field, or two items with one key. */
export function configurationProblem(
  value: unknown,
  shape: TypeShape | null,
  path: readonly string[] = [],
): string | null {
  if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      const below = [...path, `f:${key}`];
      const field = fieldShape(shape, key);
      if (field === null && !isOpen(shape)) return `${pathsText(below)}: field not declared in schema`;
      const problem = configurationProblem(item, field, below);
      if (problem !== null) return problem;
    }
    return null;
  }
  if (!Array.isArray(value)) return null;
  const kind = listKind(shape).kind;
  const seen = new Set<string>();
  for (const [at, item] of value.entries()) {
    const element = kind === 'atomic' ? null : itemElement(item, shape);
    if (kind === 'map' && element === null) {
      return `${pathsText(path)}: element ${at}: associative list with keys has an element that omits key field`;
    }
    if (element !== null && seen.has(element)) {
      return `${pathsText(path)}: duplicate entries for key ${pathsText([element])}`;
    }
    if (element !== null) seen.add(element);
    const problem = configurationProblem(item, shape?.items ?? null, [...path, element ?? `i:${at}`]);
    if (problem !== null) return problem;
  }
  return null;
}
