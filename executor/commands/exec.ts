// muster exec: runs a command in a container of a pod in any member, through the hub, with the rights that its user has there.
import { type Arguments, type Command, CommandError, type ExitCode } from '../terminal/command.ts';
import { clusterOfPod, podPath, withClustersOption } from './across/fleet-access.ts';
import { hubAddressOf, withHub, withHubOptions } from './hub-access.ts';

export const command: Command = {
  declare: (yargs) =>
    withClustersOption(withHubOptions(yargs))
      .parserConfiguration({ 'populate--': true })
      .positional('pod', { describe: 'its name', type: 'string', demandOption: true })
      .option('namespace', { alias: 'n', describe: 'of the pod', type: 'string', default: 'default' })
      .option('container', { alias: 'c', describe: 'of the pod; its first if left out', type: 'string' })
      .option('stdin', { alias: 'i', describe: 'pass on what is typed', type: 'boolean', default: false })
      .option('tty', { alias: 't', describe: 'as on a terminal', type: 'boolean', default: false })
      .example('$0 exec web-5d9c-x2x1z -C member1 -- env', '')
      .epilogue('The exit code is that of the command.'),
  run: async (args) => {
    const words = wordsOf(args);
    const address = await hubAddressOf(args);
    return withHub(args, async (hub, objects) => {
      const namespace = String(args.namespace);
      const pod = String(args.pod);
      const cluster = await clusterOfPod(hub, objects, args, podPath(namespace, pod));
      const { runThroughHub } = await import('./across/remote-command.ts');
      const code = await runThroughHub(address, {
        cluster,
        namespace,
        pod,
        container: typeof args.container === 'string' ? args.container : '',
        words,
        stdin: args.stdin === true ? process.stdin : null,
        tty: args.tty === true,
        out: process.stdout,
        notes: process.stderr,
      });
      return code as ExitCode;
    });
  },
};

function wordsOf(args: Arguments): readonly string[] {
  const words = args['--'];
  if (Array.isArray(words) && words.length > 0) return words.map(String);
  throw new CommandError('the command to run stands behind "--", as in: muster exec POD -- env');
}
