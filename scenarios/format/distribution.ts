// Durations that are drawn: always the same, evenly between two, as waiting times are, around a median, or by two percentiles.
import { drawLatency, isObject, type Latency, type Millis, type Random } from '../../engine/index.ts';
import { parseDuration } from '../../executor/terminal/duration.ts';
import { fraction, naturalLog, normal, powerOfE } from './exact-math.ts';
import {
  about,
  amount,
  duration,
  either,
  type Form,
  percentiles,
  range,
  record,
  someDuration,
  withOneOf,
} from './form.ts';

export type Distribution = (random: Random) => Millis;

export const latencyForm: Form = about(
  'how long it takes: always the same, or a median and a 99th percentile',
  either('a duration, or { p50, p99 }', { text: duration, object: percentiles(duration) }),
  'Latency',
);

export const readLatency = (value: unknown): Latency => {
  if (!isObject(value)) return { p50Ms: parseDuration(value)!, p99Ms: parseDuration(value)! };
  return { p50Ms: parseDuration(value.p50)!, p99Ms: parseDuration(value.p99)! };
};

const lognormal = record({ median: someDuration }, { sigma: amount(0, 10) });

const KINDS: Readonly<Record<string, Form>> = {
  uniform: range('the least and the most', someDuration.shape),
  exponential: someDuration,
  lognormal,
};
const drawnByKind = withOneOf(record({}, KINDS), Object.keys(KINDS));
const drawnByPercentiles = percentiles(someDuration);

export const distributionForm: Form = about(
  'a duration, or one that is drawn: { uniform: [1m, 5m] }, { exponential: 30m } with that mean, { lognormal: { median, sigma } }, { p50, p99 }',
  either('a duration or a distribution', {
    text: someDuration,
    object: {
      schema: { anyOf: [drawnByPercentiles.schema, drawnByKind.schema] },
      shape: (value, path, problems) => {
        const isByPercentiles = isObject(value) && ('p50' in value || 'p99' in value);
        (isByPercentiles ? drawnByPercentiles : drawnByKind).shape(value, path, problems);
      },
    },
  }),
  'Distribution',
);

/** Of what has the form. */
export function readDistribution(value: unknown): Distribution {
  if (!isObject(value)) {
    const always = parseDuration(value)!;
    return () => always;
  }
  if (Array.isArray(value.uniform)) {
    const [least, most] = value.uniform.map((one) => parseDuration(one)!);
    return (random) => random.integer(least!, most!);
  }
  if (value.exponential !== undefined) {
    const mean = parseDuration(value.exponential)!;
    return (random) => waiting(mean, random);
  }
  if (isObject(value.lognormal)) {
    const median = parseDuration(value.lognormal.median)!;
    const sigma = Number(value.lognormal.sigma ?? 1);
    return (random) => Math.round(median * powerOfE(sigma * normal(random)));
  }
  const latency = readLatency(value);
  return (random) => drawLatency(latency, random);
}

/** What is drawn, more or less: the mean, or the median where large ones would pull that up. */
export function typicalOf(value: unknown): Millis {
  if (!isObject(value)) return parseDuration(value)!;
  if (Array.isArray(value.uniform)) {
    const [least, most] = value.uniform.map((one) => parseDuration(one)!);
    return (least! + most!) / 2;
  }
  if (value.exponential !== undefined) return parseDuration(value.exponential)!;
  return isObject(value.lognormal) ? parseDuration(value.lognormal.median)! : readLatency(value).p50Ms;
}

/** Until the next of events that come at random, this far apart on average. */
export const waiting = (mean: Millis, random: Random): Millis => Math.round(-mean * naturalLog(fraction(random)));
