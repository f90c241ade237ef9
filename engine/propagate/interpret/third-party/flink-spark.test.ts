import { describe, expect, it } from 'vitest';
import { interpreting } from '../../../../test/builders/interpreting.ts';
import { PropagationError } from '../../errors.ts';

const flink = interpreting('flink.apache.org/v1beta1', 'FlinkDeployment');
const spark = interpreting('sparkoperator.k8s.io/v1beta2', 'SparkApplication');

describe('a FlinkDeployment', () => {
  const resource = { cpu: 1, memory: '2048m' };
  const spec = {
    flinkConfiguration: { 'taskmanager.numberOfTaskSlots': '2' },
    jobManager: { resource },
    taskManager: { resource },
  };
  const needs = { resourceRequest: { cpu: '1', memory: '2048m' } };

  it('is a job manager, and as many task managers as its parallel tasks take', () => {
    expect(flink.components({ ...spec, job: { parallelism: 10 } })).toEqual([
      { name: 'jobmanager', replicas: 1, replicaRequirements: needs },
      { name: 'taskmanager', replicas: 5, replicaRequirements: needs },
    ]);
    expect(flink.replicas({ ...spec, job: { parallelism: 10 } })).toEqual({
      replicas: 6,
      requirements: { ...needs, namespace: 'shop' },
    });
  });

  it.each([
    ['as many as asked for', 3, { job: { parallelism: 10 }, taskManager: { replicas: 3 } }],
    ['rounded up', 2, { job: { parallelism: 3 } }],
    ['one without parallelism', 1, { job: {} }],
    ['one without a job', 1, {}],
    ['one without slots', 1, { job: { parallelism: 10 }, flinkConfiguration: {} }],
    [
      'one with no slots',
      1,
      { job: { parallelism: 10 }, flinkConfiguration: { 'taskmanager.numberOfTaskSlots': '0' } },
    ],
  ])('has task managers: %s', (_, replicas, change) => {
    expect(flink.components({ ...spec, ...change })?.[1]).toMatchObject({ name: 'taskmanager', replicas });
    expect(flink.replicas({ ...spec, ...change })?.replicas).toBe(1 + replicas);
  });

  it('asks in one kind of replica for the greater of both, where its pods may run', () => {
    const podTemplate = {
      spec: {
        nodeSelector: { disktype: 'ssd' },
        tolerations: [{ key: 'key1', operator: 'Exists' }],
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } },
        priorityClassName: 'high-priority',
      },
    };
    const claim = {
      nodeClaim: { nodeSelector: { disktype: 'ssd' }, tolerations: [{ key: 'key1', operator: 'Exists' }] },
      priorityClassName: 'high-priority',
    };
    const uneven = {
      podTemplate,
      jobManager: { replicas: 2, resource: { cpu: 0.5, memory: '4Gi' } },
      taskManager: { replicas: '3', resource: { cpu: 2, memory: '1Gi' } },
    };
    expect(flink.replicas(uneven)).toEqual({
      replicas: 5,
      requirements: { ...claim, resourceRequest: { cpu: '2', memory: '4Gi' }, namespace: 'shop' },
    });
    expect(flink.components(uneven)).toEqual([
      {
        name: 'jobmanager',
        replicas: 2,
        replicaRequirements: { ...claim, resourceRequest: { cpu: '500m', memory: '4Gi' } },
      },
      {
        name: 'taskmanager',
        replicas: 3,
        replicaRequirements: { ...claim, resourceRequest: { cpu: '2', memory: '1Gi' } },
      },
    ]);
    expect(flink.replicas({ taskManager: { replicas: 2, resource } })).toEqual({
      replicas: 3,
      requirements: { ...needs, namespace: 'shop' },
    });
    expect(() => flink.replicas({ jobManager: { resource: { memory: '2gb' } } })).toThrow(
      /spec\.jobManager\.resource\.memory: "2gb" is not a quantity/,
    );
  });

  it('is as the last cluster says that says anything', () => {
    const status = (state: string, extra: object = {}) => ({ jobStatus: { state, savepointHistory: [] }, ...extra });
    const object = flink.of({ status: { error: 'old', own: 1 } });
    expect(
      flink.aggregated(object, status('RUNNING', { error: 'x' }), status('FINISHED', { observedGeneration: 2 }), null),
    ).toEqual({
      own: 1,
      jobStatus: { state: 'FINISHED' },
      observedGeneration: 2,
    });
    expect(flink.aggregated(object)).toEqual({ error: 'old', own: 1 });
    expect(flink.reflected({ error: 'x', taskManager: { replicas: 1 }, other: 1 })).toEqual({
      error: 'x',
      taskManager: { replicas: 1 },
    });
  });

  it.each([
    [true, { jobStatus: { state: 'RUNNING' } }],
    [true, { jobStatus: { state: 'FAILED' } }],
    [true, { jobStatus: { state: 'CANCELLING' } }],
    [false, { jobStatus: { state: 'CREATED' } }],
    [false, { jobStatus: { state: 'INITIALIZING' } }],
    [false, { jobStatus: { state: 'RECONCILING' } }],
    [true, { jobStatus: { state: 'CREATED' }, error: 'Image pull failed' }],
    [true, { jobStatus: { state: 'CREATED' }, jobManagerDeploymentStatus: 'ERROR' }],
    [false, { jobManagerDeploymentStatus: 'ERROR' }],
    [true, { error: 'Deployment failed' }],
    [false, {}],
  ])('is well (%s) with %j', (healthy, status) => {
    expect(flink.healthy(status)).toBe(healthy);
  });
});

describe('a SparkApplication', () => {
  const requirements = (spec: object) => spark.components(spec)?.map(({ replicaRequirements }) => replicaRequirements);
  const memory = (spec: object) => requirements(spec)?.[0]?.resourceRequest?.memory;

  it('is a driver and executors, with one core and 1g of memory where they do not say more', () => {
    const needs = (cpu: string) => ({ resourceRequest: { cpu, memory: '1408Mi' } });
    expect(spark.components({ type: 'Java', driver: { cores: 2, memory: '1g' }, executor: { instances: 2 } })).toEqual([
      { name: 'driver', replicas: 1, replicaRequirements: needs('2') },
      { name: 'executor', replicas: 2, replicaRequirements: needs('1') },
    ]);
    expect(spark.replicas({ type: 'Java' })).toBeNull();
  });

  it.each([
    ['a tenth, but at least 384 MiB, for the Java machine', '1408Mi', { type: 'java', driver: { memory: '1G' } }],
    ['a tenth of much', '11Gi', { type: 'Scala', driver: { memory: '10gb' } }],
    ['four tenths for others', '1503238553600m', { type: 'Python' }],
    ['as the factor says', '12Gi', { type: 'R', memoryOverheadFactor: '0.5', driver: { memory: '8g' } }],
    ['as much as is said', '1Gi', { type: 'Java', driver: { memory: '512m', memoryOverhead: '512M' } }],
  ])('adds to its memory %s', (_, amount, spec) => {
    expect(memory(spec)).toBe(amount);
  });

  it('cannot be told how much it needs where that is not said in its own units, or where its type is missing', () => {
    const asked = (amount: unknown) => () => memory({ type: 'Java', driver: { memory: amount } });
    for (const amount of ['1', '1Gi', 'much', 512]) expect(asked(amount)).toThrow(PropagationError);
    expect(asked('512')).toThrow(/spec\.driver\.memory must be an amount of memory such as 512m or 1g, not "512"/);
    expect(() => spark.components({})).toThrow(/spec\.type is missing/);
    expect(memory({ memoryOverheadFactor: '0.1' })).toBe('1408Mi');
  });

  it('says where its pods may run, and what else they take', () => {
    const terms = { nodeSelectorTerms: [{ matchFields: [] }] };
    const driver = {
      nodeSelector: { disktype: 'ssd' },
      tolerations: [{ key: 'key1', operator: 'Exists' }],
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
      priorityClassName: 'high',
      gpu: { name: 'nvidia.com/gpu', quantity: 2 },
    };
    const executor = { gpu: { name: 'nvidia.com/gpu', quantity: 0 } };
    expect(requirements({ type: 'Java', driver, executor })).toEqual([
      {
        nodeClaim: { nodeSelector: driver.nodeSelector, tolerations: driver.tolerations, hardNodeAffinity: terms },
        priorityClassName: 'high',
        resourceRequest: { cpu: '1', memory: '1408Mi', 'nvidia.com/gpu': '2' },
      },
      { resourceRequest: { cpu: '1', memory: '1408Mi' } },
    ]);
  });

  it.each([
    [3, { instances: 1 }, { enabled: true, initialExecutors: 3, minExecutors: 2 }],
    [4, { instances: 1 }, { enabled: true, initialExecutors: 3, minExecutors: 4 }],
    [5, { instances: 5 }, { enabled: true, initialExecutors: 3 }],
    [1, { instances: 1 }, { enabled: false, initialExecutors: 3 }],
    [1, {}, {}],
  ])('begins with %i executors for %j and %j', (replicas, executor, dynamicAllocation) => {
    expect(spark.components({ type: 'Java', executor, dynamicAllocation })?.[1]).toMatchObject({ replicas });
  });

  it('is as it is where it is worst, with all its executors', () => {
    const status = (state: string, attempts: number, time: string, executors: object) => ({
      applicationState: { state },
      executionAttempts: attempts,
      lastSubmissionAttemptTime: time,
      executorState: executors,
    });
    const object = spark.of({});
    const statuses = [
      {
        ...status('COMPLETED', 1, '2025-10-12T13:57:17Z', { a: 'COMPLETED' }),
        terminationTime: '2025-10-12T13:58:39Z',
      },
      { ...status('FAILED', 3, '2025-10-12T14:10:00Z', { b: 'FAILED' }), submissionAttempts: 2, terminationTime: null },
      status('RUNNING', 2, '2025-10-12T14:00:00Z', { c: 'RUNNING' }),
    ];
    expect(spark.aggregated(object, ...statuses)).toEqual({
      applicationState: { state: 'FAILED' },
      executionAttempts: 6,
      submissionAttempts: 2,
      lastSubmissionAttemptTime: '2025-10-12T14:10:00Z',
      terminationTime: '2025-10-12T13:58:39Z',
      executorState: { a: 'COMPLETED', b: 'FAILED', c: 'RUNNING' },
    });
    expect(spark.settles(object, ...statuses)).toBe(true);
    const state = (...states: string[]) =>
      (
        spark.aggregated(object, ...states.map((one) => ({ applicationState: { state: one } }))) as {
          applicationState: object;
        }
      ).applicationState;
    expect(state('COMPLETED', 'RUNNING', 'SUBMITTED')).toEqual({ state: 'RUNNING' });
    expect(state('UNHEARD_OF', 'SUBMITTED')).toEqual({ state: 'SUBMITTED' });
    expect(spark.aggregated(object, {}, {})).toEqual({ executionAttempts: 0, submissionAttempts: 0 });
    expect(spark.aggregated(object, statuses[2]!)).toEqual(statuses[2]);
    expect(spark.aggregated(object)).toEqual({ executionAttempts: 0, submissionAttempts: 0 });
  });

  it('reports what became of it, and is well unless it failed', () => {
    expect(spark.reflected({ applicationState: { state: 'RUNNING' }, executorState: {}, other: 1 })).toEqual({
      applicationState: { state: 'RUNNING' },
    });
    const healthy = (state: string) => spark.healthy({ applicationState: { state } });
    expect(['RUNNING', 'COMPLETED', 'FAILING', ''].map(healthy)).toEqual([true, true, true, true]);
    expect(healthy('FAILED')).toBe(false);
    expect(spark.healthy({})).toBe(false);
    expect(spark.healthy(undefined)).toBe(false);
  });
});
