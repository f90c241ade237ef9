// A request as the handlers see it, and the answers they give: plain values, no sockets.
import type { Change } from '../../engine/index.ts';
import type { MemberAccess } from './cluster-proxy.ts';
import type { ObjectText, SlicedText } from './object-text.ts';

export interface UserInfo {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  /** What the body says, for whoever is in this very process and never wrote it down. */
  readonly said?: unknown;
  readonly user: UserInfo;
}

export interface BodyResponse {
  readonly kind: 'body';
  readonly status: number;
  readonly contentType: string;
  readonly body: string | Uint8Array | SlicedText | ObjectText;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

/** An answer that goes on until the client leaves, its time is up, or there is no more to tell. */
export interface WatchResponse {
  readonly kind: 'watch';
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Null for as long as it may take. */
  readonly timeoutMs: number | null;
  readonly collection: string;
  /** Lines to send before anything else. */
  readonly initial: readonly string[];
  /** Changes after this one are news. */
  readonly after: number;
  /** The text for a change, whole lines, or null where the watcher is not to see it. */
  readonly line: (change: Change) => string | null;
  /** The line that tells how far the watcher has seen; null for watchers that do not ask for it. */
  readonly bookmark: ((revision: number) => string) | null;
  /** Whether what was told last ends it. */
  readonly isOver: () => boolean;
}

/** To be answered by a member cluster. */
export interface ProxyResponse {
  readonly kind: 'proxy';
  readonly access: MemberAccess;
  readonly path: string;
  readonly user: UserInfo;
}

export type ApiResponse = BodyResponse | WatchResponse | ProxyResponse;
