// Two long texts that differ, shown from a little before the place where they part.
const AROUND = 60;
const SHOWN_MAX = 200;

export interface Parted {
  /** Counted from 0. */
  readonly at: number;
  readonly recorded: string;
  readonly found: string;
}

/** Null stands for one that has ended. */
export function partedTexts(recorded: string | null, found: string | null): Parted {
  const shorter = Math.min(recorded?.length ?? 0, found?.length ?? 0);
  let at = 0;
  while (at < shorter && recorded![at] === found![at]) at += 1;
  const from = Math.max(0, at - AROUND);
  const shown = (text: string | null): string => {
    if (text === null) return '(ended)';
    const part = text.slice(from, from + SHOWN_MAX);
    return `${from > 0 ? '...' : ''}${part}${from + SHOWN_MAX < text.length ? '...' : ''}`;
  };
  return { at, recorded: shown(recorded), found: shown(found) };
}
