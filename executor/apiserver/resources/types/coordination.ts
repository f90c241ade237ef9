// The fields of the coordination types, one type an entry, in the notation of ../type-notation.ts.
export const coordinationTypes = `
Lease: apiVersion string, kind string, metadata ObjectMeta, spec LeaseSpec^
LeaseSpec: acquireTime microtime, holderIdentity string&, leaseDurationSeconds int32&, leaseTransitions int32&,
  preferredHolder string, renewTime microtime, strategy string
`;
