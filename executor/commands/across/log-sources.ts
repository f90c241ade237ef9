// The containers whose logs are asked for, in the pods that were found.
import { containersOf } from '../../apiserver/handlers/container-run.ts';
import { type Arguments, CommandError } from '../../terminal/command.ts';
import { defaultContainer } from './containers.ts';
import type { FoundPods } from './pods-asked-for.ts';

export interface LogSource {
  readonly cluster: string;
  readonly pod: string;
  /** Empty for the only one. */
  readonly container: string;
}

export interface LogSources {
  readonly sources: readonly LogSource[];
  /** What was chosen without being asked for. */
  readonly notes: ReadonlySet<string>;
}

/** Of each cluster the first pod, or all. */
export function logSources(found: readonly FoundPods[], isEveryPod: boolean, args: Arguments): LogSources {
  const notes = new Set<string>();
  const wanted = typeof args.container === 'string' ? args.container : null;
  const sources = found.flatMap(({ cluster, pods }) => {
    if (!isEveryPod && pods.length > 1) {
      notes.add(`cluster ${cluster}: found ${pods.length} pods, using ${pods[0]!.metadata.name}`);
    }
    return (isEveryPod ? pods : pods.slice(0, 1)).flatMap((pod) => {
      const all = containersOf(pod);
      if (args['all-containers'] === true) return all.map((container) => ({ cluster, pod, container }));
      if (wanted !== null) return all.includes(wanted) ? [{ cluster, pod, container: wanted }] : [];
      const { name, note } = defaultContainer(pod);
      if (note !== null) notes.add(note);
      return [{ cluster, pod, container: name }];
    });
  });
  if (sources.length === 0 && wanted !== null) {
    const there = new Set(found.flatMap(({ pods }) => pods.flatMap(containersOf)));
    throw new CommandError(`container ${wanted} is not valid: choose one of ${[...there].join(', ')}`);
  }
  return { sources: sources.map((one) => ({ ...one, pod: one.pod.metadata.name })), notes };
}
