// What Services and Ingresses demand of their own fields.
import {
  duplicate,
  type FieldError,
  invalidValue,
  type KubeObject,
  labelName,
  required,
  subdomainName,
} from '../../../../engine/index.ts';
import { items, read } from '../cells.ts';
import { fieldsOf } from './change.ts';
import { labelProblems } from './metadata.ts';
import { oneOf, portNumberProblems } from './pod-spec.ts';

export function serviceProblems(object: KubeObject): FieldError[] {
  const spec = fieldsOf(object.spec);
  const problems: FieldError[] = [];
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

export function serviceChange(next: KubeObject, old: KubeObject): FieldError[] {
  const before = String(read(old, 'spec.clusterIP') ?? '');
  if (before === '' || read(next, 'spec.type') === 'ExternalName' || read(old, 'spec.type') === 'ExternalName')
    return [];
  const after = read(next, 'spec.clusterIPs');
  const same = Array.isArray(after) ? after[0] === before : false;
  return same ? [] : [invalidValue('spec.clusterIPs[0]', after ?? null, 'may not change once set')];
}

export function ingressProblems(object: KubeObject): FieldError[] {
  const spec = fieldsOf(object.spec);
  const problems: FieldError[] = [];
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
