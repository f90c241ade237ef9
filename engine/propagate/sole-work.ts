// A Work for one thing, made by a controller for its own sake and not for a binding.
import { executionSpaceOf, FINALIZERS, LABELS } from '../api/names.ts';
import { WORK_API_VERSION, type Work } from '../api/work.ts';
import { merged } from '../base/merged.ts';
import { nameUuid } from '../kube/hash.ts';
import type { KubeObject, OwnerReference } from '../kube/meta.ts';
import { sealManifest } from './manifest.ts';

export interface SoleWork {
  readonly name: string;
  /** In whose execution space it is. */
  readonly cluster: string;
  /** What its id is made of, as long as none is stored. */
  readonly seed: string;
  readonly manifest: KubeObject;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** With whom it goes. */
  readonly owner?: OwnerReference;
}

export function soleWork(stored: Work | null, sole: SoleWork): Work {
  const { name, cluster, seed, manifest, labels = {}, annotations = {}, owner } = sole;
  const namespace = executionSpaceOf(cluster);
  const id = stored?.metadata.labels?.[LABELS.workId] ?? nameUuid(seed);
  const metadata = {
    name,
    namespace,
    labels: merged(labels, { [LABELS.workId]: id }),
    annotations,
    finalizers: [FINALIZERS.execution],
  };
  return {
    apiVersion: WORK_API_VERSION,
    kind: 'Work',
    metadata: merged(metadata, owner !== undefined && { ownerReferences: [owner] }),
    spec: { workload: { manifests: [sealManifest(manifest, { namespace, name, id })] } },
  };
}
