import { describe, expect, it } from 'vitest';
import { interpreting } from '../../../../test/builders/interpreting.ts';

const rayCluster = interpreting('ray.io/v1', 'RayCluster');
const rayJob = interpreting('ray.io/v1', 'RayJob');
const rayService = interpreting('ray.io/v1', 'RayService');

const pod = (cpu: string, memory: string, extra: object = {}) => ({
  spec: { containers: [{ name: 'ray', resources: { requests: { cpu, memory } } }], ...extra },
});
const needs = (cpu: string, memory: string) => ({ resourceRequest: { cpu, memory } });
const headGroupSpec = { template: pod('1', '16Gi', { serviceAccountName: 'ray' }) };
const group = (replicas: number | undefined, template?: object, groupName?: string) => ({
  ...(replicas !== undefined && { replicas }),
  ...(template && { template }),
  ...(groupName && { groupName }),
});

describe('the pods of a Ray cluster', () => {
  const spec = {
    headGroupSpec,
    workerGroupSpecs: [
      group(3, pod('500m', '1Gi'), 'small-group'),
      group(undefined, pod('8', '4Gi', { volumes: [{ secret: { secretName: 'data' } }] })),
      group(2),
    ],
  };
  const components = [
    { name: 'ray-head', replicas: 1, replicaRequirements: needs('1', '16Gi') },
    { name: 'small-group', replicas: 3, replicaRequirements: needs('500m', '1Gi') },
    { name: 'worker-2', replicas: 0, replicaRequirements: needs('8', '4Gi') },
    { name: 'worker-3', replicas: 2 },
  ];

  it('are the components of a RayCluster and of a RayJob', () => {
    expect(rayCluster.components(spec)).toEqual(components);
    expect(rayJob.components({ rayClusterSpec: spec })).toEqual(components);
    expect(rayCluster.components({ workerGroupSpecs: [group(1)] })).toEqual([{ name: 'worker-1', replicas: 1 }]);
    expect(rayJob.components({})).toEqual([]);
    expect(rayCluster.replicas(spec)).toBeNull();
  });

  it('are all replicas of a RayService, each as great as the greatest', () => {
    expect(rayService.replicas({ rayClusterConfig: spec })).toEqual({
      replicas: 6,
      requirements: { ...needs('8', '16Gi'), namespace: 'shop' },
    });
    const nodeSelector = { accelerator: 'a100' };
    expect(
      rayService.replicas({ rayClusterConfig: { headGroupSpec: { template: { spec: { nodeSelector } } } } }),
    ).toEqual({ replicas: 1, requirements: { nodeClaim: { nodeSelector }, namespace: 'shop' } });
    expect(rayService.replicas({ rayClusterConfig: { workerGroupSpecs: [group(3)] } })).toEqual({
      replicas: 0,
      requirements: null,
    });
    expect(rayService.replicas({})).toEqual({ replicas: 0, requirements: null });
    expect(rayService.components({ rayClusterConfig: spec })).toBeNull();
  });

  it('are what a RayJob and a RayService depend on', () => {
    const submitterPodTemplate = { spec: { imagePullSecrets: [{ name: 'pull' }] } };
    expect(rayJob.dependencies({ rayClusterSpec: spec, submitterPodTemplate })).toEqual([
      'Secret data',
      'Secret pull',
      'ServiceAccount ray',
    ]);
    expect(rayService.dependencies({ rayClusterConfig: spec })).toEqual(['Secret data', 'ServiceAccount ray']);
  });
});

describe('replicas of a RayService', () => {
  const shares = (replicas: number, ...before: (number | undefined)[]) => {
    const spec = { rayClusterConfig: { headGroupSpec, workerGroupSpecs: before.map((count) => group(count)) } };
    const revised = rayService.revised(spec, replicas) as unknown as typeof spec;
    return revised.rayClusterConfig.workerGroupSpecs.map((one) => (one as { replicas: number }).replicas);
  };

  it('are shared by the groups of workers in the proportion that they have', () => {
    expect(shares(7, 3)).toEqual([6]);
    expect(shares(13, 1, 2, 3)).toEqual([2, 4, 6]);
    expect(shares(7, 0, 0)).toEqual([3, 3]);
    expect(shares(6, undefined, undefined)).toEqual([3, 2]);
    expect(shares(9, 4, 0)).toEqual([8, 0]);
    expect(shares(46, 7, 3)).toEqual([31, 14]);
    expect(shares(0, 5)).toEqual([0]);
    expect(shares(1, 5, 1)).toEqual([0, 0]);
  });

  it('never leave a group with less than none', () => {
    expect(shares(2, 1, 1, 0)).toEqual([1, 0, 0]);
    expect(shares(3, 1, 1, 1, 1)).toEqual([1, 1, 0, 0]);
  });

  it('stay as they are where there are no groups', () => {
    expect(rayService.revised({ rayClusterConfig: { headGroupSpec } }, 5)).toEqual({
      rayClusterConfig: { headGroupSpec },
    });
    expect(rayService.revised({}, 5)).toEqual({});
  });
});

describe('a RayCluster', () => {
  const condition = (type: string, status = 'True') => ({ type, status });

  it('is summed over its clusters, with the head of the first that has one', () => {
    const first = {
      availableWorkerReplicas: 2,
      desiredCPU: '1000m',
      desiredGPU: '0',
      desiredMemory: '3072Mi',
      desiredWorkerReplicas: 2,
      maxWorkerReplicas: 5,
      conditions: [condition('HeadPodReady')],
      lastUpdateTime: '2025-10-01T10:01:30Z',
      head: { podIP: '10.244.0.10' },
    };
    const second = {
      availableWorkerReplicas: 1,
      desiredCPU: '2000m',
      desiredGPU: 1,
      desiredMemory: '10752Mi',
      desiredWorkerReplicas: 1,
      conditions: [condition('HeadPodReady')],
      lastUpdateTime: '2025-10-01T10:01:00Z',
      head: { podIP: '10.244.0.11' },
      endpoints: { client: '10001' },
      state: 'ready',
      stateTransitionTimes: { ready: '2025-10-01T10:00:00Z' },
    };
    const object = rayCluster.of({ spec: { headGroupSpec }, status: { observedGeneration: 1 } });
    expect(rayCluster.aggregated(object, first, second)).toEqual({
      observedGeneration: 1,
      conditions: [condition('HeadPodReady'), condition('HeadPodReady')],
      readyWorkerReplicas: 0,
      availableWorkerReplicas: 3,
      maxWorkerReplicas: 5,
      minWorkerReplicas: 0,
      desiredWorkerReplicas: 3,
      desiredCPU: '3',
      desiredGPU: '1',
      desiredTPU: '0',
      desiredMemory: '13824Mi',
      lastUpdateTime: '2025-10-01T10:01:30Z',
      head: { podIP: '10.244.0.10' },
      endpoints: { client: '10001' },
      state: 'ready',
      stateTransitionTimes: { ready: '2025-10-01T10:00:00Z' },
    });
    expect(rayCluster.settles(object, first, second)).toBe(true);
    expect(rayCluster.aggregated(object, first)).toEqual(first);
    expect(rayCluster.aggregated(object)).toMatchObject({
      observedGeneration: 1,
      readyWorkerReplicas: 0,
      desiredCPU: '0',
    });
  });

  it('reports its whole status', () => {
    expect(rayCluster.reflected({ state: 'ready', any: 1 })).toEqual({ state: 'ready', any: 1 });
  });

  it('is well with a head, workers, and no failure', () => {
    const good = [condition('HeadPodReady'), condition('RayClusterProvisioned')];
    const healthy = (...conditions: object[]) => rayCluster.healthy({ conditions });
    expect(healthy(...good)).toBe(true);
    expect(healthy(...good, condition('RayClusterReplicaFailure', 'False'))).toBe(true);
    expect(healthy(...good, condition('RayClusterReplicaFailure'))).toBe(false);
    expect(healthy(good[0]!)).toBe(false);
    expect(healthy(good[1]!)).toBe(false);
    expect(rayCluster.healthy(undefined)).toBe(false);
  });
});

describe('a RayJob', () => {
  const at = (jobDeploymentStatus: string, jobStatus: string, reason?: string) => ({
    jobDeploymentStatus,
    jobStatus,
    ...(reason && { reason, message: `because of ${reason}` }),
  });

  it('is as it is where it is worst', () => {
    const object = rayJob.of({});
    expect(
      rayJob.aggregated(
        object,
        at('Suspended', 'STOPPED', 'User'),
        at('Retrying', 'RUNNING', 'Earlier'),
        null,
        at('Initializing', 'PENDING'),
      ),
    ).toEqual(at('Retrying', 'STOPPED', 'Earlier'));
    expect(rayJob.aggregated(object, at('Running', 'RUNNING'), at('Failed', 'FAILED', 'Error'))).toEqual(
      at('Failed', 'FAILED', 'Error'),
    );
    expect(rayJob.aggregated(object, at('Failed', 'FAILED', 'First'), at('Failed', 'FAILED', 'Second'))).toEqual(
      at('Failed', 'FAILED', 'First'),
    );
    expect(rayJob.aggregated(object, { jobId: 'raysubmit', ...at('Complete', 'SUCCEEDED') })).toEqual({
      jobId: 'raysubmit',
      ...at('Complete', 'SUCCEEDED'),
    });
    expect(rayJob.aggregated(object)).toBeUndefined();
  });

  it.each([
    [true, 'Running', 'PENDING'],
    [true, 'Complete', 'SUCCEEDED'],
    [false, 'Complete', 'FAILED'],
    [false, 'Failed', 'SUCCEEDED'],
    [false, 'ValidationFailed', ''],
    [false, 'Initializing', ''],
    [false, 'Suspended', 'STOPPED'],
  ])('is well (%s) when it is %s and %s', (healthy, deployment, job) => {
    expect(rayJob.healthy(at(deployment, job))).toBe(healthy);
  });

  it('is unwell without a status', () => expect(rayJob.healthy(undefined)).toBe(false));
});

describe('a RayService', () => {
  const serving = (numServeEndpoints: number, name: string, applications: object, time: string) => ({
    conditions: [{ type: 'Ready', status: 'True' }],
    serviceStatus: 'Running',
    numServeEndpoints,
    lastUpdateTime: time,
    activeServiceStatus: { rayClusterName: name, applicationStatuses: applications },
  });
  const first = serving(
    4,
    'one',
    { model: { status: 'RUNNING' }, data: { status: 'DEPLOYING' } },
    '2024-01-15T12:00:00Z',
  );
  const second = serving(
    6,
    'two',
    { model: { status: 'RUNNING' }, data: { status: 'UNHEALTHY' } },
    '2024-01-15T12:01:00Z',
  );

  it('sums its endpoints, and tells each application as it is where it is worst', () => {
    expect(rayService.aggregated(rayService.of({}), first, { ...second, observedGeneration: 3 })).toEqual({
      conditions: [...first.conditions, ...second.conditions],
      serviceStatus: 'Running',
      numServeEndpoints: 10,
      lastUpdateTime: '2024-01-15T12:01:00Z',
      observedGeneration: 3,
      activeServiceStatus: {
        rayClusterName: 'one',
        applicationStatuses: { model: { status: 'RUNNING' }, data: { status: 'UNHEALTHY' } },
      },
    });
  });

  it('does not run where any cluster says so, and is as its only cluster says', () => {
    const object = rayService.of({});
    expect(rayService.aggregated(object, first, { serviceStatus: '' })).toMatchObject({ serviceStatus: '' });
    expect(rayService.aggregated(object, {}, { pendingServiceStatus: { rayClusterName: 'next' } })).toEqual({
      serviceStatus: 'Running',
      numServeEndpoints: 0,
      observedGeneration: 0,
      pendingServiceStatus: { rayClusterName: 'next' },
    });
    expect(rayService.aggregated(object, first)).toEqual(first);
  });

  it('is well when it is ready', () => {
    expect(rayService.healthy(first)).toBe(true);
    expect(rayService.healthy({ conditions: [{ type: 'UpgradeInProgress', status: 'True' }] })).toBe(false);
    expect(rayService.healthy(undefined)).toBe(false);
  });
});
