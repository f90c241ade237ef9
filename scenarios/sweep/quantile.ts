// Percentiles with confidence intervals that assume nothing about how values are spread: between which two of the sorted values
// a percentile lies with 95%, by the binomial distribution; and shares of runs with Wilson's interval.

export interface Quantile {
  readonly value: number;
  /** Null where there are too few values to say. */
  readonly low: number | null;
  readonly high: number | null;
}

const CONFIDENCE = 0.95;
const TAIL = (1 - CONFIDENCE) / 2;
/** Of the normal distribution, for 95%. */
const Z = 1.959963984540054;

/** Of values in ascending order; at least one. */
export function quantileOf(sorted: readonly number[], fraction: number): Quantile {
  const count = sorted.length;
  const at = Math.min(count - 1, Math.max(0, Math.ceil(fraction * count) - 1));
  const value = sorted[at]!;
  const chances = binomial(count, fraction);
  // The percentile is below the k-th value if fewer than k values lie below it.
  let below = 0;
  let low = -1;
  while (low + 1 < count && below + chances[low + 1]! <= TAIL) {
    low += 1;
    below += chances[low]!;
  }
  let above = 0;
  let high = count;
  while (high > 0 && above + chances[high]! <= TAIL) {
    above += chances[high]!;
    high -= 1;
  }
  return { value, low: low < 0 ? null : sorted[low]!, high: high >= count ? null : sorted[high]! };
}

/** The chance of each number of successes, from the likeliest outwards, so that nothing is too small to count. */
function binomial(count: number, chance: number): readonly number[] {
  const mode = Math.min(count, Math.floor((count + 1) * chance));
  const weights = new Array<number>(count + 1).fill(0);
  weights[mode] = 1;
  const odds = chance / (1 - chance);
  for (let k = mode; k < count; k += 1) weights[k + 1] = (weights[k]! * (count - k) * odds) / (k + 1);
  for (let k = mode; k > 0; k -= 1) weights[k - 1] = (weights[k]! * k) / ((count - k + 1) * odds);
  const sum = weights.reduce((all, one) => all + one, 0);
  return weights.map((weight) => weight / sum);
}

export interface Share {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

export function shareOf(hits: number, count: number): Share {
  const share = hits / count;
  const square = Z * Z;
  const center = (share + square / (2 * count)) / (1 + square / count);
  const half = (Z * Math.sqrt((share * (1 - share)) / count + square / (4 * count * count))) / (1 + square / count);
  return { share, low: Math.max(0, center - half), high: Math.min(1, center + half) };
}
