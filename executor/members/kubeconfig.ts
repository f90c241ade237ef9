// Clusters that exist: a context of the user's kubeconfig, read and never written. Tokens that programs hand out are asked for
// again before they are old.

import type { ApiAddress } from '../live/http-api.ts';
import { ApiUnreadable } from './member.ts';

/** How long headers and certificates of a context are taken for granted. */
const CREDENTIALS_MS = 60_000;

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

export async function contextAddress({ file, context }: ContextChoice): Promise<ApiAddress> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    if (file === null) config.loadFromDefault();
    else config.loadFromFile(file);
  } catch (error) {
    throw new ApiUnreadable(`the kubeconfig ${file ?? ''} cannot be read: ${(error as Error).message}`);
  }
  if (context !== null) {
    if (config.getContextObject(context) === null) {
      const known = config.contexts.map(({ name }) => name).join(', ') || 'none';
      throw new ApiUnreadable(`the kubeconfig has no context ${context}: it has ${known}`);
    }
    config.setCurrentContext(context);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new ApiUnreadable('the kubeconfig names no cluster: choose a context with --context');
  const read = async (): Promise<Applied> => {
    const options: Applied = {};
    await config.applyToHTTPSOptions(options as Parameters<typeof config.applyToHTTPSOptions>[0]);
    return options;
  };
  const first = await read();
  let headers = textsOf(first.headers);
  let readAt = performance.now();
  return {
    server: new URL(cluster.server),
    insecure: cluster.skipTLSVerify === true,
    authority: textOf(first.ca),
    certificate: first.cert === undefined ? null : { cert: textOf(first.cert) ?? '', key: textOf(first.key) ?? '' },
    headers: async () => {
      if (performance.now() - readAt > CREDENTIALS_MS) {
        headers = textsOf((await read()).headers);
        readAt = performance.now();
      }
      return headers;
    },
  };
}

const textOf = (value: unknown): string | null =>
  typeof value === 'string' ? value : value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : null;

const textsOf = (headers: Applied['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]));
