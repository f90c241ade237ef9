// A fault of any sort that a process of the control plane can meet with the hub, drawn at random.
import type { Random } from '../../engine/base/random.ts';
import type { Fault } from '../../engine/simulate/faults.ts';

export interface DrawnFaultOptions {
  /** The process that it befalls. */
  readonly by: string;
  /** What it follows. */
  readonly collections: readonly string[];
  /** How far lists may be behind. */
  readonly revisionsMax: number;
  /** How the hub fails where it does. */
  readonly apiErrors: Omit<Extract<Fault, { fault: 'api-errors' }>, 'fault' | 'place'>;
}

export function drawnFault(random: Random, { by, collections, revisionsMax, apiErrors }: DrawnFaultOptions): Fault {
  const watched = { by, place: 'hub', collection: random.pick(collections) } as const;
  switch (random.integer(0, 4)) {
    case 0:
      return { fault: 'restart', name: by, forMs: random.integer(0, 5_000) };
    case 1:
      return { fault: 'watch-held', ...watched, forMs: random.integer(500, 20_000) };
    case 2:
      return { fault: 'watch-missed', ...watched, forMs: random.integer(500, 20_000) };
    case 3:
      return { fault: 'stale-list', ...watched, revisions: random.integer(1, revisionsMax) };
    default:
      return { fault: 'api-errors', place: 'hub', ...apiErrors };
  }
}
