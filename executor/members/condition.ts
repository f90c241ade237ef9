// Whether a member runs, stands still or is dead.
import { readFileSync } from 'node:fs';
import { type ProcessIdentity, processTable } from '../storage/disk/process-identity.ts';

export type Condition = 'running' | 'paused' | 'dead';

/** Null where the system does not tell. */
export function conditionOfProcess(one: ProcessIdentity | null): Condition | null {
  if (one === null || processTable().isAlive(one) === false) return 'dead';
  const { pid } = one;
  try {
    // The third field; the second holds the program's name, in parentheses, and whatever that holds.
    const letter = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.[0] ?? '';
    return LETTERS[letter] ?? 'running';
  } catch {
    return processTable().isAlive(one) === false ? 'dead' : null;
  }
}

const LETTERS: Readonly<Record<string, Condition>> = { T: 'paused', t: 'paused', Z: 'dead', X: 'dead' };

/** As container engines call the states of their containers. */
const STATUSES: Readonly<Record<string, Condition>> = {
  running: 'running',
  restarting: 'running',
  paused: 'paused',
  exited: 'dead',
  stopped: 'dead',
  dead: 'dead',
  created: 'dead',
};

/** Null where they are not all in one. */
export function conditionOfContainers(statuses: readonly string[]): Condition | null {
  const found = new Set(statuses.map((status) => STATUSES[status] ?? null));
  const [only = null] = found;
  return found.size === 1 ? only : null;
}
