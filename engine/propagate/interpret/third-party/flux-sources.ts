// Flux's sources: GitRepository, Bucket, HelmRepository, HelmChart and OCIRepository.
import type { AggregatedStatusItem } from '../../../api/binding.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { fieldsAt, textAt, valueAt, withValue } from '../../fields.ts';
import type { DependentReference, KindInterpreter } from '../interpreter.ts';
import { statusesOf } from '../native/generation.ts';
import { conditionsByCluster, isReadyBecause } from './conditions.ts';
import { referencesTo, secretNameAt, sortedReferences } from './pods.ts';
import { lastText, lastValue, withStatus } from './status.ts';
import { observedTemplateGeneration, reflectWithGenerations } from './template-generation.ts';

interface SourceShape {
  /** Reported upwards beside what all sources report. */
  readonly reported: readonly string[];
  /** Texts of which the last cluster's counts, and which are empty where nobody has one. */
  readonly texts: readonly string[];
  readonly readyReasons?: readonly string[];
  readonly references: (object: KubeObject) => readonly DependentReference[];
}

const secrets = (object: KubeObject, ...paths: readonly (readonly string[])[]) =>
  referencesTo(
    object,
    'Secret',
    paths.map((path) => secretNameAt(object, ...path)),
  );

export const gitRepository = source({
  reported: ['observedIgnore', 'observedRecurseSubmodules'],
  texts: [],
  references: (object) => secrets(object, [], ['verify']),
});

export const bucket = source({
  reported: ['observedIgnore'],
  texts: ['url'],
  references: (object) => secrets(object, []),
});

export const helmRepository = source({
  reported: [],
  texts: ['url'],
  references: (object) => secrets(object, []),
});

export const helmChart = source({
  reported: [],
  texts: ['observedChartName', 'observedSourceArtifactRevision', 'url'],
  readyReasons: ['Succeeded', 'ChartPullSucceeded'],
  references: (object) => secrets(object, ['verify']),
});

export const ociRepository = source({
  reported: ['observedIgnore', 'observedLayerSelector'],
  texts: ['url'],
  references: (object) => [
    ...secrets(object, [], ['verify']),
    ...referencesTo(object, 'Secret', [textAt(object, 'spec', 'certSecretRef', 'name')]),
    ...referencesTo(object, 'ServiceAccount', [textAt(object, 'spec', 'serviceAccountName')]),
  ],
});

function source({ reported, texts, readyReasons = ['Succeeded'], references }: SourceShape): KindInterpreter {
  const names = ['artifact', 'conditions', 'observedGeneration', ...reported, ...texts];
  return {
    retain: retainSuspension,
    reflect: (object) => reflectWithGenerations(object, names),
    aggregate: (object, items) => aggregateStatus(object, items, texts),
    healthy: (object) => isReadyBecause(fieldsAt(object, 'status'), readyReasons),
    dependencies: (object) => sortedReferences(references(object)),
  };
}

/** A source that was suspended in a member stays so there. */
export function retainSuspension(desired: KubeObject, observed: KubeObject): KubeObject {
  const suspend = valueAt(observed, 'spec', 'suspend');
  return suspend === undefined ? desired : withValue(desired, suspend, 'spec', 'suspend');
}

/** The artifact of the last cluster that has one: all of them fetch the same. */
function aggregateStatus(
  object: KubeObject,
  items: readonly AggregatedStatusItem[],
  texts: readonly string[],
): KubeObject {
  const statuses = statusesOf(items);
  return withStatus(object, {
    ...fieldsAt(object, 'status'),
    artifact: lastValue(statuses, 'artifact'),
    conditions: conditionsByCluster(items),
    observedGeneration: observedTemplateGeneration(object, statuses),
    ...Object.fromEntries(texts.map((name) => [name, lastText(statuses, name) ?? ''])),
  });
}
