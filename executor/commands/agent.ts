// muster agent: beside a cluster that pulls: fetches what it is to run, applies it, and tells the hub how it is.
import { agentLease } from '../apiserver/agents/agent-names.ts';
import { keepRenewed } from '../live/bootstrap/renew.ts';
import { type ApiAddress, HttpApi } from '../live/http-api.ts';
import { JoinError } from '../live/join.ts';
import { refuseForeignAgent } from '../live/register.ts';
import { serveCluster } from '../live/serve-cluster.ts';
import { contextAddress } from '../members/kubeconfig.ts';
import { ApiUnreadable } from '../members/member.ts';
import { type Arguments, type Command, CommandError } from '../terminal/command.ts';
import { onInterrupt } from '../terminal/interrupt.ts';
import { writeAgentKubeconfig } from './agent-kubeconfig.ts';
import { memberRateOf, withMemberRateOptions } from './member-rate.ts';
import { observe } from './observing.ts';
import { portsFor, stand, withWorkOptions } from './standing.ts';

const THRESHOLD = 'cert-rotation-remaining-time-threshold';

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export const command: Command = {
  declare: (yargs) =>
    withMemberRateOptions(withWorkOptions(yargs, 'muster'))
      .positional('name', { describe: 'as which the cluster has registered', type: 'string', demandOption: true })
      .option('hub-kubeconfig', { describe: 'the file that register wrote', type: 'string', demandOption: true })
      .option('hub-context', { describe: 'its context', type: 'string' })
      .option('cluster-kubeconfig', { describe: "the cluster's kubeconfig", type: 'string' })
      .option('cluster-context', { describe: 'its context', type: 'string' })
      .option(THRESHOLD, {
        describe: 'renew a client certificate of its own when this part of its time is left; 0 for never',
        type: 'number',
        default: 0.2,
      })
      .epilogue(
        'It reaches out to the hub and to its cluster; neither has to reach it. Of several agents of one cluster one serves, and the ' +
          'others stand by.',
      ),
  run: async (args) => {
    const { signal, release } = onInterrupt();
    try {
      await serve(args, signal);
      return 130;
    } catch (error) {
      if (error instanceof ApiUnreadable || error instanceof JoinError) throw new CommandError(error.message);
      throw error;
    } finally {
      release();
    }
  },
};

async function serve(args: Arguments, signal: AbortSignal): Promise<void> {
  const name = String(args.name);
  const rate = memberRateOf(args);
  thresholdIn(args);
  const observing = await observe(args, 'agent');
  const { say } = observing.log;
  const ports = await portsFor(args.profile);
  const hub = await contextAddress({ file: String(args['hub-kubeconfig']), context: textOrNull(args['hub-context']) });
  const own = await contextAddress({
    file: textOrNull(args['cluster-kubeconfig']),
    context: textOrNull(args['cluster-context']),
  });
  await refuseForeigner(name, hub, own);
  // Each of those that stand by has a file of its own to keep good.
  const renewal = renewalOf(args, { name, hubAddress: hub, say });
  await stand(args, {
    address: hub,
    name: agentLease(name),
    remedy: `"muster register ${name}" again lets it; where it came by a token, --${THRESHOLD} 1 does, once`,
    observing,
    signal,
    begin: (trace) => {
      say(`serves cluster ${name} from ${hub.server.origin}; Ctrl-C ends it`);
      return serveCluster({ name, hub, own, rate, ports, trace, ...observing });
    },
  });
  renewal();
  await observing.close();
}

async function refuseForeigner(name: string, hub: ApiAddress, own: ApiAddress): Promise<void> {
  const apis = [new HttpApi(hub), new HttpApi(own)] as const;
  try {
    await refuseForeignAgent(...apis, name);
  } finally {
    for (const api of apis) api.close();
  }
}

interface Renewed {
  readonly name: string;
  readonly hubAddress: ApiAddress;
  readonly say: (text: string) => void;
}

/** A certificate that registering with a token wrote into the file is renewed there; the answer ends that. */
function renewalOf(args: Arguments, { name, hubAddress, say }: Renewed): () => void {
  const file = String(args['hub-kubeconfig']);
  const threshold = thresholdIn(args);
  if (threshold === 0) return () => {};
  return keepRenewed({
    cluster: name,
    hub: hubAddress,
    threshold,
    write: (proof) =>
      writeAgentKubeconfig(file, {
        cluster: name,
        server: hubAddress.server.href.replace(/\/$/, ''),
        authority: hubAddress.authority,
        proof,
      }),
    say,
    now: () => Date.now(),
  });
}

function thresholdIn(args: Arguments): number {
  const threshold = Number(args[THRESHOLD]);
  if (threshold >= 0 && threshold <= 1) return threshold;
  throw new CommandError(`--${THRESHOLD} wants a number from 0 to 1`);
}
