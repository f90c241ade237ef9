// What each built-in kind demands of its own fields, on creation and on change.
import {
  deepEqual,
  duplicate,
  type FieldProblem,
  forbiddenField,
  invalidValue,
  isObject,
  type KubeObject,
  type LabelSelector,
  matchesSelector,
  parseSelector,
  required,
  tooLong,
  unsupported,
} from '../../../../engine/index.ts';
import { items, read } from '../cells.ts';
import { definitionChangeProblems, definitionNameProblems, definitionProblems } from './definition.ts';
import { annotationProblems, labelProblems } from './metadata.ts';
import { configKeyProblems, labelName, type NameRule, pathSegmentName, serviceName, subdomainName } from './names.ts';
import { notNegative, oneOf, podSpecProblems, portNumberProblems } from './pod-spec.ts';

type Fields = Record<string, unknown>;
type Check = (next: KubeObject) => FieldProblem[];
type ChangeCheck = (next: KubeObject, old: KubeObject) => FieldProblem[];

const CONTENT_MAX = 1_048_576;
const bytes = (text: string) => new TextEncoder().encode(text).length;
const fieldsOf = (value: unknown): Fields => (isObject(value) ? value : {});

const immutable = (next: unknown, old: unknown, field: string): FieldProblem[] =>
  deepEqual(next ?? null, old ?? null) ? [] : [invalidValue(field, next ?? null, 'field is immutable')];

const forbiddenOnChange = (next: unknown, old: unknown, field: string, why: string): FieldProblem[] =>
  deepEqual(next ?? null, old ?? null) ? [] : [forbiddenField(field, why)];

function contentProblems(object: KubeObject): FieldProblem[] {
  const problems: FieldProblem[] = [];
  let total = 0;
  for (const part of ['data', 'binaryData']) {
    for (const [key, value] of Object.entries(fieldsOf(object[part]))) {
      for (const why of configKeyProblems(key)) problems.push(invalidValue(`${part}[${key}]`, key, why));
      total += bytes(String(value));
    }
  }
  if (total > CONTENT_MAX) problems.push(tooLong(object.kind === 'Secret' ? 'data' : '[]', CONTENT_MAX));
  return problems;
}

function contentChangeProblems(next: KubeObject, old: KubeObject): FieldProblem[] {
  if (old.immutable !== true) return [];
  const why = 'field is immutable when `immutable` is set';
  return [
    ...(next.immutable === true ? [] : [forbiddenField('immutable', why)]),
    ...forbiddenOnChange(next.data, old.data, 'data', why),
    ...forbiddenOnChange(next.binaryData, old.binaryData, 'binaryData', why),
  ];
}

const SECRET_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

function secretProblems(object: KubeObject): FieldProblem[] {
  const data = fieldsOf(object.data);
  const missing = (SECRET_KEYS[String(object.type)] ?? []).filter((key) => data[key] === undefined);
  const problems = [...contentProblems(object), ...missing.map((key) => required(`data[${key}]`))];
  const account = object.metadata.annotations?.['kubernetes.io/service-account.name'];
  if (object.type === 'kubernetes.io/service-account-token' && !account) {
    problems.push(required('metadata.annotations[kubernetes.io/service-account.name]'));
  }
  return problems;
}

/** Selector and template of anything that makes pods. */
function workloadProblems(spec: Fields, policies: readonly string[], canSelectNothing = false): FieldProblem[] {
  const problems: FieldProblem[] = [];
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

function templateProblems(template: Fields, field: string): FieldProblem[] {
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

function deploymentProblems(object: KubeObject): FieldProblem[] {
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

function rollingProblems(rolling: Fields, field: string): FieldProblem[] {
  const isZero = (value: unknown) => value === 0 || value === '0%' || value === '0';
  const problems: FieldProblem[] = [];
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

function deploymentStatusProblems(object: KubeObject): FieldProblem[] {
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

function deploymentChange(next: KubeObject, old: KubeObject): FieldProblem[] {
  return immutable(read(next, 'spec.selector'), read(old, 'spec.selector'), 'spec.selector');
}

function statefulSetProblems(object: KubeObject): FieldProblem[] {
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

function statefulSetChange(next: KubeObject, old: KubeObject): FieldProblem[] {
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

function daemonSetProblems(object: KubeObject): FieldProblem[] {
  const spec = fieldsOf(object.spec);
  return [
    ...workloadProblems(spec, ['Always']),
    ...oneOf(read(spec, 'updateStrategy.type'), 'spec.updateStrategy.type', ['OnDelete', 'RollingUpdate']),
  ];
}

function replicaSetProblems(object: KubeObject): FieldProblem[] {
  const spec = fieldsOf(object.spec);
  return [...notNegative(spec.replicas, 'spec.replicas'), ...workloadProblems(spec, ['Always'])];
}

function jobSpecProblems(spec: Fields, field: string): FieldProblem[] {
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
    problems.push({
      reason: 'FieldValueRequired',
      field: `${field}.template.spec.restartPolicy`,
      message: 'Required value: valid values: "OnFailure", "Never"',
    });
  }
  return problems;
}

function jobChange(next: KubeObject, old: KubeObject): FieldProblem[] {
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

function cronJobProblems(object: KubeObject): FieldProblem[] {
  const spec = fieldsOf(object.spec);
  const problems: FieldProblem[] = [];
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

function serviceProblems(object: KubeObject): FieldProblem[] {
  const spec = fieldsOf(object.spec);
  const problems: FieldProblem[] = [];
  const ports = items(spec.ports);
  const isHeadless = spec.clusterIP === 'None';
  if (ports.length === 0 && !isHeadless && spec.type !== 'ExternalName') problems.push(required('spec.ports'));
  const names = new Set<string>();
  const seen = new Set<string>();
  for (const [at, port] of ports.entries()) {
    const own = `spec.ports[${at}]`;
    if (port.name === undefined && ports.length > 1) problems.push(required(`${own}.name`));
    else if (typeof port.name === 'string') {
      for (const why of labelName(port.name, false)) problems.push(invalidValue(`${own}.name`, port.name, why));
      if (names.has(port.name)) problems.push(duplicate(`${own}.name`, port.name));
      names.add(port.name);
    }
    problems.push(...portNumberProblems(port.port, `${own}.port`));
    problems.push(...oneOf(port.protocol, `${own}.protocol`, ['SCTP', 'TCP', 'UDP']));
    if (typeof port.targetPort === 'number') problems.push(...portNumberProblems(port.targetPort, `${own}.targetPort`));
    const key = `${port.protocol}/${port.port}`;
    if (seen.has(key)) problems.push(duplicate(own, { protocol: port.protocol, port: port.port }));
    seen.add(key);
  }
  problems.push(...oneOf(spec.sessionAffinity, 'spec.sessionAffinity', ['ClientIP', 'None']));
  problems.push(...oneOf(spec.type, 'spec.type', ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']));
  if (spec.type === 'ExternalName') {
    const external = String(spec.externalName ?? '');
    if (external === '') problems.push(required('spec.externalName'));
    else
      for (const why of subdomainName(external.replace(/\.$/, ''), false))
        problems.push(invalidValue('spec.externalName', external, why));
  }
  problems.push(...labelProblems(spec.selector, 'spec.selector'));
  return problems;
}

function serviceChange(next: KubeObject, old: KubeObject): FieldProblem[] {
  const before = String(read(old, 'spec.clusterIP') ?? '');
  if (before === '' || read(next, 'spec.type') === 'ExternalName' || read(old, 'spec.type') === 'ExternalName')
    return [];
  const after = read(next, 'spec.clusterIPs');
  const same = Array.isArray(after) ? after[0] === before : false;
  return same ? [] : [invalidValue('spec.clusterIPs[0]', after ?? null, 'may not change once set')];
}

function claimChange(next: KubeObject, old: KubeObject): FieldProblem[] {
  const rest = (object: KubeObject) => {
    const spec = fieldsOf(object.spec);
    const { requests: _requests, ...resources } = fieldsOf(spec.resources);
    const { volumeAttributesClassName: _class, ...kept } = spec;
    // A claim's volume is filled in once by the one who binds it.
    if (read(old, 'spec.volumeName') === undefined) delete kept.volumeName;
    if (read(old, 'spec.storageClassName') === undefined) delete kept.storageClassName;
    return { ...kept, resources };
  };
  return forbiddenOnChange(
    rest(next),
    rest(old),
    'spec',
    'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
  );
}

function claimProblems(object: KubeObject): FieldProblem[] {
  const spec = fieldsOf(object.spec);
  const problems: FieldProblem[] = [];
  const modes = Array.isArray(spec.accessModes) ? spec.accessModes : [];
  if (modes.length === 0) problems.push(required('spec.accessModes', 'at least 1 access mode is required'));
  for (const mode of modes) {
    problems.push(
      ...oneOf(mode, 'spec.accessModes', ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod']),
    );
  }
  if (read(spec, 'resources.requests.storage') === undefined) problems.push(required('spec.resources[storage]'));
  return problems;
}

function podChange(next: KubeObject, old: KubeObject): FieldProblem[] {
  const rest = (object: KubeObject) => {
    const spec = fieldsOf(object.spec);
    const plain = (list: unknown) => items(list).map(({ image: _image, ...kept }) => kept);
    const { activeDeadlineSeconds: _deadline, tolerations: _tolerations, schedulingGates: _gates, ...kept } = spec;
    if (kept.terminationGracePeriodSeconds === 1 || Number(kept.terminationGracePeriodSeconds) < 0) {
      delete kept.terminationGracePeriodSeconds;
    }
    return { ...kept, containers: plain(spec.containers), initContainers: plain(spec.initContainers) };
  };
  return forbiddenOnChange(
    rest(next),
    rest(old),
    'spec',
    'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
      '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
      '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
  );
}

function roleProblems(object: KubeObject): FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const [at, rule] of items(object.rules).entries()) {
    const own = `rules[${at}]`;
    const has = (key: string) => Array.isArray(rule[key]) && rule[key].length > 0;
    if (!has('verbs')) problems.push(required(`${own}.verbs`, 'verbs must contain at least one value'));
    if (has('nonResourceURLs')) {
      if (object.kind === 'Role') {
        problems.push(
          invalidValue(
            `${own}.nonResourceURLs`,
            rule.nonResourceURLs,
            'namespaced rules cannot apply to non-resource URLs',
          ),
        );
      }
      if (has('apiGroups') || has('resources') || has('resourceNames')) {
        problems.push(
          invalidValue(
            `${own}.nonResourceURLs`,
            rule.nonResourceURLs,
            'rules cannot apply to both regular resources and non-resource URLs',
          ),
        );
      }
      continue;
    }
    if (!has('apiGroups'))
      problems.push(required(`${own}.apiGroups`, 'resource rules must supply at least one api group'));
    if (!has('resources'))
      problems.push(required(`${own}.resources`, 'resource rules must supply at least one resource'));
  }
  return problems;
}

function bindingProblems(object: KubeObject): FieldProblem[] {
  const role = fieldsOf(object.roleRef);
  const problems: FieldProblem[] = [];
  if (role.apiGroup !== 'rbac.authorization.k8s.io') {
    problems.push(unsupported('roleRef.apiGroup', role.apiGroup ?? '', ['rbac.authorization.k8s.io']));
  }
  const kinds = object.kind === 'RoleBinding' ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if (!kinds.includes(String(role.kind))) problems.push(unsupported('roleRef.kind', role.kind ?? '', kinds));
  if (!role.name) problems.push(required('roleRef.name'));
  for (const [at, subject] of items(object.subjects).entries()) {
    const own = `subjects[${at}]`;
    if (!subject.name) problems.push(required(`${own}.name`));
    if (!['User', 'Group', 'ServiceAccount'].includes(String(subject.kind))) {
      problems.push(unsupported(`${own}.kind`, subject.kind ?? '', ['Group', 'ServiceAccount', 'User']));
    }
    if (subject.kind === 'ServiceAccount' && object.kind === 'ClusterRoleBinding' && !subject.namespace) {
      problems.push(required(`${own}.namespace`));
    }
  }
  return problems;
}

function bindingChange(next: KubeObject, old: KubeObject): FieldProblem[] {
  if (deepEqual(next.roleRef, old.roleRef)) return [];
  const { apiGroup, kind, name } = fieldsOf(next.roleRef);
  return [invalidValue('roleRef', { APIGroup: apiGroup, Kind: kind, Name: name }, 'cannot change roleRef')];
}

function eventProblems(object: KubeObject): FieldProblem[] {
  const involved = fieldsOf(object.involvedObject);
  const namespace = String(involved.namespace ?? '');
  const own = object.metadata.namespace ?? '';
  const isElsewhere = namespace === '' ? own !== 'default' && own !== '' : namespace !== own;
  return isElsewhere && namespace !== ''
    ? [invalidValue('involvedObject.namespace', namespace, 'does not match event.namespace')]
    : [];
}

function scalerProblems(object: KubeObject): FieldProblem[] {
  const spec = fieldsOf(object.spec);
  const problems: FieldProblem[] = [];
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

function budgetProblems(object: KubeObject): FieldProblem[] {
  const spec = fieldsOf(object.spec);
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined) {
    return [invalidValue('spec', spec, 'minAvailable and maxUnavailable cannot be both set')];
  }
  return [
    ...notNegative(spec.minAvailable, 'spec.minAvailable'),
    ...notNegative(spec.maxUnavailable, 'spec.maxUnavailable'),
  ];
}

function ingressProblems(object: KubeObject): FieldProblem[] {
  const spec = fieldsOf(object.spec);
  const problems: FieldProblem[] = [];
  if (items(spec.rules).length === 0 && spec.defaultBackend === undefined) {
    problems.push(invalidValue('spec', spec, 'either `defaultBackend` or `rules` must be specified'));
  }
  for (const [at, rule] of items(spec.rules).entries()) {
    for (const [which, path] of items(read(rule, 'http.paths')).entries()) {
      const own = `spec.rules[${at}].http.paths[${which}]`;
      if (!path.pathType) problems.push(required(`${own}.pathType`, 'pathType must be specified'));
      else problems.push(...oneOf(path.pathType, `${own}.pathType`, ['Exact', 'ImplementationSpecific', 'Prefix']));
    }
  }
  return problems;
}

const CHECKS: Readonly<Record<string, Check>> = {
  '/ConfigMap': contentProblems,
  '/Secret': secretProblems,
  '/Service': serviceProblems,
  '/Pod': (object) => podSpecProblems(fieldsOf(object.spec), 'spec'),
  '/PodTemplate': (object) => templateProblems(fieldsOf(object.template), 'template'),
  '/PersistentVolumeClaim': claimProblems,
  '/Event': eventProblems,
  '/ReplicationController': (object) => notNegative(read(object, 'spec.replicas'), 'spec.replicas'),
  'apps/Deployment': deploymentProblems,
  'apps/StatefulSet': statefulSetProblems,
  'apps/DaemonSet': daemonSetProblems,
  'apps/ReplicaSet': replicaSetProblems,
  'batch/Job': (object) => jobSpecProblems(fieldsOf(object.spec), 'spec'),
  'batch/CronJob': cronJobProblems,
  'autoscaling/HorizontalPodAutoscaler': scalerProblems,
  'policy/PodDisruptionBudget': budgetProblems,
  'networking.k8s.io/Ingress': ingressProblems,
  'rbac.authorization.k8s.io/Role': roleProblems,
  'rbac.authorization.k8s.io/ClusterRole': roleProblems,
  'rbac.authorization.k8s.io/RoleBinding': bindingProblems,
  'rbac.authorization.k8s.io/ClusterRoleBinding': bindingProblems,
  'apiextensions.k8s.io/CustomResourceDefinition': definitionProblems,
  'storage.k8s.io/StorageClass': (object) => (object.provisioner ? [] : [required('provisioner')]),
};

const CHANGE_CHECKS: Readonly<Record<string, ChangeCheck>> = {
  '/ConfigMap': contentChangeProblems,
  '/Secret': (next, old) => [...immutable(next.type, old.type, 'type'), ...contentChangeProblems(next, old)],
  '/Service': serviceChange,
  '/Pod': podChange,
  '/PersistentVolumeClaim': claimChange,
  'apps/Deployment': deploymentChange,
  'apps/DaemonSet': deploymentChange,
  'apps/ReplicaSet': deploymentChange,
  'apps/StatefulSet': statefulSetChange,
  'batch/Job': jobChange,
  'apiextensions.k8s.io/CustomResourceDefinition': definitionChangeProblems,
  'rbac.authorization.k8s.io/RoleBinding': bindingChange,
  'rbac.authorization.k8s.io/ClusterRoleBinding': bindingChange,
  'storage.k8s.io/StorageClass': (next, old) => [
    ...forbiddenOnChange(next.parameters, old.parameters, 'parameters', 'updates to parameters are forbidden.'),
    ...immutable(next.provisioner, old.provisioner, 'provisioner'),
    ...immutable(next.reclaimPolicy, old.reclaimPolicy, 'reclaimPolicy'),
    ...immutable(next.volumeBindingMode, old.volumeBindingMode, 'volumeBindingMode'),
  ],
  'scheduling.k8s.io/PriorityClass': (next, old) =>
    forbiddenOnChange(next.value, old.value, 'value', 'may not be changed in an update.'),
};

const NAME_RULES: Readonly<Record<string, NameRule>> = {
  '/Namespace': labelName,
  '/Service': serviceName,
  'rbac.authorization.k8s.io/Role': pathSegmentName,
  'rbac.authorization.k8s.io/ClusterRole': pathSegmentName,
  'rbac.authorization.k8s.io/RoleBinding': pathSegmentName,
  'rbac.authorization.k8s.io/ClusterRoleBinding': pathSegmentName,
};

const key = (group: string, kind: string) => `${group}/${kind}`;

export const nameRuleOf = (group: string, kind: string): NameRule => NAME_RULES[key(group, kind)] ?? subdomainName;

/** What holds only while an object is made. */
export const kindCreationProblems = (group: string, kind: string, next: KubeObject): FieldProblem[] =>
  key(group, kind) === 'apiextensions.k8s.io/CustomResourceDefinition' ? definitionNameProblems(next) : [];

export const kindProblems = (group: string, kind: string, next: KubeObject): FieldProblem[] =>
  CHECKS[key(group, kind)]?.(next) ?? [];

export const kindChangeProblems = (group: string, kind: string, next: KubeObject, old: KubeObject): FieldProblem[] =>
  CHANGE_CHECKS[key(group, kind)]?.(next, old) ?? [];

/** What a write to the status alone must satisfy. */
export const statusProblems = (group: string, kind: string, next: KubeObject): FieldProblem[] =>
  key(group, kind) === 'apps/Deployment' ? deploymentStatusProblems(next) : [];
