// Reads a profile from a document: a base profile by name, and the gates and switches that differ from it.
import {
  filledText,
  flag,
  listOf,
  oneOf,
  onlyFields,
  problemsOf,
  type Shape,
  type ShapeProblem,
  text,
} from '../base/shape.ts';
import { dropNulls } from '../kube/drop-nulls.ts';
import { type Gates, KARMADA_PROFILE, PROFILES, type Profile, type ScoreText, type Switches } from './profile.ts';

export type ProfileReading =
  | { readonly ok: true; readonly value: Profile }
  | { readonly ok: false; readonly problems: readonly ShapeProblem[] };

interface ProfileDocument {
  readonly name?: string;
  readonly base?: string;
  readonly gates?: Partial<Gates>;
  readonly switches?: Partial<Switches>;
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
      enableEmptyWorkloadPropagation: flag,
      scores: listOf(onlyFields({ name: filledText, expression: filledText })),
    },
  );

const flagsLike = (known: object): Record<string, Shape> =>
  Object.fromEntries(Object.keys(known).map((name) => [name, flag]));
