// A key and the request for a certificate of it (PKCS #10), for whoever is to be known by name and groups.
import { generateKeyPairSync, sign } from 'node:crypto';
import { bitString, element, oid, sequence, TAG } from './der.ts';

const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';
const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const UTF8 = 0x0c;
const VERSION_1 = element(TAG.integer, Uint8Array.from([0]));
const NO_ATTRIBUTES = element(0xa0);

export interface MadeRequest {
  /** Both in PEM. */
  readonly key: string;
  readonly request: string;
}

export function makeRequest(user: string, groups: readonly string[]): MadeRequest {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = sequence(...groups.map((group) => attribute(ORGANIZATION, group)), attribute(COMMON_NAME, user));
  const info = sequence(VERSION_1, subject, publicKey.export({ type: 'spki', format: 'der' }), NO_ATTRIBUTES);
  const whole = sequence(info, ECDSA_WITH_SHA256, bitString(sign('sha256', info, privateKey)));
  const lines = Buffer.from(whole)
    .toString('base64')
    .match(/.{1,64}/g)!;
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    request: `-----BEGIN CERTIFICATE REQUEST-----\n${lines.join('\n')}\n-----END CERTIFICATE REQUEST-----\n`,
  };
}

const attribute = (name: string, value: string): Uint8Array =>
  element(TAG.set, sequence(oid(name), element(UTF8, Buffer.from(value))));
