// A client certificate for a request, signed by the hub's authority.
import { randomBytes, sign, X509Certificate } from 'node:crypto';
import { bitString, element, oid, sequence, TAG, time, within } from './der.ts';
import type { SigningRequest } from './signing-request.ts';

export interface SigningAuthority {
  readonly certificate: string;
  readonly key: string;
}

export interface Validity {
  readonly from: number;
  readonly until: number;
}

const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const VERSION_3 = element(0xa0, element(TAG.integer, Uint8Array.from([2])));
const TRUE = Uint8Array.from([0x01, 0x01, 0xff]);

const KEY_USAGE = '2.5.29.15';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const BASIC_CONSTRAINTS = '2.5.29.19';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
/** Digital signature, and for keys that can encrypt, that. */
const SIGNATURE = { bits: 0x80, unused: 7 };
const SIGNATURE_AND_ENCIPHERMENT = { bits: 0xa0, unused: 5 };

/** In PEM. */
export function issueClientCertificate(
  authority: SigningAuthority,
  { subject, publicKey, key }: SigningRequest,
  { from, until }: Validity,
): string {
  const usage = key.asymmetricKeyType === 'rsa' ? SIGNATURE_AND_ENCIPHERMENT : SIGNATURE;
  const extensions = sequence(
    extension(KEY_USAGE, bitString(Uint8Array.from([usage.bits]), usage.unused), true),
    extension(EXTENDED_KEY_USAGE, sequence(oid(CLIENT_AUTH))),
    extension(BASIC_CONSTRAINTS, sequence(), true),
  );
  const body = sequence(
    VERSION_3,
    serialNumber(),
    ECDSA_WITH_SHA256,
    subjectOf(authority.certificate),
    sequence(time(from), time(until)),
    subject,
    publicKey,
    element(0xa3, extensions),
  );
  const whole = sequence(body, ECDSA_WITH_SHA256, bitString(sign('sha256', body, authority.key)));
  const lines = Buffer.from(whole)
    .toString('base64')
    .match(/.{1,64}/g)!;
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** Sixteen bytes by chance, the first neither negative nor zero. */
function serialNumber(): Uint8Array {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return element(TAG.integer, bytes);
}

const extension = (name: string, value: Uint8Array, isCritical = false): Uint8Array =>
  sequence(oid(name), ...(isCritical ? [TRUE] : []), element(TAG.octetString, value));

/** As it stands in the certificate: whoever checks compares the bytes. */
function subjectOf(certificate: string): Uint8Array {
  const [body] = within(new X509Certificate(certificate).raw);
  const [, , , , , subject] = within(body!.whole);
  return subject!.whole;
}
