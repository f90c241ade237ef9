// Reads a profile from a document: a base profile by name, and the gates, switches and timings that differ from it.
import {
  decimal,
  filledText,
  flag,
  listOf,
  oneOf,
  onlyFields,
  problemsOf,
  type Shape,
  type ShapeProblem,
  text,
  wholeNumber,
} from '../base/shape.ts';
import { dropNulls } from '../kube/drop-nulls.ts';
import type { Gates } from './gates.ts';
import { KARMADA_PROFILE, PROFILES, type Profile, type ScoreText } from './profile.ts';
import type { Switches } from './switches.ts';
import type { Timings } from './timings.ts';

export type ProfileReading =
  | { readonly ok: true; readonly value: Profile }
  | { readonly ok: false; readonly problems: readonly ShapeProblem[] };

interface ProfileDocument {
  readonly name?: string;
  readonly base?: string;
  readonly gates?: Partial<Gates>;
  readonly switches?: Partial<Switches>;
  readonly timings?: Partial<Timings>;
  readonly enableEmptyWorkloadPropagation?: boolean;
  readonly scores?: readonly ScoreText[];
}

export const findProfile = (name: string): Profile | null => PROFILES.find((profile) => profile.name === name) ?? null;

/** Without `base` the karmada profile is what the document changes. */
export function readProfile(document: unknown): ProfileReading {
  const problems = problemsOf(profileShape(), document);
  if (problems.length > 0) return { ok: false, problems };
  const read = dropNulls(document) as ProfileDocument;
  const base = findProfile(read.base ?? KARMADA_PROFILE.name)!;
  const value: Profile = {
    name: read.name ?? `${base.name}, changed`,
    gates: { ...base.gates, ...read.gates },
    switches: { ...base.switches, ...read.switches },
    timings: { ...base.timings, ...read.timings },
    enableEmptyWorkloadPropagation: read.enableEmptyWorkloadPropagation ?? base.enableEmptyWorkloadPropagation,
    ...(read.scores === undefined ? {} : { scores: read.scores }),
  };
  return { ok: true, value };
}

const profileShape = (): Shape =>
  onlyFields(
    {},
    {
      name: text,
      base: oneOf(...PROFILES.map(({ name }) => name)),
      gates: onlyFields({}, flagsLike(KARMADA_PROFILE.gates)),
      switches: onlyFields({}, flagsLike(KARMADA_PROFILE.switches)),
      timings: onlyFields({}, timingsLike(KARMADA_PROFILE.timings)),
      enableEmptyWorkloadPropagation: flag,
      scores: listOf(onlyFields({ name: filledText, expression: filledText })),
    },
  );

const flagsLike = (known: object): Record<string, Shape> =>
  Object.fromEntries(Object.keys(known).map((name) => [name, flag]));

const TIMING_WORDS: Readonly<Record<string, Shape>> = {
  noExecuteTaintEvictionPurgeMode: oneOf('Gracefully', 'Directly'),
  clusterLeaseRenewIntervalFraction: decimal(0, 1),
  resourceEvictionRate: decimal(0, 1_000_000),
  horizontalPodAutoscalerTolerance: decimal(0, 1),
};

const timingsLike = (known: object): Record<string, Shape> =>
  Object.fromEntries(
    Object.entries(known).map(([name, value]) => [
      name,
      TIMING_WORDS[name] ?? (typeof value === 'boolean' ? flag : wholeNumber(0, Number.MAX_SAFE_INTEGER)),
    ]),
  );
