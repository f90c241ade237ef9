// How the pods of a workload behave in the members: how long they take to start, to stop and to work, and whether they crash.
import { type Behavior, type BehaviorMatch, type BehaviorRule, isObject } from '../../engine/index.ts';
import { latencyForm, readLatency } from './distribution.ts';
import { about, anyText, type Form, map, record, someText, trueOrFalse } from './form.ts';
import type { Timed } from './timing.ts';

export const behaviorFields: Readonly<Record<string, Form>> = {
  match: about(
    'whose pods; all where it is left out',
    record({}, { kind: someText, namespace: someText, name: someText, labels: map(anyText), image: someText }),
  ),
  start: about('from having a node to being ready', latencyForm),
  stop: about('from being told to stop to being gone', latencyForm),
  run: about('how long the pods of a job work', latencyForm),
  crash: about('from being ready to crashing, again and again', latencyForm),
  broken: about('starts, fails, and never gets ready', trueOrFalse),
};

export const behaviorForm: Form = record({}, behaviorFields);

/** Of what has the form. */
export function readBehavior(entry: Timed): BehaviorRule {
  const latency = (field: string) => (entry[field] == null ? {} : { [field]: readLatency(entry[field]) });
  const behavior: Partial<Behavior> = {
    ...latency('start'),
    ...latency('stop'),
    ...latency('run'),
    ...latency('crash'),
    ...(entry.broken == null ? {} : { isBroken: entry.broken === true }),
  };
  return { match: (isObject(entry.match) ? entry.match : {}) as BehaviorMatch, behavior };
}
