// muster exec: runs a command in a container of a pod in any member, through the hub, with the rights that its user has there.
import type { KubeObject } from '../../engine/index.ts';
import { containersOf } from '../apiserver/handlers/container-run.ts';
import type { HttpApi } from '../live/http-api.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../terminal/command.ts';
import { defaultContainer } from './across/containers.ts';
import { ask, chosenClusters, podPath, withClustersOption } from './across/fleet-access.ts';
import { type FoundPods, podsCalled } from './across/pods-asked-for.ts';
import { UpgradeRefused } from './across/upgrade-refused.ts';
import { hubAddressOf, withHub, withHubOptions, withNamespaceOption } from './hub-access.ts';

export const command: Command = {
  declare: (yargs) =>
    withNamespaceOption(withClustersOption(withHubOptions(yargs)), 'of the pod')
      .parserConfiguration({ 'populate--': true })
      .positional('pod', {
        describe: 'its name, or what has pods, as in deploy/web',
        type: 'string',
        demandOption: true,
      })
      .option('container', { alias: 'c', describe: 'of the pod; its first if left out', type: 'string' })
      .option('stdin', { alias: 'i', describe: 'pass on what is typed', type: 'boolean', default: false })
      .option('tty', { alias: 't', describe: 'as on a terminal', type: 'boolean', default: false })
      .example('$0 exec web-5d9c-x2x1z -C member1 -- env', '')
      .example('$0 exec deploy/web -c app -C member1 -- ls /', '')
      .epilogue('The exit code is that of the command.'),
  run: async (args) => {
    const words = wordsOf(args);
    const address = await hubAddressOf(args);
    return withHub(args, async (hub, objects) => {
      const clusters = await chosenClusters(objects, args);
      const { found } = await podsCalled(hub, objects, clusters, String(args.pod), args);
      const { cluster, pod } = onlyOne(found);
      const container = containerIn(pod, cluster, args);
      try {
        const { runThroughHub } = await import('./across/remote-command.ts');
        const code = await runThroughHub(address, {
          cluster,
          namespace: String(args.namespace),
          pod: pod.metadata.name,
          container,
          words,
          stdin: args.stdin === true ? process.stdin : null,
          tty: args.tty === true,
          out: process.stdout,
          notes: process.stderr,
        });
        return code as ExitCode;
      } catch (error) {
        if (!(error instanceof UpgradeRefused)) throw error;
        const why = await whyRefused(hub, cluster, pod, container, error, args);
        throw new CommandError(`cluster ${cluster}: commands are not run there: ${why}`);
      }
    });
  },
};

/** The first pod of the one cluster that has any. */
function onlyOne(found: readonly FoundPods[]): { cluster: string; pod: KubeObject } {
  if (found.length > 1) {
    const choices = found.map(({ cluster }) => cluster).join(' or -C ');
    throw new CommandError(`more than one cluster has it: choose with -C ${choices}`);
  }
  const { cluster, pods } = found[0]!;
  const pod = pods[0]!;
  if (pods.length > 1) process.stderr.write(`found ${pods.length} pods, using ${pod.metadata.name}\n`);
  return { cluster, pod };
}

function containerIn(pod: KubeObject, cluster: string, { container }: Arguments): string {
  if (typeof container !== 'string') {
    const { name, note } = defaultContainer(pod);
    if (note !== null) process.stderr.write(`${note}\n`);
    return name;
  }
  const all = containersOf(pod);
  if (all.length === 0 || all.includes(container)) return container;
  const { name } = pod.metadata;
  throw new CommandError(
    `container ${container} is not valid for pod ${name} of cluster ${cluster}: choose one of ${all.join(', ')}`,
  );
}

/** A connection is refused without words; the same question without one is answered with some. */
async function whyRefused(
  hub: HttpApi,
  cluster: string,
  pod: KubeObject,
  container: string,
  { status }: UpgradeRefused,
  { namespace }: Arguments,
): Promise<string> {
  const query = new URLSearchParams({ command: 'true', stdout: 'true', ...(container !== '' && { container }) });
  const answer = await ask(hub, cluster, `${podPath(String(namespace), pod.metadata.name)}/exec?${query}`);
  return !answer.ok && answer.status === status ? answer.problem : `it answers with status ${status}`;
}

function wordsOf(args: Arguments): readonly string[] {
  const words = args['--'];
  if (Array.isArray(words) && words.length > 0) return words.map(String);
  throw new CommandError('the command to run stands behind "--", as in: muster exec POD -- env');
}
