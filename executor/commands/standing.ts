// What commands that go on until Ctrl-C have in common: the hub they work for, one of them leading by a Lease, a trace of it all.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Argv } from 'yargs';
import { builtInLayers, type ControlPorts, Interpreter, SYSTEM_NAMESPACE } from '../../engine/index.ts';
import type { ApiAddress } from '../live/http-api.ts';
import { type ElectionOptions, elect, leaseApi } from '../live/lease.ts';
import { openTraceFile, type TraceFile } from '../live/trace-file.ts';
import { timeZones } from '../script/time-zones.ts';
import { yamlCodec } from '../script/yaml-codec.ts';
import type { Arguments } from '../terminal/command.ts';
import { withHubOptions } from './hub-access.ts';
import { loadProfile, loadScores } from './load-profile.ts';
import { type Observing, withObservingOptions } from './observing.ts';

export const withStandingOptions = (yargs: Argv, profile: string): Argv =>
  withWorkOptions(withHubOptions(yargs), profile);

/** Those of the work itself, whatever it is done for. */
export const withWorkOptions = (yargs: Argv, profile: string): Argv =>
  withObservingOptions(yargs)
    .option('profile', { describe: 'karmada, muster, or a file', type: 'string', default: profile })
    .option('leader-elect', {
      describe: 'stand by while another of the same name works',
      type: 'boolean',
      default: true,
    })
    .option('trace', { describe: 'file to write everything to that it sees and does', type: 'string' });

export async function portsFor(profileName: unknown): Promise<ControlPorts> {
  const profile = await loadProfile(String(profileName));
  const scores = await loadScores(profile);
  return { profile, scores, interpreter: new Interpreter(builtInLayers), yaml: yamlCodec, zones: timeZones };
}

export interface Work {
  stop(): Promise<void>;
}

export interface Standing {
  readonly address: ApiAddress;
  /** Of the Lease, where it is wanted. */
  readonly name: string;
  /** What to do where the hub does not let it have the Lease. */
  readonly remedy?: string;
  readonly observing: Observing;
  readonly signal: AbortSignal;
  /** Begins the work, again for every time that it leads. */
  readonly begin: (trace: TraceFile | null, turn: Turn | null) => Work;
}

/** What a Lease inside of this one needs; there are none where nobody is to stand by. */
export type Turn = Pick<ElectionOptions, 'api' | 'identity' | 'chance' | 'departed'>;

/** Works, or stands by, until the signal. */
export async function stand(args: Arguments, standing: Standing): Promise<void> {
  const { address, name, remedy, observing, signal, begin } = standing;
  const { say, tell } = observing.log;
  const trace = typeof args.trace === 'string' ? openTraceFile(args.trace, String(args.profile), say) : null;
  const ended = new Promise((done) => signal.addEventListener('abort', done, { once: true }));
  try {
    if (args['leader-elect'] === false) {
      const work = begin(trace, null);
      if (!signal.aborted) await ended;
      await work.stop();
      return;
    }
    const api = leaseApi(address, observing.hubProblem);
    const turn = { api, identity: `${hostname()}_${randomUUID()}`, chance: Math.random };
    const election = elect({
      ...turn,
      name,
      onLeader: (leader) => say(`stands by: ${leader} leads, or did until now, by the Lease ${name}`),
      onDenied: (why) => tell('warn', deniedText(name, why, remedy)),
      lead: (departed) => {
        say('leads');
        observing.observer.leads(name, true);
        const work = begin(trace, { ...turn, departed });
        return async () => {
          if (!signal.aborted) say(LEADS_NO_LONGER);
          await work.stop();
          observing.observer.leads(name, false);
        };
      },
    });
    if (!signal.aborted) await ended;
    await election.stop();
    api.close();
  } finally {
    await trace?.close();
  }
}

/** Without being told to end. */
export const LEADS_NO_LONGER = 'leads no longer: its Lease could not be renewed in time, or another holds it';

const deniedText = (lease: string, why: string, remedy?: string): string =>
  `stands by until it may have the Lease ${lease} in ${SYSTEM_NAMESPACE}${remedy === undefined ? '' : ` (${remedy})`}: ${why}`;
