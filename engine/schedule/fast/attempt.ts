// How one attempt over columns can end.
import type { ResourceBindingSpec } from '../../api/binding.ts';
import type { Failure } from '../decision.ts';
import type { Targets } from './targets.ts';

/** Not a failure: the columns do not hold what the answer needs, and the readable path is asked instead. */
export const RARE = Symbol('left to the readable path');

export type Attempt =
  | { readonly ok: true; readonly targets: Targets }
  | { readonly ok: false; readonly failure: Failure };

/** Components never come here, so that replicas or requirements alone make a workload. */
export const isWorkload = (spec: ResourceBindingSpec): boolean =>
  (spec.replicas ?? 0) > 0 || spec.replicaRequirements != null;
