// Finds the command, parses its arguments, runs it and turns whatever happens into an exit code.
import { readFileSync } from 'node:fs';
import yargs, { type Argv } from 'yargs';
import { joinBareDashes } from './bare-dash.ts';
import { type Command, CommandError, type ExitCode } from './command.ts';

export interface CommandEntry {
  /** As yargs writes it: the name and its positional arguments. */
  readonly usage: string;
  readonly describe: string;
  /** Gets the words of the command line that are no options, without the command's own name. */
  readonly load: (words: readonly string[]) => Promise<{ readonly command: Command }>;
}

class UsageError extends CommandError {}

export async function runCommandLine(entries: readonly CommandEntry[], argv: readonly string[]): Promise<ExitCode> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader of a pipe went away ("| head"): that is its right, and no error of ours.
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    return await dispatch(entries, argv);
  } catch (error) {
    return report(error);
  }
}

async function dispatch(entries: readonly CommandEntry[], argv: readonly string[]): Promise<ExitCode> {
  const [wanted, ...words] = argv.filter((word) => !word.startsWith('-'));
  const entry = entries.find(({ usage }) => usage.split(' ')[0] === wanted);
  const loaded = entry === undefined ? null : (await entry.load(words)).command;
  let outcome: ExitCode = 0;

  let parser: Argv = yargs(joinBareDashes(argv))
    .scriptName('muster')
    .usage('$0 <command> [options]')
    .version(version())
    .help()
    .alias('h', 'help')
    .strict()
    .recommendCommands()
    .demandCommand(1, 'which command? "muster --help" lists them')
    .showHelpOnFail(false)
    .wrap(process.stdout.columns ? Math.min(process.stdout.columns, 110) : 110)
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? new UsageError(message ?? 'the command line cannot be read');
    });
  for (const candidate of entries) {
    parser = parser.command(
      candidate.usage,
      candidate.describe,
      (own: Argv) => (candidate === entry && loaded !== null ? loaded.declare(own) : own),
      async (args) => {
        if (loaded !== null) outcome = await loaded.run(args);
      },
    );
  }
  await parser.parseAsync();
  return outcome;
}

function report(error: unknown): ExitCode {
  if (error instanceof UsageError) {
    process.stderr.write(`error: ${error.message}\nSee 'muster --help'\n`);
  } else if (error instanceof CommandError) {
    process.stderr.write(`error: ${error.message}\n`);
  } else {
    process.stderr.write(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
  return 1;
}

function version(): string {
  // Two folders up both from the source and, one deeper, from the build: the nearest package.json is ours.
  for (const up of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8')) as Record<
        string,
        string
      >;
      if (name === 'muster' && version !== undefined) return version;
    } catch {}
  }
  return 'unknown';
}
