// The fields of the authentication types, one type an entry, in the notation of ../type-notation.ts.
export const authenticationTypes = `
BoundObjectReference: apiVersion string, kind string, name string, uid string
SelfSubjectReview: apiVersion string, kind string, metadata ObjectMeta, status SelfSubjectReviewStatus^
SelfSubjectReviewStatus: userInfo UserInfo
TokenRequest: apiVersion string, kind string, metadata ObjectMeta, spec* TokenRequestSpec,
  status TokenRequestStatus^
TokenRequestSpec: audiences* [string], boundObjectRef BoundObjectReference, expirationSeconds int64&
TokenRequestStatus: expirationTimestamp* time, token* string
TokenReview: apiVersion string, kind string, metadata ObjectMeta, spec* TokenReviewSpec, status TokenReviewStatus^
TokenReviewSpec: audiences [string], token string
TokenReviewStatus: audiences [string], authenticated bool, error string, user UserInfo
UserInfo: extra {[string]}, groups [string], uid string, username string
`;
