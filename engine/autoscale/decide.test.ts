import { describe, expect, it } from 'vitest';
import type { FederatedHPASpec, MetricSpec } from '../api/autoscaling.ts';
import { decide } from './decide.ts';
import { type PodLoad, type WorkloadLoad, wholeLoad } from './load.ts';
import { NOTHING_REMEMBERED } from './memory.ts';
import { wishOf } from './metrics.ts';

const NOW = 1_800_000_000_000;
const TUNING = {
  tolerance: 0.1,
  cpuInitializationMs: 300_000,
  initialReadinessDelayMs: 30_000,
  downscaleStabilizationMs: 300_000,
};

const cpu: MetricSpec = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
};
const side: MetricSpec = {
  type: 'ContainerResource',
  containerResource: { name: 'cpu', container: 'side', target: { type: 'Utilization', averageUtilization: 50 } },
};
const memory: MetricSpec = {
  type: 'Resource',
  resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1k' } },
};
const qps: MetricSpec = {
  type: 'Pods',
  pods: { metric: { name: 'qps' }, target: { type: 'AverageValue', averageValue: '10' } },
};
const front = { kind: 'Ingress', name: 'front' };
const hits = (target: object): MetricSpec => ({
  type: 'Object',
  object: { describedObject: front, metric: { name: 'hits' }, target: target as never },
});

/** Each container of which has been measured, in thousandths of a CPU, and requests 200. */
const pod = (name: string, main: number, sidecar: number, more: Partial<PodLoad> = {}): PodLoad => ({
  name,
  phase: 'Running',
  startedAt: NOW - 3_600_000,
  ready: { status: 'True', since: NOW - 3_500_000 },
  containers: [
    { name: 'main', requests: { cpu: 200 } },
    { name: 'side', requests: { cpu: 200 } },
  ],
  usage: {
    at: NOW - 5_000,
    windowMs: 15_000,
    containers: [
      { name: 'main', usage: { cpu: main, memory: 500_000 } },
      { name: 'side', usage: { cpu: sidecar, memory: 500_000 } },
    ],
  },
  ...more,
});
const load = (...pods: PodLoad[]): WorkloadLoad => ({ replicas: pods.length, present: pods.length, pods, objects: [] });

function decided(metrics: MetricSpec[], load: WorkloadLoad, more: Partial<FederatedHPASpec> = {}) {
  const spec: FederatedHPASpec = { scaleTargetRef: front, minReplicas: 1, maxReplicas: 50, metrics, ...more };
  const current = load.replicas;
  return decide(spec, { load, current, calibration: 1, memory: NOTHING_REMEMBERED, now: NOW, tuning: TUNING });
}

describe('a decision', () => {
  it('is of the metric that asks for most', () => {
    const busy = load(pod('a', 50, 350), pod('b', 50, 350));
    expect(decided([cpu], busy)).toMatchObject({
      desired: 4,
      why: 'cpu resource utilization (percentage of request) above target',
    });
    const found = decided([cpu, side, memory], busy);
    expect(found).toMatchObject({
      desired: 4,
      metrics: [
        { resource: { name: 'cpu', current: { averageUtilization: 100, averageValue: '400m' } } },
        { containerResource: { container: 'side', current: { averageUtilization: 175, averageValue: '350m' } } },
        { resource: { name: 'memory', current: { averageValue: '1k' } } },
      ],
      failed: null,
    });
    expect(found.conditions.map(({ type, status, reason }) => [type, status, reason])).toEqual([
      ['ScalingActive', 'True', 'ValidMetricFound'],
      ['AbleToScale', 'True', 'ReadyForNewScale'],
      ['ScalingLimited', 'True', 'ScaleUpLimit'],
    ]);
  });

  it('is for more where one metric is unknown, and never for fewer', () => {
    const busy = load(pod('a', 400, 400), pod('b', 400, 400));
    expect(decided([cpu, qps], busy)).toMatchObject({ desired: 4, failed: { reason: 'FailedGetPodsMetric' } });
    const idle = load(pod('a', 20, 20), pod('b', 20, 20));
    expect(decided([cpu, qps], idle)).toMatchObject({
      desired: null,
      conditions: [{ type: 'ScalingActive', status: 'False', reason: 'FailedGetPodsMetric' }],
      metrics: null,
    });
    expect(decided([cpu], idle).desired).toBe(2);
  });

  it.each<readonly [string, MetricSpec, WorkloadLoad]>([
    ['FailedGetResourceMetric', cpu, { ...load(), replicas: 1 }],
    ['FailedGetResourceMetric', cpu, load({ name: 'a', phase: 'Running', containers: [] })],
    ['FailedGetResourceMetric', cpu, load(pod('a', 1, 1, { containers: [{ name: 'main', requests: {} }] }))],
    ['FailedGetResourceMetric', cpu, load(pod('a', 1, 1, { ready: { status: 'False', since: NOW - 3_600_000 } }))],
    [
      'FailedGetContainerResourceMetric',
      { ...side, containerResource: { ...side.containerResource!, container: 'none' } },
      load(pod('a', 1, 1)),
    ],
    ['FailedGetPodsMetric', qps, load(pod('a', 1, 1))],
    ['FailedGetObjectMetric', hits({ type: 'Value', value: '1' }), load(pod('a', 1, 1))],
    ['InvalidMetricSourceType', { type: 'External' }, load(pod('a', 1, 1))],
    ['InvalidMetricSourceType', { type: 'Resource' }, load(pod('a', 1, 1))],
  ])('cannot be made, for %s', (reason, metric, given) => {
    expect(decided([metric], given)).toMatchObject({ desired: null, failed: { reason } });
  });

  it('follows what others measure, over all clusters together', () => {
    const measured = (value: number) => pod(`p${value}`, 0, 0, { metrics: [value] });
    expect(decided([qps], load(measured(30_000), measured(12_000))).desired).toBe(4);
    const parts = [3_000, null, 5_000].map((value) => ({ ...load(pod('a', 0, 0)), objects: [value] }));
    const whole = wholeLoad(parts);
    expect(whole).toMatchObject({ replicas: 3, present: 3, objects: [8_000] });
    expect(decided([hits({ type: 'Value', value: '4' })], whole).desired).toBe(6);
    expect(decided([hits({ type: 'AverageValue', averageValue: '2' })], whole)).toMatchObject({
      desired: 4,
      metrics: [{ object: { current: { averageValue: '2667m' } } }],
    });
  });

  it('asks for what its metrics need', () => {
    expect(wishOf([cpu, side, memory, qps, hits({ type: 'Value', value: '4' })])).toEqual({
      resources: ['cpu', 'memory'],
      pods: [{ name: 'qps' }],
      objects: [{ object: front, metric: { name: 'hits' } }],
    });
  });

  it('knows no pods where no cluster says which they are', () => {
    const silent = { ...load(), pods: null };
    expect([wholeLoad([silent, silent]).pods, wholeLoad([silent, load(pod('a', 1, 1))]).pods?.length]).toEqual([
      null,
      1,
    ]);
  });

  it('begins with as many as there are: who has just begun takes nothing away', () => {
    const idle = load(...Array.from({ length: 10 }, (_, at) => pod(`p${at}`, 10, 10)));
    const first = decided([cpu], idle);
    expect([first.desired, first.memory.recommended.map(({ replicas }) => replicas)]).toEqual([10, [10, 1]]);
  });
});
