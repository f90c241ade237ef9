// The order in which Go's YAML library prints the keys of a map: letters after everything else, numbers by their value.

export const sortYamlKeys = (keys: readonly string[]): string[] => [...keys].sort(compareKeys);

const isLetter = (character: string) => /^\p{L}$/u.test(character);
const isDigit = (character: string | undefined) => character !== undefined && /^\p{Nd}$/u.test(character);

function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  return isLess([...a], [...b]) ? -1 : 1;
}

function isLess(a: readonly string[], b: readonly string[]): boolean {
  const at = a.findIndex((character, index) => character !== b[index]);
  if (at < 0) return true;
  const left = a[at]!;
  const right = b[at];
  if (right === undefined) return false;
  if (isLetter(left) || isLetter(right)) {
    return isLetter(left) && isLetter(right) ? codeOf(left) < codeOf(right) : isLetter(right);
  }
  const [leftNumber, leftEnd] = numberFrom(a, at, left === '0' || right === '0');
  const [rightNumber, rightEnd] = numberFrom(b, at, left === '0' || right === '0');
  if (leftNumber !== rightNumber) return leftNumber < rightNumber;
  if (leftEnd !== rightEnd) return leftEnd < rightEnd;
  return codeOf(left) < codeOf(right);
}

/** The run of digits from here on; zeros count as digits of a number that began earlier, and else as leading zeros. */
function numberFrom(characters: readonly string[], at: number, zeroInvolved: boolean): [bigint, number] {
  let number = 0n;
  if (zeroInvolved) {
    for (let before = at - 1; before >= 0 && isDigit(characters[before]); before--) {
      if (characters[before] === '0') continue;
      number = 1n;
      break;
    }
  }
  let end = at;
  while (end < characters.length && isDigit(characters[end])) {
    number = number * 10n + BigInt(codeOf(characters[end]!) - 48);
    end++;
  }
  return [number, end];
}

const codeOf = (character: string) => character.codePointAt(0)!;
