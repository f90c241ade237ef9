// The command that plays a run again: what was said on the command line, and nothing that the scenario says itself.
import { shellWord } from '../../executor/terminal/shell-word.ts';

export interface PlayedAs {
  readonly file: string;
  readonly seed: string;
  /** As it was asked for: a profile of one's own is found by its file, and not by its name. */
  readonly profile: string | null;
  /** Each NAME=VALUE. */
  readonly set: readonly string[];
  readonly until: string | null;
}

export function replayCommand({ file, seed, profile, set, until }: PlayedAs): string {
  const words = ['muster', 'replay', file, '--seed', seed];
  if (profile !== null) words.push('--profile', profile);
  for (const pair of set) words.push('--set', pair);
  if (until !== null) words.push('--until', until);
  return words.map(shellWord).join(' ');
}
