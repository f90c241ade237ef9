// A member cluster as `muster up` makes or finds it: where its API is, and how it ends.
import type { ApiAddress } from '../live/http-api.ts';

export interface MemberCluster {
  readonly name: string;
  readonly address: ApiAddress;
  /** For the user's kubectl; a path of ours or of the user's. */
  readonly kubeconfig: string;
  /** Takes away what we made, and nothing else. */
  remove(): Promise<void>;
}

/** What the world refused, in one sentence that says what to try. */
export class MemberError extends Error {
  override readonly name = 'MemberError';
}
