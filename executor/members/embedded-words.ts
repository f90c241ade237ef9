// What an embedded member's process and whoever starts it say to each other.
import type { BehaviorRule, NodePool, ObjectKey } from '../../engine/index.ts';

export interface EmbeddedOptions {
  readonly name: string;
  readonly nodes: readonly NodePool[];
  readonly behaviors?: readonly BehaviorRule[];
  /** Any that is free where it is left out. */
  readonly port?: number;
  /** A certificate to show that is in files, in place of one of its own. */
  readonly certificateFiles?: { readonly certificate: string; readonly key: string };
  /** Authorities whose client certificates it takes, beside its own. */
  readonly clientAuthorityFile?: string;
}

export interface EmbeddedReady {
  readonly server: string;
  /** PEM; null for whom this machine trusts anyway. */
  readonly authority: string | null;
  readonly token: string;
}

/** What whoever started it may have happen to the cluster that is simulated, over the channel between the two. */
export type EmbeddedOrder =
  /** All that runs stops at once, and nobody answers; and it begins again where it was. */
  | { readonly order: 'power'; readonly isOn: boolean }
  | { readonly order: 'node'; readonly name: string; readonly isReady: boolean }
  | { readonly order: 'resize'; readonly before: readonly NodePool[]; readonly after: readonly NodePool[] }
  | { readonly order: 'behave'; readonly rules: readonly BehaviorRule[] };

/** Told as it changes: pods of a workload that serve, in truth and not by any status. */
export interface EmbeddedTruth {
  readonly truth: 'serving';
  readonly key: ObjectKey;
  readonly serving: number;
}

/** Begins the one line on standard output that tells of readiness. */
export const GREETING = 'ready ';
