// Statuses as Karmada's scripts read and write them: named fields go up to the hub, and what is empty is nothing.
import { byText } from '../../../base/order.ts';
import { deepEqual, isObject } from '../../../kube/json.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { PropagationError } from '../../errors.ts';
import { type Fields, fieldsAt, textAt, valueAt, withValue } from '../../fields.ts';

export type Statuses = readonly (Fields | null)[];

/** Where health cannot be told without a status, so that it is unknown instead of bad. */
export function requiredStatus(object: KubeObject): Fields {
  const status = fieldsAt(object, 'status');
  if (status === undefined) throw new PropagationError('status is missing: its controller has not looked at it yet');
  return status;
}

/** The fields of the member's status by name; a member without a status reports an empty one. */
export const reflectFields = (object: KubeObject, names: readonly string[]): Fields =>
  withoutEmpties(picked(fieldsAt(object, 'status') ?? {}, names));

export const picked = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(
    names.map((name) => [name, valueAt(fields, name)] as const).filter(([, value]) => value !== undefined),
  );

/** The object itself where its status is that already. */
export function withStatus(object: KubeObject, status: Fields): KubeObject {
  const told = withoutEmpties(status);
  const after = Object.keys(told).length === 0 ? undefined : told;
  return deepEqual(fieldsAt(object, 'status'), after) ? object : withValue(object, after, 'status');
}

/** A workload that is in one cluster only is as that cluster says. */
export const soleStatus = (statuses: Statuses): Fields | null => (statuses.length === 1 ? (statuses[0] ?? {}) : null);

/** Without empty lists and maps, at any depth: a script cannot tell one from the other, nor either from nothing. */
export const withoutEmpties = (fields: Fields): Fields => cleaned(fields, isEmpty);

/** Without what the encoders of job operators leave out, too: counters at zero and empty texts. */
export const withoutBlanks = (fields: Fields): Fields =>
  cleaned(fields, (value) => value === 0 || value === '' || value === '0s' || isEmpty(value));

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);

function cleaned(fields: Fields, isNothing: (value: unknown) => boolean): Fields {
  const entries = Object.entries(fields).map(([name, value]) => [name, cleanedValue(value, isNothing)] as const);
  return Object.fromEntries(entries.filter(([, value]) => !isNothing(value)));
}

function cleanedValue(value: unknown, isNothing: (value: unknown) => boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => cleanedValue(item, isNothing));
  return isObject(value) ? cleaned(value, isNothing) : value;
}

/** The texts that clusters report in a field, in the order of the clusters; an empty one is none. */
const textsIn = (statuses: Statuses, field: string): string[] =>
  statuses.map((status) => (status === null ? undefined : textAt(status, field))).filter((text) => !!text) as string[];

export const lastText = (statuses: Statuses, field: string): string | undefined => textsIn(statuses, field).at(-1);

/** Timestamps of one form compare as texts do. */
export const earliestTime = (statuses: Statuses, field: string): string | undefined =>
  textsIn(statuses, field).sort(byText)[0];

export const latestTime = (statuses: Statuses, field: string): string | undefined =>
  textsIn(statuses, field).sort(byText).at(-1);

/** What the last cluster reports that reports any. */
export const lastValue = (statuses: Statuses, field: string): unknown => valuesIn(statuses, field).at(-1);

export const firstValue = (statuses: Statuses, field: string): unknown => valuesIn(statuses, field)[0];

const valuesIn = (statuses: Statuses, field: string): unknown[] =>
  statuses
    .map((status) => (status === null ? undefined : valueAt(status, field)))
    .filter((value) => value !== undefined);
