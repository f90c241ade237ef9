// Which generation of its template a member runs, and when the hub's status may claim the latest one.
import { ANNOTATIONS } from '../../../api/names.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { type Fields, fieldsAt, numberAt, present, textsAt } from '../../fields.ts';
import { reflectFields, type Statuses } from './status.ts';

/** The fields by name with the generations beside them; a template generation that is no number is not reported. */
export function reflectWithGenerations(object: KubeObject, names: readonly string[]): Fields {
  if (fieldsAt(object, 'status') === undefined) return {};
  const text = textsAt(object, 'metadata', 'annotations')?.[ANNOTATIONS.templateGeneration] ?? '';
  return {
    ...reflectFields(object, names),
    ...present({
      generation: numberAt(object, 'metadata', 'generation'),
      resourceTemplateGeneration: /^\d{1,15}$/.test(text) ? Number(text) : undefined,
    }),
  };
}

/** The latest once every member has made it its own and acted on it; what was claimed before until then. */
export function observedTemplateGeneration(object: KubeObject, statuses: Statuses): number {
  const latest = numberAt(object, 'metadata', 'generation') ?? 0;
  const seenByAll = statuses.every((status) => {
    if (status === null) return false;
    const counter = (name: string) => numberAt(status, name) ?? 0;
    return counter('resourceTemplateGeneration') === latest && counter('generation') === counter('observedGeneration');
  });
  return seenByAll ? latest : (numberAt(object, 'status', 'observedGeneration') ?? 0);
}
