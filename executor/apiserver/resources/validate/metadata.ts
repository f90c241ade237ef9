// What every object's metadata must satisfy, when it is made and when it changes.
import {
  deepEqual,
  type FieldError,
  forbiddenField,
  invalidValue,
  isLabelValue,
  isObject,
  type KubeObject,
  LABEL_VALUE_RULE,
  type NameRule,
  qualifiedNameProblems,
  required,
  tooLong,
} from '../../../../engine/index.ts';

const ANNOTATIONS_MAX = 262_144;

/** Finalizers without a domain that are allowed because Kubernetes itself uses them. */
const STANDARD_FINALIZERS = new Set(['orphan', 'foregroundDeletion', 'kubernetes']);

const bytes = (text: string) => new TextEncoder().encode(text).length;

/** `knowsFinalizers`: kinds of the core insist on finalizers with a domain. */
export function metadataProblems(object: KubeObject, rule: NameRule, knowsFinalizers: boolean): FieldError[] {
  const { metadata } = object;
  const problems: FieldError[] = [];
  if (metadata.generateName !== undefined && metadata.generateName !== '') {
    for (const why of rule(metadata.generateName, true)) {
      problems.push(invalidValue('metadata.generateName', metadata.generateName, why));
    }
  }
  if (metadata.name === '' || metadata.name === undefined) {
    problems.push(required('metadata.name', 'name or generateName is required'));
  } else {
    for (const why of rule(metadata.name, false)) problems.push(invalidValue('metadata.name', metadata.name, why));
  }
  problems.push(...sharedProblems(object));
  for (const [at, finalizer] of (knowsFinalizers ? (metadata.finalizers ?? []) : []).entries()) {
    if (finalizer.includes('/') || STANDARD_FINALIZERS.has(finalizer) || qualifiedNameProblems(finalizer).length > 0)
      continue;
    const why = 'name is neither a standard finalizer name nor is it fully qualified';
    problems.push(invalidValue(`metadata.finalizers[${at}]`, finalizer, why));
  }
  return problems;
}

function sharedProblems({ metadata }: KubeObject): FieldError[] {
  return [
    ...labelProblems(metadata.labels, 'metadata.labels'),
    ...annotationProblems(metadata.annotations, 'metadata.annotations'),
    ...ownerProblems(metadata.ownerReferences),
    ...finalizerProblems(metadata.finalizers),
  ];
}

export function labelProblems(labels: unknown, field: string): FieldError[] {
  const problems: FieldError[] = [];
  for (const [key, value] of Object.entries(isObject(labels) ? labels : {})) {
    for (const why of qualifiedNameProblems(key)) problems.push(invalidValue(field, key, why));
    const text = String(value);
    if (text.length > 63) problems.push(invalidValue(field, text, 'must be no more than 63 characters'));
    if (!isLabelValue(text) && text.length <= 63) problems.push(invalidValue(field, text, LABEL_VALUE_RULE));
  }
  return problems;
}

export function annotationProblems(annotations: unknown, field: string): FieldError[] {
  const problems: FieldError[] = [];
  let total = 0;
  for (const [key, value] of Object.entries(isObject(annotations) ? annotations : {})) {
    // Annotation keys may be written in capitals; all else is as for labels.
    for (const why of qualifiedNameProblems(key.toLowerCase())) problems.push(invalidValue(field, key, why));
    total += bytes(key) + bytes(String(value));
  }
  if (total > ANNOTATIONS_MAX) problems.push(tooLong(field, ANNOTATIONS_MAX));
  return problems;
}

function ownerProblems(owners: KubeObject['metadata']['ownerReferences']): FieldError[] {
  const problems: FieldError[] = [];
  const field = 'metadata.ownerReferences';
  let controller: { kind: string; name: string } | null = null;
  for (const owner of owners ?? []) {
    if (!/^([^/]+\/)?[^/]+$/.test(owner.apiVersion)) {
      problems.push(invalidValue(`${field}.apiVersion`, owner.apiVersion, 'version must not be empty'));
    }
    if (owner.kind === '') problems.push(invalidValue(`${field}.kind`, '', 'must not be empty'));
    if (owner.name === '') problems.push(invalidValue(`${field}.name`, '', 'must not be empty'));
    if (owner.uid === '' || owner.uid === undefined) {
      problems.push(invalidValue(`${field}.uid`, '', 'must not be empty'));
    }
    if (owner.controller !== true) continue;
    if (controller !== null) {
      const first = `${controller.kind}/${controller.name}`;
      problems.push(
        invalidValue(
          field,
          (owners ?? []).map(({ apiVersion, kind, name, uid, controller, blockOwnerDeletion }) => ({
            apiVersion,
            kind,
            name,
            uid,
            controller,
            blockOwnerDeletion,
          })),
          `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${owner.kind}/${owner.name}`,
        ),
      );
    } else {
      controller = owner;
    }
  }
  return problems;
}

function finalizerProblems(finalizers: readonly string[] | undefined): FieldError[] {
  const problems: FieldError[] = [];
  for (const [at, finalizer] of (finalizers ?? []).entries()) {
    const field = `metadata.finalizers[${at}]`;
    for (const why of qualifiedNameProblems(finalizer)) problems.push(invalidValue(field, finalizer, why));
  }
  const has = (one: string) => finalizers?.includes(one) === true;
  if (has('orphan') && has('foregroundDeletion')) {
    problems.push(
      invalidValue('metadata.finalizers', finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'),
    );
  }
  return problems;
}

export function metadataChangeProblems(next: KubeObject, old: KubeObject): FieldError[] {
  const problems: FieldError[] = [];
  const immutable = (key: 'name' | 'namespace' | 'uid' | 'creationTimestamp' | 'deletionTimestamp') => {
    if (deepEqual(next.metadata[key] ?? null, old.metadata[key] ?? null)) return;
    problems.push(invalidValue(`metadata.${key}`, next.metadata[key] ?? '', 'field is immutable'));
  };
  if (old.metadata.deletionTimestamp !== undefined) {
    const added = (next.metadata.finalizers ?? []).filter((one) => old.metadata.finalizers?.includes(one) !== true);
    if (added.length > 0) {
      const list = added.map((one) => JSON.stringify(one)).join(', ');
      problems.push(
        forbiddenField(
          'metadata.finalizers',
          `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`,
        ),
      );
    }
  }
  immutable('name');
  immutable('namespace');
  immutable('uid');
  immutable('creationTimestamp');
  return [...problems, ...sharedProblems(next)];
}
