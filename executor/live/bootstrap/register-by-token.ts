// How a cluster registers that nobody knows yet: with a bootstrap token it finds out whom to believe and gets a certificate for its
// agent, and with that it says that it is there.
import { type Cluster, isObject } from '../../../engine/index.ts';
import { isClusterName } from '../../apiserver/agents/agent-names.ts';
import { tokenAddress } from '../address.ts';
import { HttpApi } from '../http-api.ts';
import { ensure, JoinError, must, refuseTwins } from '../join.ts';
import { type AgentCertificate, askForCertificate } from './agent-certificate.ts';
import { discoverAuthority } from './discover.ts';
import { type BootstrapToken, tokenText } from './token.ts';

export interface TokenRegistration {
  readonly cluster: string;
  readonly spec: Pick<Cluster['spec'], 'provider' | 'region' | 'zones'>;
  readonly server: URL;
  readonly token: BootstrapToken;
  readonly pins: readonly string[] | null;
  readonly member: HttpApi;
  /** How long the certificate is to be good. */
  readonly seconds: number;
  readonly waitMs: number;
  readonly dryRun: boolean;
  readonly onWait: (request: string) => void;
}

export interface Registered {
  readonly authority: string;
  /** Null for a dry run. */
  readonly proof: AgentCertificate | null;
}

export async function registerByToken(options: TokenRegistration): Promise<Registered> {
  const { cluster, spec, server, token, pins, member, seconds, waitMs, dryRun, onWait } = options;
  if (!isClusterName(cluster)) {
    throw new JoinError(`"${cluster}" is no name for a cluster: letters, digits and dashes, 48 at most`);
  }
  const system = await must(member, 'GET', '/api/v1/namespaces/kube-system');
  const id = isObject(system.metadata) ? String(system.metadata.uid) : '';
  const authority = await discoverAuthority({ server, token, pins });
  if (dryRun) return { authority, proof: null };
  const newcomer = new HttpApi(tokenAddress({ server: server.href, authority, token: tokenText(token) }));
  let proof: AgentCertificate;
  try {
    proof = await askForCertificate(newcomer, { cluster, seconds, waitMs, onWait });
  } finally {
    newcomer.close();
  }
  const certificate = { cert: proof.certificate, key: proof.key };
  const agent = new HttpApi({ server, authority, insecure: false, certificate, headers: async () => ({}) });
  try {
    await refuseTwins(agent, cluster, id);
    await ensure(agent, {
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      metadata: { name: cluster },
      spec: { id, syncMode: 'Pull', ...spec },
    });
  } finally {
    agent.close();
  }
  return { authority, proof };
}
