// muster unjoin: a cluster leaves the fleet; what it was given is taken back first.
import { HttpApi } from '../live/http-api.ts';
import { JoinError, unjoin } from '../live/join.ts';
import { contextAddress } from '../members/kubeconfig.ts';
import { ApiUnreadable } from '../members/member.ts';
import { type Command, CommandError } from '../terminal/command.ts';

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export const command: Command = {
  declare: (yargs) =>
    yargs
      .positional('name', { describe: 'as which it joined', type: 'string', demandOption: true })
      .option('kubeconfig', { describe: "the hub's kubeconfig", type: 'string' })
      .option('context', { describe: 'its context', type: 'string' })
      .option('cluster-kubeconfig', { describe: "the cluster's, to take our account away there", type: 'string' })
      .option('cluster-context', { describe: 'its context', type: 'string' })
      .option('wait', { describe: 'seconds to wait until it has left', type: 'number', default: 60 }),
  run: async (args) => {
    try {
      const hub = new HttpApi(
        await contextAddress({ file: textOrNull(args.kubeconfig), context: textOrNull(args.context) }),
      );
      const file = textOrNull(args['cluster-kubeconfig']);
      const context = textOrNull(args['cluster-context']);
      const member = file === null ? null : new HttpApi(await contextAddress({ file, context }));
      try {
        await unjoin(hub, String(args.name), member, Number(args.wait) * 1000);
      } finally {
        hub.close();
        member?.close();
      }
      process.stdout.write(`cluster(${args.name}) has left\n`);
      return 0;
    } catch (error) {
      if (error instanceof JoinError || error instanceof ApiUnreadable) throw new CommandError(error.message);
      throw error;
    }
  },
};
