// Measures one scheduler on one input: throughput by repetition, latency by decision, memory, garbage collection, quality.
import { PerformanceObserver, performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';
import { type Cluster, Fleet, type Profile, Scheduler, type Verdict } from '../../engine/index.ts';
import { clusterChanges } from './churn.ts';
import type { Contestant } from './contestant.ts';
import type { ScheduleInput } from './input.ts';
import { type Quality, QualityMeter } from './quality.ts';

export interface MeasureOptions {
  readonly repeat: number;
  readonly churn: boolean;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Told after each repetition. */
  readonly onProgress: (done: number, total: number) => void;
}

/** Raw samples; statistics are drawn from them later. */
export interface Samples {
  readonly profile: string;
  readonly decisions: number;
  /** Decisions per second of each repetition. */
  readonly throughput: readonly number[];
  /** Microseconds of each decision of one more repetition, with the clock read around every one. */
  readonly latencyUs: Float64Array;
  readonly coldStartMs: number;
  readonly gcMs: number;
  readonly gcCount: number;
  readonly bytesPerCluster: number;
  readonly bytesPerBinding: number;
  readonly heapUsedMiB: number;
  readonly quality: Quality;
}

/** Enough for the compiler to settle, however small the input. */
const WARM_UP_DECISIONS = 4000;
const QUALITY_DECISIONS_MAX = 20_000;

export class ScheduleMeasurement {
  readonly profile: Profile;
  readonly #input: ScheduleInput;
  readonly #options: MeasureOptions;
  readonly #scheduler: Scheduler;
  readonly #changes: readonly Cluster[];
  readonly #coldStartMs: number;
  readonly #bytesPerCluster: number;
  readonly #throughput: number[] = [];
  #gcMs = 0;
  #gcCount = 0;

  constructor(input: ScheduleInput, { profile, plugins }: Contestant, options: MeasureOptions) {
    this.profile = profile;
    this.#input = input;
    this.#options = options;
    const before = settledHeap();
    const started = performance.now();
    this.#scheduler = new Scheduler(new Fleet(input.clusters), profile, plugins);
    this.#coldStartMs = performance.now() - started;
    this.#bytesPerCluster = (settledHeap() - before) / Math.max(1, input.clusters.length);
    this.#changes = options.churn ? clusterChanges(input.clusters, options.seed, input.bindings.length) : [];
  }

  warmUp(): void {
    const { bindings } = this.#input;
    const round = Math.min(WARM_UP_DECISIONS, bindings.length);
    for (let done = 0; done < WARM_UP_DECISIONS && !this.#options.signal.aborted; done += round)
      this.#decideFirst(round);
  }

  async repetition(): Promise<void> {
    const observer = new PerformanceObserver((list) => this.#countGc(list.getEntries()));
    observer.observe({ entryTypes: ['gc'] });
    const started = performance.now();
    this.#decideFirst(this.#input.bindings.length);
    const seconds = (performance.now() - started) / 1000;
    this.#throughput.push(this.#input.bindings.length / seconds);
    // Collections are told of only once the event loop turns.
    await setImmediate();
    this.#countGc(observer.takeRecords());
    observer.disconnect();
  }

  finish(): Samples {
    const latencyUs = this.#timeEach();
    const { bytesPerBinding, quality } = this.#retain();
    return {
      profile: this.profile.name,
      decisions: this.#input.bindings.length,
      throughput: this.#throughput,
      latencyUs,
      coldStartMs: this.#coldStartMs,
      gcMs: this.#gcMs,
      gcCount: this.#gcCount,
      bytesPerCluster: this.#bytesPerCluster,
      bytesPerBinding,
      heapUsedMiB: process.memoryUsage().heapUsed / 2 ** 20,
      quality,
    };
  }

  #decideFirst(count: number): void {
    const { bindings } = this.#input;
    const { fleet } = this.#scheduler;
    for (let at = 0; at < count; at += 1) {
      if (this.#changes.length > 0) fleet.upsert(this.#changes[at]!);
      this.#scheduler.decide(bindings[at]!);
    }
  }

  #timeEach(): Float64Array {
    const { bindings } = this.#input;
    const { fleet } = this.#scheduler;
    const latencyUs = new Float64Array(bindings.length);
    for (let at = 0; at < bindings.length; at += 1) {
      const started = performance.now();
      if (this.#changes.length > 0) fleet.upsert(this.#changes[at]!);
      this.#scheduler.decide(bindings[at]!);
      latencyUs[at] = (performance.now() - started) * 1000;
    }
    return latencyUs;
  }

  /** Keeps every decision at once, and tells what one takes beyond its binding. */
  #retain(): { bytesPerBinding: number; quality: Quality } {
    const { bindings } = this.#input;
    const verdicts = bindings.map((binding) => this.#scheduler.decide(binding));
    const quality = this.#judge(verdicts);
    const kept = settledHeap();
    verdicts.length = 0;
    return { bytesPerBinding: (kept - settledHeap()) / bindings.length, quality };
  }

  #judge(verdicts: readonly Verdict[]): Quality {
    const meter = new QualityMeter(this.#input.clusters);
    for (let at = 0; at < Math.min(verdicts.length, QUALITY_DECISIONS_MAX); at += 1) {
      const verdict = verdicts[at]!;
      meter.add(this.#input.bindings[at]!, verdict.ok ? verdict.clusters : null);
    }
    return meter.result();
  }

  #countGc(entries: readonly { readonly duration: number }[]): void {
    this.#gcCount += entries.length;
    for (const { duration } of entries) this.#gcMs += duration;
  }
}

/** Bytes in use after a full collection, buffers outside the heap included. */
function settledHeap(): number {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

export const peakRssMiB = (): number => process.resourceUsage().maxRSS / 1024;
