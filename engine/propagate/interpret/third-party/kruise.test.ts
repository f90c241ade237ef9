import { describe, expect, it } from 'vitest';
import { interpreting } from '../../../../test/builders/interpreting.ts';
import { PropagationError } from '../../errors.ts';
import { builtInLayers } from '../built-in.ts';
import { Interpreter } from '../interpreter.ts';

const KRUISE = 'apps.kruise.io/v1alpha1';
const cloneSet = interpreting(KRUISE, 'CloneSet');
const statefulSet = interpreting('apps.kruise.io/v1beta1', 'StatefulSet');
const united = interpreting(KRUISE, 'UnitedDeployment');
const daemonSet = interpreting(KRUISE, 'DaemonSet');
const broadcastJob = interpreting(KRUISE, 'BroadcastJob');
const cronJob = interpreting(KRUISE, 'AdvancedCronJob');
const sidecarSet = interpreting(KRUISE, 'SidecarSet');

const template = {
  metadata: { labels: { app: 'sample' } },
  spec: {
    volumes: [{ name: 'configmap', configMap: { name: 'my-sample-config' } }],
    containers: [
      {
        name: 'nginx',
        resources: { requests: { cpu: '250m', memory: '1Gi' } },
        env: [{ name: 'logData', valueFrom: { configMapKeyRef: { name: 'mysql-config', key: 'log' } } }],
      },
    ],
  },
};
const requirements = { resourceRequest: { cpu: '250m', memory: '1Gi' } };
const TEMPLATE_GENERATION = 'resourcetemplate.karmada.io/generation';

describe('replicated workloads of OpenKruise', () => {
  it.each([
    ['CloneSet', cloneSet],
    ['StatefulSet', statefulSet],
    ['UnitedDeployment', united],
  ])('a %s has replicas, one of them where it does not say how many', (_, kind) => {
    expect(kind.replicas({ replicas: 4, template })).toEqual({ replicas: 4, requirements });
    expect(kind.replicas({ template })?.replicas).toBe(1);
    expect(kind.replicas({})).toEqual({ replicas: 1, requirements: null });
    expect(kind.revised({ template }, 2)).toEqual({ replicas: 2, template });
    expect(kind.revised({ replicas: 4 }, 0)).toEqual({ replicas: 0 });
    expect(kind.dependencies({ template })).toEqual(['ConfigMap my-sample-config', 'ConfigMap mysql-config']);
    expect(() => kind.replicas({ replicas: 'many' })).toThrow(PropagationError);
  });

  it('depend on what is in their namespace, and "default" is that of a pod without one', () => {
    const interpreter = new Interpreter(builtInLayers);
    const of = (namespace: string | undefined) =>
      interpreter.dependencies(cloneSet.of({ spec: { template } }, { namespace })).map((one) => one.namespace);
    expect(of('shop')).toEqual(['shop', 'shop']);
    expect(of(undefined)).toEqual(['default', 'default']);
  });

  const generations = { generation: 1, observedGeneration: 1, resourceTemplateGeneration: 1 };

  it('sum what their clusters count, and take the last revision that any of them names', () => {
    const counted = { replicas: 2, readyReplicas: 1, availableReplicas: 1, updatedReplicas: 2, ...generations };
    const revised = { ...counted, readyReplicas: 2, updateRevision: 'sample-59df6bd888', labelSelector: 'app=sample' };
    expect(cloneSet.aggregated(cloneSet.of({}, { generation: 1 }), counted, revised, { updateRevision: '' })).toEqual({
      replicas: 4,
      readyReplicas: 3,
      availableReplicas: 2,
      updatedReplicas: 4,
      updatedReadyReplicas: 0,
      expectedUpdatedReplicas: 0,
      observedGeneration: 0,
      updateRevision: 'sample-59df6bd888',
      currentRevision: '',
      labelSelector: 'app=sample',
    });
    expect(statefulSet.aggregated(statefulSet.of({}, { generation: 1 }), { ...counted, currentReplicas: 2 })).toEqual({
      replicas: 2,
      readyReplicas: 1,
      currentReplicas: 2,
      updatedReplicas: 2,
      availableReplicas: 1,
      updatedReadyReplicas: 0,
      observedGeneration: 1,
      updateRevision: '',
      currentRevision: '',
    });
  });

  it('are at nothing, and up to date, where they are in no cluster', () => {
    expect(united.aggregated(united.of({}, { generation: 3 }))).toEqual({
      replicas: 0,
      readyReplicas: 0,
      updatedReplicas: 0,
      availableReplicas: 0,
      unavailableReplicas: 0,
      observedGeneration: 3,
    });
  });

  it('claim the latest generation only when every cluster runs it and has acted on it', () => {
    const object = cloneSet.of({ status: { observedGeneration: 2 } }, { generation: 3 });
    const observed = (...statuses: (object | null)[]) =>
      (cloneSet.aggregated(object, ...statuses) as { observedGeneration: number }).observedGeneration;
    const seen = { generation: 8, observedGeneration: 8, resourceTemplateGeneration: 3 };
    expect(observed(seen, seen)).toBe(3);
    expect(observed(seen, { ...seen, observedGeneration: 7 })).toBe(2);
    expect(observed(seen, { ...seen, resourceTemplateGeneration: 2 })).toBe(2);
    expect(observed(seen, { ...seen, resourceTemplateGeneration: 4 })).toBe(2);
    expect(observed(seen, null)).toBe(2);
    expect(observed(seen, {})).toBe(2);
  });

  it('report their status with the generations beside it', () => {
    const status = { replicas: 2, readyReplicas: 0, observedGeneration: 5, collisionCount: 0, conditions: [] };
    const reported = { replicas: 2, readyReplicas: 0, observedGeneration: 5 };
    const told = (annotation?: string) =>
      cloneSet.reflected(status, {
        generation: 6,
        ...(annotation !== undefined && { annotations: { [TEMPLATE_GENERATION]: annotation } }),
      });
    expect(told('4')).toEqual({ ...reported, generation: 6, resourceTemplateGeneration: 4 });
    expect(told()).toEqual({ ...reported, generation: 6 });
    expect(told('not-a-number')).toEqual({ ...reported, generation: 6 });
    expect(cloneSet.reflected(undefined, { generation: 6 })).toEqual({});
  });

  it('are healthy when the latest generation is rolled out', () => {
    const healthy = (status: object) => cloneSet.healthy(status, { spec: { replicas: 2 } }, { generation: 2 });
    const good = { observedGeneration: 2, updatedReplicas: 2, availableReplicas: 2 };
    expect(healthy(good)).toBe(true);
    expect(healthy({ ...good, observedGeneration: 1 })).toBe(false);
    expect(healthy({ ...good, updatedReplicas: 1 })).toBe(false);
    expect(healthy({ ...good, availableReplicas: 1 })).toBe(false);
    expect(healthy({ observedGeneration: 1 })).toBe(false);
  });

  it('cannot be judged by what nobody tells: a UnitedDeployment never tells what is available', () => {
    const seen = { observedGeneration: 2, updatedReplicas: 2 };
    for (const kind of [cloneSet, statefulSet, united]) {
      expect(() => kind.healthy(seen, { spec: { replicas: 2 } }, { generation: 2 })).toThrow(PropagationError);
    }
    expect(() => daemonSet.healthy({ observedGeneration: 2 }, {}, { generation: 2 })).toThrow(PropagationError);
  });

  it('cannot be judged without a status, but a UnitedDeployment is unwell without one', () => {
    for (const kind of [cloneSet, statefulSet, daemonSet, broadcastJob]) {
      expect(() => kind.healthy(undefined)).toThrow(PropagationError);
      expect(() => kind.healthy(undefined)).toThrow(/status is missing/);
    }
    expect(united.healthy(undefined)).toBe(false);
  });

  it('keep one condition of each type, the last cluster told of', () => {
    const condition = (type: string, message: string) => ({ type, status: 'True', message });
    const object = united.of({ status: { conditions: [condition('Own', 'hub')] } });
    const first = { conditions: [condition('Available', 'one'), condition('Progressing', 'one')] };
    const second = { conditions: [condition('Available', 'two')] };
    expect(united.aggregated(object, first, second)).toMatchObject({
      conditions: [condition('Available', 'two'), condition('Progressing', 'one')],
    });
    expect(united.aggregated(object, {})).toMatchObject({ conditions: [condition('Own', 'hub')] });
  });
});

describe('a DaemonSet of OpenKruise', () => {
  const member = { currentNumberScheduled: 1, desiredNumberScheduled: 1, numberReady: 1, numberAvailable: 1 };

  it('is summed over its clusters; what a cluster does not count is nothing', () => {
    const object = daemonSet.of({}, { generation: 2 });
    const seen = { generation: 2, observedGeneration: 2, resourceTemplateGeneration: 2 };
    const full = { ...member, updatedNumberScheduled: 1, daemonSetHash: 'jkl012', ...seen };
    expect(daemonSet.aggregated(object, full, { numberReady: 1, ...seen })).toEqual({
      observedGeneration: 2,
      currentNumberScheduled: 1,
      numberMisscheduled: 0,
      desiredNumberScheduled: 1,
      numberReady: 2,
      updatedNumberScheduled: 1,
      numberAvailable: 1,
      numberUnavailable: 0,
      daemonSetHash: 'jkl012',
    });
    expect(daemonSet.aggregated(object)).toMatchObject({ numberReady: 0, daemonSetHash: '' });
    expect(daemonSet.settles(object, full)).toBe(true);
  });

  it('is healthy when it runs and is available wherever it should', () => {
    const good = { observedGeneration: 1, ...member, updatedNumberScheduled: 1 };
    const healthy = (status: object) => daemonSet.healthy(status, {}, { generation: 1 });
    expect(healthy(good)).toBe(true);
    expect(healthy({ ...good, desiredNumberScheduled: 2 })).toBe(false);
    expect(healthy({ ...good, numberAvailable: 0 })).toBe(false);
    expect(healthy({ ...good, observedGeneration: 2 })).toBe(false);
  });
});

describe('a BroadcastJob', () => {
  const ended = (type: string) => ({ conditions: [{ type, status: 'True' }] });

  it('is counted by its parallelism, which may not be a percentage', () => {
    expect(broadcastJob.replicas({ parallelism: 5, template })).toEqual({ replicas: 5, requirements });
    expect(broadcastJob.replicas({ template })?.replicas).toBe(1);
    expect(broadcastJob.revised({}, 3)).toEqual({ parallelism: 3 });
    expect(() => broadcastJob.replicas({ parallelism: '10%' })).toThrow(/spec\.parallelism/);
  });

  it('keeps the labels that its member has given its pods', () => {
    const observed = { spec: { template: { metadata: { labels: { app: 'new', uid: '1' } } } } };
    expect(broadcastJob.retained({ spec: { template } }, observed).spec).toMatchObject({
      template: { metadata: { labels: { app: 'new', uid: '1' } }, spec: template.spec },
    });
    expect(broadcastJob.retained({ spec: {} }, observed).spec).toEqual(observed.spec);
    expect(broadcastJob.retained({ spec: { template } }, { spec: {} }).spec).toEqual({ template });
  });

  it('has failed when it has anywhere, and is complete when it is everywhere', () => {
    const failed = { active: 0, desired: 1, failed: 1, phase: 'failed', succeeded: 0, ...ended('Failed') };
    const object = broadcastJob.of({});
    expect(broadcastJob.aggregated(object, failed, { active: 1, desired: 1 }, failed)).toEqual({
      active: 1,
      desired: 3,
      failed: 2,
      succeeded: 0,
      phase: 'failed',
      conditions: [
        {
          type: 'Failed',
          status: 'True',
          reason: 'JobFailed',
          message: 'the BroadcastJob failed in member clusters m1, m3',
        },
      ],
    });
    const types = (...statuses: (object | null)[]) =>
      (broadcastJob.aggregated(object, ...statuses) as { conditions?: { type: string }[] }).conditions?.map(
        ({ type }) => type,
      );
    expect(types(ended('Complete'), ended('Complete'))).toEqual(['Completed']);
    expect(types(ended('Complete'), {})).toBeUndefined();
    expect(types(ended('Complete'), null)).toBeUndefined();
    expect(broadcastJob.aggregated(object)).toEqual({ active: 0, desired: 0, failed: 0, succeeded: 0, phase: '' });
  });

  it('is well while something runs or has succeeded, and nothing has failed', () => {
    const status = { desired: 1, active: 1, succeeded: 0, failed: 0 };
    expect(broadcastJob.healthy(status)).toBe(true);
    expect(broadcastJob.healthy({ ...status, active: 0, succeeded: 1 })).toBe(true);
    expect(broadcastJob.healthy({ ...status, failed: 1 })).toBe(false);
    expect(broadcastJob.healthy({ ...status, desired: 0 })).toBe(false);
    expect(broadcastJob.healthy({ ...status, active: 0 })).toBe(false);
    expect(broadcastJob.healthy({ desired: 1, active: 1 })).toBe(false);
  });

  it('reports what it is at', () => {
    const status = { active: 0, phase: 'failed', desired: 1, startTime: '2023-04-06T15:01:37Z', conditions: [] };
    expect(broadcastJob.reflected({ ...status, other: 1 })).toEqual({
      active: 0,
      phase: 'failed',
      desired: 1,
      startTime: '2023-04-06T15:01:37Z',
    });
  });
});

describe('an AdvancedCronJob', () => {
  it('lists what runs anywhere', () => {
    const active = (uid: string) => [{ kind: 'BroadcastJob', name: 'sample-1681378080', uid }];
    const status = (uid: string, lastScheduleTime: string) => ({
      active: active(uid),
      lastScheduleTime,
      type: 'BroadcastJob',
    });
    const object = cronJob.of({});
    expect(
      cronJob.aggregated(object, status('a', '2023-04-13T09:30:00Z'), null, status('b', '2023-04-13T09:32:00Z')),
    ).toEqual({
      active: [...active('a'), ...active('b')],
      lastScheduleTime: '2023-04-13T09:32:00Z',
      type: 'BroadcastJob',
    });
    expect(cronJob.aggregated(object, {})).toEqual({ type: '' });
    expect(cronJob.aggregated(object)).toEqual({ type: '' });
  });

  it('depends on what the pods of its jobs do', () => {
    const depends = (kind: string) => cronJob.dependencies({ template: { [kind]: { spec: { template } } } });
    expect(depends('broadcastJobTemplate')).toEqual(['ConfigMap my-sample-config', 'ConfigMap mysql-config']);
    expect(depends('jobTemplate')).toEqual(['ConfigMap my-sample-config', 'ConfigMap mysql-config']);
    expect(cronJob.dependencies({})).toEqual([]);
  });
});

describe('a SidecarSet', () => {
  it('has no replicas of its own, and is counted by the pods that it matches', () => {
    expect(sidecarSet.replicas({ containers: template.spec.containers })).toEqual({ replicas: 0, requirements: null });
    expect(sidecarSet.reflected({ matchedPods: 2, other: 1 })).toEqual({
      matchedPods: 2,
      updatedPods: 0,
      readyPods: 0,
    });
    const two = { matchedPods: 2, updatedPods: 2, readyPods: 1 };
    expect(sidecarSet.aggregated(sidecarSet.of({}), two, { matchedPods: 1 }, null)).toEqual({
      matchedPods: 3,
      updatedPods: 2,
      readyPods: 1,
    });
  });

  it('is healthy when all of them are updated', () => {
    expect(sidecarSet.healthy({ matchedPods: 2, updatedPods: 2 })).toBe(true);
    expect(sidecarSet.healthy({ matchedPods: 2, updatedPods: 1 })).toBe(false);
    expect(sidecarSet.healthy({ updatedPods: 1 })).toBe(true);
    expect(sidecarSet.healthy(undefined)).toBe(false);
  });

  it('depends on what it injects, and not on what only pods have', () => {
    const spec = {
      containers: [{ env: [{ valueFrom: { secretKeyRef: { name: 'sidecar-secret' } } }] }],
      initContainers: [{ envFrom: [{ configMapRef: { name: 'unseen' } }] }],
      volumes: [
        { configMap: { name: 'sidecar-config' } },
        { secret: { secretName: 'sidecar-secret' } },
        { projected: { sources: [{ configMap: { name: 'projected' } }] } },
        { persistentVolumeClaim: { claimName: 'unseen' } },
      ],
    };
    expect(sidecarSet.dependencies(spec)).toEqual([
      'ConfigMap projected',
      'ConfigMap sidecar-config',
      'Secret sidecar-secret',
    ]);
    expect(sidecarSet.dependencies({})).toEqual([]);
  });
});
