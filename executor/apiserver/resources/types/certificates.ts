// The fields of the certificates types, one type an entry, in the notation of ../type-notation.ts.
export const certificatesTypes = `
CertificateSigningRequest: apiVersion string, kind string, metadata ObjectMeta,
  spec* CertificateSigningRequestSpec, status CertificateSigningRequestStatus^
CertificateSigningRequestCondition: lastTransitionTime time^, lastUpdateTime time^, message string, reason string,
  status* string, type* string
CertificateSigningRequestSpec: expirationSeconds int32&, extra {[string]}, groups [string], request* bytes,
  signerName* string, uid string, usages [string], username string
CertificateSigningRequestStatus: certificate bytes, conditions [CertificateSigningRequestCondition]#type
`;
