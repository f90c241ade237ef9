// One run of a sweep: a seed and parameter values; and all of them, in an order that every machine agrees on.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../engine/index.ts';
import { CommandError } from '../../executor/terminal/command.ts';
import type { Scenario } from '../format/scenario.ts';

export interface SweepJob {
  readonly number: number;
  readonly file: string;
  readonly seed: string;
  readonly set: Readonly<Record<string, string>>;
  readonly profile: string | null;
}

export interface SweepResult {
  readonly number: number;
  readonly seed: string;
  readonly set: Readonly<Record<string, string>>;
  readonly profile: string;
  /** The profile as it was asked for, by its name or file; null where it is the scenario's own. */
  readonly asked: string | null;
  readonly ok: boolean;
  /** Names of expectations that failed. */
  readonly failed: readonly string[];
  /** Null for what never came about, or not in time. */
  readonly figures: Readonly<Record<string, number | null>>;
}

export interface Grid {
  readonly seeds: readonly string[];
  readonly profiles: readonly (string | null)[];
  /** Values by parameter. */
  readonly params: Readonly<Record<string, readonly string[]>>;
}

/** Tells sweeps apart: the same for all shards of one, wherever its file lies. */
export const mixOf = (jobs: readonly SweepJob[]): string =>
  createHash('sha256')
    .update(canonicalJson(jobs.map(({ seed, set, profile }) => ({ seed, set, profile }))))
    .digest('hex')
    .slice(0, 16);

export function jobsOf(file: string, { seeds, profiles, params }: Grid): readonly SweepJob[] {
  let mixes: Record<string, string>[] = [{}];
  for (const [name, values] of Object.entries(params)) {
    mixes = mixes.flatMap((mix) => values.map((value) => ({ ...mix, [name]: value })));
  }
  const jobs: SweepJob[] = [];
  for (const profile of profiles) {
    for (const set of mixes) for (const seed of seeds) jobs.push({ number: jobs.length, file, seed, set, profile });
  }
  return jobs;
}

const SEEDS_MAX = 1_000_000;

/** "20" for the seeds 1 to 20, "5..9", or "a,b,c". */
export function parseSeeds(text: string): readonly string[] {
  const range = /^(\d+)\.\.(\d+)$/.exec(text);
  if (range !== null) {
    const [from, to] = [Number(range[1]), Number(range[2])];
    if (to < from) throw new CommandError(`--seeds ${text}: the second number is below the first`);
    if (to - from >= SEEDS_MAX) throw new CommandError(`--seeds ${text}: there should be ${SEEDS_MAX} at most`);
    return Array.from({ length: to - from + 1 }, (_, at) => String(from + at));
  }
  if (/^\d+$/.test(text) && Number(text) > 0) return parseSeeds(`1..${text}`);
  // The same seed again is the same run again, and makes nothing surer.
  const seeds = [...new Set(text.split(',').filter((seed) => seed !== ''))];
  if (seeds.length === 0 || text === '0') throw new CommandError(`--seeds "${text}" should be as in 20, 5..9 or a,b,c`);
  return seeds;
}

/** The scenario's matrix, and what is said in its place as NAME=A,B,C. */
export function gridParams(scenario: Scenario, given: readonly string[]): Record<string, readonly string[]> {
  const params: Record<string, readonly string[]> = {};
  for (const [name, values] of Object.entries(scenario.matrix)) params[name] = values.map(String);
  for (const pair of given) {
    const split = pair.indexOf('=');
    if (split <= 0) throw new CommandError(`--grid "${pair}" should be NAME=VALUE,VALUE`);
    params[pair.slice(0, split)] = pair.slice(split + 1).split(',');
  }
  for (const name of Object.keys(params)) {
    if (Object.hasOwn(scenario.params, name)) continue;
    throw new CommandError(
      `there is no parameter "${name}": there are ${Object.keys(scenario.params).join(', ') || 'none'}`,
    );
  }
  return params;
}

/** "0/4" to "3/4", counted from 0 as Kubernetes counts the pods of an indexed job. */
export function parseShard(text: string): { readonly index: number; readonly of: number } {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [index, of] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || index >= of) throw new CommandError(`--shard "${text}" should be I/N, with I from 0 to N-1`);
  return { index, of };
}
