// Finds the command, parses its arguments, runs it and turns whatever happens into an exit code.
import type { Argv } from 'yargs';
import { joinBareDashes } from './bare-dash.ts';
import { type Arguments, type CommandEntry, CommandError, type ExitCode } from './command.ts';
import { COMPLETION_KEY, completionScript, completionsFor, declaredOptions } from './completion.ts';
import { overview } from './help.ts';
import { HELP_WIDTH, PREPARE_KEY, preparedHelp, prepareHelp } from './prepared-help.ts';
import { onOutputError } from './unread.ts';

const HELP: ReadonlySet<string> = new Set(['--help', '-h']);

class UsageError extends CommandError {
  /** The command that was misused, for "See 'muster plan --help'". */
  readonly command: string | null;

  constructor(message: string, command: string | null) {
    super(message);
    this.command = command;
  }
}

export async function runCommandLine(entries: readonly CommandEntry[], argv: readonly string[]): Promise<ExitCode> {
  // For the rest of the process: what has been written may be read, or not, when the command is over.
  if (!process.stdout.listeners('error').includes(onOutputError)) process.stdout.on('error', onOutputError);
  try {
    return await dispatch(entries, argv);
  } catch (error) {
    return report(error);
  }
}

async function dispatch(entries: readonly CommandEntry[], argv: readonly string[]): Promise<ExitCode> {
  if (argv[0] === COMPLETION_KEY) return complete(entries, argv.slice(1));
  if (argv[0] === PREPARE_KEY) {
    prepareHelp(await allHelp(entries));
    return 0;
  }
  const { command: wanted, rest } = splitCommand(argv);
  switch (wanted) {
    case null:
      return withoutCommand(entries, rest);
    case 'help': {
      const [of] = rest.filter((word) => !word.startsWith('-'));
      return of === undefined ? print(overview(entries)) : dispatch(entries, [of, '--help']);
    }
    case 'completion':
      return print(completionScript(rest[0]));
  }
  const entry = entries.find((each) => nameOf(each) === wanted);
  if (entry === undefined) throw await unknownCommand(wanted, entries);
  return runCommand(entry, wanted, rest);
}

/** The first word that is neither an option nor the value of one that may stand before the command. */
function splitCommand(argv: readonly string[]): { command: string | null; rest: readonly string[] } {
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!;
    if (word === '--color') at += 1;
    else if (!word.startsWith('-')) return { command: word, rest: [...argv.slice(0, at), ...argv.slice(at + 1)] };
  }
  return { command: null, rest: argv };
}

async function withoutCommand(entries: readonly CommandEntry[], options: readonly string[]): Promise<ExitCode> {
  if (options.includes('--version')) {
    const { packageVersion } = await import('./package-version.ts');
    return print(`${packageVersion()}\n`);
  }
  if (options.includes('--help') || options.includes('-h')) return print(overview(entries));
  const [unknown] = options;
  throw new UsageError(unknown === undefined ? 'which command?' : `no command, only "${unknown}"`, null);
}

/** Of all commands but those that are several in one: which is meant, only more words tell. */
async function allHelp(entries: readonly CommandEntry[]): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const entry of entries.filter(({ isSeveral }) => isSeveral !== true)) {
    const name = nameOf(entry);
    const { command } = await entry.load([]);
    const parser = (await emptyParser()).scriptName('muster').wrap(HELP_WIDTH).exitProcess(false);
    const declared = parser.command(entry.usage, entry.describe, (own: Argv) => command.declare(own));
    await declared.parseAsync([name, '--help'], {}, (_error: unknown, _args: unknown, text: string) => {
      texts[name] = `${text}\n`;
    });
  }
  return texts;
}

async function runCommand(entry: CommandEntry, name: string, argv: readonly string[]): Promise<ExitCode> {
  const prepared = argv.length === 1 && HELP.has(argv[0]!) ? preparedHelp(name, process.stdout.columns) : null;
  if (prepared !== null) return print(prepared);
  const { command } = await entry.load(argv.filter((word) => !word.startsWith('-')));
  let outcome: ExitCode = 0;
  const parser = (await emptyParser([name, ...argv]))
    .scriptName('muster')
    .strict()
    .showHelpOnFail(false)
    .wrap(Math.min(process.stdout.columns || HELP_WIDTH, HELP_WIDTH))
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? new UsageError(message ?? 'the command line cannot be read', name);
    })
    .command(
      entry.usage,
      entry.describe,
      (own: Argv) => command.declare(own),
      async (args) => {
        refuseWordsForNumbers(args, parser, name);
        outcome = await command.run(args);
      },
    );
  try {
    await parser.parseAsync();
  } catch (error) {
    throw error instanceof UsageError ? await withSuggestion(error, parser) : error;
  }
  return outcome;
}

/** What is no number comes as NaN, with which a limit would never be reached. */
function refuseWordsForNumbers(args: Arguments, parser: Argv, command: string): void {
  const wrong = declaredOptions(parser).number.find((option) => Number.isNaN(args[option]));
  if (wrong !== undefined) throw new UsageError(`--${wrong} wants a number`, command);
}

/** With the options that every command has. */
async function emptyParser(argv: readonly string[] = []): Promise<Argv> {
  const { default: yargs } = await import('yargs');
  const { COLOUR_MODES } = await import('./colour.ts');
  return yargs(joinBareDashes(argv))
    .version(false)
    .help()
    .alias('h', 'help')
    .option('color', { choices: COLOUR_MODES, default: COLOUR_MODES[0], describe: 'when to use colours' });
}

/** Answers the shell: the names of commands first, then what the command itself takes. */
async function complete(entries: readonly CommandEntry[], typed: readonly string[]): Promise<ExitCode> {
  const [name = '', ...words] = typed;
  if (words.length === 0) {
    return printLines([...entries.map(nameOf), 'completion', 'help'].filter((known) => known.startsWith(name)));
  }
  const entry = entries.find((each) => nameOf(each) === name);
  if (entry === undefined) return 0;
  const { command } = await entry.load(words.filter((word) => !word.startsWith('-')));
  return printLines(completionsFor(words, declaredOptions(command.declare(await emptyParser()))));
}

const printLines = (lines: readonly string[]): ExitCode => print(lines.map((line) => `${line}\n`).join(''));

const nameOf = ({ usage }: CommandEntry): string => usage.split(' ')[0]!;

async function unknownCommand(given: string, entries: readonly CommandEntry[]): Promise<UsageError> {
  const { suggest } = await import('./suggest.ts');
  const near = suggest(given, [...entries.map(nameOf), 'completion', 'help']);
  return new UsageError(`unknown command "${given}"${near === null ? '' : `: did you mean "${near}"?`}`, null);
}

/** To what yargs says of an unknown option, the known one that it looks like. */
async function withSuggestion(error: UsageError, parser: Argv): Promise<UsageError> {
  const [, given] = /^Unknown arguments?: ([^,]+)/.exec(error.message) ?? [];
  if (given === undefined) return error;
  const { suggest } = await import('./suggest.ts');
  const near = suggest(given, Object.keys(declaredOptions(parser).key));
  return near === null ? error : new UsageError(`${error.message}: did you mean --${near}?`, error.command);
}

function print(text: string): ExitCode {
  process.stdout.write(text);
  return 0;
}

function report(error: unknown): ExitCode {
  if (error instanceof UsageError) {
    const see = error.command === null ? 'muster --help' : `muster ${error.command} --help`;
    process.stderr.write(`error: ${error.message}\nSee '${see}'\n`);
  } else if (error instanceof CommandError) {
    process.stderr.write(`error: ${error.message}\n`);
  } else {
    process.stderr.write(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
  return 1;
}
