// What must hold of every process at every step: who has written waits until that has come back, or for a named time, before it
// looks at the same key again. It is judged by what the processes tell of themselves, as in a trace.
import type { Command, CommandResult } from '../../control/command.ts';
import { GUARD_MAX_MS } from '../../control/manager.ts';
import type { Place } from '../../control/place.ts';
import type { TraceLine } from '../../control/trace.ts';
import type { Millis } from '../../kube/time.ts';
import type { Sighting } from './safety.ts';
import { violation } from './violation.ts';

interface Awaited {
  readonly stream: string;
  readonly revision: number;
  readonly until: Millis;
}

type Step = Extract<TraceLine, { readonly type: 'step' }>;

class ProcessMemory {
  /** Collections of places that have been listed, and are still followed. */
  readonly followed = new Set<string>();
  /** Up to where each has been seen. */
  readonly seen = new Map<string, number>();
  readonly awaited = new Map<string, readonly Awaited[]>();
  readonly underWay = new Map<number, Step>();
}

export class OwnWritesWatch {
  readonly sightings: Sighting[] = [];
  readonly #processes = new Map<string, ProcessMemory>();

  notice(line: TraceLine): void {
    if (line.type === 'started') this.#processes.set(line.by, new ProcessMemory());
    const memory = this.#processes.get(line.by);
    if (memory === undefined) return;
    switch (line.type) {
      case 'listed':
      case 'saw':
      case 'caught-up':
        see(memory, streamOf(line.on, line.collection), line.revision);
        if (line.type === 'listed') memory.followed.add(streamOf(line.on, line.collection));
        return;
      case 'forgot':
        for (const stream of memory.followed) if (stream.startsWith(`${line.on} `)) memory.followed.delete(stream);
        return;
      case 'step':
        this.#judge(line, memory);
        if (line.commands.length > 0) memory.underWay.set(line.id, line);
        return;
      case 'settled': {
        const step = memory.underWay.get(line.id);
        memory.underWay.delete(line.id);
        if (step !== undefined) memory.awaited.set(keyOf(step), awaitedAfter(step, line.results, line.at, memory));
      }
    }
  }

  #judge(step: Step, memory: ProcessMemory): void {
    const awaited = memory.awaited.get(keyOf(step)) ?? [];
    for (const { stream, revision, until } of awaited) {
      if ((memory.seen.get(stream) ?? 0) >= revision || step.at >= until) continue;
      const message = `${step.by} looks at it before what it wrote itself, ${stream} at ${revision}, has come back`;
      const about = `${step.controller} ${step.key}`;
      this.sightings.push({ ...violation('waits-for-its-own-writes', about, message), at: step.at });
    }
    memory.awaited.delete(keyOf(step));
  }
}

const keyOf = ({ controller, key }: Step): string => `${controller} ${key}`;

const streamOf = (on: Place, collection: string): string => `${on} ${collection}`;

const see = ({ seen }: ProcessMemory, stream: string, revision: number): unknown =>
  seen.set(stream, Math.max(seen.get(stream) ?? 0, revision));

function awaitedAfter(
  { commands }: Step,
  results: readonly CommandResult[],
  now: Millis,
  { followed }: ProcessMemory,
): readonly Awaited[] {
  return commands.flatMap((command, at) => {
    const revision = revisionAfter(command, results[at]);
    if (revision === null || !('key' in command)) return [];
    const stream = streamOf(command.on, command.key.collection);
    return followed.has(stream) ? [{ stream, revision, until: now + GUARD_MAX_MS }] : [];
  });
}

function revisionAfter(command: Command, result: CommandResult | undefined): number | null {
  if (!('key' in command) || result?.ok !== true || result.object === null) return null;
  const revision = Number(result.object.metadata.resourceVersion);
  return Number.isSafeInteger(revision) ? revision : null;
}
