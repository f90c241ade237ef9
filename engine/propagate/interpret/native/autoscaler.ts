// HorizontalPodAutoscalers.
import { dropZeros } from '../../../kube/drop-zeros.ts';
import { deepEqual } from '../../../kube/json.ts';
import { type Fields, fieldsAt, withValue } from '../../fields.ts';
import type { KindInterpreter } from '../interpreter.ts';
import { statusesOf, sumOf } from './generation.ts';
import { retyped } from './typed.ts';

export const horizontalPodAutoscaler: KindInterpreter = {
  reflect: (object) => {
    const status = fieldsAt(object, 'status');
    return status === undefined ? null : countersOf([status]);
  },
  aggregate: (object, items) => {
    const after = countersOf(statusesOf(items));
    return deepEqual(fieldsAt(object, 'status'), after) ? object : withValue(retyped(object), after, 'status');
  },
};

const countersOf = (statuses: readonly (Fields | null)[]): Fields => ({
  ...dropZeros({ currentReplicas: sumOf(statuses, 'currentReplicas') }),
  desiredReplicas: sumOf(statuses, 'desiredReplicas'),
});
