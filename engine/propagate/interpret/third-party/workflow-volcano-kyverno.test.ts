import { describe, expect, it } from 'vitest';
import { interpreting, NOW_TEXT } from '../../../../test/builders/interpreting.ts';

const workflow = interpreting('argoproj.io/v1alpha1', 'Workflow');
const volcanoJob = interpreting('batch.volcano.sh/v1alpha1', 'Job');

describe('a Workflow', () => {
  it('has as many replicas as run at once, where all its pods may run', () => {
    const tolerations = [{ key: 'key', value: 'value', effect: 'NoSchedule' }];
    const spec = { parallelism: 2, tolerations, nodeSelector: { disk: 'ssd' }, containers: [{ name: 'none of it' }] };
    expect(workflow.replicas(spec)).toEqual({
      replicas: 2,
      requirements: { nodeClaim: { nodeSelector: { disk: 'ssd' }, tolerations } },
    });
    expect(workflow.replicas({ entrypoint: 'main' })).toEqual({ replicas: 1, requirements: null });
    expect(workflow.revised({}, 4)).toEqual({ parallelism: 4 });
  });

  it('keeps how far it is in its member', () => {
    const observed = { spec: { suspend: true }, status: { phase: 'Running' } };
    expect(workflow.retained({ spec: { suspend: false, parallelism: 1 } }, observed)).toMatchObject({
      spec: { suspend: true, parallelism: 1 },
      status: { phase: 'Running' },
    });
    expect(workflow.retained({ spec: { suspend: false } }, { spec: {} })).toEqual(
      workflow.of({ spec: { suspend: false } }),
    );
  });

  it.each([
    [true, 'Succeeded'],
    [true, 'Running'],
    [false, 'Failed'],
    [false, 'Error'],
    [false, ''],
  ])('is well (%s) when it is %s', (healthy, phase) => {
    expect(workflow.healthy({ phase })).toBe(healthy);
  });

  it('is unwell without a phase', () => {
    expect(workflow.healthy({})).toBe(false);
    expect(workflow.healthy(undefined)).toBe(false);
  });

  it('depends on its volumes, claims, secrets and accounts', () => {
    expect(
      workflow.dependencies({
        volumes: [
          { persistentVolumeClaim: { claimName: 'my-existing-volume' } },
          { configMap: { name: 'workflow-config' } },
          { secret: { secretName: 'mounted' } },
          { csi: { nodePublishSecretRef: { name: 'publish' } } },
        ],
        volumeClaimTemplates: [{ metadata: { name: 'work' } }, { metadata: {} }],
        imagePullSecrets: [{ name: 'my-secret' }],
        serviceAccountName: 'my-service-account',
        executor: { serviceAccountName: 'default' },
      }),
    ).toEqual([
      'ConfigMap workflow-config',
      'PersistentVolumeClaim my-existing-volume',
      'PersistentVolumeClaim work',
      'Secret mounted',
      'Secret my-secret',
      'Secret publish',
      'ServiceAccount default',
      'ServiceAccount my-service-account',
    ]);
    expect(workflow.dependencies({ serviceAccountName: 'default' })).toEqual([]);
  });
});

describe("Volcano's Job", () => {
  const template = { spec: { containers: [{ resources: { requests: { cpu: '100m', memory: '128Mi' } } }] } };
  const object = volcanoJob.of({});

  it('has a component for each task, with as many pods as it needs at least', () => {
    const tasks = [{ name: 'named', minAvailable: 2, replicas: 9, template }, { minAvailable: '3' }, { name: '' }];
    expect(volcanoJob.components({ tasks })).toEqual([
      {
        name: 'named',
        replicas: 2,
        replicaRequirements: { resourceRequest: { cpu: '100m', memory: '128Mi' } },
      },
      { name: 'task-1', replicas: 3 },
      { name: 'task-2', replicas: 1 },
    ]);
    expect(volcanoJob.components({})).toEqual([]);
  });

  it('is summed over its clusters; what is nowhere is not shown', () => {
    const first = {
      pending: 1,
      running: 1,
      minAvailable: 2,
      runningDuration: '100s',
      version: 1,
      taskStatusCount: { 'task-1': { phase: { Running: 2, Succeeded: 1 } }, 'task-2': { phase: { Pending: 1 } } },
      controlledResources: { 'pod-1': 'uid-1' },
    };
    const second = {
      running: 2,
      succeeded: 1,
      minAvailable: 3,
      retryCount: 1,
      runningDuration: '2m30.5s',
      version: 2,
      taskStatusCount: { 'task-1': { phase: { Running: 1, Succeeded: 2 } } },
      controlledResources: { 'pod-2': 'uid-2' },
    };
    expect(volcanoJob.aggregated(object, first, second, { runningDuration: '999ms' }, null)).toEqual({
      pending: 1,
      running: 3,
      succeeded: 1,
      minAvailable: 5,
      retryCount: 1,
      runningDuration: '2m30.5s',
      version: 2,
      taskStatusCount: { 'task-1': { phase: { Running: 3, Succeeded: 3 } }, 'task-2': { phase: { Pending: 1 } } },
      controlledResources: { 'pod-1': 'uid-1', 'pod-2': 'uid-2' },
    });
  });

  const phase = (name: string) => ({ state: { phase: name } });

  it('is complete when it is everywhere, and has failed when it has anywhere', () => {
    const state = (...names: string[]) =>
      (volcanoJob.aggregated(object, ...names.map(phase)) as { state?: object } | undefined)?.state;
    expect(state('Completed', 'Completed')).toMatchObject({ phase: 'Completed', lastTransitionTime: NOW_TEXT });
    expect(state('Completed', 'Aborted', 'Failed')).toMatchObject({
      phase: 'Failed',
      reason: 'VolcanoJobFailed',
      message: 'the Job failed in member clusters m2, m3',
    });
    expect(state('Completed', 'Running')).toBeUndefined();
    expect(volcanoJob.settles(object, phase('Completed'), phase('Failed'))).toBe(true);
  });

  it('tells the story of where it failed, else the latest of each kind', () => {
    const at = (status: string, lastTransitionTime: string) => ({ status, lastTransitionTime });
    const early = [at('Pending', '2025-09-29T10:57:03Z'), at('Running', '2025-09-29T10:57:07Z')];
    const late = [at('Pending', '2025-09-29T11:57:03Z')];
    const failed = [at('Pending', '2025-09-29T10:00:00Z'), at('Aborted', '2025-09-29T10:00:01Z')];
    const told = (...stories: object[][]) =>
      volcanoJob.aggregated(object, ...stories.map((conditions) => ({ conditions })));
    expect(told(early, late)).toEqual({ conditions: [late[0], early[1]] });
    expect(told(early, failed, late)).toEqual({ conditions: failed });
  });

  it('is as its only cluster says, and blank in none', () => {
    const status = { ...phase('Completed'), succeeded: 4, failed: 0 };
    expect(volcanoJob.aggregated(object, status)).toEqual(status);
    expect(volcanoJob.aggregated(volcanoJob.of({ status: phase('Running') }))).toBeUndefined();
  });

  it('reports how it goes', () => {
    const status = { running: 0, version: 1, taskStatusCount: {}, conditions: [], other: 1, ...phase('Running') };
    expect(volcanoJob.reflected(status)).toEqual({ running: 0, version: 1, ...phase('Running') });
    expect(volcanoJob.reflected(undefined)).toEqual({});
  });

  it.each([
    [true, 'Pending'],
    [true, 'Completed'],
    [true, 'Terminated'],
    [false, 'Failed'],
    [false, ''],
    [false, 'Odd'],
  ])('is well (%s) when it is %s', (healthy, name) => {
    expect(volcanoJob.healthy(phase(name))).toBe(healthy);
  });

  it('is unwell without a state', () => {
    expect(volcanoJob.healthy({})).toBe(false);
    expect(volcanoJob.healthy(undefined)).toBe(false);
  });
});

describe.each(['ClusterPolicy', 'Policy'])("Kyverno's %s", (name) => {
  const policy = interpreting('kyverno.io/v1', name);
  const ready = (reason: string, message: string) => ({ type: 'Ready', status: 'True', reason, message });

  it('counts its rules over all clusters, and tells which of them is ready', () => {
    const rulecount = { validate: 1, generate: 0, mutate: 0, verifyimages: 0 };
    const status = { conditions: [ready('Succeeded', '')], ready: true, rulecount };
    const object = policy.of({ status: { old: 1 } });
    expect(policy.aggregated(object, status, status, { rulecount: { mutate: 2 } })).toEqual({
      conditions: [ready('Succeeded', 'm1=, m2=')],
      ready: true,
      rulecount: { ...rulecount, validate: 2, mutate: 2 },
    });
    expect(policy.aggregated(object, { conditions: [ready('Failed', 'error')] })).toEqual({
      conditions: [ready('Failed', 'm1=error')],
      rulecount: { ...rulecount, validate: 0 },
    });
    expect(policy.aggregated(object)).toEqual({ rulecount: { validate: 0, generate: 0, mutate: 0, verifyimages: 0 } });
  });

  it('is well when it says so, in either way', () => {
    expect(policy.healthy({ ready: true })).toBe(true);
    expect(policy.healthy({ ready: false, conditions: [ready('Succeeded', '')] })).toBe(false);
    expect(policy.healthy({ conditions: [ready('Succeeded', '')] })).toBe(true);
    expect(policy.healthy({ conditions: [ready('Failed', '')] })).toBe(false);
    expect(policy.healthy(undefined)).toBe(false);
  });

  it('reports its rules', () => {
    expect(policy.reflected({ ready: false, autogen: {}, rulecount: { validate: 1 }, other: 1 })).toEqual({
      ready: false,
      rulecount: { validate: 1 },
    });
  });
});
