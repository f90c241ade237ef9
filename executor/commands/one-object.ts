// The one object that a command is about, as kubectl takes it: "deployment web", or "deploy/web".
import type { Argv } from 'yargs';
import { type Arguments, CommandError } from '../terminal/command.ts';
import { readWords } from './across/words.ts';

export interface NamedObject {
  readonly kind: string;
  readonly name: string;
}

export const withObjectWords = (yargs: Argv): Argv =>
  yargs
    .positional('kind', { describe: 'kind of the resource, or both: deployment, deploy/web', type: 'string' })
    .positional('name', { describe: 'its name', type: 'string' });

/** Null where no words are given. */
export function objectAskedFor({ kind, name }: Arguments): NamedObject | null {
  const words = [kind, name].filter((word) => word !== undefined).map(String);
  if (words.length === 0) return null;
  const asked = readWords(words);
  const [only] = asked;
  if (asked.length !== 1 || only === undefined || only.name === null) {
    throw new CommandError(`"${words.join(' ')}" is not one object: name its kind and its name, as in deploy/web`);
  }
  return { kind: only.kind, name: only.name };
}
