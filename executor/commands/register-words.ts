// What both ways to register have in common: what is told of the cluster, and how its agent is started.
import type { Arguments } from '../terminal/command.ts';

export const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export function specOf(args: Arguments) {
  const provider = textOrNull(args['cluster-provider']);
  const region = textOrNull(args['cluster-region']);
  const zones = textOrNull(args['cluster-zones']);
  return {
    ...(provider !== null && { provider }),
    ...(region !== null && { region }),
    ...(zones !== null && { zones: zones.split(',') }),
  };
}

export function agentWords(cluster: string, file: string, args: Arguments): string {
  const words = ['muster agent', cluster, '--hub-kubeconfig', file];
  for (const option of ['cluster-kubeconfig', 'cluster-context']) {
    const value = textOrNull(args[option]);
    if (value !== null) words.push(`--${option}`, value);
  }
  return words.join(' ');
}
