// The steps of the controllers around a failure: the last ones before it, and the next ones after.
import { COLLECTIONS, type Command, type Millis, type TraceLine } from '../../engine/index.ts';

type Step = Extract<TraceLine, { readonly type: 'step' }>;

const BEFORE = 6;
const AFTER = 3;

export interface Surroundings {
  /** When it failed, as the steps count it. */
  readonly at: Millis;
  readonly steps: readonly Step[];
}

interface Open extends Surroundings {
  readonly steps: Step[];
  left: number;
}

/** Leases, and what clusters report of themselves. */
const isHeartbeat = ({ verb, key: { collection } }: Extract<Command, { readonly key: unknown }>): boolean =>
  collection === COLLECTIONS.leases || (collection === COLLECTIONS.clusters && verb.endsWith('-status'));

export class AroundFailures {
  readonly #recent: Step[] = [];
  #open: Open[] = [];

  /** Steps that changed nothing say nothing. */
  notice(line: TraceLine): void {
    if (line.type !== 'step' || !line.commands.some((command) => 'key' in command && !isHeartbeat(command))) return;
    this.#recent.push(line);
    if (this.#recent.length > BEFORE) this.#recent.shift();
    for (const open of this.#open) {
      open.steps.push(line);
      open.left -= 1;
    }
    if (this.#open.length > 0) this.#open = this.#open.filter(({ left }) => left > 0);
  }

  /** Filled in while the run goes on. */
  mark(at: Millis): Surroundings {
    const open = { at, steps: [...this.#recent], left: AFTER };
    this.#open.push(open);
    return open;
  }
}

/** "scheduler shop/web: patch resourcebindings shop/web-deployment". */
export function stepText({ controller, key, commands }: Step): string {
  const shown = commands.slice(0, 3).map((command) => {
    const at = command.on === 'hub' ? '' : ` in ${command.on.replace('member/', '')}`;
    if (!('key' in command)) return `${command.verb}${at}`;
    const { collection, namespace, name } = command.key;
    const kind = collection.slice(collection.indexOf('/') + 1);
    return `${command.verb} ${kind} ${namespace === '' ? '' : `${namespace}/`}${name}${at}`;
  });
  const more = commands.length > 3 ? ` and ${commands.length - 3} more` : '';
  return `${controller} ${key}: ${shown.join(', ')}${more}`;
}
