// muster register: a cluster becomes a member that pulls; what its agent needs to know is written to a file.

import { writeAtomically } from '../files/write-atomic.ts';
import { HttpApi } from '../live/http-api.ts';
import { JoinError } from '../live/join.ts';
import { agentAccount, register } from '../live/register.ts';
import { contextAddress } from '../members/kubeconfig.ts';
import { ApiUnreadable } from '../members/member.ts';
import { type Arguments, type Command, CommandError } from '../terminal/command.ts';
import { hubAddressOf, withHubOptions } from './hub-access.ts';
import { kubeconfigOf } from './up/kubeconfig-file.ts';

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export const command: Command = {
  declare: (yargs) =>
    withHubOptions(yargs)
      .positional('name', { describe: 'as which it registers', type: 'string', demandOption: true })
      .option('cluster-kubeconfig', { describe: "the cluster's kubeconfig", type: 'string', demandOption: true })
      .option('cluster-context', { describe: 'its context', type: 'string' })
      .option('cluster-provider', { describe: 'who runs the cluster', type: 'string' })
      .option('cluster-region', { describe: 'where it stands', type: 'string' })
      .option('cluster-zones', { describe: 'in which zones, with commas between several', type: 'string' })
      .option('agent-kubeconfig-out', {
        describe: "file to write for the agent: the way to the hub, with a token of the agent's own",
        type: 'string',
      })
      .option('dry-run', { describe: 'look whether it would do, and change nothing', type: 'boolean', default: false })
      .example('$0 register edge --cluster-kubeconfig edge.config --agent-kubeconfig-out agent.config', ''),
  run: async (args) => {
    try {
      return await registered(args);
    } catch (error) {
      if (error instanceof JoinError || error instanceof ApiUnreadable) throw new CommandError(error.message);
      throw error;
    }
  },
};

async function registered(args: Arguments): Promise<0> {
  const name = String(args.name);
  const dryRun = args['dry-run'] === true;
  const file = textOrNull(args['agent-kubeconfig-out']) ?? `${name}-agent.kubeconfig`;
  const hubAddress = await hubAddressOf(args);
  const memberAddress = await contextAddress({
    file: String(args['cluster-kubeconfig']),
    context: textOrNull(args['cluster-context']),
  });
  const [hub, member] = [new HttpApi(hubAddress), new HttpApi(memberAddress)];
  try {
    const token = await register({ name, spec: specOf(args), hub, member, dryRun });
    if (token === null) {
      process.stdout.write(`cluster(${name}) would register (dry run)\n`);
      return 0;
    }
    const server = hubAddress.server.href.replace(/\/$/, '');
    const access = { name: agentAccount(name), server, authority: hubAddress.authority, token };
    await writeAtomically(file, kubeconfigOf([access]), { mode: 0o600 });
    process.stdout.write(`cluster(${name}) has registered\n`);
    const words = ['muster agent', name, '--hub-kubeconfig', file, '--cluster-kubeconfig', args['cluster-kubeconfig']];
    const context = textOrNull(args['cluster-context']);
    if (context !== null) words.push('--cluster-context', context);
    process.stderr.write(`register: its agent, where the cluster can be reached: ${words.join(' ')}\n`);
    return 0;
  } finally {
    hub.close();
    member.close();
  }
}

function specOf(args: Arguments) {
  const provider = textOrNull(args['cluster-provider']);
  const region = textOrNull(args['cluster-region']);
  const zones = textOrNull(args['cluster-zones']);
  return {
    ...(provider !== null && { provider }),
    ...(region !== null && { region }),
    ...(zones !== null && { zones: zones.split(',') }),
  };
}
