// Of which generation of its binding a Work was made: whoever sees the Work and an earlier binding is behind, and must not take it for
// one that nobody wants.

import type { ResourceBinding } from '../../api/binding.ts';
import type { Work } from '../../api/work.ts';
import { merged } from '../../base/merged.ts';
import { type Millis, parseTime } from '../../kube/time.ts';

/** On a Work: the generation of its binding by which it was made. */
const BIRTH_ANNOTATION = 'propagation.muster.dev/made-by-generation';

/** No view that hears anything is behind for longer; and a binding may have been restored from an earlier one. */
const YOUNG_MS: Millis = 60_000;

export const bornOf = ({ metadata: { generation = 0 } }: ResourceBinding, work: Work): Work =>
  merged(work, {
    metadata: merged(work.metadata, {
      annotations: merged(work.metadata.annotations, { [BIRTH_ANNOTATION]: String(generation) }),
    }),
  });

/** It was made by a later generation than the one that is seen. */
export function isOfTheFuture({ metadata }: Work, binding: ResourceBinding, now: Millis): boolean {
  const generation = Number(metadata.annotations?.[BIRTH_ANNOTATION] ?? 0);
  const made = parseTime(metadata.creationTimestamp ?? '');
  return generation > (binding.metadata.generation ?? 0) && made !== null && now < made + YOUNG_MS;
}
