// muster agent: beside a cluster that pulls: fetches what it is to run, applies it, and tells the hub how it is.
import { agentControllersOf, CLUSTER_NAMESPACE, COLLECTIONS, executionSpaceOf } from '../../engine/index.ts';
import { keepRenewed } from '../live/bootstrap/renew.ts';
import { EventWriter } from '../live/event-writer.ts';
import { type ApiAddress, HttpApi } from '../live/http-api.ts';
import { HttpClient } from '../live/http-client.ts';
import { JoinError } from '../live/join.ts';
import { LiveProcess } from '../live/live-process.ts';
import { refuseForeignAgent } from '../live/register.ts';
import { openTraceFile } from '../live/trace-file.ts';
import { wallTime } from '../live/wall-time.ts';
import { contextAddress } from '../members/kubeconfig.ts';
import { ApiUnreadable } from '../members/member.ts';
import { type Arguments, type Command, CommandError } from '../terminal/command.ts';
import { onInterrupt } from '../terminal/interrupt.ts';
import { writeAgentKubeconfig } from './agent-kubeconfig.ts';
import { memberRateOf, withMemberRateOptions } from './member-rate.ts';
import { observe, withObservingOptions } from './observing.ts';
import { portsFor } from './standing.ts';

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export const command: Command = {
  declare: (yargs) =>
    withMemberRateOptions(withObservingOptions(yargs))
      .positional('name', { describe: 'as which the cluster has registered', type: 'string', demandOption: true })
      .option('hub-kubeconfig', { describe: 'the file that register wrote', type: 'string', demandOption: true })
      .option('hub-context', { describe: 'its context', type: 'string' })
      .option('cluster-kubeconfig', { describe: "the cluster's kubeconfig", type: 'string' })
      .option('cluster-context', { describe: 'its context', type: 'string' })
      .option('cert-rotation-remaining-time-threshold', {
        describe: 'renew a client certificate of its own when this part of its time is left; 0 for never',
        type: 'number',
        default: 0.2,
      })
      .option('profile', { describe: 'karmada, muster, or a file', type: 'string', default: 'muster' })
      .option('trace', { describe: 'file to write everything to that it sees and does', type: 'string' })
      .epilogue('It reaches out to the hub and to its cluster; neither has to reach it.'),
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
  const { log, observer, hubProblem, close } = await observe(args, 'agent');
  const { requested } = observer;
  const ports = await portsFor(args.profile);
  const hubAddress = await contextAddress({
    file: String(args['hub-kubeconfig']),
    context: textOrNull(args['hub-context']),
  });
  const ownAddress = await contextAddress({
    file: textOrNull(args['cluster-kubeconfig']),
    context: textOrNull(args['cluster-context']),
  });
  const hubApi = new HttpApi(hubAddress, { requested, problem: hubProblem });
  const ownApi = new HttpApi(ownAddress, { requested, rate });
  await refuseForeignAgent(hubApi, ownApi, name);
  const time = { now: wallTime(), chance: Math.random };
  const own = new Map<string, string>([
    [COLLECTIONS.works, executionSpaceOf(name)],
    [COLLECTIONS.leases, CLUSTER_NAMESPACE],
  ]);
  // It may read nobody else's.
  const hub = new HttpClient(hubApi, { ...time, namespaceOf: (one) => own.get(one) ?? '' });
  const member = new HttpClient(ownApi, time);
  const trace = typeof args.trace === 'string' ? openTraceFile(args.trace, String(args.profile), log.say) : null;
  const live = new LiveProcess({
    name: `agent-${name}`,
    controllers: agentControllersOf(ports, name),
    hub,
    memberOf: (cluster) => (cluster === name ? member : null),
    now: time.now,
    ...(trace !== null && { trace: trace.write }),
    onSettled: (task, results, tookMs) => {
      for (const record of task.outcome.events) events.tell(task.controller, record);
      observer.settled(task, results, tookMs);
    },
  });
  const events = new EventWriter({
    hub,
    now: time.now,
    find: ({ on, key }) => live.manager.cache.reader(on).get(key.collection, key.namespace, key.name),
  });
  const renewal = renewalOf(args, { name, hubAddress, say: log.say });
  const ended = observer.begun(live.manager);
  log.say(`serves cluster ${name} from ${hubAddress.server.origin}; Ctrl-C ends it`);
  if (!signal.aborted) await new Promise((done) => signal.addEventListener('abort', done, { once: true }));
  log.say('stopping');
  renewal();
  await live.stop();
  for (const client of [hub, member]) client.close();
  ended();
  await trace?.close();
  await close();
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
  const threshold = Number(args['cert-rotation-remaining-time-threshold']);
  if (threshold >= 0 && threshold <= 1) return threshold;
  throw new CommandError('--cert-rotation-remaining-time-threshold wants a number from 0 to 1');
}
