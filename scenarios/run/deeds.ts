// The short trace of a run: starts, steps that changed or said something, and what became of those; without what was seen, and
// without the objects that writes gave back.
import { type CommandResult, formatTraceLine, type TraceLine } from '../../engine/index.ts';

export class Deeds {
  /** Steps that have been told and not been settled, by process. */
  readonly #underWay = new Map<string, Set<number>>();

  /** Null for what is none. */
  textOf(line: TraceLine): string | null {
    switch (line.type) {
      case 'started':
        this.#underWay.set(line.by, new Set());
        return formatTraceLine(line);
      case 'began':
        return formatTraceLine(line);
      case 'step': {
        const isDeed = line.events.length > 0 || line.commands.some((command) => 'key' in command);
        if (!isDeed) return null;
        if (line.commands.length > 0) this.#underWay.get(line.by)?.add(line.id);
        return formatTraceLine(line);
      }
      case 'settled': {
        if (this.#underWay.get(line.by)?.delete(line.id) !== true) return null;
        const { at, by, id, type } = line;
        return JSON.stringify({ type, at, by, id, results: line.results.map(brief) });
      }
      default:
        return null;
    }
  }
}

function brief(result: CommandResult) {
  if (!result.ok) return result;
  const { object, answer } = result;
  return { ok: true, revision: object?.metadata.resourceVersion, answer };
}
