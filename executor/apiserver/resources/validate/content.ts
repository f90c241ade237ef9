// What ConfigMaps and Secrets demand of what they hold.
import {
  configKeyProblems,
  type FieldError,
  forbiddenField,
  invalidValue,
  type KubeObject,
  required,
  tooLong,
} from '../../../../engine/index.ts';
import { fieldsOf, forbiddenOnChange } from './change.ts';

const CONTENT_MAX = 1_048_576;

const bytes = (text: string) => new TextEncoder().encode(text).length;

export function contentProblems(object: KubeObject): FieldError[] {
  const problems: FieldError[] = [];
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

export function contentChangeProblems(next: KubeObject, old: KubeObject): FieldError[] {
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

export function secretProblems(object: KubeObject): FieldError[] {
  const data = fieldsOf(object.data);
  const missing = (SECRET_KEYS[String(object.type)] ?? []).filter((key) => data[key] === undefined);
  const problems = [...contentProblems(object), ...missing.map((key) => required(`data[${key}]`))];
  const account = object.metadata.annotations?.['kubernetes.io/service-account.name'];
  if (object.type === 'kubernetes.io/service-account-token' && !account) {
    problems.push(required('metadata.annotations[kubernetes.io/service-account.name]'));
  }
  return problems;
}
