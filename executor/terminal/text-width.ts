// How many columns a text takes on a terminal, and a text that is safe to show on one.

const ESCAPE = '\u001b';
const SEQUENCES = new RegExp(`${ESCAPE}\\[[0-9;]*m`, 'g');
const PLAIN = /^[\u0020-\u007e]*$/;
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const NO_WIDTH = /^[\p{Mark}\p{Cf}\p{Cc}]/u;
/** What is put together of several characters, as flags and families are, is one picture. */
const JOINED = /\u200d|[\u{1f1e6}-\u{1f1ff}]{2}|\ufe0f/u;

/** Made when the first text needs it: most never do. */
let graphemes: Intl.Segmenter | undefined;

/** Colours take none, East Asian characters and pictures two, accents belong to their letter. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  let width = 0;
  for (const { segment } of graphemes.segment(text.replace(SEQUENCES, ''))) {
    if (JOINED.test(segment) || WIDE.test(segment)) width += 2;
    else if (!NO_WIDTH.test(segment)) width += 1;
  }
  return width;
}

/** The text, with every character that would do something to a terminal shown by its code. */
export const withoutControls = (text: string): string =>
  text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (character) =>
    character === '\t' ? ' ' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
