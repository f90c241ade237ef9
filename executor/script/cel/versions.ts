// Semantic versions in rules in CEL: "1.2.3-rc.1".
import type { Environment } from '@marcbachmann/cel-js';

class Version {
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly preview: readonly string[];

  constructor(numbers: readonly [bigint, bigint, bigint], preview: readonly string[]) {
    this.numbers = numbers;
    this.preview = preview;
  }
}

const NUMBER = '(0|[1-9]\\d{0,18})';
const PREVIEW = '(?:0|[1-9]\\d*|\\d*[A-Za-z-][0-9A-Za-z-]*)';
const VERSION = new RegExp(
  `^${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-(${PREVIEW}(?:\\.${PREVIEW})*))?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`,
);
const LENGTH_MAX = 256;

function readVersion(text: string): Version | null {
  const [, major, minor, patch, preview] = (text.length <= LENGTH_MAX ? VERSION.exec(text) : null) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return null;
  return new Version([BigInt(major), BigInt(minor), BigInt(patch)], preview?.split('.') ?? []);
}

/** "v1.02" is meant as 1.2.0. */
function completed(text: string): string {
  const parts = text.replace(/^v/, '').split('.');
  const [first = '', second, ...rest] = parts;
  const last = rest.length > 0 ? [rest.join('.')] : [];
  const numbers = [first, ...(second === undefined ? [] : [second]), ...last].map((part) =>
    part.replace(/^0+(?=\d)/, ''),
  );
  if (numbers.length < 3 && /[+-]/.test(numbers.at(-1)!)) return text;
  while (numbers.length < 3) numbers.push('0');
  return numbers.join('.');
}

const read = (text: string, isLoose: boolean): Version | null => readVersion(isLoose ? completed(text) : text);

function version(text: string, isLoose: boolean): Version {
  const value = read(text, isLoose);
  if (value === null) throw new Error(`"${text}" is no semantic version`);
  return value;
}

function compare(a: Version, b: Version): number {
  for (const [at, number] of a.numbers.entries()) {
    const other = b.numbers[at]!;
    if (number !== other) return number < other ? -1 : 1;
  }
  if (a.preview.length === 0 || b.preview.length === 0) return Math.sign(b.preview.length - a.preview.length);
  for (const [at, part] of a.preview.entries()) {
    const other = b.preview[at];
    if (other === undefined) return 1;
    if (part !== other) return comparePreview(part, other);
  }
  return a.preview.length < b.preview.length ? -1 : 0;
}

/** Numbers come before words, and are compared as numbers. */
function comparePreview(a: string, b: string): number {
  const [isCount, isOtherCount] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isCount && isOtherCount) return BigInt(a) < BigInt(b) ? -1 : 1;
  if (isCount !== isOtherCount) return isCount ? -1 : 1;
  return a < b ? -1 : 1;
}

export function addVersions(environment: Environment): Environment {
  return environment
    .registerType('Semver', Version)
    .registerFunction('semver(string): Semver', (text: string) => version(text, false))
    .registerFunction('semver(string, bool): Semver', version)
    .registerFunction('isSemver(string): bool', (text: string) => read(text, false) !== null)
    .registerFunction('isSemver(string, bool): bool', (text: string, isLoose: boolean) => read(text, isLoose) !== null)
    .registerFunction('Semver.major(): int', ({ numbers }: Version) => numbers[0])
    .registerFunction('Semver.minor(): int', ({ numbers }: Version) => numbers[1])
    .registerFunction('Semver.patch(): int', ({ numbers }: Version) => numbers[2])
    .registerOperator('Semver == Semver', (a: Version, b: Version) => compare(a, b) === 0)
    .registerFunction('Semver.compareTo(Semver): int', (a: Version, b: Version) => BigInt(compare(a, b)))
    .registerFunction('Semver.isLessThan(Semver): bool', (a: Version, b: Version) => compare(a, b) < 0)
    .registerFunction('Semver.isGreaterThan(Semver): bool', (a: Version, b: Version) => compare(a, b) > 0);
}
