// Colour where a person looks at it, and nowhere else: one decision, and words to paint with.

export const COLOUR_MODES = ['auto', 'always', 'never'] as const;
export type ColourMode = (typeof COLOUR_MODES)[number];

/** The option beats FORCE_COLOR, that beats NO_COLOR, and only then the stream is looked at. */
export function wantsColour(
  mode: ColourMode,
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  if (mode !== 'auto') return mode === 'always';
  const { FORCE_COLOR: forced = '', NO_COLOR: refused = '', TERM: terminal } = environment;
  if (forced !== '') return forced !== '0' && forced !== 'false';
  return refused === '' && terminal !== 'dumb' && stream.isTTY === true;
}

export type Paint = (text: string) => string;

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
} as const;

export type Palette = Readonly<Record<keyof typeof CODES, Paint>>;

/** Without colour every word of it gives its text back. */
export function palette(coloured: boolean): Palette {
  const paints = Object.entries(CODES).map(([name, [on, off]]) => {
    const paint: Paint = (text) => (coloured && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text);
    return [name, paint];
  });
  return Object.fromEntries(paints) as Palette;
}
