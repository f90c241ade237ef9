// What a set of manifests asks for: the objects to propagate, and the policies that say where and how.
import {
  admit,
  type FederatedResourceQuota,
  type KubeObject,
  type OverridePolicy,
  type PropagationPolicy,
  parseApiVersion,
  type ResourceBinding,
  type ResourceInterpreterCustomization,
  type StagedRollout,
  withWorkloadCounts,
} from '../../engine/index.ts';
import { timeZones } from '../script/time-zones.ts';
import { type FileProblem, FileProblems } from './file-problem.ts';
import { withSyncMode } from './fleet-file.ts';
import { isNamespaced } from './kind-names.ts';
import { loadManifests, type Manifest, type ManifestOptions, type Origin } from './manifests.ts';
import { templateProblems } from './template-problems.ts';

export interface Located<T> {
  readonly object: T;
  readonly origin: Origin;
}

export interface DesiredState {
  /** Everything that is not about propagation itself: what policies can select. */
  readonly templates: readonly Located<KubeObject>[];
  readonly policies: readonly Located<PropagationPolicy>[];
  readonly clusterPolicies: readonly Located<PropagationPolicy>[];
  readonly overridePolicies: readonly Located<OverridePolicy>[];
  readonly clusterOverridePolicies: readonly Located<OverridePolicy>[];
  /** Of both kinds, as a hub recorded them. */
  readonly bindings: readonly Located<ResourceBinding>[];
  readonly rollouts: readonly Located<StagedRollout>[];
  readonly customizations: readonly Located<ResourceInterpreterCustomization>[];
  readonly quotas: readonly Located<FederatedResourceQuota>[];
  readonly clusters: readonly Manifest[];
  /** What is admitted and will still surprise. */
  readonly warnings: readonly FileProblem[];
}

export interface DesiredOptions extends ManifestOptions {
  /** For objects that name none, as `kubectl -n` has it. */
  readonly namespace?: string;
}

const NAMESPACE = 'default';

/** Objects without a namespace get one, policies their defaults; whatever admission would refuse is told at once. */
export async function loadDesiredState(names: readonly string[], options: DesiredOptions = {}): Promise<DesiredState> {
  return sortManifests(withNamespaces(await loadManifests(names, options), options.namespace));
}

export const withNamespaces = (manifests: readonly Manifest[], namespace = NAMESPACE): readonly Manifest[] =>
  manifests.map((manifest) => withNamespace(manifest, namespace));

function withNamespace({ object, origin }: Manifest, namespace: string): Manifest {
  if (!isNamespaced(object) || object.metadata.namespace) return { object, origin };
  return { object: { ...object, metadata: { ...object.metadata, namespace } }, origin };
}

/** Objects that were read and have their namespaces, by what they are for. */
export function sortManifests(manifests: readonly Manifest[]): DesiredState {
  const problems: FileProblem[] = [];
  const warnings: FileProblem[] = [];
  const ofKind = new Map<string, Manifest[]>();
  const templates: Manifest[] = [];
  for (const { object, origin } of manifests) {
    const admission = admit(withSyncMode(object), 0, { zones: timeZones });
    const at = ({ path, message }: { path: string; message: string }) => ({ ...origin.place(path), path, message });
    problems.push(...[...admission.problems, ...templateProblems(object)].map(at));
    warnings.push(...admission.warnings.map(at));
    const manifest = { object: admission.object, origin };
    if (!isAboutPropagation(object)) templates.push({ object: withWorkloadCounts(object), origin });
    else ofKind.set(object.kind, [...(ofKind.get(object.kind) ?? []), manifest]);
  }
  if (problems.length > 0) throw new FileProblems(problems);
  const all = <T>(kind: string): Located<T>[] => (ofKind.get(kind) ?? []) as unknown as Located<T>[];
  return {
    templates,
    policies: all('PropagationPolicy'),
    clusterPolicies: all('ClusterPropagationPolicy'),
    overridePolicies: all('OverridePolicy'),
    clusterOverridePolicies: all('ClusterOverridePolicy'),
    bindings: [...all<ResourceBinding>('ResourceBinding'), ...all<ResourceBinding>('ClusterResourceBinding')],
    rollouts: all('StagedRollout'),
    customizations: all('ResourceInterpreterCustomization'),
    quotas: all('FederatedResourceQuota'),
    clusters: all('Cluster'),
    warnings,
  };
}

/** Kinds that are about propagation; others, Karmada's as well, are propagated like anything else. */
const isAboutPropagation = ({ apiVersion, kind }: KubeObject): boolean =>
  (kind === 'StagedRollout' && parseApiVersion(apiVersion).group === 'muster.dev') ||
  (kind === 'ResourceInterpreterCustomization' && parseApiVersion(apiVersion).group === 'config.karmada.io') ||
  ['policy.karmada.io', 'work.karmada.io', 'cluster.karmada.io'].includes(parseApiVersion(apiVersion).group);
