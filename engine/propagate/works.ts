// Binding + template + overrides -> one Work a cluster: the object as that cluster is to have it.

import type { ResourceBinding, ResourceBindingSpec, TargetCluster } from '../api/binding.ts';
import type { Cluster } from '../api/cluster.ts';
import { ANNOTATIONS, executionSpaceOf, FINALIZERS, LABELS, workNameOf } from '../api/names.ts';
import type { Suspension } from '../api/policy.ts';
import { ROLLOUT_REVISION } from '../api/staged-rollout.ts';
import { WORK_API_VERSION, type Work } from '../api/work.ts';
import { merged } from '../base/merged.ts';
import { fnv1a32 } from '../kube/hash.ts';
import { canonicalJson } from '../kube/json.ts';
import type { KubeObject } from '../kube/meta.ts';
import { PropagationError } from './errors.ts';
import { numberAt, without, withValue } from './fields.ts';
import type { Interpreter } from './interpret/interpreter.ts';
import { type Marks, sealManifest, withMarks } from './manifest.ts';
import type { YamlCodec } from './override/field.ts';
import { type AppliedOverride, applyOverrides, type OverridePolicies } from './override/override.ts';
import { targetsOf } from './targets.ts';

/** Seats to parties by weight; ties by name in the order told. */
export type Apportion = (
  seats: number,
  parties: readonly { readonly name: string; readonly weight: number }[],
  ties: 'ascending' | 'descending',
) => readonly number[];

export interface WorkPorts {
  readonly interpreter: Interpreter;
  readonly yaml: YamlCodec;
  readonly apportion: Apportion;
  /** The permanent id of the Work that is there, or a new one. */
  readonly workId: (namespace: string, name: string) => string;
}

export interface WorkSources {
  readonly binding: ResourceBinding;
  readonly template: KubeObject;
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly policies: OverridePolicies;
}

export interface WorkOptions {
  /** An application is told where it starts again what it had reached (gate StatefulFailoverInjection). */
  readonly preservedState?: boolean;
}

/** A cluster for which there can be no Work, and why. */
export interface WorkRefusal {
  readonly cluster: string;
  readonly message: string;
}

export interface PlannedWorks {
  readonly works: readonly Work[];
  readonly refusals: readonly WorkRefusal[];
}

/** The Works of a binding in the order of its clusters. Trouble with one cluster does not hold up the others. */
export function worksFor(sources: WorkSources, ports: WorkPorts, options: WorkOptions = {}): PlannedWorks {
  const { binding, template } = sources;
  const targets = targetsOf(binding.spec);
  const works: Work[] = [];
  const refusals: WorkRefusal[] = [];
  const completions = completionsOf(template, binding.spec, targets, ports.apportion);
  for (const target of targets) {
    try {
      works.push(workFor(sources, target, completions.get(target.name), targets.length, ports, options));
    } catch (error) {
      if (!(error instanceof PropagationError)) throw error;
      refusals.push({ cluster: target.name, message: error.message });
    }
  }
  return { works, refusals };
}

function workFor(
  { binding, template, clusters, policies }: WorkSources,
  target: TargetCluster,
  completions: number | undefined,
  targetCount: number,
  { interpreter, yaml, workId }: WorkPorts,
  options: WorkOptions,
): Work {
  const cluster = clusters.get(target.name);
  if (cluster === undefined) throw new PropagationError(`there is no cluster ${target.name}`);
  const shared = sharedOut(template, binding.spec, target, completions, interpreter);
  // Last, so that an override has the last word on everything.
  const { object, clusterOverrides, namespacedOverrides } = applyOverrides(shared, cluster, policies, yaml);
  const marks = marksOf(binding, object);
  const preserved = options.preservedState ? preservedLabels(binding.spec, target, targetCount) : {};
  const marked = withMarks(object, merged(marks, { labels: merged(marks.labels, preserved) }));
  const name = workNameOf(object.kind, object.metadata.name, object.metadata.namespace);
  const namespace = executionSpaceOf(target.name);
  const id = workId(namespace, name);
  return {
    apiVersion: WORK_API_VERSION,
    kind: 'Work',
    metadata: {
      name,
      namespace,
      labels: merged(marks.labels, { [LABELS.workId]: id }),
      annotations: merged(
        marks.annotations,
        overrideRecord(ANNOTATIONS.appliedClusterOverrides, clusterOverrides),
        overrideRecord(ANNOTATIONS.appliedOverrides, namespacedOverrides),
      ),
      finalizers: [FINALIZERS.execution],
    },
    spec: {
      workload: { manifests: [sealManifest(marked, { namespace, name, id })] },
      suspendDispatching: isSuspended(binding.spec.suspension, target.name),
      preserveResourcesOnDeletion: binding.spec.preserveResourcesOnDeletion ?? false,
    },
  };
}

/** The template with this cluster's share of what is divided. */
function sharedOut(
  template: KubeObject,
  spec: ResourceBindingSpec,
  target: TargetCluster,
  completions: number | undefined,
  interpreter: Interpreter,
): KubeObject {
  const isWorkload = (spec.replicas ?? 0) > 0 || spec.replicaRequirements != null;
  const revised = isWorkload ? interpreter.revise(template, target.replicas ?? 0) : template;
  return completions === undefined ? revised : withValue(revised, completions, 'spec', 'completions');
}

/**
 * A Job whose pods are divided has its completions divided alike.
 *
 * Differs from Karmada: a cluster gets the share computed for it. Karmada sorts the shares by name and hands them out
 * by position, so that clusters in another order get each other's.
 */
function completionsOf(
  template: KubeObject,
  spec: ResourceBindingSpec,
  targets: readonly TargetCluster[],
  apportion: Apportion,
): ReadonlyMap<string, number> {
  const isDivided = spec.placement?.replicaScheduling?.replicaSchedulingType === 'Divided';
  if (template.kind !== 'Job' || !isDivided || !((spec.replicas ?? 0) > 0)) return new Map();
  const completions = numberAt(template, 'spec', 'completions');
  if (completions === undefined) return new Map();
  const parties = targets.map(({ name, replicas }) => ({ name, weight: replicas ?? 0 }));
  const uid = template.metadata.uid ?? '';
  const ties = uid !== '' && fnv1a32(uid) % 2 === 1 ? 'descending' : 'ascending';
  const shares = apportion(completions, parties, ties);
  return new Map(targets.map(({ name }, at) => [name, shares[at]!]));
}

/** What both the Work and its manifest tell about where they come from. */
function marksOf({ metadata, spec }: ResourceBinding, object: KubeObject): Marks {
  const own = object.metadata.annotations?.[ANNOTATIONS.conflictResolution];
  const asked = spec.conflictResolution === 'Overwrite' ? 'overwrite' : 'abort';
  const conflictResolution = own === 'overwrite' || own === 'abort' ? own : asked;
  return metadata.namespace
    ? {
        labels: { [LABELS.bindingId]: metadata.labels?.[LABELS.bindingId] ?? '' },
        annotations: {
          [ANNOTATIONS.bindingNamespace]: metadata.namespace,
          [ANNOTATIONS.bindingName]: metadata.name,
          [ANNOTATIONS.conflictResolution]: conflictResolution,
        },
      }
    : {
        labels: { [LABELS.clusterBindingId]: metadata.labels?.[LABELS.clusterBindingId] ?? '' },
        annotations: {
          [ANNOTATIONS.clusterBindingName]: metadata.name,
          [ANNOTATIONS.conflictResolution]: conflictResolution,
        },
      };
}

export const overrideRecord = (annotation: string, overrides: readonly AppliedOverride[]): Record<string, string> =>
  overrides.length === 0 ? {} : { [annotation]: canonicalJson(overrides) };

/**
 * Only an application that runs in one cluster at a time has a state to hand over, and only when it is purged where it
 * was before it starts elsewhere.
 */
function preservedLabels(
  { gracefulEvictionTasks }: ResourceBindingSpec,
  target: TargetCluster,
  targetCount: number,
): Readonly<Record<string, string>> {
  const task = gracefulEvictionTasks?.at(-1);
  if (targetCount > 1 || task?.purgeMode !== 'Directly') return {};
  return task.clustersBeforeFailover?.includes(target.name) ? {} : (task.preservedLabelState ?? {});
}

export const isSuspended = (suspension: Suspension | undefined, cluster: string): boolean =>
  suspension?.dispatching === true || suspension?.dispatchingOnClusters?.clusterNames?.includes(cluster) === true;

/** What is told of a Work only while it holds. */
const PASSING_RECORDS: readonly string[] = [
  ANNOTATIONS.appliedOverrides,
  ANNOTATIONS.appliedClusterOverrides,
  ROLLOUT_REVISION,
];

/**
 * A stored Work brought up to date.
 *
 * Differs from Karmada: the record of overrides goes when none applies any more, as does that of a rollout.
 */
export function renewWork(stored: Work, wanted: Work): Work {
  const annotations = without(stored.metadata.annotations ?? {}, PASSING_RECORDS);
  return merged(stored, {
    metadata: merged(stored.metadata, {
      labels: merged(stored.metadata.labels, wanted.metadata.labels),
      annotations: merged(annotations, wanted.metadata.annotations),
      finalizers: wanted.metadata.finalizers,
    }),
    spec: wanted.spec,
  });
}
