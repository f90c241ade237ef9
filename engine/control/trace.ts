// What a process saw, decided and got back, one JSON line each. Simulator and live driver write the same lines; whoever has
// them can run every step again (rerun.ts).
import { isObject } from '../kube/json.ts';
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

export type TraceReading =
  | { readonly ok: true; readonly line: TraceLine }
  | { readonly ok: false; readonly problem: string };

const isText = (value: unknown) => typeof value === 'string';

const isStored = (value: unknown) => isObject(value) && isObject(value.metadata) && isText(value.metadata.name);

const isResult = (value: unknown) =>
  isObject(value) &&
  (value.ok === true ? value.object === null || isStored(value.object) : value.ok === false && isText(value.code));

const isCommand = (value: unknown) => isObject(value) && isText(value.verb) && isText(value.on);

const listOf = (isOne: (value: unknown) => boolean) => (value: unknown) => Array.isArray(value) && value.every(isOne);

const IS = {
  text: isText,
  number: (value: unknown) => Number.isSafeInteger(value),
  'Kubernetes object': isStored,
  'list of texts': listOf(isText),
  'list of objects': listOf(isStored),
  'list of commands': listOf(isCommand),
  'list of results': listOf(isResult),
  'list of events': listOf(isObject),
  requeue: (value: unknown) =>
    ['await-change', 'when-done', 'back-off'].includes(value as string) ||
    (isObject(value) && Number.isSafeInteger(value.afterMs)),
} as const satisfies Readonly<Record<string, (value: unknown) => boolean>>;

type FieldType = keyof typeof IS;

const COMMON: Readonly<Record<string, FieldType>> = { at: 'number', by: 'text' };
const OF_STREAM: Readonly<Record<string, FieldType>> = { on: 'text', collection: 'text', revision: 'number' };

const FIELDS: Readonly<Record<TraceLine['type'], Readonly<Record<string, FieldType>>>> = {
  started: { controllers: 'list of texts', guardMaxMs: 'number' },
  began: {},
  listed: { ...OF_STREAM, objects: 'list of objects' },
  saw: { ...OF_STREAM, change: 'text', object: 'Kubernetes object' },
  'caught-up': OF_STREAM,
  forgot: { on: 'text' },
  resynced: {},
  step: {
    id: 'number',
    controller: 'text',
    key: 'text',
    failures: 'number',
    commands: 'list of commands',
    requeue: 'requeue',
    events: 'list of events',
  },
  settled: { id: 'number', results: 'list of results' },
};

/** One line of a trace; what a driver wrote in an object is trusted. */
export function readTraceLine(text: string): TraceReading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, problem: 'is no JSON' };
  }
  if (!isObject(value)) return { ok: false, problem: 'is no object' };
  const { type } = value;
  if (typeof type !== 'string' || !Object.hasOwn(FIELDS, type)) {
    return { ok: false, problem: `has the type ${JSON.stringify(type)}; known are ${Object.keys(FIELDS).join(', ')}` };
  }
  const fields = { ...COMMON, ...FIELDS[type as TraceLine['type']] };
  for (const [field, wanted] of Object.entries(fields)) {
    if (!IS[wanted](value[field])) return { ok: false, problem: `has no ${field} that is a ${wanted}` };
  }
  return { ok: true, line: value as unknown as TraceLine };
}
