// A Work as Karmada's webhook stores it: its manifests without what another server added, and marked as the Work's own.
import { LABELS } from '../api/names.ts';
import { merged } from '../base/merged.ts';
import { isObject } from '../kube/json.ts';
import type { KubeObject } from '../kube/meta.ts';
import { PropagationError } from './errors.ts';
import { withOwnKeys } from './manifest.ts';
import { pruneManifest } from './prune.ts';

/** The same where there is nothing to do: what the hub's own controllers bring bears the mark already. */
export function sealedWork(object: KubeObject): KubeObject {
  if (object.kind !== 'Work' || !object.apiVersion.startsWith('work.karmada.io/')) return object;
  const id = object.metadata.labels?.[LABELS.workId] ?? '';
  const { spec } = object;
  const manifests = isObject(spec) && isObject(spec.workload) ? spec.workload.manifests : null;
  if (id === '' || !Array.isArray(manifests) || !manifests.some((manifest) => isUnsealed(manifest, id))) return object;
  const sealed = manifests.map((manifest) => (isUnsealed(manifest, id) ? seal(manifest, id) : manifest));
  const workload = merged((spec as Record<string, object>).workload, { manifests: sealed });
  return merged(object, { spec: merged(spec as object, { workload }) });
}

const isUnsealed = (manifest: unknown, id: string): manifest is KubeObject =>
  isObject(manifest) && isObject(manifest.metadata) && (manifest as KubeObject).metadata.labels?.[LABELS.workId] !== id;

const seal = (manifest: KubeObject, id: string): KubeObject => {
  const pruned = unlessUnreadable(manifest, pruneManifest);
  return unlessUnreadable(pruned, (one) => withOwnKeys(one, id));
};

/** What cannot be read stays as it is: the status of the Work says so. */
function unlessUnreadable(manifest: KubeObject, change: (manifest: KubeObject) => KubeObject): KubeObject {
  try {
    return change(manifest);
  } catch (error) {
    if (error instanceof PropagationError) return manifest;
    throw error;
  }
}
