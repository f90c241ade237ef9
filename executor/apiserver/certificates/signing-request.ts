// A request for a certificate (PKCS #10): who it is for, for which key, and whether whoever asks has that key.
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { DerError, TAG, within } from './der.ts';

export interface SigningRequest {
  /** As they stand in the request. */
  readonly subject: Uint8Array;
  /** The groups that its owner would be of. */
  readonly organizations: readonly string[];
  /** Who its owner would be. */
  readonly commonNames: readonly string[];
  readonly publicKey: Uint8Array;
  readonly key: KeyObject;
}

export class SigningRequestError extends Error {
  override readonly name = 'SigningRequestError';
}

const PEM = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END (?:NEW )?CERTIFICATE REQUEST-----/;

/** By the last arcs of the algorithm's name, in hexadecimal; null for a signature that hashes for itself. */
const HASHES: Readonly<Record<string, string | null>> = {
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2b6570': null,
};

/** `request` is PEM, as the API keeps it, in base64. */
export function readSigningRequest(request: string): SigningRequest {
  const match = PEM.exec(Buffer.from(request, 'base64').toString('latin1'));
  if (match === null) throw new SigningRequestError('PEM block type must be CERTIFICATE REQUEST');
  try {
    return readDer(Buffer.from(match[1]!, 'base64'));
  } catch (error) {
    if (error instanceof SigningRequestError) throw error;
    const why = error instanceof DerError ? error.message : 'its key is of no kind that is known';
    throw new SigningRequestError(`the certificate request cannot be read: ${why}`);
  }
}

function readDer(bytes: Uint8Array): SigningRequest {
  const [info, algorithm, signature] = within(bytes);
  if (info === undefined || algorithm === undefined || signature?.tag !== TAG.bitString) {
    throw new DerError('a part is missing');
  }
  const [, subject, publicKey] = within(info.whole);
  const [name] = within(algorithm.whole);
  if (subject === undefined || publicKey === undefined || name === undefined) throw new DerError('a part is missing');
  const key = createPublicKey({ key: Buffer.from(publicKey.whole), format: 'der', type: 'spki' });
  const hash = HASHES[Buffer.from(name.content).toString('hex')];
  if (hash === undefined) throw new SigningRequestError('the certificate request is signed in a way that is not known');
  if (!verify(hash, info.whole, key, signature.content.subarray(1))) {
    throw new SigningRequestError('the signature of the certificate request is not by its key');
  }
  return {
    subject: subject.whole,
    organizations: namesIn(subject.whole, ORGANIZATION),
    commonNames: namesIn(subject.whole, COMMON_NAME),
    publicKey: publicKey.whole,
    key,
  };
}

/** 2.5.4.10 and 2.5.4.3 */
const ORGANIZATION = '55040a';
const COMMON_NAME = '550403';

function namesIn(subject: Uint8Array, wanted: string): readonly string[] {
  return within(subject).flatMap(({ whole }) =>
    within(whole, TAG.set).flatMap((attribute) => {
      const [name, value] = within(attribute.whole);
      const isOne = name !== undefined && Buffer.from(name.content).toString('hex') === wanted;
      return isOne && value !== undefined ? [new TextDecoder().decode(value.content)] : [];
    }),
  );
}
