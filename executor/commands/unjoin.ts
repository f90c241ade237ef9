// muster unjoin: a cluster leaves the fleet; what it was given is taken back first.
import { HttpApi } from '../live/http-api.ts';
import { JoinError } from '../live/join.ts';
import { unjoin } from '../live/unjoin.ts';
import { contextAddress } from '../members/kubeconfig.ts';
import { ApiUnreadable } from '../members/member.ts';
import { type Command, CommandError } from '../terminal/command.ts';
import { hubAddressOf, withHubOptions } from './hub-access.ts';

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export const command: Command = {
  declare: (yargs) =>
    withHubOptions(yargs)
      .positional('name', { describe: 'as which it joined', type: 'string', demandOption: true })
      .option('cluster-kubeconfig', { describe: "the cluster's, to take our account away there", type: 'string' })
      .option('cluster-context', { describe: 'its context', type: 'string' })
      .option('dry-run', { describe: 'look whether it would do, and change nothing', type: 'boolean', default: false })
      .option('wait', { describe: 'seconds to wait until it has left', type: 'number', default: 60 }),
  run: async (args) => {
    try {
      const hub = new HttpApi(await hubAddressOf(args));
      const file = textOrNull(args['cluster-kubeconfig']);
      const context = textOrNull(args['cluster-context']);
      const member = file === null ? null : new HttpApi(await contextAddress({ file, context }));
      const dryRun = args['dry-run'] === true;
      try {
        await unjoin({ hub, name: String(args.name), member, waitMs: Number(args.wait) * 1000, dryRun });
      } finally {
        hub.close();
        member?.close();
      }
      process.stdout.write(`cluster(${args.name}) ${dryRun ? 'would leave (dry run)' : 'has left'}\n`);
      return 0;
    } catch (error) {
      if (error instanceof JoinError || error instanceof ApiUnreadable) throw new CommandError(error.message);
      throw error;
    }
  },
};
