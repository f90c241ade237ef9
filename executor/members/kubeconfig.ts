// Clusters that exist: a context of the user's kubeconfig, read and never written. Tokens that programs hand out are asked for
// again before they are old, and files that are renewed are read again.
import { X509Certificate } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { KubeConfig, User } from '@kubernetes/client-node';
import type { ApiAddress } from '../live/http-api.ts';
import { ApiUnreadable } from './member.ts';

/** How long headers and certificates of a context are taken for granted. */
const CREDENTIALS_MS = 60_000;
/** How often it is looked whether files have changed. */
const FILES_MS = 2_000;

/** What the client takes where it finds no kubeconfig. */
const NOWHERE = 'http://localhost:8080';

interface Applied {
  headers?: Record<string, unknown>;
  ca?: unknown;
  cert?: unknown;
  key?: unknown;
}

export interface ContextChoice {
  /** Null for what kubectl would take: $KUBECONFIG or the file in the home folder. */
  readonly file: string | null;
  /** Null for the current one. */
  readonly context: string | null;
}

interface Credentials {
  readonly authority: string | null;
  readonly certificate: ApiAddress['certificate'];
  readonly headers: Record<string, string>;
}

interface Read extends Credentials {
  readonly server: URL;
  readonly insecure: boolean;
  /** The kubeconfig and what it refers to. */
  readonly files: readonly string[];
}

export async function contextAddress(choice: ContextChoice): Promise<ApiAddress> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const read = () => readContext(new KubeConfig(), choice);
  let now = await read();
  let [readAt, lookedAt] = [performance.now(), performance.now()];
  let state = await stateOf(now.files);
  const isOld = async () => {
    if (performance.now() - readAt > CREDENTIALS_MS) return true;
    if (performance.now() - lookedAt <= FILES_MS) return false;
    lookedAt = performance.now();
    return state !== (await stateOf(now.files));
  };
  const renew = async () => {
    [readAt, lookedAt] = [performance.now(), performance.now()];
    const found = await stateOf(now.files);
    try {
      now = await read();
      state = found;
    } catch (error) {
      // It may be half written: what was read before may still do, and it is looked again.
      if (!(error instanceof ApiUnreadable)) throw error;
    }
  };
  let renewing: Promise<void> | null = null;
  return {
    server: now.server,
    insecure: now.insecure,
    get authority() {
      return now.authority;
    },
    get certificate() {
      return now.certificate;
    },
    headers: async () => {
      if (renewing === null && (await isOld())) {
        renewing ??= renew().finally(() => {
          renewing = null;
        });
      }
      await renewing;
      return now.headers;
    },
  };
}

/** What the kubeconfig calls the cluster of the context. */
export async function clusterNameIn({ file, context }: ContextChoice): Promise<string> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  await readContext(config, { file, context });
  return config.getCurrentCluster()?.name ?? '';
}

/** What kubectl would take where no namespace is named. */
export async function contextNamespace(choice: ContextChoice): Promise<string> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  chooseContext(config, choice);
  return config.getContextObject(config.getCurrentContext())?.namespace || 'default';
}

function chooseContext(config: KubeConfig, { file, context }: ContextChoice): void {
  try {
    if (file === null) config.loadFromDefault();
    else config.loadFromFile(file);
  } catch (error) {
    // What has no fields at all, such as an empty file, is told of as a mistake of whoever reads it.
    const why = error instanceof TypeError ? 'it is none' : (error as Error).message;
    throw new ApiUnreadable(`the kubeconfig ${file ?? ''} cannot be read: ${why}`);
  }
  if (file === null && config.getCurrentCluster()?.server === NOWHERE) {
    throw new ApiUnreadable('there is no kubeconfig: name one with --kubeconfig, or in the variable KUBECONFIG');
  }
  if (context !== null) {
    if (config.getContextObject(context) === null) {
      const known = config.contexts.map(({ name }) => name).join(', ') || 'none';
      throw new ApiUnreadable(`the kubeconfig has no context ${context}: it has ${known}`);
    }
    config.setCurrentContext(context);
  }
}

async function readContext(config: KubeConfig, choice: ContextChoice): Promise<Read> {
  chooseContext(config, choice);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new ApiUnreadable('the kubeconfig names no cluster: choose a context with --context');
  const user = config.getCurrentUser();
  const where = `the kubeconfig ${choice.file ?? ''}`.trim();
  if (!URL.canParse(cluster.server)) {
    throw new ApiUnreadable(`${where}: the server of the cluster "${cluster.name}" is no address such as https://HOST`);
  }
  const applied = await appliedOf(config, where, user);
  const problem = credentialProblem(applied, cluster.name, user?.name ?? '');
  if (problem !== null) throw new ApiUnreadable(`${where}: ${problem}`);
  return {
    ...applied,
    server: new URL(cluster.server),
    insecure: cluster.skipTLSVerify === true,
    files: [choice.file, cluster.caFile, user?.certFile, user?.keyFile].filter((one) => typeof one === 'string'),
  };
}

/** What the client makes of it; files may be missing, programs fail, and fields hold anything. */
async function appliedOf(config: KubeConfig, where: string, user: User | null): Promise<Credentials> {
  const options: Applied = {};
  try {
    await config.applyToHTTPSOptions(options as Parameters<typeof config.applyToHTTPSOptions>[0]);
  } catch (error) {
    const whose = user === null ? '' : ` of the user "${user.name}", or the certificate of the cluster,`;
    throw new ApiUnreadable(`${where}: the credentials${whose} cannot be read: ${(error as Error).message}`);
  }
  return {
    authority: textOf(options.ca),
    certificate:
      options.cert === undefined ? null : { cert: textOf(options.cert) ?? '', key: textOf(options.key) ?? '' },
    headers: textsOf(options.headers),
  };
}

/** Before anything is sent: what no connection can be made with would be told of as if the cluster could not be reached. */
function credentialProblem({ authority, certificate }: Credentials, cluster: string, user: string): string | null {
  const { cert, key } = certificate ?? {};
  const parts: readonly (readonly [string, () => unknown])[] = [
    // What is none would be left out of a context without a word.
    [
      `the certificate-authority of the cluster "${cluster}" is none`,
      () => authority && new X509Certificate(authority),
    ],
    [`the client-certificate of the user "${user}" is none`, () => createSecureContext({ cert })],
    [`the client-key of the user "${user}" is none`, () => createSecureContext({ key })],
    [
      `the client-certificate and the client-key of the user "${user}" do not belong together`,
      () => createSecureContext({ cert, key }),
    ],
  ];
  for (const [problem, make] of parts) {
    try {
      make();
    } catch (error) {
      return `${problem}: ${(error as Error).message}`;
    }
  }
  return null;
}

/** Changes when one of them is written or put in place of another. */
async function stateOf(files: readonly string[]): Promise<string> {
  const states = files.map(async (file) => {
    const { ino, size, mtimeMs } = await stat(file);
    return `${ino} ${size} ${mtimeMs}`;
  });
  return (await Promise.allSettled(states)).map((one) => (one.status === 'fulfilled' ? one.value : 'gone')).join(', ');
}

const textOf = (value: unknown): string | null =>
  typeof value === 'string' ? value : value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : null;

const textsOf = (headers: Applied['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]));
