// What standing commands show of themselves: lines about what they do, and figures for Prometheus.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Argv } from 'yargs';
import { writeAtomically } from '../files/write-atomic.ts';
import { lastingProblem } from '../live/lasting-problem.ts';
import { type Observer, observersOf } from '../live/observe/observer.ts';
import { taskLog } from '../live/observe/task-log.ts';
import { type Arguments, CommandError } from '../terminal/command.ts';
import { LOG_FORMATS, LOG_LEVELS, type Log, type LogFormat, type LogLevel, openLog } from '../terminal/log.ts';
import { listenError, readListen } from './listening.ts';

const TOKEN_BYTES = 24;
const TOKEN_MIN = 16;
const DEFAULT_TOKEN_FILE = 'muster-metrics.token';

export const withLogOptions = (yargs: Argv): Argv =>
  yargs
    .option('log-format', { describe: 'lines for people, or JSON', choices: LOG_FORMATS, default: 'text' })
    .option('log-level', { describe: 'say this and what is worse', choices: LOG_LEVELS, default: 'info' });

export const withObservingOptions = (yargs: Argv): Argv =>
  withLogOptions(yargs)
    .option('metrics-listen', { describe: 'host:port to serve metrics for Prometheus on', type: 'string' })
    .option('metrics-token-file', {
      describe: `file with the token that readers of metrics need; made if it is not there`,
      type: 'string',
    })
    .option('metrics-anonymous', {
      describe: 'metrics may be read by everybody who reaches them',
      type: 'boolean',
      default: false,
    });

export const logOf = (args: Arguments, name: string): Log =>
  openLog({
    name,
    format: (args['log-format'] ?? 'text') as LogFormat,
    level: (args['log-level'] ?? 'info') as LogLevel,
    write: (line) => void process.stderr.write(line),
    now: () => new Date(),
  });

export interface Observing {
  readonly log: Log;
  readonly observer: Observer;
  /** To be called after every request to the hub, with what somebody has to mend. */
  readonly hubProblem: (problem: string | null) => void;
  close(): Promise<void>;
}

export async function observe(args: Arguments, name: string, tokenFile = DEFAULT_TOKEN_FILE): Promise<Observing> {
  const log = logOf(args, name);
  const hubProblem = lastingProblem(
    {
      begins: (problem) => log.tell('warn', `no way to the hub until somebody mends this: ${problem}`),
      ends: () => log.say('there is a way to the hub again'),
    },
    () => performance.now(),
  );
  const listen = args['metrics-listen'];
  if (typeof listen !== 'string') {
    for (const option of ['metrics-token-file', 'metrics-anonymous']) {
      const value = args[option];
      if (value !== undefined && value !== false) throw new CommandError(`--${option} is of use with --metrics-listen`);
    }
    return { log, observer: taskLog(log), hubProblem, close: async () => {} };
  }
  const address = readListen(listen, '--metrics-listen');
  const token =
    args['metrics-anonymous'] === true
      ? null
      : await tokenIn(resolve(String(args['metrics-token-file'] ?? tokenFile)), log);
  // Only who wants figures pays for what counts them.
  const { ControlMetrics } = await import('../live/observe/control-metrics.ts');
  const { serveMetrics } = await import('../live/observe/metrics-server.ts');
  const metrics = new ControlMetrics();
  try {
    const server = await serveMetrics({ ...address, token, text: () => metrics.text() });
    log.say(`metrics are at ${server.url}`);
    return { log, observer: observersOf([metrics, taskLog(log)]), hubProblem, close: () => server.close() };
  } catch (error) {
    throw listenError(error, address, '--metrics-listen');
  }
}

/** A new token is for its owner's eyes only. */
async function tokenIn(file: string, log: Log): Promise<string> {
  try {
    const token = (await readFile(file, 'utf8')).trim();
    if (token.length >= TOKEN_MIN) return token;
    throw new CommandError(`${file} has no token of ${TOKEN_MIN} characters or more`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  try {
    await writeAtomically(file, `${token}\n`, { mode: 0o600 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(`${basename(file)} cannot be written in ${dirname(file)}: ${why}`);
  }
  log.say(`readers of metrics need the token in ${file}`);
  return token;
}
