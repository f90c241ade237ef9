// One kubeconfig with a context for the hub and one for every member that was made, for the user's kubectl.
import type { TokenAccess } from '../../live/address.ts';

export interface NamedAccess extends TokenAccess {
  readonly name: string;
}

/** YAML that is JSON as well. The first is the current context. */
export function kubeconfigOf(all: readonly NamedAccess[]): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: all.map(({ name, server, authority }) => ({
      name,
      cluster: {
        server,
        ...(authority === null ? {} : { 'certificate-authority-data': Buffer.from(authority).toString('base64') }),
      },
    })),
    users: all.map(({ name, token }) => ({ name: `${name}-admin`, user: { token } })),
    contexts: all.map(({ name }) => ({ name, context: { cluster: name, user: `${name}-admin` } })),
    'current-context': all[0]?.name ?? '',
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
