// A server's certificate in files that somebody else renews: read, found to belong together, and read again whenever they change.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';

export interface ShownCertificate {
  /** PEM: the server's own first, then whoever signed it. */
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

export class CertificateFileError extends Error {
  override readonly name = 'CertificateFileError';
}

const LOOK_MS = 2_000;
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

export const certificatesIn = (text: string): readonly X509Certificate[] =>
  (text.match(PEM) ?? []).map((one) => new X509Certificate(one));

/** Until when it is good. */
export const endOf = (certificate: X509Certificate): number => Date.parse(certificate.validTo);

export async function readCertificateFiles(files: CertificateFiles): Promise<ShownCertificate> {
  const [certificate, key] = await Promise.all([textOf(files.certificate), textOf(files.key)]);
  const [own] = parsed(files.certificate, 'certificate in PEM', () => certificatesIn(certificate));
  if (own === undefined) throw new CertificateFileError(`${files.certificate} has no certificate in PEM`);
  const privateKey = parsed(files.key, 'private key in PEM', () => createPrivateKey(key));
  if (!own.checkPrivateKey(privateKey)) {
    throw new CertificateFileError(`${files.key} has another key than that of the certificate in ${files.certificate}`);
  }
  return { certificate, key };
}

/** Authorities, one or several. */
export async function readAuthorities(file: string): Promise<string> {
  const text = await textOf(file);
  const found = parsed(file, 'certificate in PEM', () => certificatesIn(text));
  if (found.length === 0) throw new CertificateFileError(`${file} has no certificate in PEM`);
  return text;
}

/** Whom clients of the server are to trust, as far as the file tells; null for whom their machines trust anyway. */
export function authoritiesIn(text: string): string | null {
  const [own, ...others] = certificatesIn(text);
  const trusted = own !== undefined && own.subject === own.issuer ? [own] : others;
  return trusted.length === 0 ? null : trusted.map(String).join('');
}

export interface CertificateListener {
  readonly renewed: (shown: ShownCertificate) => void;
  readonly say: (text: string) => void;
  readonly now: () => number;
}

/** Files that do not belong together just now are being written: what was shown before is shown until they do. */
export function followCertificateFiles(
  files: CertificateFiles,
  first: ShownCertificate,
  { renewed, say, now }: CertificateListener,
): () => void {
  let shown = first;
  let problem = '';
  let saidEnd: X509Certificate | null = null;
  const look = async () => {
    try {
      const found = await readCertificateFiles(files);
      problem = '';
      if (found.certificate === shown.certificate && found.key === shown.key) return;
      shown = found;
      renewed(found);
      const [own] = certificatesIn(found.certificate);
      say(`shows the new certificate in ${files.certificate}, good until ${isoOf(own!)}`);
    } catch (error) {
      if (!(error instanceof CertificateFileError)) throw error;
      if (error.message !== problem) say(`goes on with the certificate that it has: ${error.message}`);
      problem = error.message;
    }
  };
  const tellEnd = () => {
    const own = certificatesIn(shown.certificate)[0]!;
    if (endOf(own) > now() || saidEnd?.fingerprint256 === own.fingerprint256) return;
    saidEnd = own;
    say(`clients turn away: the certificate in ${files.certificate} expired on ${isoOf(own)}`);
  };
  tellEnd();
  const timer = setInterval(() => void look().then(tellEnd), LOOK_MS);
  return () => clearInterval(timer);
}

export const isoOf = (certificate: X509Certificate): string =>
  new Date(endOf(certificate)).toISOString().replace('.000Z', 'Z');

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CertificateFileError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parsed<T>(file: string, what: string, read: () => T): T {
  try {
    return read();
  } catch {
    throw new CertificateFileError(`${file} has no ${what} that can be read`);
  }
}
