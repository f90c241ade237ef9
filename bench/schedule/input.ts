// What a scheduler benchmark decides: a file of JSON lines (a fleet first, then a binding a line), or a seeded workload.
import type { BindingInput, Cluster } from '../../engine/index.ts';
import { readJsonLines } from '../../executor/files/json-lines.ts';
import { CommandError } from '../../executor/terminal/command.ts';
import { generate, type WorkloadOptions } from './workload.ts';

export interface ScheduleInput {
  readonly label: string;
  readonly clusters: readonly Cluster[];
  readonly bindings: readonly BindingInput[];
}

export function generatedInput(options: WorkloadOptions): ScheduleInput {
  const { clusters, bindings } = generate(options);
  return {
    label: `${options.workload}, ${options.clusters} clusters, ${options.bindings} bindings, seed ${options.seed}`,
    clusters,
    bindings: [...bindings],
  };
}

export async function readInput(file: string): Promise<ScheduleInput> {
  let clusters: readonly Cluster[] | null = null;
  const bindings: BindingInput[] = [];
  for await (const batch of readJsonLines([file])) {
    for (const line of batch) {
      const place = `line ${line.line} of ${line.source}`;
      if (!line.ok) throw new CommandError(`${place} ${line.problem}`);
      const value = line.value as { clusters?: unknown; spec?: unknown; status?: unknown };
      if (clusters === null) {
        if (!Array.isArray(value.clusters)) {
          throw new CommandError(
            `${place} should be the fleet, {"clusters": [...]}: every benchmark input begins with it`,
          );
        }
        clusters = value.clusters as readonly Cluster[];
      } else if (typeof value.spec !== 'object' || value.spec === null) {
        throw new CommandError(`${place} should be a binding, {"spec": {...}, "status": {...}}: it has no "spec"`);
      } else {
        bindings.push(value as BindingInput);
      }
    }
  }
  if (clusters === null || bindings.length === 0)
    throw new CommandError(`${file} holds no fleet with bindings to decide`);
  return { label: file, clusters, bindings };
}
