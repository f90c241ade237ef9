// What kinds that keep pods running demand: Deployments, StatefulSets, DaemonSets, ReplicaSets.
import {
  type FieldError,
  forbiddenField,
  invalidValue,
  type KubeObject,
  type LabelSelector,
  matchesSelector,
  parseSelector,
  required,
  unsupported,
} from '../../../../engine/index.ts';
import { read } from '../cells.ts';
import { type Fields, fieldsOf, forbiddenOnChange, immutable } from './change.ts';
import { annotationProblems, labelProblems } from './metadata.ts';
import { notNegative, oneOf, podSpecProblems } from './pod-spec.ts';

/** Selector and template of anything that makes pods. */
function workloadProblems(spec: Fields, policies: readonly string[], canSelectNothing = false): FieldError[] {
  const problems: FieldError[] = [];
  const selector = spec.selector as LabelSelector | undefined;
  if (selector === undefined || selector === null) {
    problems.push(required('spec.selector'));
  } else {
    const parsed = parseSelector(selector);
    if (parsed.problem !== null) problems.push(invalidValue('spec.selector', selector, parsed.problem));
    const isEmpty =
      (selector.matchExpressions ?? []).length === 0 && Object.keys(selector.matchLabels ?? {}).length === 0;
    if (isEmpty && !canSelectNothing) {
      problems.push(invalidValue('spec.selector', selector, 'empty selector is invalid for deployment'));
    }
  }
  const template = fieldsOf(spec.template);
  const labels = read(template, 'metadata.labels') as Record<string, string> | undefined;
  const parsed = parseSelector(selector);
  if (parsed.problem === null && (parsed.requirements.length > 0 || selector === undefined || selector === null)) {
    const matches = selector !== undefined && selector !== null && matchesSelector(parsed, labels);
    if (!matches) {
      problems.push(
        invalidValue('spec.template.metadata.labels', labels ?? null, '`selector` does not match template `labels`'),
      );
    }
  }
  problems.push(...templateProblems(template, 'spec.template'));
  const policy = read(template, 'spec.restartPolicy');
  if (
    policy !== undefined &&
    ['Always', 'OnFailure', 'Never'].includes(String(policy)) &&
    !policies.includes(String(policy))
  ) {
    problems.push(unsupported('spec.template.spec.restartPolicy', policy, policies));
  }
  return problems;
}

export function templateProblems(template: Fields, field: string): FieldError[] {
  const metadata = fieldsOf(template.metadata);
  return [
    ...labelProblems(metadata.labels, `${field}.metadata.labels`).map((one) => ({ ...one, field: `${field}.labels` })),
    ...annotationProblems(metadata.annotations, `${field}.metadata.annotations`).map((one) => ({
      ...one,
      field: `${field}.annotations`,
    })),
    ...podSpecProblems(fieldsOf(template.spec), `${field}.spec`),
  ];
}

const COUNTS = ['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'unavailableReplicas'];

export function deploymentProblems(object: KubeObject): FieldError[] {
  const spec = fieldsOf(object.spec);
  const problems = notNegative(spec.replicas, 'spec.replicas');
  problems.push(...workloadProblems(spec, ['Always']));
  const strategy = fieldsOf(spec.strategy);
  problems.push(...oneOf(strategy.type, 'spec.strategy.type', ['Recreate', 'RollingUpdate']));
  if (strategy.type === 'Recreate' && strategy.rollingUpdate !== undefined) {
    problems.push(
      forbiddenField('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'"),
    );
  }
  if (strategy.type === 'RollingUpdate')
    problems.push(...rollingProblems(fieldsOf(strategy.rollingUpdate), 'spec.strategy.rollingUpdate'));
  problems.push(...notNegative(spec.minReadySeconds, 'spec.minReadySeconds'));
  problems.push(...notNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'));
  if (typeof spec.progressDeadlineSeconds === 'number') {
    problems.push(...notNegative(spec.progressDeadlineSeconds, 'spec.progressDeadlineSeconds'));
    if (spec.progressDeadlineSeconds <= Number(spec.minReadySeconds ?? 0)) {
      problems.push(
        invalidValue(
          'spec.progressDeadlineSeconds',
          spec.progressDeadlineSeconds,
          'must be greater than minReadySeconds',
        ),
      );
    }
  }
  return problems;
}

function rollingProblems(rolling: Fields, field: string): FieldError[] {
  const isZero = (value: unknown) => value === 0 || value === '0%' || value === '0';
  const problems: FieldError[] = [];
  for (const key of ['maxUnavailable', 'maxSurge']) {
    const value = rolling[key];
    if (typeof value === 'number') problems.push(...notNegative(value, `${field}.${key}`));
    if (typeof value === 'string' && !/^\d+%$/.test(value)) {
      problems.push(
        invalidValue(
          `${field}.${key}`,
          value,
          "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
        ),
      );
    }
  }
  if (isZero(rolling.maxUnavailable) && isZero(rolling.maxSurge)) {
    problems.push(invalidValue(`${field}.maxUnavailable`, rolling.maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
  }
  return problems;
}

export function deploymentStatusProblems(object: KubeObject): FieldError[] {
  const status = fieldsOf(object.status);
  const problems = COUNTS.flatMap((key) => notNegative(status[key], `status.${key}`));
  const replicas = Number(status.replicas ?? 0);
  for (const key of ['updatedReplicas', 'readyReplicas', 'availableReplicas']) {
    const value = Number(status[key] ?? 0);
    if (value > replicas) problems.push(invalidValue(`status.${key}`, value, 'cannot be greater than status.replicas'));
  }
  if (Number(status.availableReplicas ?? 0) > Number(status.readyReplicas ?? 0)) {
    problems.push(
      invalidValue('status.availableReplicas', status.availableReplicas, 'cannot be greater than readyReplicas'),
    );
  }
  return problems;
}

export function deploymentChange(next: KubeObject, old: KubeObject): FieldError[] {
  return immutable(read(next, 'spec.selector'), read(old, 'spec.selector'), 'spec.selector');
}

export function statefulSetProblems(object: KubeObject): FieldError[] {
  const spec = fieldsOf(object.spec);
  return [
    ...oneOf(spec.podManagementPolicy, 'spec.podManagementPolicy', ['OrderedReady', 'Parallel']),
    ...oneOf(read(spec, 'updateStrategy.type'), 'spec.updateStrategy', ['RollingUpdate', 'OnDelete']),
    ...notNegative(spec.replicas, 'spec.replicas'),
    ...workloadProblems(spec, ['Always']),
  ];
}

const STATEFUL_CHANGEABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

export function statefulSetChange(next: KubeObject, old: KubeObject): FieldError[] {
  const rest = (object: KubeObject) =>
    Object.fromEntries(Object.entries(fieldsOf(object.spec)).filter(([key]) => !STATEFUL_CHANGEABLE.includes(key)));
  const named = STATEFUL_CHANGEABLE.map((key) => `'${key}'`);
  const list = `${named.slice(0, -1).join(', ')} and ${named.at(-1)}`;
  return forbiddenOnChange(
    rest(next),
    rest(old),
    'spec',
    `updates to statefulset spec for fields other than ${list} are forbidden`,
  );
}

export function daemonSetProblems(object: KubeObject): FieldError[] {
  const spec = fieldsOf(object.spec);
  return [
    ...workloadProblems(spec, ['Always']),
    ...oneOf(read(spec, 'updateStrategy.type'), 'spec.updateStrategy.type', ['OnDelete', 'RollingUpdate']),
  ];
}

export function replicaSetProblems(object: KubeObject): FieldError[] {
  const spec = fieldsOf(object.spec);
  return [...notNegative(spec.replicas, 'spec.replicas'), ...workloadProblems(spec, ['Always'])];
}
