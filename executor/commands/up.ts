// muster up: a hub, its controllers and its members, from nothing, until Ctrl-C or `muster down`.
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { writeAtomically } from '../files/write-atomic.ts';
import { type TokenAccess, tokenAddress } from '../live/address.ts';
import { pickControllers, startControlPlane, UnknownController } from '../live/control-plane.ts';
import { type ApiAddress, HttpApi } from '../live/http-api.ts';
import { JoinError, join } from '../live/join.ts';
import { elect, leaseApi } from '../live/lease.ts';
import { openTraceFile } from '../live/trace-file.ts';
import { EMBEDDED_BEHAVIORS, EMBEDDED_NODES, type EmbeddedMember, startEmbedded } from '../members/embedded.ts';
import { KIND_PREFIX, Kind } from '../members/kind.ts';
import { contextAddress } from '../members/kubeconfig.ts';
import { ApiUnreadable, MemberError } from '../members/member.ts';
import { MEMBER_FORMS, readMembers, type WantedMember } from '../members/wanted.ts';
import { STORAGE_FORMS } from '../storage/open-storage.ts';
import { type Arguments, type Command, CommandError } from '../terminal/command.ts';
import { onInterrupt } from '../terminal/interrupt.ts';
import { portsFor } from './standing.ts';
import { kubeconfigOf, type NamedAccess } from './up/kubeconfig-file.ts';
import { startLocalHub } from './up/local-hub.ts';
import { DEFAULT_FOLDER, forgetIn, kubeconfigIn, rememberIn, runningIn } from './up/state.ts';

export const command: Command = {
  declare: (yargs) =>
    yargs
      .option('members', { describe: `member clusters: ${MEMBER_FORMS}`, type: 'string', default: 'embedded:2' })
      .option('storage', {
        describe: `where the hub keeps objects: ${STORAGE_FORMS}`,
        type: 'string',
        default: 'memory',
      })
      .option('port', {
        describe: "the hub's port on this machine; 0 takes any that is free",
        type: 'number',
        default: 0,
      })
      .option('profile', { describe: 'karmada, muster, or a file', type: 'string', default: 'muster' })
      .option('controllers', {
        describe: 'names of the controllers to run, with commas; all if left out',
        type: 'string',
      })
      .option('kubeconfig', { describe: 'where the contexts of kubeconfig: members are read', type: 'string' })
      .option('kubeconfig-out', { describe: 'file to write for kubectl; it holds tokens', type: 'string' })
      .option('dir', { describe: 'folder to keep what down and status need', type: 'string', default: DEFAULT_FOLDER })
      .option('trace', { describe: 'file to write everything to that controllers see and do', type: 'string' })
      .epilogue('Embedded members are simulated clusters with a real Kubernetes API, each in a process of its own.'),
  run: async (args) => {
    const { signal, release } = onInterrupt();
    try {
      await up(args, signal);
      return 130;
    } catch (error) {
      if (EXPECTED.some((kind) => error instanceof kind)) throw new CommandError((error as Error).message);
      throw error;
    } finally {
      release();
    }
  },
};

const EXPECTED = [MemberError, ApiUnreadable, JoinError, UnknownController];

const say = (text: string): void => void process.stderr.write(`up: ${text}\n`);

async function up(args: Arguments, signal: AbortSignal): Promise<void> {
  const folder = String(args.dir);
  const reading = readMembers(String(args.members));
  if (!reading.ok) throw new CommandError(reading.problem);
  if ((await runningIn(folder)) !== null) {
    throw new CommandError(`something is up in ${folder} already: end it with "muster down", or name another --dir`);
  }
  const ports = await portsFor(args.profile);
  const named = args.controllers === undefined ? null : String(args.controllers).split(',');
  pickControllers(ports, named);
  const ends: (() => Promise<unknown>)[] = [];
  try {
    const hub = await startLocalHub(String(args.storage), Number(args.port), say);
    ends.push(() => hub.close());
    const trace = typeof args.trace === 'string' ? openTraceFile(args.trace, say) : null;
    if (trace !== null) ends.push(() => trace.close());
    const tracing = trace === null ? {} : { trace: trace.write };
    const leases = leaseApi(tokenAddress(hub.access));
    const election = elect({
      api: leases,
      name: 'muster-control-plane',
      identity: `${hostname()}_${randomUUID()}`,
      chance: Math.random,
      onLeader: (leader) => say(`stands by: ${leader} leads, or did until now`),
      lead: () => {
        const plane = startControlPlane({ hub: hub.client, controllers: pickControllers(ports, named), ...tracing });
        return () => plane.stop();
      },
    });
    ends.push(async () => {
      await election.stop();
      leases.close();
    });
    const context = typeof args.kubeconfig === 'string' ? args.kubeconfig : null;
    const started = await startMembers(reading.members, context, resolve(folder), ends);
    const hubApi = new HttpApi(tokenAddress(hub.access));
    ends.push(async () => hubApi.close());
    await Promise.all(started.map((one) => joinMember(hubApi, one)));
    const file = resolve(typeof args['kubeconfig-out'] === 'string' ? args['kubeconfig-out'] : kubeconfigIn(folder));
    const made = started.flatMap(({ wanted, access }) => (access === null ? [] : [{ ...access, name: wanted.name }]));
    const all: NamedAccess[] = [{ ...hub.access, name: 'hub' }, ...made];
    await writeAtomically(file, kubeconfigOf(all), { mode: 0o600 });
    await rememberIn(folder, file);
    ends.push(() => forgetIn(folder));
    say(`the hub serves ${hub.access.server}, objects in ${hub.storage}`);
    for (const { name } of all)
      say(`kubectl --kubeconfig ${file} --context ${name} get ${name === 'hub' ? 'clusters' : 'pods -A'}`);
    say(`ready; Ctrl-C ends it`);
    if (!signal.aborted) await new Promise((done) => signal.addEventListener('abort', done, { once: true }));
    say('stopping');
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

interface StartedMember {
  readonly wanted: WantedMember;
  readonly address: ApiAddress;
  /** Null for clusters that the user has a way to already. */
  readonly access: TokenAccess | null;
}

/** All at once; if one fails, those that came up are ended by the caller. */
async function startMembers(
  wanted: readonly WantedMember[],
  kubeconfig: string | null,
  folder: string,
  ends: (() => Promise<unknown>)[],
): Promise<readonly StartedMember[]> {
  const kind = new Kind({ kubeconfig: `${folder}/kind.kubeconfig` });
  const taken = wanted.some((one) => one.kind === 'kind') ? await kind.list() : [];
  await mkdir(folder, { recursive: true });
  const outcomes = await Promise.allSettled(
    wanted.map(async (one): Promise<StartedMember> => {
      if (one.kind === 'kubeconfig') {
        const address = await contextAddress({ file: kubeconfig, context: one.context });
        return { wanted: one, address, access: null };
      }
      if (one.kind === 'kind') return startKind(kind, one, taken, folder, ends);
      const member: EmbeddedMember = await startEmbedded({
        name: one.name,
        nodes: EMBEDDED_NODES,
        behaviors: EMBEDDED_BEHAVIORS,
      });
      ends.push(() => member.close());
      return { wanted: one, address: tokenAddress(member), access: member };
    }),
  );
  const failed = outcomes.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

/** A cluster that was there before is somebody's, and neither used nor deleted. */
async function startKind(
  kind: Kind,
  wanted: WantedMember,
  taken: readonly string[],
  folder: string,
  ends: (() => Promise<unknown>)[],
): Promise<StartedMember> {
  const { name } = wanted;
  if (taken.includes(name)) {
    throw new MemberError(
      `kind has a cluster ${KIND_PREFIX}${name} already: try "kind delete cluster --name ${KIND_PREFIX}${name}"`,
    );
  }
  say(`kind creates ${KIND_PREFIX}${name}`);
  ends.push(() => kind.delete(name));
  await kind.create(name, { region: 'local', zone: `local-${name}` });
  const file = `${folder}/${name}.kubeconfig`;
  await writeAtomically(file, await kind.kubeconfig(name), { mode: 0o600 });
  say(`kubectl --kubeconfig ${file} get pods -A`);
  return { wanted, address: await contextAddress({ file, context: null }), access: null };
}

async function joinMember(hub: HttpApi, { wanted, address }: StartedMember): Promise<void> {
  const member = new HttpApi(address);
  try {
    const { name, kind } = wanted;
    const spec = kind === 'kubeconfig' ? {} : { provider: kind, region: 'local', zones: [`local-${name}`] };
    await join({ name, hub, member, address, spec });
  } finally {
    member.close();
  }
}
