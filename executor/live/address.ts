// Where an API is and how to prove who one is, from what people and objects tell: a server and a token, or a Cluster and its Secret.
import { type Cluster, isObject, type KubeObject } from '../../engine/index.ts';
import type { ApiAddress } from './http-api.ts';

export interface TokenAccess {
  readonly server: string;
  /** PEM; null for the authorities that this machine trusts. */
  readonly authority: string | null;
  readonly token: string;
  readonly insecure?: boolean;
}

export const tokenAddress = ({ server, authority, token, insecure = false }: TokenAccess): ApiAddress => {
  const headers = { Authorization: `Bearer ${token}` };
  return { server: new URL(server), authority, insecure, certificate: null, headers: async () => headers };
};

/** Null where the cluster cannot be reached with what its objects tell. */
export function clusterAccess(cluster: KubeObject, secret: KubeObject | null): TokenAccess | null {
  const { spec } = cluster as unknown as Cluster;
  const data = secret !== null && isObject(secret.data) ? secret.data : {};
  const server = spec.apiEndpoint ?? '';
  const token = decoded(data.token);
  if (!URL.canParse(server) || token === null) return null;
  return { server, token, authority: decoded(data.caBundle), insecure: spec.insecureSkipTLSVerification === true };
}

const decoded = (value: unknown): string | null =>
  typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : null;
