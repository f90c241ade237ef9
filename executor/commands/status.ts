// muster status: how the fleet is at a glance: its clusters, and what was placed, sent and applied. With -w, whenever that changes.
import { setTimeout as sleep } from 'node:timers/promises';
import { isObject, type KubeObject, type Work } from '../../engine/index.ts';
import { writeText } from '../files/write.ts';
import type { HttpApi } from '../live/http-api.ts';
import { type ColourMode, palette, wantsColour } from '../terminal/colour.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../terminal/command.ts';
import { onInterrupt } from '../terminal/interrupt.ts';
import { type OutputFormat, printListing, renderListing, withOutputOption } from '../terminal/output.ts';
import { withHub, withHubOptions } from './hub-access.ts';
import { clusterListing } from './status/clusters.ts';
import { workloadListing } from './status/workloads.ts';

const LOOK_MS = 1_000;
const CLEAR = '\u001b[2J\u001b[H';

export const command: Command = {
  declare: (yargs) =>
    withHubOptions(withOutputOption(yargs))
      .positional('what', {
        describe: 'only these; in tables both if left out, in other forms the clusters',
        choices: ['clusters', 'workloads'] as const,
      })
      .option('watch', {
        alias: 'w',
        describe: 'print it again whenever it changes, until Ctrl-C',
        type: 'boolean',
        default: false,
      }),
  run: (args) => withHub(args, (api) => (args.watch === true ? watch(api, args) : once(api, args))),
};

async function once(api: HttpApi, args: Arguments): Promise<ExitCode> {
  if (isTable(args)) await writeText(process.stdout, await tables(api, args));
  else if (args.what === 'workloads') await printListing(workloadListing(await bindingsOf(api)), args);
  else await printListing(clusterListing(await clustersOf(api), await worksOf(api)), args);
  return 0;
}

/** On a terminal in place of what was there, elsewhere below it. A hub that is away for a while is waited for. */
async function watch(api: HttpApi, args: Arguments): Promise<ExitCode> {
  if (!isTable(args)) throw new CommandError('--watch prints tables: leave -o out, or use -o wide');
  const { signal, release } = onInterrupt();
  let before = '';
  try {
    while (!signal.aborted) {
      const now = await tables(api, args).catch((error: unknown) => {
        if (error instanceof CommandError) return `${error.message}\n`;
        throw error;
      });
      if (now !== before) {
        const between = process.stdout.isTTY ? CLEAR : before === '' ? '' : '\n';
        await writeText(process.stdout, between + now);
      }
      before = now;
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
    return 130;
  } finally {
    release();
  }
}

const isTable = ({ output }: Arguments): boolean => output === 'table' || output === 'wide';

async function tables(api: HttpApi, args: Arguments): Promise<string> {
  const format = args.output as OutputFormat;
  const colours = palette(wantsColour((args.color ?? 'auto') as ColourMode, process.stdout));
  const clusters = clusterListing(await clustersOf(api), await worksOf(api));
  const workloads = workloadListing(await bindingsOf(api));
  const parts: string[] = [];
  if (args.what !== 'workloads') {
    parts.push(clusters.rows.length === 0 ? 'no cluster has joined\n' : await renderListing(clusters, format, colours));
  }
  if (args.what === 'workloads' || (args.what !== 'clusters' && workloads.rows.length > 0)) {
    parts.push(workloads.rows.length === 0 ? 'nothing is placed\n' : await renderListing(workloads, format, colours));
  }
  return parts.join('\n');
}

const clustersOf = (api: HttpApi): Promise<readonly KubeObject[]> =>
  list(api, '/apis/cluster.karmada.io/v1alpha1/clusters');

const worksOf = async (api: HttpApi): Promise<readonly Work[]> =>
  (await list(api, '/apis/work.karmada.io/v1alpha1/works')) as unknown as Work[];

const bindingsOf = async (api: HttpApi): Promise<readonly KubeObject[]> =>
  (
    await Promise.all(
      [
        ['resourcebindings', 'ResourceBinding'],
        ['clusterresourcebindings', 'ClusterResourceBinding'],
      ].map(async ([plural, kind]) => {
        const found = await list(api, `/apis/work.karmada.io/v1alpha2/${plural}`);
        return found.map((one) => ({ ...one, apiVersion: 'work.karmada.io/v1alpha2', kind: kind! }));
      }),
    )
  ).flat();

async function list(api: HttpApi, path: string): Promise<readonly KubeObject[]> {
  const answer = await api.send({ method: 'GET', path });
  if (!answer.ok) throw new CommandError(`the hub does not answer: ${answer.message}`);
  const found: unknown = answer.text.startsWith('{') ? JSON.parse(answer.text) : null;
  if (answer.status !== 200) {
    const why = isObject(found) ? found.message : undefined;
    throw new CommandError(String(why ?? `the hub answers ${path} with status ${answer.status}`));
  }
  return isObject(found) && Array.isArray(found.items) ? (found.items as KubeObject[]) : [];
}
