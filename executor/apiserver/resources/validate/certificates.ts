// The rules of requests for certificates.
import { type FieldError, invalidValue, type KubeObject, required, unsupported } from '../../../../engine/index.ts';
import { readSigningRequest, SigningRequestError } from '../../certificates/signing-request.ts';
import { fieldsOf } from './change.ts';

const USAGES = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];

/** A domain and a path below it. */
const SIGNER = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?\/[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const SHORTEST_SECONDS = 600;

export function signingRequestProblems(object: KubeObject): FieldError[] {
  const { request, signerName, usages, expirationSeconds } = fieldsOf(object.spec);
  const problems: FieldError[] = [];
  const why = requestProblem(String(request ?? ''));
  if (why !== null) problems.push(invalidValue('spec.request', request ?? '', why));
  if (typeof signerName !== 'string' || signerName === '') problems.push(required('spec.signerName'));
  else if (!SIGNER.test(signerName)) {
    const form = 'must be a fully qualified domain and path of the form "example.com/signer-name"';
    problems.push(invalidValue('spec.signerName', signerName, form));
  }
  const wanted = Array.isArray(usages) ? usages.map(String) : [];
  if (wanted.length === 0) problems.push(required('spec.usages'));
  wanted.forEach((usage, at) => {
    if (!USAGES.includes(usage)) problems.push(unsupported(`spec.usages[${at}]`, usage, USAGES));
  });
  if (typeof expirationSeconds === 'number' && expirationSeconds < SHORTEST_SECONDS) {
    problems.push(
      invalidValue(
        'spec.expirationSeconds',
        expirationSeconds,
        'may not specify a duration less than 600 seconds (10 minutes)',
      ),
    );
  }
  return problems;
}

function requestProblem(request: string): string | null {
  try {
    readSigningRequest(request);
    return null;
  } catch (error) {
    if (error instanceof SigningRequestError) return error.message;
    throw error;
  }
}
