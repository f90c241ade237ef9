// An agent's certificate: asked for with whatever proves who asks, a bootstrap token or the certificate that is to be renewed.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isObject } from '../../../engine/index.ts';
import { AGENTS, agentUser } from '../../apiserver/agents/agent-names.ts';
import { makeRequest } from '../../apiserver/certificates/make-request.ts';
import type { HttpApi } from '../http-api.ts';
import { JoinError, must } from '../join.ts';

export interface AgentCertificate {
  /** Both in PEM. */
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateWishes {
  readonly cluster: string;
  /** How long it is to be good. */
  readonly seconds: number;
  /** How long it is waited for somebody to approve. */
  readonly waitMs: number;
  /** Told when it is not there at once: the name of the request. */
  readonly onWait?: (request: string) => void;
}

const PATH = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const LOOK_MS = 250;
/** Whoever approves by rule does it at once. */
const SOON_MS = 3_000;

export async function askForCertificate(api: HttpApi, wishes: CertificateWishes): Promise<AgentCertificate> {
  const { cluster, seconds, waitMs, onWait } = wishes;
  const name = `agent-${cluster}-${randomBytes(4).toString('hex')}`;
  const { key, request } = makeRequest(agentUser(cluster), [AGENTS]);
  await must(api, 'POST', PATH, {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name },
    spec: {
      request: Buffer.from(request).toString('base64'),
      signerName: 'kubernetes.io/kube-apiserver-client',
      expirationSeconds: seconds,
      usages: ['digital signature', 'client auth'],
    },
  });
  const began = performance.now();
  let isTold = false;
  for (;;) {
    const { status } = await must(api, 'GET', `${PATH}/${name}`);
    const certificate = isObject(status) ? status.certificate : undefined;
    if (typeof certificate === 'string')
      return { key, certificate: Buffer.from(certificate, 'base64').toString('utf8') };
    const refusal = refusalIn(status);
    if (refusal !== null) throw new JoinError(`the request ${name} is not granted: ${refusal}`);
    const waited = performance.now() - began;
    if (waited > waitMs) throw new JoinError(`nobody has approved the request ${name} within ${waitMs / 1000} s`);
    if (waited > SOON_MS && !isTold) {
      isTold = true;
      onWait?.(name);
    }
    await sleep(LOOK_MS);
  }
}

/** Null while nobody has said no. */
function refusalIn(status: unknown): string | null {
  const conditions = isObject(status) && Array.isArray(status.conditions) ? status.conditions.filter(isObject) : [];
  const found = conditions.find(({ type }) => type === 'Denied' || type === 'Failed');
  return found === undefined ? null : String(found.message ?? found.type);
}
