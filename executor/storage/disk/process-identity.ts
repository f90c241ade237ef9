// Who a process is, so that another can tell later whether it is still there: its number alone would be given out again.
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  readonly pid: number;
  /** When the kernel started it, in the kernel's own units; empty where the system does not tell. */
  readonly started: string;
  /** The machine, its current run and the process namespace: only within it can a process be looked for by number. */
  readonly place: string;
}

export interface ProcessTable {
  readonly own: ProcessIdentity;
  /** Whether it runs; null where that cannot be told from here. */
  isAlive(other: ProcessIdentity): boolean | null;
}

/** Of a process of this machine. */
export const identityOf = (pid: number): ProcessIdentity => ({ pid, started: startOf(pid), place: placeHere() });

const placeHere = (): string =>
  [hostname(), readOrEmpty('/proc/sys/kernel/random/boot_id'), linkOrEmpty('/proc/self/ns/pid')].join(' ');

export function processTable(): ProcessTable {
  const own = identityOf(process.pid);
  return {
    own,
    isAlive: (other) => {
      if (other.place !== own.place) return null;
      return isRunning(other.pid) && startOf(other.pid) === other.started;
    },
  };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process, but a process.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The 22nd field; the second holds the program's name, in parentheses, and whatever that holds. */
const startOf = (pid: number): string => readOrEmpty(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[19] ?? '';

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

function linkOrEmpty(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
