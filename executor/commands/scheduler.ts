// muster scheduler: decides on the bindings of an existing control plane, Karmada's or Muster's, in place of its own scheduler;
// or, as a shadow, only says where it would have decided otherwise.
import {
  type Controller,
  SCHEDULER_NAME,
  type ShadowFinding,
  schedulersOnHubOf,
  shadowOf,
  type TargetCluster,
} from '../../engine/index.ts';
import { writeText } from '../files/write.ts';
import type { ApiAddress } from '../live/http-api.ts';
import { HttpApi } from '../live/http-api.ts';
import { HttpClient } from '../live/http-client.ts';
import type { LiveProcess } from '../live/live-process.ts';
import { startObserved } from '../live/observed-process.ts';
import { schedulingLease } from '../live/scheduling-lease.ts';
import type { TraceFile } from '../live/trace-file.ts';
import { wallTime } from '../live/wall-time.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../terminal/command.ts';
import { onInterrupt } from '../terminal/interrupt.ts';
import { hubAddressOf } from './hub-access.ts';
import { type Observing, observe } from './observing.ts';
import { ShadowTally, summaryText } from './scheduler/shadow-summary.ts';
import { portsFor, stand, type Work, withStandingOptions } from './standing.ts';

/** How long nothing may be left to look at before a shadow that was to look once ends. */
const CALM_MS = 1_000;
const SHADOW_FORMATS = ['lines', 'table', 'json'] as const;

export const command: Command = {
  declare: (yargs) =>
    withStandingOptions(yargs, 'karmada')
      .option('scheduler-name', {
        describe: 'decides on the bindings that ask for this one',
        type: 'string',
        default: SCHEDULER_NAME,
      })
      .option('shadow', {
        describe: 'decide without writing, and tell what it would have decided',
        type: 'boolean',
        default: false,
      })
      .option('once', {
        describe: 'with --shadow: look at what stands, and end; 2 if anything differs',
        type: 'boolean',
        default: false,
      })
      .option('all', {
        describe: 'with --shadow and lines: tell also where both agree',
        type: 'boolean',
        default: false,
      })
      .option('output', {
        alias: 'o',
        describe:
          'with --shadow: a JSON line for each difference as it is found, with a table for people at the end; or at the end the table, ' +
          'or one JSON document with everything',
        choices: SHADOW_FORMATS,
        default: SHADOW_FORMATS[0],
      })
      .epilogue(
        `Who holds the Lease karmada-scheduler decides for ${SCHEDULER_NAME}: Karmada's scheduler, this one, or "muster up" and "muster ` +
          'controllers" with theirs; while another holds it, this one stands by, and they do the rest of their work. A scheduler of ' +
          'another name has a Lease of its own and decides beside it. It reaches no member: replicas that wait for a node there go ' +
          'elsewhere where "muster up" or "muster controllers" schedule.',
      )
      .example('$0 scheduler --kubeconfig karmada.config --scheduler-name muster', "beside Karmada's own")
      .example('$0 scheduler --kubeconfig karmada.config --shadow', 'would it have decided otherwise?'),
  run: async (args) => {
    const alone = ['once', 'all'].find((option) => args[option] === true);
    if (alone !== undefined && args.shadow !== true) throw new CommandError(`--${alone} is for a shadow: add --shadow`);
    const { signal, release } = onInterrupt();
    try {
      const given = { address: await hubAddressOf(args), observing: await observe(args, 'scheduler'), signal };
      const code = args.shadow === true ? await shadow(args, given) : await schedule(args, given);
      await given.observing.close();
      return code;
    } finally {
      release();
    }
  },
};

interface Given {
  readonly address: ApiAddress;
  readonly observing: Observing;
  readonly signal: AbortSignal;
}

async function schedule(args: Arguments, { address, observing, signal }: Given): Promise<ExitCode> {
  const ports = await portsFor(args.profile);
  const name = String(args['scheduler-name']);
  await stand(args, {
    address,
    name: schedulingLease(name),
    observing,
    signal,
    begin: (trace) => startedOn(address, name, schedulersOnHubOf(ports, name), observing, trace).work,
  });
  return 130;
}

async function shadow(args: Arguments, { address, observing, signal }: Given): Promise<ExitCode> {
  const ports = await portsFor(args.profile);
  const hasLines = args.output === undefined || args.output === 'lines';
  const tally = new ShadowTally();
  const tell = (finding: ShadowFinding): void => {
    tally.add(finding);
    const isTold = hasLines && (!finding.agrees || args.all === true);
    if (isTold) process.stdout.write(`${JSON.stringify(lineOf(finding))}\n`);
  };
  const name = String(args['scheduler-name']);
  const { work, live } = startedOn(address, name, [shadowOf(ports, name, tell)], observing, null);
  if (args.once === true) await untilCalm(live, signal);
  else if (!signal.aborted) await new Promise((done) => signal.addEventListener('abort', done, { once: true }));
  await work.stop();
  const summary = tally.summary();
  if (args.output === 'json') {
    const { differences, ...counts } = summary;
    await writeText(
      process.stdout,
      `${JSON.stringify({ ...counts, differences: differences.map(lineOf) }, null, 2)}\n`,
    );
  } else {
    // Where lines are the data, the table is for whoever looks on.
    await writeText(hasLines ? process.stderr : process.stdout, summaryText(summary));
  }
  if (signal.aborted) return 130;
  return summary.different > 0 ? 2 : 0;
}

const lineOf = ({ binding, stands, would, ...rest }: ShadowFinding) => ({
  binding,
  ...rest,
  stands: placesOf(stands),
  would: would === null ? null : placesOf(would),
});

const placesOf = (clusters: readonly TargetCluster[]) =>
  Object.fromEntries(clusters.map(({ name, replicas = 0 }) => [name, replicas]));

interface Scheduling {
  readonly work: Work;
  readonly live: LiveProcess;
}

/** It reads and writes the hub alone: members are no matter of a scheduler. */
function startedOn(
  address: ApiAddress,
  schedulerName: string,
  controllers: readonly Controller[],
  { observer, hubProblem }: Observing,
  trace: TraceFile | null,
): Scheduling {
  const now = wallTime();
  const api = new HttpApi(address, { requested: observer.requested, problem: hubProblem });
  const hub = new HttpClient(api, { now, chance: Math.random });
  const { live, stop } = startObserved({
    // Whoever reads its trace has to know for which bindings it decides.
    name: `scheduler-${schedulerName}`,
    controllers,
    hub,
    memberOf: () => null,
    now,
    ...(trace !== null && { trace: trace.write }),
    observer,
  });
  const end = async (): Promise<void> => {
    await stop();
    hub.close();
  };
  return { work: { stop: end }, live };
}

/** Everything has been listed, and nothing has been left to look at for a while. */
async function untilCalm(live: LiveProcess, signal: AbortSignal): Promise<void> {
  let calmSince: number | null = null;
  while (!signal.aborted) {
    const isCalm = live.manager.hasBegun && live.manager.backlog().every(({ keys, held }) => keys + held === 0);
    const now = performance.now();
    calmSince = isCalm ? (calmSince ?? now) : null;
    if (calmSince !== null && now - calmSince >= CALM_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
