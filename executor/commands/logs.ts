// muster logs: what a pod in any member has written, through the hub, with the rights that its user has there.
import { writeText } from '../files/write.ts';
import type { HttpApi } from '../live/http-api.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../terminal/command.ts';
import { onInterrupt } from '../terminal/interrupt.ts';
import { clusterOfPod, parsed, podPath, throughHub, withClustersOption } from './across/fleet-access.ts';
import { withHub, withHubOptions } from './hub-access.ts';

export const command: Command = {
  declare: (yargs) =>
    withClustersOption(withHubOptions(yargs))
      .positional('pod', { describe: 'its name', type: 'string', demandOption: true })
      .option('namespace', { alias: 'n', describe: 'of the pod', type: 'string', default: 'default' })
      .option('container', { alias: 'c', describe: 'of the pod; needed where it has more than one', type: 'string' })
      .option('follow', { alias: 'f', describe: 'go on with what it writes', type: 'boolean', default: false })
      .option('tail', { describe: 'only the last so many lines', type: 'number' })
      .option('since', { describe: 'only of the last so many seconds', type: 'number' })
      .option('previous', { alias: 'p', describe: 'of the container before this one', type: 'boolean', default: false })
      .option('timestamps', { describe: 'with the time before each line', type: 'boolean', default: false })
      .example('$0 logs web-5d9c-x2x1z -C member1', ''),
  run: async (args) =>
    withHub(args, async (hub, objects) => {
      const pod = podPath(String(args.namespace), String(args.pod));
      const cluster = await clusterOfPod(hub, objects, args, pod);
      const path = throughHub(cluster, `${pod}/log?${queryOf(args)}`);
      return args.follow === true ? await follow(hub, path) : await once(hub, cluster, path);
    }),
};

function queryOf(args: Arguments): URLSearchParams {
  const query = new URLSearchParams();
  if (typeof args.container === 'string') query.set('container', args.container);
  for (const [option, name] of [
    ['tail', 'tailLines'],
    ['since', 'sinceSeconds'],
  ] as const) {
    const value = args[option];
    if (value === undefined) continue;
    if (!(Number.isInteger(value) && Number(value) >= 0)) throw new CommandError(`--${option} wants a whole number`);
    query.set(name, String(value));
  }
  for (const option of ['follow', 'previous', 'timestamps']) if (args[option] === true) query.set(option, 'true');
  return query;
}

async function once(hub: HttpApi, cluster: string, path: string): Promise<ExitCode> {
  const answer = await hub.send({ method: 'GET', path, accept: '*/*' });
  if (!answer.ok) throw new CommandError(`cluster ${cluster}: ${answer.message}`);
  if (answer.status !== 200) {
    const why = parsed(answer.text)?.message ?? `it answers with status ${answer.status}`;
    throw new CommandError(`cluster ${cluster}: ${String(why)}`);
  }
  await writeText(process.stdout, answer.text);
  return 0;
}

async function follow(hub: HttpApi, path: string): Promise<ExitCode> {
  const { signal, release } = onInterrupt();
  try {
    const refused = await new Promise<number | null>((ended) => {
      const stop = hub.stream(path, (line) => process.stdout.write(`${line}\n`), ended, '*/*');
      signal.addEventListener('abort', () => {
        stop();
        ended(null);
      });
    });
    if (refused !== null) throw new CommandError(`its log is refused with status ${refused}`);
    return signal.aborted ? 130 : 0;
  } finally {
    release();
  }
}
