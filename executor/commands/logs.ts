// muster logs: what pods in any members have written, through the hub, with the rights that its user has there.
import { setMaxListeners } from 'node:events';
import type { HttpApi } from '../live/http-api.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../terminal/command.ts';
import { interruptible } from '../terminal/interrupt.ts';
import {
  chosenClusters,
  parsed,
  podPath,
  tellFailures,
  throughHub,
  withClustersOption,
} from './across/fleet-access.ts';
import { copyLog, SharedOutput } from './across/log-copy.ts';
import { logQuery } from './across/log-query.ts';
import { type LogSource, logSources } from './across/log-sources.ts';
import { podsCalled, podsSelected } from './across/pods-asked-for.ts';
import { withHub, withHubOptions, withNamespaceOption } from './hub-access.ts';

const FOLLOWED_MAX = 50;

export const command: Command = {
  declare: (yargs) =>
    withNamespaceOption(withClustersOption(withHubOptions(yargs)), 'of the pod')
      .positional('pod', { describe: 'its name, or what has pods, as in deploy/web', type: 'string' })
      .option('selector', { alias: 'l', describe: 'labels of the pods, in place of a name', type: 'string' })
      .option('container', { alias: 'c', describe: 'of the pod; its first if left out', type: 'string' })
      .option('all-containers', { describe: 'every container of the pods', type: 'boolean', default: false })
      .option('all-pods', { describe: 'every pod of what has some', type: 'boolean', default: false })
      .option('follow', { alias: 'f', describe: 'go on with what is written', type: 'boolean', default: false })
      .option('tail', { describe: 'only the last so many lines; 10 with -l, or else all', type: 'number' })
      .option('since', { describe: 'only of the last 5s, 10m, 3h; plain numbers are seconds', type: 'string' })
      .option('since-time', { describe: 'only of after a time, as in 2026-01-31T12:00:00Z', type: 'string' })
      .option('limit-bytes', { describe: 'no more than so many bytes of each', type: 'number' })
      .option('previous', { alias: 'p', describe: 'of the run before this one', type: 'boolean', default: false })
      .option('timestamps', { describe: 'with the time before each line', type: 'boolean', default: false })
      .option('prefix', { describe: 'say where each line is from; so it is where there are several', type: 'boolean' })
      .option('max-log-requests', { describe: 'to be followed at once', type: 'number', default: FOLLOWED_MAX })
      .example('$0 logs web-5d9c-x2x1z -C member1', '')
      .example('$0 logs -f deploy/web', 'of one pod in each cluster')
      .example('$0 logs -l app=web --all-containers', ''),
  run: async (args) => {
    const { pod, selector } = args;
    if ((typeof pod === 'string') === (typeof selector === 'string')) {
      throw new CommandError('either a pod or a selector is wanted: web-0, deploy/web or -l app=web');
    }
    if (args['all-containers'] === true && args.container !== undefined) {
      throw new CommandError('either --all-containers or one of them by -c, not both');
    }
    const query = logQuery(args);
    return withHub(args, async (hub, objects) => {
      const clusters = await chosenClusters(objects, args);
      const { found, failures } =
        typeof pod === 'string'
          ? await podsCalled(hub, objects, clusters, pod, args)
          : await podsSelected(hub, clusters, String(selector), args);
      const isEveryPod = args['all-pods'] === true || typeof selector === 'string';
      const { sources, notes } = logSources(found, isEveryPod, args);
      for (const note of notes) process.stderr.write(`${note}\n`);
      const hasFailed = tellFailures(failures);
      if (sources.length === 0 && !hasFailed) process.stderr.write('nothing found\n');
      const code = await interruptible((signal) => copyAll(hub, sources, query, args, signal));
      return hasFailed && code === 0 ? 1 : code;
    });
  },
};

async function copyAll(
  hub: HttpApi,
  sources: readonly LogSource[],
  query: URLSearchParams,
  args: Arguments,
  signal: AbortSignal,
): Promise<ExitCode> {
  setMaxListeners(0, signal);
  const out = new SharedOutput(process.stdout);
  const hasPrefix = args.prefix ?? sources.length > 1;
  const copy = async (source: LogSource): Promise<boolean> => {
    const problem = await copyOne(hub, source, query, args, out, hasPrefix === true, signal);
    if (problem === null || signal.aborted) return true;
    process.stderr.write(`cluster ${source.cluster}: ${problem}\n`);
    return false;
  };
  const done: boolean[] = [];
  if (args.follow === true) {
    const most = Number(args['max-log-requests']);
    if (sources.length > most) {
      throw new CommandError(
        `${sources.length} logs would be followed at once: --max-log-requests allows ${most}; choose fewer, or raise it`,
      );
    }
    done.push(...(await Promise.all(sources.map(copy))));
  } else {
    for (const source of sources) if (!signal.aborted) done.push(await copy(source));
  }
  return done.every((isGood) => isGood) ? 0 : 1;
}

/** What went wrong, or null. */
async function copyOne(
  hub: HttpApi,
  { cluster, pod, container }: LogSource,
  query: URLSearchParams,
  { namespace }: Arguments,
  out: SharedOutput,
  hasPrefix: boolean,
  signal: AbortSignal,
): Promise<string | null> {
  const own = new URLSearchParams(query);
  if (container !== '') own.set('container', container);
  const path = throughHub(cluster, `${podPath(String(namespace), pod)}/log?${own}`);
  const answer = await hub.open({ path, accept: '*/*' }, signal);
  if (!answer.ok) return answer.message;
  if (!('body' in answer)) return String(parsed(answer.text)?.message ?? `it answers with status ${answer.status}`);
  try {
    await copyLog(answer.body, hasPrefix ? `[${cluster}/${pod}/${container}] ` : '', out);
    return null;
  } catch (error) {
    return `the log of ${pod} broke off: ${error instanceof Error ? error.message : String(error)}`;
  }
}
