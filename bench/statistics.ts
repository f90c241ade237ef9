// Medians, percentiles and their intervals, over mathjs; loaded only when figures are drawn.
import { Random } from '../engine/index.ts';

export interface Estimate {
  readonly median: number;
  /** The 95% interval of the median, by resampling with a fixed seed. */
  readonly low: number;
  readonly high: number;
}

export interface Statistics {
  estimate(samples: readonly number[]): Estimate;
  /** The interval of the ratio of two medians. */
  ratio(now: readonly number[], before: readonly number[]): Estimate;
  percentile(samples: ArrayLike<number>, fraction: number): number;
}

const RESAMPLES = 1000;

export async function loadStatistics(): Promise<Statistics> {
  const { median, quantileSeq } = await import('mathjs');
  const middle = (samples: readonly number[]): number => Number(median([...samples]));
  const quantile = (sorted: readonly number[], fraction: number): number =>
    Number(quantileSeq([...sorted], fraction, true));
  const interval = (center: number, resampled: number[]): Estimate => {
    resampled.sort((a, b) => a - b);
    return { median: center, low: quantile(resampled, 0.025), high: quantile(resampled, 0.975) };
  };
  const resample = (samples: readonly number[], random: Random): number[] => samples.map(() => random.pick(samples));

  return {
    estimate(samples) {
      const random = new Random('estimate');
      return interval(
        middle(samples),
        Array.from({ length: RESAMPLES }, () => middle(resample(samples, random))),
      );
    },
    ratio(now, before) {
      const random = new Random('ratio');
      return interval(
        middle(now) / middle(before),
        Array.from({ length: RESAMPLES }, () => middle(resample(now, random)) / middle(resample(before, random))),
      );
    },
    percentile(samples, fraction) {
      return quantile(
        Array.from(samples).sort((a, b) => a - b),
        fraction,
      );
    },
  };
}
