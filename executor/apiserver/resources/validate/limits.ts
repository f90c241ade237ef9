// What autoscalers, disruption budgets and events demand of their own fields.
import { type FieldError, invalidValue, type KubeObject, required } from '../../../../engine/index.ts';
import { fieldsOf } from './change.ts';
import { notNegative } from './pod-spec.ts';

export function eventProblems(object: KubeObject): FieldError[] {
  const involved = fieldsOf(object.involvedObject);
  const namespace = String(involved.namespace ?? '');
  const own = object.metadata.namespace ?? '';
  const isElsewhere = namespace === '' ? own !== 'default' && own !== '' : namespace !== own;
  return isElsewhere && namespace !== ''
    ? [invalidValue('involvedObject.namespace', namespace, 'does not match event.namespace')]
    : [];
}

export function scalerProblems(object: KubeObject): FieldError[] {
  const spec = fieldsOf(object.spec);
  const problems: FieldError[] = [];
  const most = Number(spec.maxReplicas ?? 0);
  if (typeof spec.minReplicas === 'number' && spec.minReplicas < 1) {
    problems.push(invalidValue('spec.minReplicas', spec.minReplicas, 'must be greater than or equal to 1'));
  }
  if (most < 1) problems.push(invalidValue('spec.maxReplicas', most, 'must be greater than 0'));
  if (typeof spec.minReplicas === 'number' && most < spec.minReplicas) {
    problems.push(invalidValue('spec.maxReplicas', most, 'must be greater than or equal to `minReplicas`'));
  }
  const target = fieldsOf(spec.scaleTargetRef);
  if (!target.kind) problems.push(required('spec.scaleTargetRef.kind'));
  if (!target.name) problems.push(required('spec.scaleTargetRef.name'));
  return problems;
}

export function budgetProblems(object: KubeObject): FieldError[] {
  const spec = fieldsOf(object.spec);
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined) {
    return [invalidValue('spec', spec, 'minAvailable and maxUnavailable cannot be both set')];
  }
  return [
    ...notNegative(spec.minAvailable, 'spec.minAvailable'),
    ...notNegative(spec.maxUnavailable, 'spec.maxUnavailable'),
  ];
}
