// Runs a trace again: the same controllers are shown what they were shown, and must answer what they answered. The first
// difference is told; there is none unless code, or its inputs, differ from those that wrote the trace.
import { canonicalJson } from '../kube/json.ts';
import type { Change } from '../store/change.ts';
import type { Controller } from './controller.ts';
import { ControllerManager, type Task } from './manager.ts';
import type { StepLine, TraceLine } from './trace.ts';

export type RerunResult =
  | { readonly ok: true; readonly steps: number }
  | {
      readonly ok: false;
      /** Counted from 0 among the lines given. */
      readonly line: number;
      readonly problem: string;
      readonly recorded: StepLine | null;
      readonly found: Task | null;
      /** What was thrown: by a mistake in a controller, or because somebody has changed what it was shown. */
      readonly error?: unknown;
    };

type Refusal = Extract<RerunResult, { ok: false }>;

/** `controllersOf` gives the controllers of a process by its name, and may leave out what is not to be run again. */
export function rerun(lines: Iterable<TraceLine>, controllersOf: (by: string) => readonly Controller[]): RerunResult {
  const again = new Rerun(controllersOf);
  let at = -1;
  for (const line of lines) {
    at += 1;
    let refusal: Omit<Refusal, 'ok' | 'line'> | null;
    try {
      refusal = again.take(line);
    } catch (error) {
      refusal = { problem: 'what is shown here ends it with an error', recorded: null, found: null, error };
    }
    if (refusal !== null) return { ok: false, line: at, ...refusal };
  }
  return { ok: true, steps: again.steps };
}

class Rerun {
  steps = 0;
  readonly #controllersOf: (by: string) => readonly Controller[];
  readonly #managers = new Map<string, ControllerManager>();
  readonly #tasks = new Map<string, Task>();

  constructor(controllersOf: (by: string) => readonly Controller[]) {
    this.#controllersOf = controllersOf;
  }

  /** Null where all is as it was. */
  take(line: TraceLine): Omit<Refusal, 'ok' | 'line'> | null {
    if (line.type === 'started') return this.#start(line);
    const manager = this.#managers.get(line.by);
    if (manager === undefined) return refused(`${line.by} has not started`);
    switch (line.type) {
      case 'began':
        manager.begin(line.at);
        return null;
      case 'listed': {
        const listed = manager.cache.listed(line.collection, line.objects);
        manager.listed(line.on, line.collection, listed, line.revision, line.at);
        return null;
      }
      case 'saw':
        manager.changed(line.on, changeOf(line), null, line.at);
        return null;
      case 'caught-up':
        manager.caughtUp(line.on, line.collection, line.revision, line.at);
        return null;
      case 'forgot':
        manager.forgot(line.on, line.at);
        return null;
      case 'resynced':
        manager.resync(line.at);
        return null;
      case 'step':
        return this.#step(line, manager);
      case 'settled':
        return this.#settle(line, manager);
    }
  }

  #start({ by, at, controllers: names, guardMaxMs }: Extract<TraceLine, { type: 'started' }>) {
    const known = this.#controllersOf(by);
    const missing = names.find((name) => !known.some((one) => one.name === name));
    if (missing !== undefined) return refused(`there is no controller ${missing} to run again`);
    const controllers = names.map((name) => known.find((one) => one.name === name)!);
    this.#managers.set(by, new ControllerManager({ name: by, controllers, guardMaxMs }, at));
    return null;
  }

  #step(line: StepLine, manager: ControllerManager) {
    const task = manager.next(line.at, line.ahead ?? 0);
    if (task === null) return refused('no key is due', line);
    if (!isSame(line, task)) return refused('another step was taken', line, task);
    this.#tasks.set(`${line.by} ${line.id}`, task);
    this.steps += 1;
    return null;
  }

  #settle({ by, id, at, results }: Extract<TraceLine, { type: 'settled' }>, manager: ControllerManager) {
    const task = this.#tasks.get(`${by} ${id}`);
    if (task === undefined) return refused(`step ${id} was not taken`);
    if (task.outcome.commands.length !== results.length) return refused('there is not one result a command');
    this.#tasks.delete(`${by} ${id}`);
    manager.settle(task, results, at);
    return null;
  }
}

const refused = (problem: string, recorded: StepLine | null = null, found: Task | null = null) => ({
  problem,
  recorded,
  found,
});

/** What it was before is what the process has seen of it. */
const changeOf = ({ collection, revision, change, object }: Extract<TraceLine, { type: 'saw' }>): Change => ({
  revision,
  type: change,
  collection,
  object,
  previous: null,
});

function isSame(line: StepLine, { id, controller, key, failures, outcome }: Task): boolean {
  const { commands, requeue, events, restMs, remember } = line;
  const recorded = { id: line.id, controller: line.controller, key: line.key, failures: line.failures };
  const found = { id, controller, key, failures };
  return (
    canonicalJson({ ...recorded, commands, requeue, events, restMs, remember }) ===
    canonicalJson({ ...found, ...outcome })
  );
}
