// Statuses that consist of counters, as workloads have them: collected from one member, and summed over all.

import type { AggregatedStatusItem } from '../../../api/binding.ts';
import { merged } from '../../../base/merged.ts';
import { dropZeros } from '../../../kube/drop-zeros.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { type Fields, fieldsAt, numberAt, without, withValue } from '../../fields.ts';
import { federatedGeneration, observedGeneration, statusesOf, sumOf } from './generation.ts';
import { retyped } from './typed.ts';

export interface WorkloadCounters {
  /** Summed over the clusters. */
  readonly summed: readonly string[];
  /** Those of them that a status shows even at zero. */
  readonly always: readonly string[];
  /** Left as they are in the template, except that a zero is not shown. */
  readonly carried?: readonly string[];
  readonly reflectsObservedGeneration: boolean;
  /** The generation that a member's template has to have; that of the template itself when not given. */
  readonly wantedTemplate?: (member: Fields) => number;
}

/** Null where the member has no status yet, or nothing at all to report. */
export function reflectCounters(object: KubeObject, kind: WorkloadCounters): Fields | null {
  const status = fieldsAt(object, 'status');
  if (status === undefined) return null;
  const names = kind.reflectsObservedGeneration ? [...kind.summed, 'observedGeneration'] : kind.summed;
  const counters: Record<string, number> = {};
  for (const name of names) counters[name] = numberAt(status, name) ?? 0;
  const reflected = merged(federatedGeneration(object), shown(counters, kind));
  return Object.keys(reflected).length === 0 ? null : reflected;
}

export function aggregateCounters(
  object: KubeObject,
  items: readonly AggregatedStatusItem[],
  kind: WorkloadCounters,
): KubeObject {
  const statuses = statusesOf(items);
  const counters: Record<string, number> = {
    observedGeneration: observedGeneration(object, statuses, kind.wantedTemplate),
  };
  for (const name of kind.summed) counters[name] = sumOf(statuses, name);
  const before = fieldsAt(object, 'status') ?? {};
  if (Object.entries(counters).every(([name, value]) => (numberAt(before, name) ?? 0) === value)) return object;
  for (const name of kind.carried ?? []) counters[name] = numberAt(before, name) ?? 0;
  const others = without(before, Object.keys(counters));
  return withValue(retyped(object), merged(others, shown(counters, kind)), 'status');
}

function shown(counters: Readonly<Record<string, number>>, { always }: WorkloadCounters): Fields {
  const zeros: Record<string, number> = {};
  for (const name of always) zeros[name] = 0;
  return merged(zeros, dropZeros(counters));
}
