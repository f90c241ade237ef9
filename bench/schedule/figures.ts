// The figures of one measurement: what --json prints, what --compare reads back.
import { cpus } from 'node:os';
import type { Estimate, Statistics } from '../statistics.ts';
import type { KarmadaFigure } from './karmada-figures.ts';
import { peakRssMiB, type Samples } from './measure.ts';
import type { Quality } from './quality.ts';

export interface Figures extends Quality {
  readonly bench: 'schedule';
  readonly label: string;
  readonly profile: string;
  readonly clusters: number;
  readonly bindings: number;
  readonly workload: string | null;
  readonly seed: number | null;
  readonly churn: boolean;
  readonly repeats: number;
  readonly decisionsPerSecond: number;
  /** The 95% interval of the median. */
  readonly decisionsPerSecondLow: number;
  readonly decisionsPerSecondHigh: number;
  readonly p50us: number;
  readonly p99us: number;
  readonly coldStartMs: number;
  readonly bytesPerCluster: number;
  readonly bytesPerBinding: number;
  readonly gcMs: number;
  readonly gcCount: number;
  readonly heapUsedMiB: number;
  readonly peakRssMiB: number;
  /** How many times as fast as Karmada's own scheduler was on this input; null where it was not measured. */
  readonly timesKarmada: number | null;
  readonly samples: readonly number[];
  readonly node: string;
  readonly cpu: string;
}

export interface FigureContext {
  readonly label: string;
  readonly clusters: number;
  readonly bindings: number;
  readonly workload: string | null;
  readonly seed: number | null;
  readonly churn: boolean;
  readonly karmada: KarmadaFigure | undefined;
}

export function toFigures(samples: Samples, { karmada, ...context }: FigureContext, statistics: Statistics): Figures {
  const throughput: Estimate = statistics.estimate(samples.throughput);
  return {
    bench: 'schedule',
    ...context,
    profile: samples.profile,
    repeats: samples.throughput.length,
    decisionsPerSecond: throughput.median,
    decisionsPerSecondLow: throughput.low,
    decisionsPerSecondHigh: throughput.high,
    p50us: statistics.percentile(samples.latencyUs, 0.5),
    p99us: statistics.percentile(samples.latencyUs, 0.99),
    coldStartMs: samples.coldStartMs,
    bytesPerCluster: samples.bytesPerCluster,
    bytesPerBinding: samples.bytesPerBinding,
    gcMs: samples.gcMs,
    gcCount: samples.gcCount,
    heapUsedMiB: samples.heapUsedMiB,
    peakRssMiB: peakRssMiB(),
    timesKarmada: karmada === undefined ? null : throughput.median / karmada.decisionsPerSecond,
    ...samples.quality,
    samples: samples.throughput,
    node: process.version,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
  };
}
