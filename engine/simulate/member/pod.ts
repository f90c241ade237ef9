// A pod as the member keeps it: cheap, without an object, unless somebody wants to see one.
import type { Millis } from '../../kube/time.ts';
import type { Timer } from '../clock.ts';
import type { Node } from './nodes.ts';
import type { Shape } from './shape.ts';
import type { Workload } from './workload.ts';

export type PodPhase =
  /** No node has room for it. */
  | 'waiting'
  /** On a node, not ready yet, or not ready again. */
  | 'starting'
  | 'ready'
  /** Its node is gone quiet. */
  | 'lost'
  /** Told to go; holds its room until it has gone. */
  | 'stopping'
  /** A job's pod that is done. */
  | 'succeeded'
  | 'failed';

export interface Pod {
  readonly number: number;
  readonly workload: Workload;
  /** Of the workload's template. */
  readonly revision: number;
  readonly shape: Shape;
  /** In a StatefulSet; -1 elsewhere. */
  readonly ordinal: number;
  readonly createdAt: Millis;
  /** The only node it may be on, in a DaemonSet. */
  readonly bound: Node | null;
  node: Node | null;
  phase: PodPhase;
  /** When it got into this phase. */
  since: Millis;
  restarts: number;
  /** In truth, whatever any status says: ready, on a node that works, with power. */
  isServing: boolean;
  timer: Timer | null;
}

/** Neither going nor gone. */
export const isActive = ({ phase }: Pod): boolean =>
  phase !== 'stopping' && phase !== 'succeeded' && phase !== 'failed';

export const isReady = ({ phase }: Pod): boolean => phase === 'ready';
