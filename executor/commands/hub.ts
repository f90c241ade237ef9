// muster hub: the control plane's own Kubernetes API, on a socket, until it is told to stop.
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { ObjectStore } from '../../engine/index.ts';
import { MASTERS } from '../apiserver/auth/rbac.ts';
import { makeAuthority, makeIdentity } from '../apiserver/authority.ts';
import { kubeconfigText } from '../apiserver/kubeconfig.ts';
import { karmadaDefinitions, servedKinds } from '../apiserver/resources/karmada-definitions.ts';
import { type HubServer, startHub } from '../apiserver/server.ts';
import { writeAtomically } from '../files/write-atomic.ts';
import { type Command, CommandError, type ExitCode } from '../terminal/command.ts';

const DEFAULT_ADDRESS = '127.0.0.1:7443';

export const command: Command = {
  declare: (yargs) =>
    yargs
      .option('storage', { describe: 'where objects are kept', choices: ['memory'] as const, default: 'memory' })
      .option('listen', {
        describe: 'host:port; port 0 takes any that is free',
        type: 'string',
        default: DEFAULT_ADDRESS,
      })
      .option('kubeconfig-out', { describe: 'file to write for kubectl; it holds the token', type: 'string' })
      .option('token', { describe: "the administrator's token; made up if left out", type: 'string' })
      .epilogue('Stops at an interrupt. Everybody needs a token; the kubeconfig has one that may do everything.'),
  run: async (args) => {
    const { host, port } = readAddress(String(args.listen));
    const token = args.token === undefined ? randomBytes(32).toString('hex') : String(args.token);
    if (token.length < 16) throw new CommandError('a token of fewer than 16 characters can be guessed');
    const { server, authority } = await start(host, port, token);
    const file = args['kubeconfig-out'];
    if (typeof file === 'string') await writeKubeconfig(file, server, authority, token);
    process.stderr.write(`hub: serving ${server.url}${typeof file === 'string' ? `, kubeconfig in ${file}` : ''}\n`);
    const signal = await stopSignal();
    process.stderr.write('hub: stopping\n');
    await server.close();
    return signal === 'SIGINT' ? 130 : (0 satisfies ExitCode);
  },
};

interface Started {
  readonly server: HubServer;
  readonly authority: string;
}

async function start(host: string, port: number, token: string): Promise<Started> {
  const now = Date.now();
  const hosts = [...new Set([host, 'localhost', '127.0.0.1', '::1', 'kubernetes.default.svc'])];
  // Clients do not send tokens in the clear, so the hub is never without TLS.
  const identity = await makeIdentity(await makeAuthority(now), hosts, now);
  try {
    const server = await startHub({
      host,
      port,
      identity,
      store: new ObjectStore(),
      definitions: karmadaDefinitions(),
      served: servedKinds(),
      now: () => Date.now(),
      uid: () => randomUUID(),
      draw: (bound) => randomInt(bound),
      tokens: new Map([[token, { name: 'muster-admin', uid: '', groups: [MASTERS], extra: {} }]]),
      secret: randomBytes(32),
      onError: (message) => process.stderr.write(`hub: ${message}\n`),
    });
    return { server, authority: identity.authority.certificate };
  } catch (error) {
    throw startError(error, host, port);
  }
}

function startError(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return new CommandError(`${host}:${port} is in use by another program; choose another with --listen`);
    case 'EACCES':
      return new CommandError(`${host}:${port} may not be used by this user; choose a port above 1023 with --listen`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new CommandError(`${host} is no address of this machine`);
    default:
      return error;
  }
}

async function writeKubeconfig(file: string, server: HubServer, authority: string, token: string): Promise<void> {
  const text = kubeconfigText({ name: 'muster', server: server.url, authority, token });
  try {
    await writeAtomically(file, text, { mode: 0o600 });
  } catch (error) {
    await server.close();
    throw new CommandError(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readAddress(text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) throw new CommandError(`--listen wants host:port, not "${text}"`);
  return { host: match[1] ?? match[2]!, port };
}

function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve('SIGINT'));
    process.once('SIGTERM', () => resolve('SIGTERM'));
  });
}
