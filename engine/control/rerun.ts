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
    };

/** `controllersOf` gives the controllers of a process by its name, and may leave out what is not to be run again. */
export function rerun(lines: Iterable<TraceLine>, controllersOf: (by: string) => readonly Controller[]): RerunResult {
  const managers = new Map<string, ControllerManager>();
  const tasks = new Map<string, Task>();
  let steps = 0;
  let at = -1;
  const refuse = (problem: string, recorded: StepLine | null = null, found: Task | null = null): RerunResult => ({
    ok: false,
    line: at,
    problem,
    recorded,
    found,
  });
  for (const line of lines) {
    at += 1;
    if (line.type === 'started') {
      const controllers = controllersOf(line.by);
      const missing = line.controllers.find((name) => !controllers.some((one) => one.name === name));
      if (missing !== undefined) return refuse(`there is no controller ${missing} to run again`);
      const own = line.controllers.map((name) => controllers.find((one) => one.name === name)!);
      managers.set(
        line.by,
        new ControllerManager({ name: line.by, controllers: own, guardMaxMs: line.guardMaxMs }, line.at),
      );
      continue;
    }
    const manager = managers.get(line.by);
    if (manager === undefined) return refuse(`${line.by} has not started`);
    switch (line.type) {
      case 'began':
        manager.begin(line.at);
        break;
      case 'listed': {
        const listed = manager.cache.listed(line.collection, line.objects);
        manager.listed(line.on, line.collection, listed, line.revision, line.at);
        break;
      }
      case 'saw':
        manager.changed(line.on, changeOf(line), null, line.at);
        break;
      case 'caught-up':
        manager.caughtUp(line.on, line.collection, line.revision, line.at);
        break;
      case 'forgot':
        manager.forgot(line.on, line.at);
        break;
      case 'resynced':
        manager.resync(line.at);
        break;
      case 'step': {
        const task = manager.next(line.at, line.ahead ?? 0);
        if (task === null) return refuse('no key is due', line);
        if (!isSame(line, task)) return refuse('another step was taken', line, task);
        tasks.set(`${line.by} ${line.id}`, task);
        steps += 1;
        break;
      }
      case 'settled': {
        const task = tasks.get(`${line.by} ${line.id}`);
        if (task === undefined) return refuse(`step ${line.id} was not taken`);
        if (task.outcome.commands.length !== line.results.length) return refuse('there is not one result a command');
        tasks.delete(`${line.by} ${line.id}`);
        manager.settle(task, line.results, line.at);
        break;
      }
    }
  }
  return { ok: true, steps };
}

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
