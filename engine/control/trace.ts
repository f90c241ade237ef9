// What a process saw, decided and got back, one JSON line each. Simulator and live driver write the same lines; whoever has
// them can read them (read-trace.ts) and run every step again (rerun.ts).
import type { KubeObject } from '../kube/meta.ts';
import type { Millis } from '../kube/time.ts';
import type { ChangeType } from '../store/change.ts';
import type { Command, CommandResult } from './command.ts';
import type { EventRecord, Outcome, Requeue } from './controller.ts';
import type { Place } from './place.ts';

interface Line {
  readonly at: Millis;
  /** The process: a process that restarts begins again with `began`. */
  readonly by: string;
}

/** A process starts, knowing nothing. */
export interface StartedLine extends Line {
  readonly type: 'started';
  readonly controllers: readonly string[];
  readonly guardMaxMs: Millis;
}

/** It has seen enough to begin working. */
export interface BeganLine extends Line {
  readonly type: 'began';
}

/** A whole list arrived. */
export interface ListedLine extends Line {
  readonly type: 'listed';
  readonly on: Place;
  readonly collection: string;
  readonly revision: number;
  readonly objects: readonly KubeObject[];
}

/** A change arrived. */
export interface SawLine extends Line {
  readonly type: 'saw';
  readonly on: Place;
  readonly collection: string;
  readonly revision: number;
  readonly change: ChangeType;
  readonly object: KubeObject;
}

/** Word arrived that there is nothing new up to a revision. */
export interface CaughtUpLine extends Line {
  readonly type: 'caught-up';
  readonly on: Place;
  readonly collection: string;
  readonly revision: number;
}

/** A place is gone: nothing that was known of it is known any more. */
export interface ForgotLine extends Line {
  readonly type: 'forgot';
  readonly on: Place;
}

/** Everything that was known was looked at again. */
export interface ResyncedLine extends Line {
  readonly type: 'resynced';
}

/** A controller was called and answered. */
export interface StepLine extends Line {
  readonly type: 'step';
  /** How far the process's clock was ahead of the one by which lines are told; left out where it was not. */
  readonly ahead?: Millis;
  readonly id: number;
  readonly controller: string;
  readonly key: string;
  readonly failures: number;
  readonly commands: readonly Command[];
  readonly requeue: Requeue;
  readonly events: readonly EventRecord[];
  readonly restMs?: Millis;
  readonly remember?: Outcome['remember'];
}

type Deed = Pick<StepLine, 'id' | 'controller' | 'key' | 'failures'> & { readonly outcome: Outcome };

/** In the order in which it is read. */
export const stepLine = (
  at: Millis,
  by: string,
  aheadMs: Millis,
  { id, controller, key, failures, outcome }: Deed,
): StepLine => {
  const { commands, requeue, events, restMs, remember } = outcome;
  const line = {
    type: 'step',
    at,
    by,
    id,
    controller,
    key,
    failures,
    commands,
    requeue,
    events,
    restMs,
    remember,
  } as const;
  return aheadMs === 0 ? line : { ...line, ahead: aheadMs };
};

/** A step's commands were carried out, or not. */
export interface SettledLine extends Line {
  readonly type: 'settled';
  readonly id: number;
  readonly results: readonly CommandResult[];
}

export type TraceLine =
  | StartedLine
  | BeganLine
  | ListedLine
  | SawLine
  | CaughtUpLine
  | ForgotLine
  | ResyncedLine
  | StepLine
  | SettledLine;

/** Rises when lines are written otherwise: who reads a trace knows whether it can. */
export const TRACE_FORMAT = 2;

/** Without a line end. The same run gives the same bytes everywhere: fields come as they were made, which is always alike. */
export const formatTraceLine = (line: TraceLine): string => JSON.stringify(line);
