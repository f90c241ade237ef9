// What is wrong with a certificate, in words for whoever can renew it: a server's that is not believed, or a client's own that
// has ended.
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type ConnectionOptions, connect, type DetailedPeerCertificate } from 'node:tls';

/** Why Node turns a server's certificate away; all else is no matter of certificates. */
const TURNED_AWAY = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
const LOOK_MS = 2_000;

export const isTurnedAway = ({ code = '' }: NodeJS.ErrnoException): boolean => TURNED_AWAY.has(code);

/** Looks at the certificate once more, without believing it and without saying anything. */
export async function serverCertificateProblem(
  error: NodeJS.ErrnoException,
  where: string,
  target: ConnectionOptions,
  now: number,
): Promise<string> {
  const shown = await lookAt(target);
  const subject = `the certificate of ${where}`;
  if (shown === null) return `${subject} is not trusted: ${error.message}`;
  const named = `${subject} (${nameOf(shown.subject)}, signed by ${nameOf(shown.issuer)})`;
  switch (error.code) {
    case 'CERT_HAS_EXPIRED': {
      const ended = chainOf(shown).find((one) => Date.parse(one.valid_to) <= now) ?? shown;
      const whose = ended === shown ? named : `${named}: its authority ${nameOf(ended.subject)}`;
      return `${whose} expired on ${dated(ended.valid_to)}`;
    }
    case 'CERT_NOT_YET_VALID':
      return `${named} is not good before ${dated(shown.valid_from)}`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `${named} is for ${shown.subjectaltname ?? 'no address'}, not for ${target.host}`;
    default:
      return `${named} is signed by nobody who is trusted here, good until ${dated(shown.valid_to)}: ${error.message}`;
  }
}

/** Null while it is good. */
export function clientCertificateProblem(certificate: string, now: number): string | null {
  let own: X509Certificate;
  try {
    own = new X509Certificate(certificate);
  } catch {
    return 'the client certificate cannot be read';
  }
  const name = own.subject.replaceAll('\n', ', ');
  if (Date.parse(own.validTo) <= now) return `the client certificate of ${name} expired on ${dated(own.validTo)}`;
  if (Date.parse(own.validFrom) > now) {
    return `the client certificate of ${name} is not good before ${dated(own.validFrom)}`;
  }
  return null;
}

function lookAt(target: ConnectionOptions): Promise<DetailedPeerCertificate | null> {
  return new Promise((resolve) => {
    const { host = '', port, ca } = target;
    // As whoever was turned away asked, but for an address, which is no name.
    const named = isIP(host) === 0 ? { servername: host } : {};
    const socket = connect({ host, port, ca, ...named, rejectUnauthorized: false });
    const done = (shown: DetailedPeerCertificate | null) => {
      resolve(shown === null || shown.valid_to === undefined ? null : shown);
      socket.destroy();
    };
    socket.setTimeout(LOOK_MS, () => done(null));
    socket.once('secureConnect', () => done(socket.getPeerCertificate(true)));
    socket.once('error', () => done(null));
    socket.once('close', () => done(null));
  });
}

function chainOf(certificate: DetailedPeerCertificate): readonly DetailedPeerCertificate[] {
  const chain = [certificate];
  for (;;) {
    const next = chain.at(-1)!.issuerCertificate;
    if (next === undefined || chain.includes(next)) return chain;
    chain.push(next);
  }
}

const nameOf = (name: DetailedPeerCertificate['subject'] | undefined): string =>
  Object.entries(name ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(', ') || 'without a name';

const dated = (text: string): string => new Date(Date.parse(text)).toISOString().replace('.000Z', 'Z');
