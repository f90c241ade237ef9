// muster hub: the control plane's own Kubernetes API, on a socket, until it is told to stop.
import { randomInt, randomUUID } from 'node:crypto';
import { type AuditLog, openAuditLog } from '../apiserver/audit.ts';
import { ADMIN, MASTERS } from '../apiserver/auth/rbac.ts';
import { makeClient, type ServerIdentity, trustIn } from '../apiserver/authority.ts';
import { CertificateFileError, type CertificateFiles } from '../apiserver/certificate-files.ts';
import { type HubSecrets, hubSecrets } from '../apiserver/hub-secrets.ts';
import { type KubeconfigOptions, kubeconfigText } from '../apiserver/kubeconfig.ts';
import { CLIENT_RATE, type RateOptions, readRate } from '../apiserver/rates.ts';
import { karmadaDefinitions, servedKinds } from '../apiserver/resources/karmada-definitions.ts';
import { type HubServer, startHub } from '../apiserver/server.ts';
import { servingOf } from '../apiserver/serving.ts';
import { writeAtomically } from '../files/write-atomic.ts';
import { DurableStore } from '../storage/durable-store.ts';
import { storageOf } from '../storage/open-storage.ts';
import { STORAGE_FORMS } from '../storage/storage-forms.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../terminal/command.ts';
import { listenError, readListen } from './listening.ts';
import { logOf, withLogOptions } from './observing.ts';
import { withAdvice } from './storage-errors.ts';

const DEFAULT_ADDRESS = '127.0.0.1:7443';

export const command: Command = {
  declare: (yargs) =>
    withLogOptions(yargs)
      .option('storage', { describe: `where objects are kept: ${STORAGE_FORMS}`, type: 'string', default: 'memory' })
      .option('sync-window', {
        describe: 'ms that an acknowledged write may wait to reach the disk; a loss of power costs no more',
        type: 'number',
        default: 0,
      })
      .option('listen', {
        describe: 'host:port; port 0 takes any that is free',
        type: 'string',
        default: DEFAULT_ADDRESS,
      })
      .option('kubeconfig-out', { describe: 'file to write for kubectl; it holds the token', type: 'string' })
      .option('client-out', {
        describe: 'USER=FILE or USER:GROUP,GROUP=FILE: a kubeconfig with a certificate for that user, good for a year',
        type: 'string',
        array: true,
      })
      .option('tls-cert-file', {
        describe: 'certificate to show, with whoever signed it; read again when it changes. One of its own if left out',
        type: 'string',
      })
      .option('tls-private-key-file', { describe: 'its key', type: 'string' })
      .option('client-ca-file', {
        describe: "authorities whose client certificates are taken, beside the hub's own",
        type: 'string',
      })
      .option('enforce-quotas', {
        describe: 'refuses decisions by which a namespace would use more than its FederatedResourceQuotas have',
        type: 'boolean',
        default: true,
      })
      .option('audit-log', { describe: 'file to append who asked for what to, a JSON line a request', type: 'string' })
      .option('token', { describe: "the administrator's token; made up once if left out", type: 'string' })
      .option('client-rate', {
        describe: 'requests a second that one user may make, or N:BURST; more are answered with 429; 0 for no limit',
        type: 'string',
        default: `${CLIENT_RATE.perSecond}:${CLIENT_RATE.burst}`,
      })
      .epilogue(
        'Stops at an interrupt. Everybody needs a token; the kubeconfig has one that may do everything. What is kept on disk ' +
          'is synced before it is acknowledged, and a hub that is started again goes on where it was: revisions, watches, ' +
          'token and certificates.',
      ),
  run: async (args) => {
    const { say } = logOf(args, 'hub');
    const { host, port } = readListen(String(args.listen), '--listen');
    const windowMs = Number(args['sync-window']);
    if (!(windowMs >= 0)) throw new CommandError('--sync-window wants a number of milliseconds, 0 or more');
    const given = args.token === undefined ? null : String(args.token);
    if (given !== null && given.length < 16)
      throw new CommandError('a token of fewer than 16 characters can be guessed');
    const clients = ((args['client-out'] ?? []) as readonly string[]).map(readClient);
    const rate = args['client-rate'];
    const clientRate = rate === undefined ? CLIENT_RATE : readRate(String(rate));
    if (clientRate === null) throw new CommandError('--client-rate wants N or N:BURST, such as 50:100');
    const place = String(args.storage);
    const audit = await auditLogOf(args['audit-log'], say);
    const durable = await openDurable(place, windowMs, say);
    try {
      const files = { files: certificateFilesIn(args), clientAuthorityFile: textOrNull(args['client-ca-file']) };
      const enforcesQuotas = args['enforce-quotas'] !== false;
      const wanted = { host, port, given, audit, clientRate, enforcesQuotas, say, ...files };
      const started = await start(durable, wanted);
      const { server, secrets, token } = started;
      const file = args['kubeconfig-out'];
      if (typeof file === 'string') await writeKubeconfig(file, started, { token });
      for (const client of clients) {
        const proof = await makeClient(secrets.authority, client.user, client.groups, Date.now());
        await writeKubeconfig(client.file, started, proof, client.user);
      }
      const where = typeof file === 'string' ? `, kubeconfig in ${file}` : '';
      say(`serving ${server.url}, objects in ${durable.storage.name}${where}`);
      const signal = await stopSignal();
      say('stopping');
      started.unkept();
      await server.close();
      return signal === 'SIGINT' ? 130 : (0 satisfies ExitCode);
    } catch (error) {
      throw error instanceof CertificateFileError ? new CommandError(error.message) : error;
    } finally {
      await audit?.close();
      await durable.close();
    }
  },
};

type Say = (text: string) => void;

async function openDurable(place: string, windowMs: number, say: Say): Promise<DurableStore> {
  const { durable, notices } = await withAdvice(() => DurableStore.open(storageOf(place, { windowMs, warn: say })));
  for (const notice of notices) say(notice);
  const problem = durable.problem();
  if (problem !== null) say(`only reads are served: ${problem.message}`);
  durable.onProblem((now) => say(now === null ? 'writes are taken again' : `writes are refused: ${now.message}`));
  return durable;
}

async function auditLogOf(file: unknown, say: Say): Promise<AuditLog | undefined> {
  if (typeof file !== 'string') return undefined;
  try {
    return await openAuditLog(file, say);
  } catch (error) {
    throw new CommandError(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

interface Started {
  readonly server: HubServer;
  readonly identity: ServerIdentity;
  readonly secrets: HubSecrets;
  /** Its certificate is no longer looked after. */
  readonly unkept: () => void;
  readonly token: string;
}

interface Wanted {
  readonly host: string;
  readonly port: number;
  /** The administrator's token, if it was told. */
  readonly given: string | null;
  readonly audit: AuditLog | undefined;
  readonly clientRate: RateOptions;
  readonly enforcesQuotas: boolean;
  /** Null for a certificate of its own authority's. */
  readonly files: CertificateFiles | null;
  readonly clientAuthorityFile: string | null;
  readonly say: Say;
}

async function start(durable: DurableStore, wanted: Wanted): Promise<Started> {
  const { host, port, given, audit, clientRate, enforcesQuotas, say, files, clientAuthorityFile } = wanted;
  const now = () => Date.now();
  const secrets = await hubSecrets(durable, now());
  const token = given ?? secrets.token;
  const hosts = [...new Set([host, 'localhost', '127.0.0.1', '::1', 'kubernetes.default.svc'])];
  // Clients do not send tokens in the clear, so the hub is never without TLS.
  const { authority } = secrets;
  const serving = await servingOf({ authority, hosts, files, clientAuthorityFile, now, say });
  const { identity } = serving;
  try {
    const server = await startHub({
      host,
      port,
      identity,
      store: durable.store,
      durability: durable,
      definitions: karmadaDefinitions(),
      served: servedKinds(),
      now,
      uid: () => randomUUID(),
      draw: (bound) => randomInt(bound),
      tokens: new Map([[token, { name: ADMIN, uid: '', groups: [MASTERS], extra: {} }]]),
      secret: secrets.signing,
      audit,
      clientRate,
      enforcesQuotas,
      onError: say,
    });
    return { server, identity, secrets, token, unkept: serving.keep(server) };
  } catch (error) {
    throw listenError(error, { host, port }, '--listen');
  }
}

async function writeKubeconfig(
  file: string,
  { server, identity }: Pick<Started, 'server' | 'identity'>,
  proof: KubeconfigOptions['proof'],
  user?: string,
): Promise<void> {
  const text = kubeconfigText({ name: 'muster', server: server.url, authority: trustIn(identity), proof, user });
  try {
    await writeAtomically(file, text, { mode: 0o600 });
  } catch (error) {
    await server.close();
    throw new CommandError(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function certificateFilesIn(args: Arguments): CertificateFiles | null {
  const [certificate, key] = [textOrNull(args['tls-cert-file']), textOrNull(args['tls-private-key-file'])];
  if (certificate !== null && key !== null) return { certificate, key };
  if (certificate === key) return null;
  throw new CommandError('--tls-cert-file and --tls-private-key-file are of use together');
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

interface WantedClient {
  readonly user: string;
  readonly groups: readonly string[];
  readonly file: string;
}

function readClient(text: string): WantedClient {
  const equals = text.lastIndexOf('=');
  const [user = '', groups = '', ...rest] = (equals < 0 ? '' : text.slice(0, equals)).split(':');
  const file = text.slice(equals + 1);
  if (user === '' || file === '' || rest.length > 0) {
    throw new CommandError(`--client-out wants USER=FILE or USER:GROUP,GROUP=FILE, not "${text}"`);
  }
  return { user, groups: groups.split(',').filter((group) => group !== ''), file };
}

function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve('SIGINT'));
    process.once('SIGTERM', () => resolve('SIGTERM'));
  });
}
