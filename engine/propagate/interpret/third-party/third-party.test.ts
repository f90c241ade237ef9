import { describe, expect, it } from 'vitest';
import { builtInLayers } from '../built-in.ts';
import { Interpreter, type InterpreterLayer, type Operation } from '../interpreter.ts';
import { thirdPartyLayer } from './third-party.ts';

const OPERATIONS: readonly Operation[] = [
  'replicas',
  'components',
  'revise',
  'retain',
  'reflect',
  'aggregate',
  'healthy',
  'dependencies',
];
const workload = 'replicas revise reflect aggregate healthy dependencies';
const source = 'retain reflect aggregate healthy dependencies';
const training = 'components aggregate healthy dependencies';

/** What Karmada has a script for; the rest of an object's life is that of any kind. */
const ANSWERED: readonly (readonly [string, string, string])[] = [
  ['apps.kruise.io/v1alpha1', 'AdvancedCronJob', 'aggregate dependencies'],
  ['apps.kruise.io/v1alpha1', 'BroadcastJob', 'replicas revise retain reflect aggregate healthy dependencies'],
  ['apps.kruise.io/v1alpha1', 'CloneSet', workload],
  ['apps.kruise.io/v1alpha1', 'DaemonSet', 'reflect aggregate healthy dependencies'],
  ['apps.kruise.io/v1alpha1', 'SidecarSet', 'replicas retain reflect aggregate healthy dependencies'],
  ['apps.kruise.io/v1alpha1', 'UnitedDeployment', workload],
  ['apps.kruise.io/v1beta1', 'StatefulSet', workload],
  ['argoproj.io/v1alpha1', 'Workflow', 'replicas revise retain healthy dependencies'],
  ['batch.volcano.sh/v1alpha1', 'Job', 'components reflect aggregate healthy'],
  ['flink.apache.org/v1beta1', 'FlinkDeployment', 'replicas components reflect aggregate healthy'],
  ['helm.toolkit.fluxcd.io/v2beta1', 'HelmRelease', source],
  ['kubeflow.org/v1', 'Notebook', 'replicas reflect aggregate healthy'],
  ['kubeflow.org/v1', 'PyTorchJob', training],
  ['kubeflow.org/v1', 'TFJob', training],
  ['kubeflow.org/v2beta1', 'MPIJob', 'components reflect aggregate healthy'],
  ['kustomize.toolkit.fluxcd.io/v1', 'Kustomization', source],
  ['kyverno.io/v1', 'ClusterPolicy', 'reflect aggregate healthy'],
  ['kyverno.io/v1', 'Policy', 'reflect aggregate healthy'],
  ['ray.io/v1', 'RayCluster', 'components aggregate healthy'],
  ['ray.io/v1', 'RayJob', 'components aggregate healthy dependencies'],
  ['ray.io/v1', 'RayService', 'replicas revise aggregate healthy dependencies'],
  ['source.toolkit.fluxcd.io/v1', 'GitRepository', source],
  ['source.toolkit.fluxcd.io/v1beta2', 'Bucket', source],
  ['source.toolkit.fluxcd.io/v1beta2', 'HelmChart', source],
  ['source.toolkit.fluxcd.io/v1beta2', 'HelmRepository', source],
  ['source.toolkit.fluxcd.io/v1beta2', 'OCIRepository', source],
  ['sparkoperator.k8s.io/v1beta2', 'SparkApplication', 'components reflect aggregate healthy'],
];

describe('the kinds of other projects', () => {
  it.each(ANSWERED)('%s %s: %3$s', (apiVersion, kind, operations) => {
    const known = thirdPartyLayer(apiVersion, kind) ?? {};
    expect(OPERATIONS.filter((operation) => known[operation] !== undefined).join(' ')).toBe(operations);
  });

  it('are those of these versions only, and none of Kubernetes', () => {
    expect(thirdPartyLayer('apps.kruise.io/v1beta1', 'CloneSet')).toBeNull();
    expect(thirdPartyLayer('batch/v1', 'Job')).toBeNull();
    expect(thirdPartyLayer('apps/v1', 'Deployment')).toBeNull();
    expect(thirdPartyLayer('ray.io/v1', 'constructor')).toBeNull();
  });

  it('come before the native kinds and after what a user adds', () => {
    const cloneSet = { apiVersion: 'apps.kruise.io/v1alpha1', kind: 'CloneSet', metadata: { name: 'web' }, spec: {} };
    const deployment = { ...cloneSet, apiVersion: 'apps/v1', kind: 'Deployment', spec: { replicas: 3 } };
    const custom: InterpreterLayer = (_, kind) =>
      kind === 'CloneSet' ? { replicas: () => ({ replicas: 99, requirements: null }) } : null;
    const builtIn = new Interpreter(builtInLayers);
    expect(builtIn.replicas(cloneSet)?.replicas).toBe(1);
    expect(builtIn.replicas(deployment)?.replicas).toBe(3);
    const layered = new Interpreter([custom, ...builtInLayers]);
    expect(layered.replicas(cloneSet)?.replicas).toBe(99);
    expect(layered.revise(cloneSet, 2).spec).toEqual({ replicas: 2 });
  });
});
