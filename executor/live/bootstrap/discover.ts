// Finds out, with nothing but a bootstrap token, which authority speaks for a hub: what the hub tells strangers is believed when
// the token has signed it and, unless that is waived, when its authority is one of those that were named.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { isObject } from '../../../engine/index.ts';
import { certificatesIn } from '../../apiserver/certificate-files.ts';
import { HttpApi } from '../http-api.ts';
import { authorityPin, type BootstrapToken } from './token.ts';

export class DiscoveryError extends Error {
  override readonly name = 'DiscoveryError';
}

export interface DiscoveryOptions {
  /** https://host:port */
  readonly server: URL;
  readonly token: BootstrapToken;
  /** "sha256:..." of authorities' keys; null where any is believed that the token signed for. */
  readonly pins: readonly string[] | null;
}

const PATH = '/api/v1/namespaces/kube-public/configmaps/cluster-info';

/** The authority, in PEM. */
export async function discoverAuthority({ server, token, pins }: DiscoveryOptions): Promise<string> {
  const data = await clusterInfo(server);
  const content = data.kubeconfig;
  const signature = data[`jws-kubeconfig-${token.id}`];
  if (typeof content !== 'string') throw new DiscoveryError(`${server.origin} tells strangers nothing of itself`);
  if (typeof signature !== 'string') {
    throw new DiscoveryError(`${server.origin} does not know the token ${token.id}: it may have expired`);
  }
  if (!isSignedBy(token, content, signature)) {
    throw new DiscoveryError(
      `what ${server.origin} tells was not signed with the token ${token.id}: it is not to be trusted`,
    );
  }
  const authority = authorityIn(content);
  if (authority === null) throw new DiscoveryError(`${server.origin} names no authority for itself`);
  if (pins !== null && !certificatesIn(authority).some((one) => pins.includes(authorityPin(one)))) {
    const found = certificatesIn(authority).map(authorityPin).join(', ');
    throw new DiscoveryError(
      `${server.origin} has another authority than --discovery-token-ca-cert-hash names: ${found}`,
    );
  }
  return authority;
}

/** Asked without believing who answers, and without saying who asks. */
async function clusterInfo(server: URL): Promise<Record<string, unknown>> {
  const api = new HttpApi({ server, insecure: true, authority: null, certificate: null, headers: async () => ({}) });
  try {
    const answer = await api.send({ method: 'GET', path: PATH });
    if (!answer.ok) throw new DiscoveryError(answer.message);
    if (answer.status === 401 || answer.status === 403 || answer.status === 404) {
      throw new DiscoveryError(
        `${server.origin} takes no newcomers: there is no bootstrap token (see muster token create)`,
      );
    }
    const found: unknown = answer.status === 200 ? JSON.parse(answer.text) : null;
    if (isObject(found) && isObject(found.data)) return found.data;
    throw new DiscoveryError(`${server.origin} answers ${PATH} with status ${answer.status}`);
  } finally {
    api.close();
  }
}

const encode = (text: string): string => Buffer.from(text).toString('base64url');

function isSignedBy({ id, secret }: BootstrapToken, content: string, signature: string): boolean {
  const [head = '', between, signed = ''] = signature.split('.');
  if (!headNames(head, id) || between !== '') return false;
  const wanted = createHmac('sha256', `${id}.${secret}`)
    .update(`${head}.${encode(content)}`)
    .digest();
  const given = Buffer.from(signed, 'base64url');
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function headNames(head: string, id: string): boolean {
  try {
    const read: unknown = JSON.parse(Buffer.from(head, 'base64url').toString('utf8'));
    return isObject(read) && read.alg === 'HS256' && read.kid === id;
  } catch {
    return false;
  }
}

const AUTHORITY = /"?certificate-authority-data"?:\s*"?([A-Za-z0-9+/=]+)"?/;

/** YAML or JSON: the one line that matters is the same. */
function authorityIn(content: string): string | null {
  const [, found] = AUTHORITY.exec(content) ?? [];
  const text = found === undefined ? '' : Buffer.from(found, 'base64').toString('utf8');
  return certificatesIn(text).length === 0 ? null : text;
}
