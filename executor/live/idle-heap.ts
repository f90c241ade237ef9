// What an idle control plane pays for its memory.
import { setFlagsFromString } from 'node:v8';

/** Later engines name it otherwise, and complain of what they do not know. */
const KNOWN_BEFORE = 12;
/** The engine waits for eight seconds of its life at least before it collects for want of work. */
const NONE_YET_S = 7;

/**
 * When a burst of work is over, the engine collects three times in a row to give memory back. The first finds what there is;
 * the others take most of a CPU second that an idle hub need not spend.
 *
 * To be called when a process begins: told in the midst of such a row, the engine ends the process. Too late, nothing is changed.
 */
export function collectOnceWhenIdle(): void {
  if (process.uptime() > NONE_YET_S) return;
  if (Number.parseInt(process.versions.v8, 10) < KNOWN_BEFORE) setFlagsFromString('--memory-reducer-single-gc');
}
