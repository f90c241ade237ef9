// A command in a container of a member, over a WebSocket through the hub: what it writes, and the code it ends with.
import type { Readable, Writable } from 'node:stream';
import { Exec, KubeConfig, type V1Status } from '@kubernetes/client-node';
import type { ApiAddress } from '../../live/http-api.ts';
import { CommandError } from '../../terminal/command.ts';
import { throughHub } from './fleet-access.ts';
import { UpgradeRefused } from './upgrade-refused.ts';

export interface RemoteCommand {
  readonly cluster: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly words: readonly string[];
  readonly stdin: (Readable & { isTTY?: boolean; setRawMode?: (raw: boolean) => unknown }) | null;
  readonly tty: boolean;
  readonly out: Writable;
  readonly notes: Writable;
}

async function configOf(address: ApiAddress, cluster: string): Promise<KubeConfig> {
  const { Authorization: authorization = '' } = await address.headers();
  const base = `${address.server.origin}${address.server.pathname.replace(/\/$/, '')}`;
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [
      {
        name: 'hub',
        server: `${base}${throughHub(cluster, '')}`,
        skipTLSVerify: address.insecure,
        ...(address.authority !== null && { caData: Buffer.from(address.authority).toString('base64') }),
      },
    ],
    users: [
      {
        name: 'user',
        ...(authorization !== '' && { token: authorization.replace(/^Bearer\s+/i, '') }),
        ...(address.certificate !== null && {
          certData: Buffer.from(address.certificate.cert).toString('base64'),
          keyData: Buffer.from(address.certificate.key).toString('base64'),
        }),
      },
    ],
    contexts: [{ name: 'hub', cluster: 'hub', user: 'user' }],
    currentContext: 'hub',
  });
  return config;
}

/** 0 for success; otherwise the command's own code, or 1 where it never ran. */
export function exitCodeOf({ status, details, message }: V1Status, notes: Writable): number {
  if (status === 'Success') return 0;
  const cause = details?.causes?.find(({ reason }) => reason === 'ExitCode');
  const code = Number(cause?.message);
  if (Number.isInteger(code) && code > 0) return code;
  notes.write(`${message ?? 'the command could not be run'}\n`);
  return 1;
}

export async function runThroughHub(address: ApiAddress, wanted: RemoteCommand): Promise<number> {
  const { cluster, namespace, pod, container, words, stdin, tty, out, notes } = wanted;
  const exec = new Exec(await configOf(address, cluster));
  const isRaw = tty && stdin?.isTTY === true;
  if (isRaw) stdin.setRawMode?.(true);
  try {
    return await new Promise<number>((resolve, reject) => {
      let isTold = false;
      const told = (status: V1Status) => {
        isTold = true;
        resolve(exitCodeOf(status, notes));
      };
      exec
        .exec(namespace, pod, container, [...words], out, tty ? null : notes, stdin, tty, told)
        .then((socket) => {
          socket.onclose = () => {
            if (!isTold)
              reject(new CommandError(`cluster ${cluster} ended the connection before the command was over`));
          };
        })
        .catch((error: unknown) => reject(problemIn(error, cluster)));
    });
  } finally {
    if (isRaw) stdin.setRawMode?.(false);
    stdin?.pause();
  }
}

/** Refused upgrades come as events with nothing but a status. */
function problemIn(error: unknown, cluster: string): Error {
  const message = typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
  const status = /Unexpected server response: (\d+)/.exec(message)?.[1];
  if (status !== undefined) return new UpgradeRefused(Number(status));
  return new CommandError(`cluster ${cluster}: ${message === '' ? 'the connection failed' : message}`);
}
