// Generations across clusters: which template a member has applied, and whether all of them have seen the latest.
import type { AggregatedStatusItem } from '../../../api/binding.ts';
import { ANNOTATIONS } from '../../../api/names.ts';
import { dropZeros } from '../../../kube/drop-zeros.ts';
import { isObject } from '../../../kube/json.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { PropagationError } from '../../errors.ts';
import { type Fields, numberAt, textsAt } from '../../fields.ts';

/** The generations to report beside a status: the member's own, and that of the template it was made from. */
export function federatedGeneration(object: KubeObject): Fields {
  const text = textsAt(object, 'metadata', 'annotations')?.[ANNOTATIONS.templateGeneration] ?? '';
  if (!/^[+-]?\d{1,18}$/.test(text)) {
    throw new PropagationError(`annotation ${ANNOTATIONS.templateGeneration} must be a whole number, not "${text}"`);
  }
  return dropZeros({
    generation: numberAt(object, 'metadata', 'generation') ?? 0,
    resourceTemplateGeneration: Number(text),
  });
}

/** The collected statuses; a cluster that has reported none is null. */
export const statusesOf = (items: readonly AggregatedStatusItem[]): (Fields | null)[] =>
  items.map(({ clusterName, status }) => {
    if (status === undefined || status === null) return null;
    if (!isObject(status)) throw new PropagationError(`the status from cluster "${clusterName}" must be an object`);
    return status;
  });

/** The sum of a counter over all clusters. */
export const sumOf = (statuses: readonly (Fields | null)[], counter: string): number =>
  statuses.reduce((sum, status) => sum + (status === null ? 0 : (numberAt(status, counter) ?? 0)), 0);

/**
 * The generation that the template's status may claim: the latest once every cluster runs it and has acted on it, and
 * until then the one that was claimed before.
 */
export function observedGeneration(
  object: KubeObject,
  statuses: readonly (Fields | null)[],
  wanted: (member: Fields) => number = () => numberAt(object, 'metadata', 'generation') ?? 0,
): number {
  const seenByAll = statuses.every((status) => {
    if (status === null) return false;
    const counter = (name: string) => numberAt(status, name) ?? 0;
    return (
      counter('observedGeneration') >= counter('generation') && counter('resourceTemplateGeneration') >= wanted(status)
    );
  });
  if (seenByAll) return numberAt(object, 'metadata', 'generation') ?? 0;
  return numberAt(object, 'status', 'observedGeneration') ?? 0;
}
