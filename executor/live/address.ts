// Where an API is and how to prove who one is, from what people and objects tell: a server and a token or a client certificate, or a
// Cluster and its Secret.
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

export interface ClusterAccess extends Omit<TokenAccess, 'token'> {
  /** A token where there is one, a client certificate else. */
  readonly proof: { readonly token: string } | NonNullable<ApiAddress['certificate']>;
}

export function accessAddress({ proof, ...access }: ClusterAccess): ApiAddress {
  if ('token' in proof) return tokenAddress({ ...access, ...proof });
  const { server, authority, insecure = false } = access;
  return { server: new URL(server), authority, insecure, certificate: proof, headers: async () => ({}) };
}

/** In a cluster's Secret, as in those of the type kubernetes.io/tls. */
export const CERTIFICATE_KEYS = { cert: 'tls.crt', key: 'tls.key' } as const;

/** Null where the cluster cannot be reached with what its objects tell. */
export function clusterAccess(cluster: KubeObject, secret: KubeObject | null): ClusterAccess | null {
  const { spec } = cluster as unknown as Cluster;
  const data = secret !== null && isObject(secret.data) ? secret.data : {};
  const server = spec.apiEndpoint ?? '';
  const proof = proofIn(data);
  if (!URL.canParse(server) || proof === null) return null;
  return { server, proof, authority: decoded(data.caBundle), insecure: spec.insecureSkipTLSVerification === true };
}

function proofIn(data: Readonly<Record<string, unknown>>): ClusterAccess['proof'] | null {
  const token = decoded(data.token);
  if (token !== null) return { token };
  const [cert, key] = [decoded(data[CERTIFICATE_KEYS.cert]), decoded(data[CERTIFICATE_KEYS.key])];
  return cert === null || key === null ? null : { cert, key };
}

const decoded = (value: unknown): string | null =>
  typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : null;
