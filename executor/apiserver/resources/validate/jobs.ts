// What Jobs and CronJobs demand of their own fields.
import { type FieldError, invalidValue, type KubeObject, required } from '../../../../engine/index.ts';
import { read } from '../cells.ts';
import { type Fields, fieldsOf, immutable } from './change.ts';
import { notNegative, oneOf } from './pod-spec.ts';
import { templateProblems } from './workloads.ts';

export function jobSpecProblems(spec: Fields, field: string): FieldError[] {
  const problems = [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
  ].flatMap((key) => notNegative(spec[key], `${field}.${key}`));
  problems.push(...oneOf(spec.completionMode, `${field}.completionMode`, ['Indexed', 'NonIndexed']));
  problems.push(...templateProblems(fieldsOf(spec.template), `${field}.template`));
  const policy = read(spec, 'template.spec.restartPolicy');
  if (policy === 'Always') {
    problems.push(required(`${field}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"'));
  }
  return problems;
}

export function jobChange(next: KubeObject, old: KubeObject): FieldError[] {
  const problems = [
    ...(read(old, 'spec.completionMode') === 'Indexed'
      ? []
      : immutable(read(next, 'spec.completions'), read(old, 'spec.completions'), 'spec.completions')),
    ...immutable(read(next, 'spec.selector'), read(old, 'spec.selector'), 'spec.selector'),
  ];
  const isSuspended = read(old, 'spec.suspend') === true && read(old, 'status.startTime') === undefined;
  if (!isSuspended) {
    problems.push(...immutable(read(next, 'spec.template'), read(old, 'spec.template'), 'spec.template'));
  }
  problems.push(
    ...immutable(read(next, 'spec.completionMode'), read(old, 'spec.completionMode'), 'spec.completionMode'),
  );
  return problems;
}

export function cronJobProblems(object: KubeObject): FieldError[] {
  const spec = fieldsOf(object.spec);
  const problems: FieldError[] = [];
  const schedule = String(spec.schedule ?? '');
  if (schedule === '') problems.push(required('spec.schedule'));
  else if (!/^@\w+|^(\S+\s+){4}\S+$/.test(schedule)) {
    const count = schedule.trim().split(/\s+/).length;
    problems.push(
      invalidValue(
        'spec.schedule',
        schedule,
        `expected exactly 5 fields, found ${count}: [${schedule.trim().split(/\s+/).join(' ')}]`,
      ),
    );
  }
  problems.push(...oneOf(spec.concurrencyPolicy, 'spec.concurrencyPolicy', ['Allow', 'Forbid', 'Replace']));
  problems.push(...jobSpecProblems(fieldsOf(read(spec, 'jobTemplate.spec')), 'spec.jobTemplate.spec'));
  if (object.metadata.name.length > 52) {
    problems.push(invalidValue('metadata.name', object.metadata.name, 'must be no more than 52 characters'));
  }
  return problems;
}
