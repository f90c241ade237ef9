// The words that no file of ours may hold, each with what to do instead.

export interface BannedPhrase {
  readonly pattern: RegExp;
  /** The files it is looked for in. */
  readonly where: RegExp;
  readonly instead: string;
}

const EVERYWHERE = /./;
const CODE = /\.(ts|mjs|js)$/;
const PROSE_AND_CODE = /\.(ts|mjs|js|md|ya?ml)$/;

export const BANNED_PHRASES: readonly BannedPhrase[] = [
  { pattern: /\b(TODO|FIXME|XXX|HACK)\b/, where: PROSE_AND_CODE, instead: 'do it, or say it where it is decided' },
  {
    pattern: /(^|[^\w.~-])\/(work|root|home)\/[a-z]/,
    where: EVERYWHERE,
    instead: 'a path from the project, not of a machine',
  },
  {
    pattern:
      /registry\.(npmjs|yarnpkg|npmmirror)|npm\.pkg\.github|\b(unpkg|jsdelivr|esm\.sh|skypack)\b|artifactory|nexus3?\//i,
    where: EVERYWHERE,
    instead: "a package's name and version; where it comes from is the user's setting",
  },
  { pattern: /(@ts-ignore|@ts-nocheck|as unknown as never)/, where: CODE, instead: 'types that are right' },
  { pattern: /\b(eslint|prettier)-(disable|ignore)/, where: CODE, instead: 'code that Biome accepts' },
  {
    pattern: /\b(issue|session|ticket)s? #?\d+\b/i,
    where: PROSE_AND_CODE,
    instead: 'what was decided and why, without where it was talked about',
  },
];
