// The file by which kubectl and other clients find the hub and prove who they are.

export interface KubeconfigOptions {
  readonly name: string;
  readonly server: string;
  /** PEM; null for whom the machine trusts anyway, and for plain HTTP. */
  readonly authority: string | null;
  /** A token, or a certificate with its key, both PEM. */
  readonly proof: { readonly token: string } | { readonly certificate: string; readonly key: string };
  /** Whom it is for; the administrator where it is left out. */
  readonly user?: string;
}

const encoded = (text: string): string => Buffer.from(text).toString('base64');

/** YAML that is JSON as well, so that nothing in it needs quoting. */
export function kubeconfigText({ name, server, authority, proof, user = `${name}-admin` }: KubeconfigOptions): string {
  const cluster = server.startsWith('http:')
    ? // Some clients refuse plain HTTP unless they are told not to look for certificates.
      { server, 'insecure-skip-tls-verify': true }
    : { server, ...(authority !== null && { 'certificate-authority-data': encoded(authority) }) };
  const means =
    'token' in proof
      ? proof
      : { 'client-certificate-data': encoded(proof.certificate), 'client-key-data': encoded(proof.key) };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    users: [{ name: user, user: means }],
    contexts: [{ name, context: { cluster: name, user } }],
    'current-context': name,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
