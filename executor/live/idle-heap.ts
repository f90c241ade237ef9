// What an idle control plane pays for its memory.
import { setFlagsFromString } from 'node:v8';

/** Later engines name it otherwise, and complain of what they do not know. */
const KNOWN_BEFORE = 12;

/**
 * When a burst of work is over, the engine collects three times in a row to give memory back. The first finds what there is;
 * the others take most of a CPU second that an idle hub need not spend.
 */
export function collectOnceWhenIdle(): void {
  if (Number.parseInt(process.versions.v8, 10) < KNOWN_BEFORE) setFlagsFromString('--memory-reducer-single-gc');
}
