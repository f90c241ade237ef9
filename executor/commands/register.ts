// muster register: a cluster becomes a member that pulls; what its agent needs to know is written to a file.

import { writeAtomically } from '../files/write-atomic.ts';
import { HttpApi } from '../live/http-api.ts';
import { JoinError } from '../live/join.ts';
import { agentAccount, register } from '../live/register.ts';
import { contextAddress } from '../members/kubeconfig.ts';
import { ApiUnreadable } from '../members/member.ts';
import { type Arguments, type Command, CommandError } from '../terminal/command.ts';
import { hubAddressOf, withHubOptions } from './hub-access.ts';
import { registeredByToken } from './register-by-token.ts';
import { agentWords, specOf, textOrNull } from './register-words.ts';
import { kubeconfigOf } from './up/kubeconfig-file.ts';

const YEAR_SECONDS = 365 * 24 * 3600;

export const command: Command = {
  declare: (yargs) =>
    withHubOptions(yargs)
      .positional('name', {
        describe: "as which it registers; with --token, the hub's HOST:PORT",
        type: 'string',
        demandOption: true,
      })
      .option('cluster-kubeconfig', { describe: "the cluster's kubeconfig", type: 'string' })
      .option('cluster-context', { describe: 'its context', type: 'string' })
      .option('cluster-provider', { describe: 'who runs the cluster', type: 'string' })
      .option('cluster-region', { describe: 'where it stands', type: 'string' })
      .option('cluster-zones', { describe: 'in which zones, with commas between several', type: 'string' })
      .option('agent-kubeconfig-out', {
        describe: "file to write for the agent: the way to the hub, with a token of the agent's own",
        type: 'string',
      })
      .option('token', { describe: 'a bootstrap token, in place of a kubeconfig of the hub', type: 'string' })
      .option('cluster-name', {
        describe: "with --token: as which it registers; the kubeconfig's name for it if left out",
        type: 'string',
      })
      .option('discovery-token-ca-cert-hash', {
        describe: "with --token: sha256:... of the key of the hub's authority",
        type: 'string',
        array: true,
      })
      .option('discovery-token-unsafe-skip-ca-verification', {
        describe: 'with --token: believe whatever the token has signed, without such a hash',
        type: 'boolean',
        default: false,
      })
      .option('discovery-timeout', {
        describe: 'with --token: how long to wait for the certificate',
        type: 'string',
        default: '5m',
      })
      .option('cert-expiration-seconds', {
        describe: "with --token: how long the agent's certificate is good",
        type: 'number',
        default: YEAR_SECONDS,
      })
      .option('dry-run', { describe: 'look whether it would do, and change nothing', type: 'boolean', default: false })
      .example('$0 register edge --cluster-kubeconfig edge.config --agent-kubeconfig-out agent.config', '')
      .example(
        '$0 register hub.example:6443 --token abcdef.0123456789abcdef --discovery-token-ca-cert-hash sha256:... --cluster-name edge',
        '',
      ),
  run: async (args) => {
    try {
      return await (args.token === undefined ? registered(args) : registeredByToken(args));
    } catch (error) {
      if (error instanceof JoinError || error instanceof ApiUnreadable) throw new CommandError(error.message);
      throw error;
    }
  },
};

async function registered(args: Arguments): Promise<0> {
  const name = String(args.name);
  if (args['cluster-kubeconfig'] === undefined) throw new CommandError('--cluster-kubeconfig is missing');
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
    process.stderr.write(`register: its agent, where the cluster can be reached: ${agentWords(name, file, args)}\n`);
    return 0;
  } finally {
    hub.close();
    member.close();
  }
}
