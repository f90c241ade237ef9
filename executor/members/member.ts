// What the world refuses when clusters are made or found, in one sentence that says what to try.

/** A cluster cannot be made, or does not come up. */
export class MemberError extends Error {
  override readonly name = 'MemberError';
}

/** A kubeconfig that does not lead to a cluster. */
export class ApiUnreadable extends Error {
  override readonly name = 'ApiUnreadable';
}
