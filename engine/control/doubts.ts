// What is seen of an API against what it answers. Where a write is refused again for a reason that would show if everything were
// seen, and nothing has been heard of the object in between, news of it were lost, and the collection has to be listed anew; and
// also where an own write has not come back for long.
import type { Millis } from '../kube/time.ts';
import type { Change } from '../store/change.ts';
import { formatKey, keyOf } from '../store/key.ts';
import type { Cache } from './cache.ts';
import type { Command, CommandResult } from './command.ts';
import type { Place } from './place.ts';

/** News are slow at times; what has not come for so long will not come. */
export const DOUBT_MS: Millis = 10_000;

export class Doubts {
  readonly #cache: Cache;
  readonly #listAnew: (place: Place, collection: string) => void;
  /** Those whose lists are awaited. */
  readonly #doubted = new Map<Place, Set<string>>();
  /** Since when an object, by place, has been other than it is seen here. */
  readonly #since = new Map<Place, Map<string, Millis>>();

  constructor(cache: Cache, listAnew: (place: Place, collection: string) => void) {
    this.#cache = cache;
    this.#listAnew = listAnew;
  }

  answered(command: Command, result: CommandResult, now: Millis): void {
    if (!('key' in command) || !this.#contradicts(command, result)) return;
    const { on, key } = command;
    const known = this.#since.get(on) ?? new Map<string, Millis>();
    const name = formatKey(key);
    const since = known.get(name);
    if (since === undefined) this.#since.set(on, known.set(name, now));
    if (since === undefined || now - since < DOUBT_MS) return;
    known.delete(name);
    this.doubt(on, key.collection);
  }

  doubt(place: Place, collection: string): void {
    const own = this.#doubted.get(place) ?? new Set<string>();
    if (own.has(collection)) return;
    this.#doubted.set(place, own.add(collection));
    this.#listAnew(place, collection);
  }

  listed(place: Place, collection: string): void {
    this.#doubted.get(place)?.delete(collection);
  }

  /** There is news of an object. */
  heard(place: Place, { collection, object }: Change): void {
    const known = this.#since.get(place);
    if (known === undefined || !known.delete(formatKey(keyOf(collection, object)))) return;
    if (known.size === 0) this.#since.delete(place);
  }

  forget(place: Place): void {
    this.#since.delete(place);
    this.#doubted.delete(place);
  }

  #contradicts(command: Exclude<Command, { readonly verb: 'watch' | 'ask' }>, result: CommandResult): boolean {
    const { on, key } = command;
    if (result.ok || !this.#cache.isSynced(on, key.collection)) return false;
    const seen = this.#cache.reader(on).get(key.collection, key.namespace, key.name);
    switch (result.code) {
      case 'AlreadyExists':
        return seen === null;
      case 'NotFound':
        return command.verb !== 'create' && seen !== null;
      case 'Conflict':
        return seen !== null && isMeant(command, seen.metadata);
      default:
        return false;
    }
  }
}

interface Version {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

/** What is seen is still what the command asked for. */
function isMeant(command: Extract<Command, { readonly key: unknown }>, seen: Version): boolean {
  const { uid, resourceVersion } = expectedBy(command);
  return (uid ?? seen.uid) === seen.uid && (resourceVersion ?? seen.resourceVersion) === seen.resourceVersion;
}

function expectedBy(command: Extract<Command, { readonly key: unknown }>): Version {
  return 'object' in command ? command.object.metadata : (command.precondition ?? {});
}
