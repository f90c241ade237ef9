// muster join: a cluster becomes a member of the fleet, to be pushed to.
import { type ApiAddress, HttpApi } from '../live/http-api.ts';
import { JoinError, type JoinOptions, join } from '../live/join.ts';
import { contextAddress } from '../members/kubeconfig.ts';
import { ApiUnreadable } from '../members/member.ts';
import { type Arguments, type Command, CommandError } from '../terminal/command.ts';
import { hubAddressOf, withHubOptions } from './hub-access.ts';

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export const command: Command = {
  declare: (yargs) =>
    withHubOptions(yargs)
      .positional('name', { describe: 'as which it joins', type: 'string', demandOption: true })
      .option('cluster-kubeconfig', { describe: "the cluster's kubeconfig", type: 'string', demandOption: true })
      .option('cluster-context', { describe: 'its context', type: 'string' })
      .option('cluster-provider', { describe: 'who runs the cluster', type: 'string' })
      .option('cluster-region', { describe: 'where it stands', type: 'string' })
      .option('cluster-zones', { describe: 'in which zones, with commas between several', type: 'string' })
      .option('with-certificate', {
        describe: "the hub shows the kubeconfig's own client certificate, and no account is made in the cluster",
        type: 'boolean',
        default: false,
      })
      .option('dry-run', { describe: 'look whether it would do, and change nothing', type: 'boolean', default: false }),
  run: async (args) => {
    try {
      const address = await contextAddress({
        file: String(args['cluster-kubeconfig']),
        context: textOrNull(args['cluster-context']),
      });
      const hubAddress = await hubAddressOf(args);
      const [hub, member] = [new HttpApi(hubAddress), new HttpApi(address)];
      const provider = textOrNull(args['cluster-provider']);
      const region = textOrNull(args['cluster-region']);
      const zones = textOrNull(args['cluster-zones']);
      const spec = {
        ...(provider === null ? {} : { provider }),
        ...(region === null ? {} : { region }),
        ...(zones === null ? {} : { zones: zones.split(',') }),
      };
      const dryRun = args['dry-run'] === true;
      try {
        const proof = certificateIn(address, args);
        await join({ name: String(args.name), hub, member, address, spec, dryRun, ...proof });
      } finally {
        hub.close();
        member.close();
      }
      process.stdout.write(`cluster(${args.name}) ${dryRun ? 'would join (dry run)' : 'has joined'}\n`);
      return 0;
    } catch (error) {
      if (error instanceof JoinError || error instanceof ApiUnreadable) throw new CommandError(error.message);
      throw error;
    }
  },
};

function certificateIn({ certificate }: ApiAddress, args: Arguments): Pick<JoinOptions, 'certificate'> {
  if (args['with-certificate'] !== true) return {};
  if (certificate !== null) return { certificate };
  throw new CommandError(`--with-certificate wants a client certificate, and ${args['cluster-kubeconfig']} has none`);
}
