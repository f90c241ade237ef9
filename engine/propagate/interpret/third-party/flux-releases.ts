// What Flux rolls out from its sources: HelmRelease and Kustomization.
import type { AggregatedStatusItem } from '../../../api/binding.ts';
import type { KubeObject } from '../../../kube/meta.ts';
import { fieldsAt, listAt, textAt } from '../../fields.ts';
import type { DependentReference, KindInterpreter } from '../interpreter.ts';
import { statusesOf, sumOf } from '../native/generation.ts';
import { conditionsByCluster, isReadyBecause } from './conditions.ts';
import { retainSuspension } from './flux-sources.ts';
import { referencesTo, secretNameAt, sortedReferences } from './pods.ts';
import { lastText, lastValue, withStatus } from './status.ts';
import { observedTemplateGeneration, reflectWithGenerations } from './template-generation.ts';

interface ReleaseShape {
  /** Texts of which the last cluster's counts; where nobody has one, the hub's stays. */
  readonly texts: readonly string[];
  readonly values?: readonly string[];
  /** Differs from Karmada: summed anew each time, instead of being added to the sum of the time before. */
  readonly summed?: readonly string[];
  readonly references: (object: KubeObject) => readonly DependentReference[];
}

export const helmRelease = release({
  texts: ['lastAttemptedRevision', 'lastAppliedRevision', 'lastAttemptedValuesChecksum', 'helmChart'],
  values: ['lastReleaseRevision'],
  summed: ['failures', 'upgradeFailures', 'installFailures'],
  references: (object) => {
    const values = listAt(object, 'spec', 'valuesFrom');
    const namesOf = (kind: string) => values.filter((from) => from.kind === kind).map((from) => textAt(from, 'name'));
    return [
      ...referencesTo(object, 'ConfigMap', namesOf('ConfigMap')),
      ...referencesTo(object, 'Secret', [
        ...namesOf('Secret'),
        secretNameAt(object, 'chart', 'spec', 'verify'),
        secretNameAt(object, 'kubeConfig'),
      ]),
      ...serviceAccountOf(object),
    ];
  },
});

export const kustomization = release({
  texts: ['lastAttemptedRevision', 'lastAppliedRevision'],
  references: (object) => [
    ...referencesTo(object, 'Secret', [secretNameAt(object, 'decryption'), secretNameAt(object, 'kubeConfig')]),
    ...serviceAccountOf(object),
  ],
});

const serviceAccountOf = (object: KubeObject): DependentReference[] =>
  referencesTo(object, 'ServiceAccount', [textAt(object, 'spec', 'serviceAccountName')]);

function release(shape: ReleaseShape): KindInterpreter {
  const { texts, values = [], summed = [] } = shape;
  const names = ['conditions', 'observedGeneration', ...texts, ...values, ...summed];
  return {
    retain: retainSuspension,
    reflect: (object) => reflectWithGenerations(object, names),
    aggregate: (object, items) => aggregateStatus(object, items, shape),
    healthy: (object) => isReadyBecause(fieldsAt(object, 'status'), ['ReconciliationSucceeded']),
    dependencies: (object) => sortedReferences(shape.references(object)),
  };
}

function aggregateStatus(
  object: KubeObject,
  items: readonly AggregatedStatusItem[],
  { texts, values = [], summed = [] }: ReleaseShape,
): KubeObject {
  const statuses = statusesOf(items);
  const before = fieldsAt(object, 'status') ?? {};
  const reported = summed.filter((name) => lastValue(statuses, name) !== undefined);
  return withStatus(object, {
    ...before,
    conditions: conditionsByCluster(items),
    observedGeneration: observedTemplateGeneration(object, statuses),
    ...Object.fromEntries(texts.map((name) => [name, lastText(statuses, name) ?? before[name]])),
    ...Object.fromEntries(values.map((name) => [name, lastValue(statuses, name) ?? before[name]])),
    ...Object.fromEntries(reported.map((name) => [name, sumOf(statuses, name)])),
  });
}
