// What a command is: its options, and a run that ends in an exit code.
import type { Argv } from 'yargs';

/** 0 ok; 1 error; 2 changes found (only with --detailed-exitcode); 99 an expectation failed; 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 99 | 130;

/** Arguments as yargs hands them over; a command reads them through the names it declared. */
export type Arguments = Readonly<Record<string, unknown>>;

export interface Command {
  declare(yargs: Argv): Argv;
  run(args: Arguments): Promise<ExitCode>;
}

/** A command in the list of all, before it is loaded. */
export interface CommandEntry {
  /** As yargs writes it: the name and its positional arguments. */
  readonly usage: string;
  readonly describe: string;
  /** The heading it stands under in "muster --help". */
  readonly group?: string;
  /** Several commands in one, each with options of its own. */
  readonly isSeveral?: boolean;
  /** Gets the words of the command line that are no options, without the command's own name. */
  readonly load: (words: readonly string[]) => Promise<{ readonly command: Command }>;
}

/** A mistake of the user's or of the world's: printed as one "error: ..." line, without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
