// Reads a line of a trace: whoever edited one is told where it is not what a driver writes.
import {
  fields,
  flag,
  formatProblem,
  listOf,
  oneOf,
  problemsOf,
  type Shape,
  scalar,
  text,
  wholeNumber,
} from '../base/shape.ts';
import { isObject } from '../kube/json.ts';
import type { TraceLine } from './trace.ts';

export type TraceReading =
  | { readonly ok: true; readonly line: TraceLine }
  | { readonly ok: false; readonly problem: string };

const whole = wholeNumber(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
const object = scalar('an object', isObject);
const stored = fields({ metadata: fields({ name: text }) });
const failure = fields({ ok: flag, code: text });
const success = fields({
  ok: flag,
  object: (value, path, problems) => value === null || stored(value, path, problems),
});

const result: Shape = (value, path, problems) =>
  (isObject(value) && value.ok === false ? failure : success)(value, path, problems);

const waiting = oneOf('await-change', 'when-done', 'back-off');
const delayed = fields({ afterMs: whole });
const requeue: Shape = (value, path, problems) => (isObject(value) ? delayed : waiting)(value, path, problems);

const ofStream = { on: text, collection: text, revision: whole };

const FIELDS: Readonly<Record<TraceLine['type'], Readonly<Record<string, Shape>>>> = {
  started: { controllers: listOf(text), guardMaxMs: whole },
  began: {},
  listed: { ...ofStream, objects: listOf(stored) },
  saw: { ...ofStream, change: oneOf('ADDED', 'MODIFIED', 'DELETED'), object: stored },
  'caught-up': ofStream,
  forgot: { on: text },
  resynced: {},
  step: {
    id: whole,
    controller: text,
    key: text,
    failures: whole,
    commands: listOf(fields({ verb: text, on: text })),
    requeue,
    events: listOf(object),
  },
  settled: { id: whole, results: listOf(result) },
};

const SHAPES = new Map<string, Shape>(
  Object.entries(FIELDS).map(([type, others]) => [type, fields({ at: whole, by: text, ...others })]),
);

/** One line of a trace; what a driver wrote in an object is trusted. */
export function readTraceLine(written: string): TraceReading {
  let value: unknown;
  try {
    value = JSON.parse(written);
  } catch {
    return { ok: false, problem: 'the line is no JSON' };
  }
  if (!isObject(value)) return { ok: false, problem: 'the line is no object' };
  const shape = SHAPES.get(String(value.type));
  if (shape === undefined) {
    const known = [...SHAPES.keys()].join(', ');
    return { ok: false, problem: `the line has the type ${JSON.stringify(value.type)}; known are ${known}` };
  }
  const [problem] = problemsOf(shape, value);
  if (problem !== undefined) return { ok: false, problem: formatProblem(problem) };
  return { ok: true, line: value as unknown as TraceLine };
}
