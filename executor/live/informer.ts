// One collection of one API, followed over HTTP: listed page by page, then watched from there. A watch that ends is taken up
// where it ended, after a wait that doubles with every failure; one whose history is gone begins with a list again. One that
// says nothing for too long is not trusted, and now and then everything is listed anew, in case an event got lost.
import { type ChangeType, isObject, type KubeObject, merged } from '../../engine/index.ts';
import { type Directory, pathFor, type Served } from './directory.ts';
import type { HttpApi } from './http-api.ts';
import type { Following, FollowListener } from './place-client.ts';

const RETRY_MS = 500;
const RETRY_MAX_MS = 30_000;
const PAGE = 1_000;
/** Servers end watches after so long; each of ours a little apart from the others. */
const WATCH_SECONDS = 240;
const WATCH_SECONDS_SPREAD = 60;
/** Servers say at least every minute how far they are: who is silent for three is connected to nobody. */
const SILENCE_MS = 195_000;
/** Lists are dear, and events are seldom lost. */
const RESYNC_MS = 30 * 60_000;
/** A watch that lived for so long was no failure. */
const LIVED_MS = 5_000;

type State = 'listing' | 'watching' | 'waiting' | 'closed';

export interface InformerPorts {
  readonly api: Pick<HttpApi, 'send' | 'stream'>;
  readonly directory: Pick<Directory, 'find'>;
  /** Where only one namespace of a collection is followed; all of them where it is left out or empty. */
  readonly namespaceOf?: (collection: string) => string;
  readonly now: () => number;
  /** A number from 0 up to, and without, 1. */
  readonly chance: () => number;
}

export class Informer implements Following {
  readonly collection: string;
  readonly #ports: InformerPorts;
  readonly #listener: FollowListener;
  #state: State = 'listing';
  /** As the server wrote it; null where a list has to come first. */
  #revision: string | null = null;
  #served: Served | null = null;
  #failures = 0;
  #listedAt = 0;
  #watchdog: NodeJS.Timeout | null = null;
  #stop: () => void = () => {};
  #timer: NodeJS.Timeout | null = null;

  constructor(collection: string, listener: FollowListener, ports: InformerPorts) {
    this.collection = collection;
    this.#ports = ports;
    this.#listener = listener;
    setImmediate(() => void this.#list());
  }

  get state(): State {
    return this.#state;
  }

  close(): void {
    this.#state = 'closed';
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#watchdog !== null) clearTimeout(this.#watchdog);
    this.#stop();
  }

  async #list(): Promise<void> {
    if (this.#isClosed()) return;
    this.#state = 'listing';
    const served = await this.#ports.directory.find(this.collection);
    if (this.#isClosed()) return;
    if (served === null || 'ok' in served) {
      if (served === null) this.#listener.absent?.();
      this.#retry();
      return;
    }
    this.#served = served;
    const objects: KubeObject[] = [];
    let revision = '';
    let next = '';
    do {
      const query = `?limit=${PAGE}${next === '' ? '' : `&continue=${encodeURIComponent(next)}`}`;
      const answer = await this.#ports.api.send({
        method: 'GET',
        path: pathFor(served.apiVersion, served, this.#namespace()) + query,
      });
      if (this.#isClosed()) return;
      const page = answer.ok && answer.status === 200 ? readPage(answer.text, served) : null;
      if (page === null) {
        // Rights that were given before a kind was asked for are rights to do without it.
        if (answer.ok && answer.status === FORBIDDEN) this.#listener.absent?.();
        this.#retry();
        return;
      }
      objects.push(...page.items);
      revision = page.revision;
      next = page.next;
    } while (next !== '');
    this.#revision = revision;
    this.#listedAt = this.#ports.now();
    this.#listener.listed(objects, numberOf(revision));
    this.#watch();
  }

  #watch(): void {
    if (this.#isClosed() || this.#served === null) return;
    this.#state = 'watching';
    const seconds = WATCH_SECONDS + Math.floor(this.#ports.chance() * WATCH_SECONDS_SPREAD);
    const path = pathFor(this.#served.apiVersion, this.#served, this.#namespace());
    const from = encodeURIComponent(this.#revision ?? '');
    const query = `?watch=true&allowWatchBookmarks=true&timeoutSeconds=${seconds}&resourceVersion=${from}`;
    const began = this.#ports.now();
    this.#expectNews();
    this.#stop = this.#ports.api.stream(
      path + query,
      (line) => this.#hear(line),
      (refused) => {
        if (this.#isClosed() || this.#state !== 'watching') return;
        if (refused === GONE || refused === NOT_FOUND) this.#revision = null;
        if (refused === null && this.#ports.now() - began >= LIVED_MS) this.#failures = 0;
        if (this.#ports.now() - this.#listedAt >= RESYNC_MS) this.#revision = null;
        this.#retry();
      },
    );
  }

  #hear(line: string): void {
    if (this.#state !== 'watching') return;
    const event = parse(line);
    const object = isObject(event) ? event.object : null;
    if (!isObject(event) || !isObject(object) || event.type === 'ERROR') {
      // Whatever it is, only a list is sure to mend it.
      this.#revision = null;
      this.#stop();
      this.#retry();
      return;
    }
    const metadata = isObject(object.metadata) ? object.metadata : {};
    this.#revision = String(metadata.resourceVersion ?? this.#revision);
    this.#failures = 0;
    this.#expectNews();
    if (event.type === 'BOOKMARK') this.#listener.caughtUp(numberOf(this.#revision));
    else this.#listener.changed(event.type as ChangeType, heeded(object), numberOf(this.#revision));
  }

  #expectNews(): void {
    if (this.#watchdog !== null) {
      this.#watchdog.refresh();
      return;
    }
    this.#watchdog = setTimeout(() => {
      this.#watchdog = null;
      if (this.#state !== 'watching') return;
      this.#stop();
      this.#retry();
    }, SILENCE_MS);
  }

  #retry(): void {
    this.#state = 'waiting';
    if (this.#watchdog !== null) clearTimeout(this.#watchdog);
    this.#watchdog = null;
    const wait = Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    const spread = wait / 2 + this.#ports.chance() * (wait / 2);
    this.#timer = setTimeout(() => {
      if (this.#revision === null) void this.#list();
      else this.#watch();
    }, spread);
  }

  #namespace(): string {
    return this.#ports.namespaceOf?.(this.collection) ?? '';
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }
}

const GONE = 410;
const FORBIDDEN = 403;
const NOT_FOUND = 404;

/** Revisions are opaque to the letter and numbers in fact; what is none is never waited for. */
function numberOf(revision: string): number {
  const number = Number(revision);
  return Number.isSafeInteger(number) ? number : 0;
}

interface Page {
  readonly items: readonly KubeObject[];
  readonly revision: string;
  readonly next: string;
}

/** Items of a list may leave out their type. */
function readPage(text: string, { apiVersion, kind }: Served): Page | null {
  const list = parse(text);
  if (!isObject(list) || !isObject(list.metadata)) return null;
  const items = Array.isArray(list.items) ? list.items.filter(isObject) : [];
  return {
    items: items.map((item) => merged({ apiVersion, kind }, heeded(item)) as KubeObject),
    revision: String(list.metadata.resourceVersion ?? ''),
    next: typeof list.metadata.continue === 'string' ? list.metadata.continue : '',
  };
}

/** No controller asks who wrote what, and the answer is as long as many an object. */
function heeded(object: Record<string, unknown>): KubeObject {
  // Written last, it goes without making the rest slow.
  if (isObject(object.metadata)) delete object.metadata.managedFields;
  return object as unknown as KubeObject;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
