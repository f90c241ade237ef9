// What a pod's specification must satisfy, in the order and the words of Kubernetes.
import {
  compareQuantity,
  duplicate,
  type FieldError,
  invalidValue,
  isObject,
  labelName,
  missingReference,
  parseQuantity,
  portNameProblems,
  required,
  subdomainName,
  unsupported,
} from '../../../../engine/index.ts';
import { items } from '../cells.ts';

type Fields = Record<string, unknown>;

export const notNegative = (value: unknown, field: string): FieldError[] =>
  typeof value === 'number' && value < 0 ? [invalidValue(field, value, 'must be greater than or equal to 0')] : [];

export const oneOf = (value: unknown, field: string, allowed: readonly string[]): FieldError[] =>
  value === undefined || allowed.includes(String(value)) ? [] : [unsupported(field, value, [...allowed].sort())];

export function podSpecProblems(spec: Fields, field: string): FieldError[] {
  const volumes = items(spec.volumes);
  const names = new Set(volumes.map(({ name }) => String(name)));
  const problems: FieldError[] = [...volumeProblems(volumes, `${field}.volumes`)];
  const containers = items(spec.containers);
  if (containers.length === 0) problems.push(required(`${field}.containers`));
  problems.push(...containerListProblems(containers, `${field}.containers`, names, new Set()));
  const taken = new Set(containers.map(({ name }) => String(name)));
  problems.push(...containerListProblems(items(spec.initContainers), `${field}.initContainers`, names, taken));
  problems.push(...oneOf(spec.restartPolicy, `${field}.restartPolicy`, ['Always', 'OnFailure', 'Never']));
  problems.push(
    ...oneOf(spec.dnsPolicy, `${field}.dnsPolicy`, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']),
  );
  problems.push(...notNegative(spec.terminationGracePeriodSeconds, `${field}.terminationGracePeriodSeconds`));
  if (typeof spec.activeDeadlineSeconds === 'number' && spec.activeDeadlineSeconds < 1) {
    problems.push(
      invalidValue(
        `${field}.activeDeadlineSeconds`,
        spec.activeDeadlineSeconds,
        'must be between 1 and 2147483647, inclusive',
      ),
    );
  }
  if (typeof spec.serviceAccountName === 'string' && spec.serviceAccountName !== '') {
    for (const why of subdomainName(spec.serviceAccountName, false)) {
      problems.push(invalidValue(`${field}.serviceAccountName`, spec.serviceAccountName, why));
    }
  }
  problems.push(...tolerationProblems(items(spec.tolerations), `${field}.tolerations`));
  return problems;
}

function volumeProblems(volumes: readonly Fields[], field: string): FieldError[] {
  const problems: FieldError[] = [];
  const seen = new Set<string>();
  for (const [at, volume] of volumes.entries()) {
    const own = `${field}[${at}]`;
    const sources = Object.keys(volume).filter((key) => key !== 'name');
    if (sources.length === 0) problems.push(required(own, 'must specify a volume type'));
    const name = String(volume.name ?? '');
    if (name === '') problems.push(required(`${own}.name`));
    else for (const why of labelName(name, false)) problems.push(invalidValue(`${own}.name`, name, why));
    if (seen.has(name)) problems.push(duplicate(`${own}.name`, name));
    seen.add(name);
  }
  return problems;
}

function containerListProblems(
  containers: readonly Fields[],
  field: string,
  volumes: ReadonlySet<string>,
  taken: ReadonlySet<string>,
): FieldError[] {
  const problems: FieldError[] = [];
  const seen = new Set(taken);
  for (const [at, container] of containers.entries()) {
    const own = `${field}[${at}]`;
    const name = String(container.name ?? '');
    if (name === '') problems.push(required(`${own}.name`));
    else for (const why of labelName(name, false)) problems.push(invalidValue(`${own}.name`, name, why));
    const image = String(container.image ?? '');
    if (image === '') problems.push(required(`${own}.image`));
    else if (image !== image.trim()) {
      problems.push(invalidValue(`${own}.image`, image, 'must not have leading or trailing whitespace'));
    }
    problems.push(
      ...oneOf(container.terminationMessagePolicy, `${own}.terminationMessagePolicy`, [
        'File',
        'FallbackToLogsOnError',
      ]),
    );
    problems.push(...portProblems(items(container.ports), `${own}.ports`));
    problems.push(...envProblems(items(container.env), `${own}.env`));
    problems.push(...mountProblems(items(container.volumeMounts), `${own}.volumeMounts`, volumes));
    problems.push(...oneOf(container.imagePullPolicy, `${own}.imagePullPolicy`, ['Always', 'IfNotPresent', 'Never']));
    problems.push(...resourceProblems(container.resources, `${own}.resources`));
    problems.push(...probeProblems(container, own));
    if (name !== '' && seen.has(name)) problems.push(duplicate(`${own}.name`, name));
    seen.add(name);
  }
  return problems;
}

export const portNumberProblems = (value: unknown, field: string): FieldError[] =>
  typeof value === 'number' && (value < 1 || value > 65_535)
    ? [invalidValue(field, value, 'must be between 1 and 65535, inclusive')]
    : [];

function portProblems(ports: readonly Fields[], field: string): FieldError[] {
  const problems: FieldError[] = [];
  const names = new Set<string>();
  for (const [at, port] of ports.entries()) {
    const own = `${field}[${at}]`;
    const name = String(port.name ?? '');
    if (name !== '') {
      const why = portNameProblems(name);
      for (const one of why) problems.push(invalidValue(`${own}.name`, name, one));
      if (why.length === 0 && names.has(name)) problems.push(duplicate(`${own}.name`, name));
      names.add(name);
    }
    if (port.containerPort === 0 || port.containerPort === undefined) problems.push(required(`${own}.containerPort`));
    else problems.push(...portNumberProblems(port.containerPort, `${own}.containerPort`));
    if (port.hostPort !== undefined) problems.push(...portNumberProblems(port.hostPort, `${own}.hostPort`));
    if (port.protocol === undefined || port.protocol === '') problems.push(required(`${own}.protocol`));
    else problems.push(...oneOf(port.protocol, `${own}.protocol`, ['SCTP', 'TCP', 'UDP']));
  }
  return problems;
}

function envProblems(variables: readonly Fields[], field: string): FieldError[] {
  const problems: FieldError[] = [];
  for (const [at, variable] of variables.entries()) {
    if (variable.name === '' || variable.name === undefined) problems.push(required(`${field}[${at}].name`));
    const source = variable.valueFrom;
    if (!isObject(source)) continue;
    const given = Object.keys(source).length;
    if (given === 0) {
      problems.push(
        invalidValue(
          `${field}[${at}].valueFrom`,
          '',
          'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
        ),
      );
    } else if (variable.value !== undefined && variable.value !== '') {
      problems.push(invalidValue(`${field}[${at}].valueFrom`, '', 'may not be specified when `value` is not empty'));
    } else if (given > 1) {
      problems.push(
        invalidValue(`${field}[${at}].valueFrom`, '', 'may not have more than one field specified at a time'),
      );
    }
  }
  return problems;
}

function mountProblems(mounts: readonly Fields[], field: string, volumes: ReadonlySet<string>): FieldError[] {
  const problems: FieldError[] = [];
  const paths = new Set<string>();
  for (const [at, mount] of mounts.entries()) {
    const own = `${field}[${at}]`;
    const name = String(mount.name ?? '');
    if (name === '') problems.push(required(`${own}.name`));
    else if (!volumes.has(name)) problems.push(missingReference(`${own}.name`, name));
    const path = String(mount.mountPath ?? '');
    if (path === '') problems.push(required(`${own}.mountPath`));
    if (paths.has(path)) problems.push(invalidValue(`${own}.mountPath`, path, 'must be unique'));
    paths.add(path);
  }
  return problems;
}

export function resourceProblems(resources: unknown, field: string): FieldError[] {
  const problems: FieldError[] = [];
  if (!isObject(resources)) return problems;
  const limits = isObject(resources.limits) ? resources.limits : {};
  const requests = isObject(resources.requests) ? resources.requests : {};
  for (const [part, amounts] of [
    ['limits', limits],
    ['requests', requests],
  ] as const) {
    for (const [name, text] of Object.entries(amounts)) {
      const amount = parseQuantity(String(text));
      if (amount !== null && amount.nano < 0n) {
        problems.push(invalidValue(`${field}.${part}[${name}]`, text, 'must be greater than or equal to 0'));
      }
      if (part === 'limits') continue;
      const limit = limits[name] === undefined ? null : parseQuantity(String(limits[name]));
      if (amount !== null && limit !== null && compareQuantity(amount, limit) > 0) {
        problems.push(
          invalidValue(`${field}.requests`, text, `must be less than or equal to ${name} limit of ${limits[name]}`),
        );
      }
    }
  }
  return problems;
}

function probeProblems(container: Fields, field: string): FieldError[] {
  const problems: FieldError[] = [];
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const wanted = container[probe];
    if (!isObject(wanted)) continue;
    const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc'].filter((one) => wanted[one] !== undefined);
    if (handlers.length === 0) problems.push(required(`${field}.${probe}`, 'must specify a handler type'));
    for (const number of [
      'initialDelaySeconds',
      'timeoutSeconds',
      'periodSeconds',
      'successThreshold',
      'failureThreshold',
    ]) {
      problems.push(...notNegative(wanted[number], `${field}.${probe}.${number}`));
    }
    if (probe !== 'readinessProbe' && typeof wanted.successThreshold === 'number' && wanted.successThreshold > 1) {
      problems.push(invalidValue(`${field}.${probe}.successThreshold`, wanted.successThreshold, 'must be 1'));
    }
  }
  return problems;
}

function tolerationProblems(tolerations: readonly Fields[], field: string): FieldError[] {
  const problems: FieldError[] = [];
  for (const [at, toleration] of tolerations.entries()) {
    const own = `${field}[${at}]`;
    const operator = toleration.operator ?? 'Equal';
    if ((toleration.key === undefined || toleration.key === '') && operator !== 'Exists') {
      problems.push(
        invalidValue(
          `${own}.operator`,
          operator,
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      );
    }
    if (operator === 'Exists' && toleration.value !== undefined && toleration.value !== '') {
      problems.push(invalidValue(`${own}.operator`, toleration, "value must be empty when `operator` is 'Exists'"));
    }
    if (toleration.tolerationSeconds !== undefined && toleration.effect !== 'NoExecute') {
      problems.push(
        invalidValue(
          `${own}.effect`,
          toleration.effect ?? '',
          "effect must be 'NoExecute' when `tolerationSeconds` is set",
        ),
      );
    }
    if (toleration.effect !== undefined && toleration.effect !== '') {
      problems.push(...oneOf(toleration.effect, `${own}.effect`, ['NoSchedule', 'PreferNoSchedule', 'NoExecute']));
    }
  }
  return problems;
}
