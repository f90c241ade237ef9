// Which of YAML's styles a text may be written in, by libyaml's rules: what the Kubernetes tools print, byte for byte.
import { isBase60, readPlainScalar } from './yaml-scalar.ts';

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal';

interface Traits {
  readonly multiline: boolean;
  readonly plain: boolean;
  readonly single: boolean;
  readonly literal: boolean;
}

/** The style of a text where a value, or a key, stands in block context. */
export function styleOf(text: string, isKey: boolean): ScalarStyle {
  const wanted = wantedStyle(text);
  const traits = traitsOf([...text]);
  if (isKey && traits.multiline) return 'double';
  if (wanted === 'literal') return traits.literal && !isKey ? 'literal' : 'double';
  if (wanted === 'double') return 'double';
  if (traits.plain && !(text === '' && isKey)) return 'plain';
  return traits.single ? 'single' : 'double';
}

/** A text that would be read as something else has to be quoted. */
function wantedStyle(text: string): ScalarStyle {
  if (text.includes('\n')) return 'literal';
  return readPlainScalar(text).tag === 'string' && !isBase60(text) ? 'plain' : 'double';
}

export const isBreak = (character: string | undefined): boolean =>
  character !== undefined && /^[\r\n\u0085\u2028\u2029]$/.test(character);

const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t';

/** What may stand in the output as it is; the rest forces double quotes and escapes. */
export function isPrintable(character: string): boolean {
  const code = character.codePointAt(0)!;
  if (code === 0x0a) return true;
  if (code < 0xa0) return code >= 0x20 && code <= 0x7e;
  return code < 0xd800 || (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff);
}

function traitsOf(characters: readonly string[]): Traits {
  if (characters.length === 0) return { multiline: false, plain: true, single: true, literal: false };
  const first = characters[0]!;
  const last = characters.at(-1)!;
  const pairs = (before: (c: string) => boolean, after: (c: string) => boolean) =>
    characters.some((character, at) => at > 0 && before(characters[at - 1]!) && after(character));
  const isSpace = (character: string) => character === ' ';

  const special = !characters.every(isPrintable);
  const multiline = characters.some(isBreak);
  const spaceThenBreak = pairs(isSpace, isBreak);
  const breakThenSpace = pairs(isBreak, isSpace);
  const padded = isSpace(first) || isBreak(first) || isSpace(last) || isBreak(last);
  const broken = spaceThenBreak || special;
  return {
    multiline,
    plain: !(padded || breakThenSpace || broken || multiline || hasIndicators(characters)),
    single: !(breakThenSpace || broken),
    literal: !(isSpace(last) || broken),
  };
}

/** Characters that would mean something at their place. */
function hasIndicators(characters: readonly string[]): boolean {
  const start = characters.slice(0, 3).join('');
  if (start === '---' || start === '...') return true;
  const first = characters[0]!;
  if ('#,[]{}&*!|>\'"%@`'.includes(first)) return true;
  const blankFollows = (at: number) => at + 1 >= characters.length || isBlank(characters[at + 1]);
  if ('?:-'.includes(first) && blankFollows(0)) return true;
  return characters.some((character, at) => {
    if (at === 0) return false;
    if (character === ':') return blankFollows(at);
    return character === '#' && (isBlank(characters[at - 1]) || isBreak(characters[at - 1]));
  });
}
