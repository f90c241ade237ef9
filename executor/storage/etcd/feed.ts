// What hubs write to etcd, as it comes: a watch that is taken up again where it broke off, and says so if that is not possible.
import { StorageError } from '../storage.ts';
import type { EtcdClient, WatchMessage } from './client.ts';
import { type Arrival, arrivalsIn } from './group.ts';
import type { Keys } from './keys.ts';

export interface FeedEvents {
  arrived(arrival: Arrival): void;
  /** What is missing was compacted away: a state has to be read anew, and the feed goes on after what comes back. */
  expired(): Promise<number>;
  /** What is there is not as a hub writes it; the feed ends. */
  failed(error: unknown): void;
  /** The stream broke; it will be taken up again. */
  broke(error: unknown): void;
}

export class EtcdFeed {
  readonly #client: EtcdClient;
  readonly #keys: Keys;
  readonly #events: FeedEvents;
  readonly #retryMs: number;
  /** etcd's revision from which nothing has been seen. */
  #next: number;
  #stream = new AbortController();
  #isClosed = false;
  #running: Promise<void> = Promise.resolve();

  constructor(client: EtcdClient, keys: Keys, seen: number, retryMs: number, events: FeedEvents) {
    this.#client = client;
    this.#keys = keys;
    this.#next = seen + 1;
    this.#retryMs = retryMs;
    this.#events = events;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** The stream may be dead without knowing it. */
  restart(): void {
    this.#stream.abort();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stream.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      try {
        if (await this.#isExpired()) this.#next = (await this.#events.expired()) + 1;
        else await this.#rest();
      } catch (error) {
        if (this.#isClosed) return;
        if (error instanceof StorageError) {
          this.#events.failed(error);
          return;
        }
        this.#events.broke(error);
        await this.#rest();
      }
    }
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.#retryMs));
  }

  /** Listens until the stream ends; true where that is because what comes next is gone. */
  async #isExpired(): Promise<boolean> {
    let isExpired = false;
    this.#stream = new AbortController();
    const listen = (message: WatchMessage) => {
      isExpired ||= this.#take(message);
    };
    try {
      await this.#client.watch(this.#keys.range(), this.#next, listen, this.#stream.signal);
    } catch (error) {
      if (!isExpired) throw error;
    }
    return isExpired;
  }

  /** Whether what comes next is gone. */
  #take(message: WatchMessage): boolean {
    if (this.#isClosed) return false;
    for (const arrival of arrivalsIn(message, this.#keys)) this.#events.arrived(arrival);
    // A message that brings nothing says that everything up to its revision has been brought, except the very first.
    for (const { kv } of message.events) this.#next = Math.max(this.#next, kv.modRevision + 1);
    if (message.isCanceled) this.#stream.abort();
    return message.compacted >= this.#next;
  }
}
