// The file by which kubectl and other clients find the hub and prove who they are.

export interface KubeconfigOptions {
  readonly name: string;
  readonly server: string;
  /** PEM; null for plain HTTP. */
  readonly authority: string | null;
  readonly token: string;
}

/** YAML that is JSON as well, so that nothing in it needs quoting. */
export function kubeconfigText({ name, server, authority, token }: KubeconfigOptions): string {
  const cluster =
    authority === null
      ? // Some clients refuse plain HTTP unless they are told not to look for certificates.
        { server, 'insecure-skip-tls-verify': true }
      : { server, 'certificate-authority-data': Buffer.from(authority).toString('base64') };
  const user = `${name}-admin`;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name, context: { cluster: name, user } }],
    'current-context': name,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
