// What an embedded member's process and whoever starts it say to each other.
import type { BehaviorRule, NodePool } from '../../engine/index.ts';

export interface EmbeddedOptions {
  readonly name: string;
  readonly nodes: readonly NodePool[];
  readonly behaviors?: readonly BehaviorRule[];
  /** Any that is free where it is left out. */
  readonly port?: number;
}

export interface EmbeddedReady {
  readonly server: string;
  readonly authority: string;
  readonly token: string;
}

/** Begins the one line on standard output that tells of readiness. */
export const GREETING = 'ready ';
