import { describe, expect, it } from 'vitest';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../../engine/index.ts';
import { loadStatistics } from '../statistics.ts';
import { clusterChanges } from './churn.ts';
import { toFigures } from './figures.ts';
import { generatedInput } from './input.ts';
import { karmadaFigure } from './karmada-figures.ts';
import { printFigures } from './print.ts';
import { QualityMeter } from './quality.ts';
import { race } from './race.ts';

const input = generatedInput({ clusters: 30, bindings: 60, workload: 'mixed', seed: 1 });
const karmada = { profile: KARMADA_PROFILE };
const muster = { profile: MUSTER_PROFILE };
const options = { repeat: 3, seed: 1, signal: new AbortController().signal, onProgress: () => {} };

describe('a measurement', () => {
  it('has every figure, of every profile that raced', async () => {
    const samples = await race(input, [karmada, muster], { ...options, churn: false });
    const statistics = await loadStatistics();
    const context = {
      label: 'x',
      clusters: 30,
      bindings: 60,
      workload: 'mixed',
      seed: 1,
      churn: false,
      karmada: undefined,
    };
    const figures = samples.map((each) => toFigures(each, context, statistics));
    expect(figures.map(({ profile, repeats }) => [profile, repeats])).toEqual([
      ['karmada', 3],
      ['muster', 3],
    ]);
    for (const each of figures) {
      expect(each.decisionsPerSecondLow).toBeLessThanOrEqual(each.decisionsPerSecond);
      expect(each.decisionsPerSecondHigh).toBeGreaterThanOrEqual(each.decisionsPerSecond);
      expect(each.p99us).toBeGreaterThanOrEqual(each.p50us);
      expect(each.peakRssMiB).toBeGreaterThan(0);
      expect(each.timesKarmada).toBeNull();
    }
    expect(printFigures(figures)).toContain('muster');
    expect(printFigures([])).toBe('');
  });

  it('decides the same however often it is repeated, and whatever it races against', async () => {
    const [alone] = await race(input, [karmada], { ...options, churn: false });
    const [together] = await race(input, [karmada, muster], { ...options, repeat: 1, churn: false });
    expect(together!.quality).toEqual(alone!.quality);
  });

  it('ends early when it is interrupted, with what it has', async () => {
    const controller = new AbortController();
    const samples = await race(input, [karmada], {
      ...options,
      repeat: 50,
      churn: true,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(samples[0]!.throughput).toHaveLength(1);
  });

  it("is set beside Karmada's figure where there is one", () => {
    expect(karmadaFigure('mixed', 5000)?.decisionsPerSecond).toBe(25.6);
    expect(karmadaFigure('mixed', 4999)).toBeUndefined();
  });
});

describe('churn', () => {
  it('changes one cluster at a time, the same ones for the same seed', () => {
    const changes = clusterChanges(input.clusters, 1, 200);
    expect(clusterChanges(input.clusters, 1, 200)).toEqual(changes);
    expect(clusterChanges(input.clusters, 2, 200)).not.toEqual(changes);
    const names = new Set(input.clusters.map(({ metadata }) => metadata.name));
    expect(changes.every(({ metadata }) => names.has(metadata.name))).toBe(true);
    expect(changes.some(({ spec }) => spec.taints?.length)).toBe(true);
  });
});

describe('quality', () => {
  const clusters = ['a', 'b'].map((name, at) => ({
    metadata: { name },
    spec: { region: `r${at}` },
    status: { resourceSummary: { allocatable: { cpu: '10' } } },
  }));
  const binding = (more: object = {}) => ({
    spec: {
      resource: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'w' },
      replicaRequirements: { resourceRequest: { cpu: '500m' } },
      ...more,
    },
  });

  it('is balanced where all carry the same share, and not where one carries all', () => {
    const even = new QualityMeter(clusters);
    even.add(binding(), [
      { name: 'a', replicas: 2 },
      { name: 'b', replicas: 2 },
    ]);
    expect(even.result()).toEqual({ balance: 1, constraintSlack: null, movedReplicas: null, unschedulableShare: 0 });
    const lopsided = new QualityMeter(clusters);
    lopsided.add(binding(), [{ name: 'a', replicas: 4 }]);
    expect(lopsided.result().balance).toBe(0.5);
  });

  it('counts what moved, what did not fit, and groups beyond the least', () => {
    const meter = new QualityMeter(clusters);
    const spreadConstraints = [{ spreadByField: 'region', minGroups: 1, maxGroups: 2 }];
    meter.add(binding({ clusters: [{ name: 'a', replicas: 4 }], placement: { spreadConstraints } }), [
      { name: 'a', replicas: 1 },
      { name: 'b', replicas: 3 },
    ]);
    meter.add(binding(), null);
    expect(meter.result()).toMatchObject({ constraintSlack: 1, movedReplicas: 0.75, unschedulableShare: 0.5 });
  });

  it('says nothing of an empty run', () => {
    expect(new QualityMeter([]).result()).toEqual({
      balance: 1,
      constraintSlack: null,
      movedReplicas: null,
      unschedulableShare: 0,
    });
  });
});
