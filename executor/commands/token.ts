// muster token: short secrets with which clusters that nobody knows yet register themselves.
import type { KubeObject } from '../../engine/index.ts';
import { certificatesIn } from '../apiserver/certificate-files.ts';
import type { ApiObjects } from '../live/api-objects.ts';
import {
  authorityPin,
  type BootstrapToken,
  type KnownToken,
  knownToken,
  newBootstrapToken,
  readBootstrapToken,
  TOKEN_SPACE,
  tokenObject,
  tokenSecretName,
  tokenText,
} from '../live/bootstrap/token.ts';
import { type Arguments, type Command, CommandError, type ExitCode } from '../terminal/command.ts';
import { formatDuration, parseDuration } from '../terminal/duration.ts';
import { type Listing, printListing, withOutputOption } from '../terminal/output.ts';
import { hubAddressOf, withHub, withHubOptions } from './hub-access.ts';

const ACTS = ['create', 'list', 'delete'] as const;
const SECRET = { apiVersion: 'v1', kind: 'Secret' };
const DEFAULT_TTL = '24h';

export const command: Command = {
  declare: (yargs) =>
    withHubOptions(withOutputOption(yargs))
      .positional('act', { describe: 'what to do', choices: ACTS, demandOption: true })
      .positional('token', {
        describe: 'to create: made up if left out; to delete: the token or its first part',
        type: 'string',
      })
      .option('ttl', { describe: 'how long it is good, such as 2h; 0 for ever', type: 'string', default: DEFAULT_TTL })
      .option('description', { describe: 'what it is for', type: 'string', default: '' })
      .option('print-register-command', {
        describe: 'with create: print the whole command that registers a cluster with it',
        type: 'boolean',
        default: false,
      })
      .epilogue(
        'Whoever has a token may register clusters that pull, under names that are free, as long as it is good. While there are ' +
          'tokens, strangers may read where the hub is and which authority speaks for it (kube-public/cluster-info), and nothing else.',
      )
      .example('$0 token create --ttl 2h --print-register-command', ''),
  run: (args) =>
    withHub(args, (_, hub): Promise<ExitCode> => {
      if (args.act === 'create') return create(args, hub);
      return args.act === 'delete' ? remove(args, hub) : list(args, hub);
    }),
};

async function create(args: Arguments, hub: ApiObjects): Promise<0> {
  const ttl = parseDuration(args.ttl);
  if (ttl === null) throw new CommandError(`--ttl should be a duration, such as 2h, or 0, and not "${args.ttl}"`);
  const token = args.token === undefined ? newBootstrapToken() : readBootstrapToken(String(args.token));
  if (token === null) {
    throw new CommandError(`a token is six letters or digits, a dot and sixteen more, and not "${args.token}"`);
  }
  const expiration = ttl === 0 ? null : new Date(Date.now() + ttl).toISOString().replace(/\.\d+Z$/, 'Z');
  const text = args['print-register-command'] === true ? await registerCommand(args, token) : tokenText(token);
  await hub.create(tokenObject(token, { description: String(args.description), expiration }));
  process.stdout.write(`${text}\n`);
  return 0;
}

async function registerCommand(args: Arguments, token: BootstrapToken): Promise<string> {
  const { server, authority } = await hubAddressOf(args);
  const pins = certificatesIn(authority ?? '').map(authorityPin);
  if (pins.length === 0)
    throw new CommandError(`the kubeconfig names no authority for ${server.origin}: no hash of it can be given`);
  const hashes = pins.map((pin) => `--discovery-token-ca-cert-hash ${pin}`).join(' ');
  return `muster register ${server.host} --token ${tokenText(token)} ${hashes}`;
}

async function remove(args: Arguments, hub: ApiObjects): Promise<0> {
  const given = String(args.token ?? '');
  const id = readBootstrapToken(given)?.id ?? given;
  if (!/^[a-z0-9]{6}$/.test(id))
    throw new CommandError('which token? The first six letters of it will do (see muster token list)');
  const reference = { ...SECRET, namespace: TOKEN_SPACE, name: tokenSecretName(id) };
  if ((await hub.get(reference)) === null) throw new CommandError(`the hub has no token ${id}`);
  await hub.remove(reference);
  process.stdout.write(`token ${id} deleted\n`);
  return 0;
}

async function list(args: Arguments, hub: ApiObjects): Promise<0> {
  const secrets = await hub.list(SECRET, { namespace: TOKEN_SPACE });
  const found = secrets.flatMap((secret) => {
    const token = knownToken(secret);
    return token === null ? [] : [{ token, secret }];
  });
  await printListing(listingOf(found, Date.now()), args);
  return 0;
}

interface Row {
  readonly token: KnownToken;
  readonly secret: KubeObject;
}

const listingOf = (rows: readonly Row[], now: number): Listing<Row> => ({
  columns: [
    { title: 'TOKEN', value: ({ token }) => tokenText(token) },
    { title: 'TTL', value: ({ token: { expiration } }) => leftOf(expiration, now) },
    { title: 'EXPIRES', value: ({ token: { expiration } }) => expiration ?? 'never' },
    { title: 'USAGES', value: ({ token: { usages } }) => usages.join(',') },
    { title: 'DESCRIPTION', value: ({ token: { description } }) => description },
    { title: 'GROUPS', wide: true, value: ({ token: { groups } }) => groups.join(',') },
  ],
  rows,
  name: ({ secret }) => `secret/${secret.metadata.name}`,
  document: () => ({ apiVersion: 'v1', kind: 'List', metadata: {}, items: rows.map(({ secret }) => secret) }),
  empty: 'there is no bootstrap token',
});

const leftOf = (expiration: string | null, now: number): string => {
  if (expiration === null) return 'forever';
  const left = Math.floor((Date.parse(expiration) - now) / 1_000) * 1_000;
  return left > 0 ? formatDuration(left) : 'expired';
};
