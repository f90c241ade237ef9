// A certificate authority of the hub's own, and the certificate that it gives the server.
import { randomBytes } from 'node:crypto';
import { generate } from 'selfsigned';

export interface ServerIdentity {
  /** Signs for clients, and is believed when it did. */
  readonly authority: { readonly certificate: string; readonly key: string };
  /** What the server shows: its own first, then whoever signed it. */
  readonly certificate: string;
  readonly key: string;
  /** Whom clients are to trust, where it is not that authority; null for whom their machines trust anyway. */
  readonly trust?: string | null;
  /** Others whose word for clients is believed. */
  readonly clientAuthorities?: string;
}

/** PEM of whom a client is to trust at this server; null for whom its machine trusts anyway. */
export const trustIn = ({ authority, trust }: ServerIdentity): string | null =>
  trust === undefined ? authority.certificate : trust;

const YEAR_MS = 365 * 24 * 3600 * 1000;
/** Clocks differ: what is made now should already hold a little earlier. */
const SLACK_MS = 5 * 60_000;

const isAddress = (host: string) => /^[\d.]+$/.test(host) || host.includes(':');

export async function makeAuthority(now: number): Promise<ServerIdentity['authority']> {
  // Whoever trusts two authorities of one name looks no further than the first.
  const name = `muster-ca-${randomBytes(4).toString('hex')}`;
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - SLACK_MS),
    notAfterDate: new Date(now + 10 * YEAR_MS),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, digitalSignature: true, critical: true },
    ],
  });
  return { certificate: made.cert, key: made.private };
}

export async function makeIdentity(
  authority: ServerIdentity['authority'],
  hosts: readonly string[],
  now: number,
): Promise<ServerIdentity> {
  const made = await generate([{ name: 'commonName', value: 'muster-hub' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - SLACK_MS),
    notAfterDate: new Date(now + YEAR_MS),
    ca: { key: authority.key, cert: authority.certificate },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: hosts.map((host) => (isAddress(host) ? { type: 7, ip: host } : { type: 2, value: host })),
      },
    ],
  });
  return { authority, certificate: `${made.cert}\n${authority.certificate}`, key: made.private };
}

/** A certificate by which a user is known; the groups stand beside the name. */
export async function makeClient(
  authority: ServerIdentity['authority'],
  user: string,
  groups: readonly string[],
  now: number,
): Promise<{ readonly certificate: string; readonly key: string }> {
  const attributes = [
    { name: 'commonName', value: user },
    ...groups.map((value) => ({ name: 'organizationName', value })),
  ];
  const made = await generate(attributes, {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - SLACK_MS),
    notAfterDate: new Date(now + YEAR_MS),
    ca: { key: authority.key, cert: authority.certificate },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true },
      { name: 'extKeyUsage', clientAuth: true },
    ],
  });
  return { certificate: made.cert, key: made.private };
}
