// The file by which an agent with a certificate of its own finds the hub: for its owner's eyes only.
import { agentUser } from '../apiserver/agents/agent-names.ts';
import { kubeconfigText } from '../apiserver/kubeconfig.ts';
import { writeAtomically } from '../files/write-atomic.ts';
import type { AgentCertificate } from '../live/bootstrap/agent-certificate.ts';

export interface AgentAccess {
  readonly cluster: string;
  readonly server: string;
  readonly authority: string | null;
  readonly proof: AgentCertificate;
}

export async function writeAgentKubeconfig(file: string, { cluster, ...access }: AgentAccess): Promise<void> {
  const text = kubeconfigText({ name: 'hub', user: agentUser(cluster), ...access });
  await writeAtomically(file, text, { mode: 0o600 });
}
