// What holds for every kind that has replicas or counts something, whatever its numbers.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, MalformedQuestion, PropagationError } from '../../engine/index.ts';
import type { KubeObject } from '../../engine/kube/meta.ts';
import { builtInLayers } from '../../engine/propagate/interpret/built-in.ts';
import { Interpreter } from '../../engine/propagate/interpret/interpreter.ts';
import { yamlCodec } from '../../executor/script/yaml-codec.ts';
import { from } from '../builders/interpreting.ts';
import { check } from './check.ts';

const interpreter = new Interpreter(builtInLayers);
const KRUISE = 'apps.kruise.io/v1alpha1';

/** Kinds with replicas that can be revised, and what they may look like. */
const REVISABLE: readonly (readonly [string, string, fc.Arbitrary<object>])[] = [
  [KRUISE, 'CloneSet', fc.record({ replicas: fc.nat(50) }, { requiredKeys: [] })],
  [KRUISE, 'UnitedDeployment', fc.record({ replicas: fc.nat(50) }, { requiredKeys: [] })],
  ['apps.kruise.io/v1beta1', 'StatefulSet', fc.record({ replicas: fc.nat(50) }, { requiredKeys: [] })],
  [KRUISE, 'BroadcastJob', fc.record({ parallelism: fc.nat(50) }, { requiredKeys: [] })],
  ['argoproj.io/v1alpha1', 'Workflow', fc.record({ parallelism: fc.nat(50) }, { requiredKeys: [] })],
  [
    'ray.io/v1',
    'RayService',
    fc
      .array(fc.record({ replicas: fc.nat(2 ** 31 - 1) }, { requiredKeys: [] }), { minLength: 1, maxLength: 6 })
      .map((workerGroupSpecs) => ({ rayClusterConfig: { headGroupSpec: { template: {} }, workerGroupSpecs } })),
  ],
];

/** Statuses that are sums, and the counters in them. */
const SUMMED: readonly (readonly [string, string, readonly string[]])[] = [
  [KRUISE, 'CloneSet', ['replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'updatedReadyReplicas']],
  [KRUISE, 'DaemonSet', ['currentNumberScheduled', 'numberReady', 'numberAvailable', 'numberUnavailable']],
  [KRUISE, 'UnitedDeployment', ['replicas', 'readyReplicas', 'unavailableReplicas']],
  [KRUISE, 'BroadcastJob', ['active', 'succeeded', 'failed', 'desired']],
  [KRUISE, 'SidecarSet', ['matchedPods', 'updatedPods', 'readyPods']],
  ['apps.kruise.io/v1beta1', 'StatefulSet', ['replicas', 'currentReplicas', 'readyReplicas']],
  ['batch.volcano.sh/v1alpha1', 'Job', ['running', 'succeeded', 'failed', 'minAvailable', 'retryCount']],
  ['helm.toolkit.fluxcd.io/v2beta1', 'HelmRelease', ['failures', 'installFailures', 'upgradeFailures']],
  ['kubeflow.org/v1', 'Notebook', ['readyReplicas']],
  ['ray.io/v1', 'RayCluster', ['readyWorkerReplicas', 'desiredWorkerReplicas', 'maxWorkerReplicas']],
  ['ray.io/v1', 'RayService', ['numServeEndpoints']],
  ['sparkoperator.k8s.io/v1beta2', 'SparkApplication', ['executionAttempts', 'submissionAttempts']],
];

const objectOf = (apiVersion: string, kind: string, fields: object): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: 'sample', namespace: 'shop', generation: 1 },
  ...fields,
});
const counted = (object: KubeObject, counters: readonly string[]): number[] =>
  counters.map((name) => Number((object.status as Record<string, unknown> | undefined)?.[name] ?? 0));

describe('kinds of other projects', () => {
  it.each(REVISABLE)('%s %s: who gives it replicas finds as many', (apiVersion, kind, specs) => {
    check(`replicas of a ${kind}`, fc.tuple(specs, fc.integer({ min: 1, max: 2 ** 31 - 1 })), ([spec, replicas]) => {
      const revised = interpreter.revise(objectOf(apiVersion, kind, { spec }), replicas);
      expect(interpreter.replicas(revised)?.replicas).toBe(replicas);
    });
  });

  it.each(SUMMED)('%s %s: what its clusters report is what the hub counts', (apiVersion, kind, counters) => {
    const status = fc
      .tuple(...counters.map(() => fc.nat(1000)))
      .map((values) => Object.fromEntries(counters.map((name, at) => [name, values[at]])));
    check(`counters of a ${kind}`, fc.array(status, { minLength: 1, maxLength: 4 }), (statuses) => {
      const members = statuses.map((one) => interpreter.reflect(objectOf(apiVersion, kind, { status: one })) as object);
      const aggregated = interpreter.aggregate(objectOf(apiVersion, kind, {}), from(...members), 0);
      const sums = counters.map((name) => statuses.reduce((sum, one) => sum + Number(one[name]), 0));
      expect(counted(aggregated, counters)).toEqual(sums);
      expect(interpreter.aggregate(aggregated, from(...members), 60_000)).toBe(aggregated);
    });
  });

  const KINDS = [...REVISABLE, ...SUMMED].map(([apiVersion, kind]) => [apiVersion, kind] as const);
  const MORE = [
    ['flink.apache.org/v1beta1', 'FlinkDeployment'],
    ['kubeflow.org/v1', 'TFJob'],
    ['kubeflow.org/v2beta1', 'MPIJob'],
    ['kyverno.io/v1', 'Policy'],
    ['ray.io/v1', 'RayJob'],
    ['source.toolkit.fluxcd.io/v1beta2', 'OCIRepository'],
    [KRUISE, 'AdvancedCronJob'],
  ] as const;
  const OPERATIONS = ['replicas', 'components', 'revise', 'retain', 'reflect', 'aggregate', 'health', 'dependencies'];
  const FIELDS = [
    ...['spec', 'status', 'template', 'replicas', 'parallelism', 'conditions', 'type', 'name', 'containers', 'volumes'],
    ...['jobManager', 'job', 'rayClusterConfig', 'rayClusterSpec', 'headGroupSpec', 'workerGroupSpecs', 'driver'],
    ...['tfReplicaSpecs', 'PS', 'mpiReplicaSpecs', 'tasks', 'replicaStatuses', 'rulecount', 'containerState'],
    ...['secretRef', 'verify', 'metadata', 'observedGeneration', 'generation', 'activeServiceStatus', '__proto__'],
  ];
  const leaf = fc.constantFrom(null, true, 0, -1, 1.5, '', 'x', '3', 'True', 'Failed', '1g', '5Gi', 2 ** 40);
  const { value } = fc.letrec((again) => ({
    value: fc.oneof(
      { maxDepth: 6 },
      leaf,
      fc.array(again('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...FIELDS), again('value'), { maxKeys: 4 }),
    ),
  }));

  it('answer or refuse whatever they are asked, always alike, and change nothing', () => {
    const question = fc
      .record({
        kind: fc.constantFrom(...KINDS, ...MORE),
        op: fc.constantFrom(...OPERATIONS),
        spec: value,
        status: value,
        statuses: fc.array(value, { maxLength: 3 }),
      })
      .map(({ kind: [apiVersion, kind], op, spec, status, statuses }) => ({
        op,
        object: { ...objectOf(apiVersion, kind, { spec, status }) },
        observed: { ...objectOf(apiVersion, kind, { spec: status, status: spec }) },
        replicas: 3,
        items: statuses.map((one, at) => ({ clusterName: `m${at}`, status: one })),
      }));
    check('odd objects of other projects', question, (asked) => {
      const before = JSON.stringify(asked);
      const first = outcomeOf(asked);
      expect(JSON.stringify(asked)).toBe(before);
      expect(outcomeOf(asked)).toBe(first);
    });
  });
});

function outcomeOf(question: unknown): string {
  try {
    return JSON.stringify(evaluate(question, { interpreter, yaml: yamlCodec }));
  } catch (error) {
    if (error instanceof PropagationError || error instanceof MalformedQuestion) return `refused: ${error.message}`;
    throw error;
  }
}
