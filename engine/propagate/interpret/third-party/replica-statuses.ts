// The pods of a job by role, as Kubeflow's jobs count them.
import { type Fields, fieldsAt } from '../../fields.ts';
import { sumOf } from '../native/generation.ts';
import type { Statuses } from './status.ts';

/** The pods of one role, by what has become of them. */
export function podsOf(statuses: Statuses, role: string): Fields {
  const counters = statuses.map((status) => (status && fieldsAt(status, 'replicaStatuses', role)) ?? null);
  return {
    active: sumOf(counters, 'active'),
    failed: sumOf(counters, 'failed'),
    succeeded: sumOf(counters, 'succeeded'),
  };
}
