// The processes of the control plane that a line of the timeline names: a name that no process has would strike nobody, in silence.
import { suggest } from '../../executor/terminal/suggest.ts';
import type { EntryReader } from './action.ts';

const SHOWN_MAX = 12;

/** `orElse` is what may stand there instead of a name, in words. */
export function refuseUnknownProcess(reader: EntryReader, field: string, name: unknown, orElse: string): void {
  if (typeof name === 'string' && reader.hasProcess(name)) return;
  const known = reader.processes;
  if (typeof name !== 'string') {
    const is = name == null ? 'is not there' : `is ${JSON.stringify(name)}`;
    reader.refuse(field, `${is}, and should be the name of a process: ${listed(known)}${orElse}`);
    return;
  }
  const near = suggest(name, known);
  const meant = near === null ? '' : `; did you mean "${near}"?`;
  reader.refuse(field, `there is no process "${name}": there are ${listed(known)}${orElse}${meant}`);
}

function listed(names: readonly string[]): string {
  const more = names.length - SHOWN_MAX;
  return `${names.slice(0, SHOWN_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
