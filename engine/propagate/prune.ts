// Strips an object of what the hub's API server added, so that a member's API server can accept it.
import { isObject } from '../kube/json.ts';
import type { KubeObject } from '../kube/meta.ts';
import {
  booleanAt,
  type Fields,
  fieldsAt,
  listAt,
  numberAt,
  textAt,
  textsAt,
  valueAt,
  without,
  withValue,
} from './fields.ts';

const SERVER_METADATA = [
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
  'ownerReferences',
  'finalizers',
] as const;

/** By kind alone, as Karmada does, whatever the group. */
const PRUNERS: Readonly<Record<string, (object: KubeObject) => KubeObject>> = {
  Deployment: pruneDeployment,
  Job: pruneJob,
  PersistentVolumeClaim: pruneVolumeClaim,
  Secret: pruneSecret,
  Service: pruneService,
  ServiceAccount: pruneServiceAccount,
};

export function pruneManifest(object: KubeObject): KubeObject {
  const metadata = fieldsAt(object, 'metadata');
  const rest: KubeObject = withValue(object, undefined, 'status');
  const pruned = metadata === undefined ? rest : withValue(rest, without(metadata, SERVER_METADATA), 'metadata');
  return Object.hasOwn(PRUNERS, object.kind) ? PRUNERS[object.kind]!(pruned) : pruned;
}

function pruneDeployment(object: KubeObject): KubeObject {
  const revision = withValue(object, undefined, 'metadata', 'annotations', 'deployment.kubernetes.io/revision');
  return withValue(revision, undefined, 'metadata', 'annotations', 'deployment.kubernetes.io/revision-history');
}

const JOB_NUMBERS = ['parallelism', 'completions', 'backoffLimit', 'activeDeadlineSeconds'] as const;

/** The selector that the hub generated would never match the member's pods; a member's own would delete the Job. */
function pruneJob(object: KubeObject): KubeObject {
  // Overrides may have left anything there, and Karmada reads it as a Job first.
  for (const field of JOB_NUMBERS) numberAt(object, 'spec', field);
  booleanAt(object, 'spec', 'suspend');
  let pruned = withValue(object, undefined, 'spec', 'ttlSecondsAfterFinished');
  if (booleanAt(object, 'spec', 'manualSelector') === true) return pruned;
  const generated = ['controller-uid', 'batch.kubernetes.io/controller-uid'];
  pruned = withoutKeys(pruned, generated, ['spec', 'selector', 'matchLabels']);
  const names = ['job-name', 'batch.kubernetes.io/job-name'];
  return withoutKeys(pruned, [...generated, ...names], ['spec', 'template', 'metadata', 'labels']);
}

function withoutKeys(object: KubeObject, keys: readonly string[], path: [string, ...string[]]): KubeObject {
  const texts = textsAt(object, ...path);
  if (texts === undefined) return object;
  return withValue(object, Object.fromEntries(Object.entries(texts).filter(([key]) => !keys.includes(key))), ...path);
}

function pruneVolumeClaim(object: KubeObject): KubeObject {
  const path = ['metadata', 'annotations', 'volume.kubernetes.io/selected-node'] as const;
  return valueAt(object, ...path) ? withValue(object, undefined, ...path) : object;
}

function pruneSecret(object: KubeObject): KubeObject {
  if (object.type !== 'kubernetes.io/service-account-token') return object;
  const pruned = withValue(object, undefined, 'metadata', 'annotations', 'kubernetes.io/service-account.uid');
  return withValue(pruned, undefined, 'data');
}

/** A headless service is meant to have no address anywhere. */
function pruneService(object: KubeObject): KubeObject {
  const clusterIP = isObject(object.spec) ? object.spec.clusterIP : undefined;
  if (typeof clusterIP !== 'string' || clusterIP === 'None') return object;
  return withValue(withValue(object, undefined, 'spec', 'clusterIP'), undefined, 'spec', 'clusterIPs');
}

/** Drops generated token secrets. Of two in a row Karmada keeps the second. */
function pruneServiceAccount(object: KubeObject): KubeObject {
  const secrets: Fields[] = [...listAt(object, 'secrets')];
  if (secrets.length === 0) return object;
  const isGenerated = (secret: Fields) => textAt(secret, 'name')?.startsWith(`${object.metadata.name}-token-`) === true;
  for (let at = 0; at < secrets.length; at++) {
    if (isGenerated(secrets[at]!)) secrets.splice(at, 1);
  }
  return withValue(object, secrets, 'secrets');
}
