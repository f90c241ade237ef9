import { describe, expect, it } from 'vitest';
import { interpreting, NOW_TEXT } from '../../../../test/builders/interpreting.ts';

const notebook = interpreting('kubeflow.org/v1', 'Notebook');
const pyTorchJob = interpreting('kubeflow.org/v1', 'PyTorchJob');
const tfJob = interpreting('kubeflow.org/v1', 'TFJob');
const mpiJob = interpreting('kubeflow.org/v2beta1', 'MPIJob');

const pod = (cpu: string, extra: object = {}) => ({
  spec: { containers: [{ name: 'c', resources: { limits: { cpu, memory: '512Mi' } } }], ...extra },
});
const needs = (cpu: string) => ({ resourceRequest: { cpu, memory: '512Mi' } });
const ended = (type: string) => ({ conditions: [{ type, status: 'True' }] });

describe('training jobs', () => {
  it('have a component for each role, in a fixed order', () => {
    const volumes = [{ name: 'training', persistentVolumeClaim: { claimName: 'training-data' } }];
    const pytorchReplicaSpecs = {
      Worker: { replicas: 3, template: pod('1', { serviceAccountName: 'trainer', volumes }) },
      Master: { template: pod('2') },
    };
    expect(pyTorchJob.components({ pytorchReplicaSpecs })).toEqual([
      { name: 'master', replicas: 1, replicaRequirements: needs('2') },
      { name: 'worker', replicas: 3, replicaRequirements: needs('1') },
    ]);
    expect(pyTorchJob.dependencies({ pytorchReplicaSpecs })).toEqual([
      'PersistentVolumeClaim training-data',
      'ServiceAccount trainer',
    ]);
    const tfReplicaSpecs = { Evaluator: {}, Chief: { replicas: '2' }, Worker: { replicas: '' }, PS: { replicas: 0 } };
    expect(tfJob.components({ tfReplicaSpecs })).toEqual([
      { name: 'ps', replicas: 0 },
      { name: 'worker', replicas: 1 },
      { name: 'chief', replicas: 2 },
      { name: 'evaluator', replicas: 1 },
    ]);
    expect(tfJob.components({})).toEqual([]);
    expect(tfJob.replicas({ tfReplicaSpecs })).toBeNull();
    expect(() => tfJob.components({ tfReplicaSpecs: { PS: { replicas: 'many' } } })).toThrow(
      /replicas must be a count/,
    );
  });

  const object = pyTorchJob.of({});
  const member = {
    ...ended('Succeeded'),
    completionTime: '2025-10-13T11:48:12Z',
    startTime: '2025-10-13T11:46:42Z',
    replicaStatuses: { Master: { succeeded: 1, selector: 'x' }, Worker: { succeeded: 1 } },
  };

  it('are complete when they are everywhere, from the first start to the last end', () => {
    const other = { ...member, startTime: '2025-10-13T11:40:00Z', completionTime: '2025-10-13T11:50:00Z' };
    expect(pyTorchJob.aggregated(object, member, other)).toEqual({
      startTime: '2025-10-13T11:40:00Z',
      completionTime: '2025-10-13T11:50:00Z',
      replicaStatuses: { Master: { succeeded: 2 }, Worker: { succeeded: 2 } },
      conditions: [
        {
          type: 'Succeeded',
          status: 'True',
          reason: 'Completed',
          message: 'the PyTorchJob is complete in every member cluster',
          lastProbeTime: NOW_TEXT,
          lastTransitionTime: NOW_TEXT,
        },
      ],
    });
    expect(pyTorchJob.settles(object, member, other)).toBe(true);
  });

  it('have failed when they have anywhere, and have no end then', () => {
    const status = pyTorchJob.aggregated(object, member, ended('Failed'), null) as Record<string, unknown>;
    expect(status.conditions).toMatchObject([
      { type: 'Failed', reason: 'PyTorchJobFailed', message: 'the PyTorchJob failed in member clusters m2' },
    ]);
    expect(status.completionTime).toBeUndefined();
    expect(tfJob.aggregated(tfJob.of({}), ended('Failed'))).toMatchObject({ conditions: [{ reason: 'TFJobFailed' }] });
    expect(pyTorchJob.aggregated(object, member, {})).not.toHaveProperty('conditions');
  });

  it('forget how they went when they are in no cluster any more', () => {
    expect(pyTorchJob.aggregated(pyTorchJob.of({ status: { ...member, other: 1 } }))).not.toHaveProperty('startTime');
  });

  it('are well unless they failed, or nothing is known', () => {
    for (const kind of [pyTorchJob, tfJob]) {
      expect(kind.healthy(ended('Running'))).toBe(true);
      expect(kind.healthy({ conditions: [] })).toBe(true);
      expect(kind.healthy(ended('Failed'))).toBe(false);
      expect(kind.healthy({})).toBe(false);
      expect(kind.healthy(undefined)).toBe(false);
    }
  });
});

describe('an MPIJob', () => {
  it('has as many launchers and workers as it says, by default one launcher and no worker', () => {
    const requests = { resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { cpu: '100m' } } };
    const two = { spec: { containers: [...pod('500m').spec.containers, requests] } };
    const components = (mpiReplicaSpecs: object) => mpiJob.components({ mpiReplicaSpecs });
    expect(components({ Worker: { replicas: '2', template: pod('1') }, Launcher: { template: two } })).toEqual([
      { name: 'Launcher', replicas: 1, replicaRequirements: { resourceRequest: { cpu: '550m', memory: '576Mi' } } },
      { name: 'Worker', replicas: 2, replicaRequirements: needs('1') },
    ]);
    expect(components({ Worker: { replicas: '', template: pod('1') } })).toMatchObject([{ replicas: 0 }]);
    expect(components({ Launcher: { replicas: 1 } })).toEqual([]);
    expect(mpiJob.components({})).toEqual([]);
  });

  const at = (type: string, lastUpdateTime: string) => ({ type, status: 'True', lastUpdateTime });

  it('has the newest condition of each type, and the sums of its pods', () => {
    const first = {
      startTime: '2019-07-10T10:00:00Z',
      conditions: [at('Created', '2019-07-10T10:00:00Z'), at('Running', '2019-07-10T10:01:00Z')],
      replicaStatuses: { Launcher: { active: 1 }, Worker: { active: 2 } },
    };
    const second = {
      startTime: '2019-07-11T11:30:00Z',
      completionTime: '2019-07-11T12:00:00Z',
      conditions: [at('Created', '2019-07-11T11:30:00Z'), at('Failed', '2019-07-11T11:45:00Z'), { type: 'Odd' }],
      replicaStatuses: { Launcher: { failed: 1 }, Worker: { failed: 2 } },
    };
    expect(mpiJob.aggregated(mpiJob.of({}), first, second)).toEqual({
      startTime: '2019-07-10T10:00:00Z',
      completionTime: '2019-07-11T12:00:00Z',
      conditions: [
        at('Created', '2019-07-11T11:30:00Z'),
        at('Running', '2019-07-10T10:01:00Z'),
        at('Failed', '2019-07-11T11:45:00Z'),
      ],
      replicaStatuses: {
        Launcher: { active: 1, failed: 1, succeeded: 0 },
        Worker: { active: 2, failed: 2, succeeded: 0 },
      },
    });
  });

  it('is as its only cluster says, and as it was in none', () => {
    const status = { replicaStatuses: { Worker: { active: 2 } }, conditions: [at('Running', NOW_TEXT)] };
    const object = mpiJob.of({ status: { startTime: NOW_TEXT } });
    expect(mpiJob.aggregated(object, status)).toEqual(status);
    expect(mpiJob.aggregated(object, null)).toBeUndefined();
    expect(mpiJob.aggregated(object)).toEqual({ startTime: NOW_TEXT });
  });

  it('reports what is counted', () => {
    const status = { replicaStatuses: { Worker: { active: 2, labelSelector: {} }, Launcher: {} }, conditions: [] };
    expect(mpiJob.reflected(status)).toEqual({ replicaStatuses: { Worker: { active: 2 } } });
    expect(mpiJob.reflected(undefined)).toEqual({});
  });

  it('is well when something is known, and it did not fail', () => {
    expect(mpiJob.healthy(ended('Running'))).toBe(true);
    expect(mpiJob.healthy(ended('Failed'))).toBe(false);
    expect(mpiJob.healthy({ conditions: [] })).toBe(false);
    expect(mpiJob.healthy(undefined)).toBe(false);
  });
});

describe('a Notebook', () => {
  const running = (startedAt: string) => ({ containerState: { running: { startedAt } }, readyReplicas: 1 });
  const object = notebook.of({});

  it('is one pod', () => {
    expect(notebook.replicas({ template: pod('2') })).toEqual({ replicas: 1, requirements: needs('2') });
    expect(notebook.replicas({})).toEqual({ replicas: 1, requirements: null });
  });

  it('is ready when it runs everywhere, since it last began to', () => {
    const statuses = [
      running('2025-10-09T06:58:58Z'),
      running('2025-10-09T07:30:00Z'),
      running('2025-10-09T07:00:00Z'),
    ];
    expect(notebook.aggregated(object, ...statuses)).toMatchObject({
      readyReplicas: 3,
      containerState: { running: { startedAt: '2025-10-09T07:30:00Z' } },
      conditions: [{ type: 'Ready', status: 'True', reason: 'Ready', lastTransitionTime: NOW_TEXT }],
    });
    expect(notebook.settles(object, ...statuses)).toBe(true);
    expect(notebook.aggregated(object, running('2025-10-09T07:00:00Z'), null)).toEqual({
      readyReplicas: 1,
      containerState: { running: { startedAt: '2025-10-09T07:00:00Z' } },
    });
  });

  it('is as it is where it failed last', () => {
    const waiting = { containerState: { waiting: { reason: 'ImagePullBackOff' } } };
    const terminated = { containerState: { terminated: { reason: 'Error', exitCode: 1 } } };
    expect(notebook.aggregated(object, waiting, running(NOW_TEXT), terminated, null)).toMatchObject({
      readyReplicas: 1,
      containerState: terminated.containerState,
      conditions: [{ type: 'Failed', message: 'the Notebook failed in member clusters m1, m3' }],
    });
    expect(notebook.aggregated(object, running(NOW_TEXT), { readyReplicas: 0 })).toMatchObject({
      containerState: { waiting: { reason: 'Unschedulable' } },
      conditions: [{ message: 'the Notebook failed in member clusters m2' }],
    });
  });

  it('is as its only cluster says', () => {
    expect(notebook.aggregated(object, running(NOW_TEXT))).toEqual(running(NOW_TEXT));
    expect(notebook.aggregated(object)).toEqual({ readyReplicas: 0 });
  });

  it('reports its state, and how many are ready', () => {
    expect(notebook.reflected({ containerState: {}, conditions: [], other: 1 })).toEqual({ readyReplicas: 0 });
    expect(notebook.reflected(running(NOW_TEXT))).toEqual(running(NOW_TEXT));
    expect(notebook.reflected(undefined)).toEqual({});
  });

  it.each([
    [true, { running: {} }],
    [true, { waiting: { reason: 'ContainerCreating' } }],
    [false, { waiting: { reason: 'ImagePullBackOff' } }],
    [false, { terminated: { reason: 'Error', exitCode: 0 } }],
    [false, { terminated: { reason: 'OOMKilled', exitCode: 137 } }],
    [false, { terminated: { reason: 'ContainerCannotRun' } }],
    [false, { terminated: { reason: 'Completed', exitCode: 1 } }],
    [true, { terminated: { reason: 'Completed', exitCode: 0 } }],
    [false, {}],
  ])('is well (%s) with %j', (healthy, containerState) => {
    expect(notebook.healthy({ containerState })).toBe(healthy);
  });

  it('is unwell while nothing is known', () => {
    expect(notebook.healthy(undefined)).toBe(false);
    expect(notebook.healthy({ readyReplicas: 0 })).toBe(false);
  });
});
