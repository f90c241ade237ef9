// Renews an agent's certificate in its kubeconfig before it ends; whoever reads the file takes the new one from there.
import { X509Certificate } from 'node:crypto';
import { agentUser } from '../../apiserver/agents/agent-names.ts';
import { type ApiAddress, HttpApi } from '../http-api.ts';
import { type AgentCertificate, askForCertificate } from './agent-certificate.ts';

export interface RenewalOptions {
  readonly cluster: string;
  readonly hub: ApiAddress;
  /** Renewed when no more than this part of its time is left. */
  readonly threshold: number;
  readonly write: (certificate: AgentCertificate) => Promise<void>;
  readonly say: (text: string) => void;
  readonly now: () => number;
}

/** Often enough for certificates of ten minutes, the shortest there are. */
const LOOK_MS = 30_000;
const WAIT_MS = 10_000;
const SHORTEST_S = 600;
/** Clocks differ: whoever signs dates certificates back so far. */
const DATED_BACK_S = 300;

/** Until the answer is called. Agents that have a token or whose certificate is another's are left as they are. */
export function keepRenewed({ cluster, hub, threshold, write, say, now }: RenewalOptions): () => void {
  const api = new HttpApi(hub);
  let failure = '';
  const look = async (): Promise<void> => {
    try {
      await hub.headers();
      if (hub.certificate === null) return;
      const own = new X509Certificate(hub.certificate.cert);
      if (!own.subject.split('\n').includes(`CN=${agentUser(cluster)}`)) return;
      const [from, until] = [Date.parse(own.validFrom), Date.parse(own.validTo)];
      if (until - now() > (until - from) * threshold) return;
      const seconds = Math.max(SHORTEST_S, Math.round((until - from) / 1_000) - DATED_BACK_S);
      const renewed = await askForCertificate(api, { cluster, seconds, waitMs: WAIT_MS });
      await write(renewed);
      failure = '';
      say(`its certificate is renewed: good until ${new X509Certificate(renewed.certificate).validTo}`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (why !== failure) say(`its certificate is not renewed: ${why}`);
      failure = why;
    }
  };
  void look();
  const timer = setInterval(() => void look(), LOOK_MS);
  return () => {
    clearInterval(timer);
    api.close();
  };
}
