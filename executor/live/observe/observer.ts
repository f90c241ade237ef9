// Whoever looks on while controllers work: metrics, logs, or both.
import type { CommandResult, ControllerManager, Task } from '../../../engine/index.ts';
import type { Mistake } from '../surviving.ts';

export interface Observer {
  /** Controllers begin; the answer says that they have ended. */
  begun(manager: ControllerManager): () => void;
  /** A key was decided and everything wanted for it was tried. */
  settled(task: Task, results: readonly CommandResult[], tookMs: number): void;
  /** A controller threw what it should not. */
  mistaken(mistake: Mistake): void;
  /** A request to an API was answered with a status, or not at all. */
  requested(host: string, method: string, status: number | null): void;
  /** Whether this process leads by a Lease of this name. */
  leads(name: string, isLeader: boolean): void;
}

export const observersOf = (all: readonly Observer[]): Observer => ({
  begun: (manager) => {
    const ends = all.map((one) => one.begun(manager));
    return () => {
      for (const end of ends) end();
    };
  },
  settled: (task, results, tookMs) => {
    for (const one of all) one.settled(task, results, tookMs);
  },
  mistaken: (mistake) => {
    for (const one of all) one.mistaken(mistake);
  },
  requested: (host, method, status) => {
    for (const one of all) one.requested(host, method, status);
  },
  leads: (name, isLeader) => {
    for (const one of all) one.leads(name, isLeader);
  },
});
