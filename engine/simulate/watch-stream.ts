// One collection of one place, followed from afar: listed, then told of changes in order, each a little later than it happened.
// A stream that breaks is taken up where it ended, or, where the history does not reach back that far, listed again.
import type { Place } from '../control/place.ts';
import type { Millis } from '../kube/time.ts';
import type { Change } from '../store/change.ts';
import type { Collection } from '../store/collection.ts';
import type { Calls } from './calls.ts';
import type { World } from './world.ts';

/** Waits before a broken stream is taken up: doubled up to the maximum, as reflectors do it. */
const RETRY_MS: Millis = 1_000;
const RETRY_MAX_MS: Millis = 30_000;

export interface StreamEvents {
  readonly listed: (collection: Collection, revision: number) => void;
  /** `after` is null where it would tell more than the changes did. */
  readonly changed: (change: Change, after: Collection | null) => void;
  /** Everything that had arrived has been told. */
  readonly done: () => void;
}

export type Misbehaviour = 'drops' | 'repeats' | 'reorders';

interface Arriving {
  readonly at: Millis;
  readonly change: Change;
  readonly after: Collection;
}

export class WatchStream {
  readonly place: Place;
  readonly collection: string;
  readonly #from: Place;
  readonly #world: World;
  readonly #calls: Calls;
  readonly #events: StreamEvents;
  #unsubscribe: (() => void) | null = null;
  #arriving: Arriving[] = [];
  #lastArrival: Millis = 0;
  #holdUntil: Millis = 0;
  /** Everything up to here has been told, or was in the list. */
  #revision = 0;
  #hasListed = false;
  #failures = 0;
  #lag = 0;
  /** Rises with every break: what belongs to an earlier connection is void. */
  #connection = 0;
  #isClosed = false;
  #misbehaviour: Misbehaviour | null = null;
  /** Since the last list, every change was told once and in order. */
  #isHonest = true;
  /** A change could not be sent: nothing after it is. */
  #isCut = false;

  constructor(from: Place, place: Place, collection: string, world: World, calls: Calls, events: StreamEvents) {
    this.place = place;
    this.collection = collection;
    this.#from = from;
    this.#world = world;
    this.#calls = calls;
    this.#events = events;
    this.#list();
  }

  get hasListed(): boolean {
    return this.#hasListed;
  }

  close(): void {
    this.#isClosed = true;
    this.#disconnect();
  }

  /** The connection breaks; what was on its way is lost. */
  break(): void {
    if (this.#isClosed || this.#unsubscribe === null) return;
    this.#disconnect();
    this.#retry();
  }

  /** What happened up to now is not told again: the stream breaks and has to list, and is honest from then on. */
  expire(): void {
    this.#misbehaviour = null;
    this.#revision = -1;
    this.break();
  }

  /** Nothing arrives before this time. */
  hold(until: Millis): void {
    this.#holdUntil = Math.max(this.#holdUntil, until);
  }

  /** Nothing is heard before this time, and then a whole list: what came and went meanwhile was never seen. */
  miss(until: Millis): void {
    if (this.#isClosed) return;
    this.#disconnect();
    this.#revision = -1;
    const connection = this.#connection;
    this.#world.clock.at(Math.max(until, this.#world.clock.now), () => {
      if (!this.#isClosed && connection === this.#connection) this.#list();
    });
  }

  /** What no API server does to the next change: it is not told, told twice, or told after the one that follows. */
  misbehave(how: Misbehaviour): void {
    this.#misbehaviour = how;
  }

  /** The next list comes from a replica that is this many revisions behind. */
  lagBy(revisions: number): void {
    this.#lag = revisions;
  }

  #list(): void {
    const connection = this.#connection;
    const { from, to } = { from: this.#from, to: this.place };
    this.#calls.send(
      { from, to, verb: 'list', collection: this.collection },
      () => this.#readList(),
      (answer) => {
        if (this.#isClosed || connection !== this.#connection) return;
        if (!answer.ok || answer.value === null) {
          this.#retry();
          return;
        }
        const { collection, revision } = answer.value;
        this.#hasListed = true;
        this.#isHonest = true;
        this.#revision = revision;
        this.#failures = 0;
        this.#connect();
        this.#events.listed(collection, revision);
        this.#events.done();
      },
    );
  }

  #readList(): { collection: Collection; revision: number } | null {
    const api = this.#world.api(this.place)!;
    api.asked(this.collection);
    const { store, recently } = api;
    const behind = Math.max(store.revision() - this.#lag, recently.revision());
    const revision = Math.max(store.oldest(), behind);
    this.#lag = 0;
    const collection = store.collectionAt(this.collection, revision);
    return collection === null ? null : { collection, revision };
  }

  /** Follows the store from the revision that has been seen. */
  #connect(): void {
    const store = this.#world.api(this.place)?.store;
    if (store === undefined) {
      this.#retry();
      return;
    }
    this.#isCut = false;
    const start = store.watch(this.collection, Math.min(this.#revision, store.published()), (change, after) =>
      this.#send(change, after),
    );
    if (!start.ok) {
      this.#revision = -1;
      this.#retry();
      return;
    }
    this.#unsubscribe = start.stop;
    if (this.#isCut) this.break();
  }

  #resume(): void {
    const connection = this.#connection;
    this.#calls.send(
      { from: this.#from, to: this.place, verb: 'watch', collection: this.collection },
      () => this.#world.api(this.place)!.store.oldest() <= this.#revision,
      (answer) => {
        if (this.#isClosed || connection !== this.#connection) return;
        if (!answer.ok) this.#retry();
        else if (!answer.value) this.#list();
        else {
          this.#failures = 0;
          this.#connect();
        }
      },
    );
  }

  #retry(): void {
    const connection = this.#connection;
    const wait = Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    this.#world.clock.after(wait, () => {
      if (this.#isClosed || connection !== this.#connection) return;
      if (this.#revision < 0 || !this.#hasListed) this.#list();
      else this.#resume();
    });
  }

  #disconnect(): void {
    this.#connection += 1;
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#arriving = [];
  }

  #send(change: Change, after: Collection): void {
    if (this.#isCut) return;
    const { clock, network } = this.#world;
    const transit = network.transit(this.place, this.#from);
    if (transit === null) {
      // As if a bookmark had come just before: nothing else has been missed.
      if (this.#arriving.length === 0 && this.#revision >= 0) this.#revision = change.revision - 1;
      this.#isCut = true;
      this.break();
      return;
    }
    const at = Math.max(this.#lastArrival, this.#holdUntil, clock.now + transit);
    this.#arriving.push({ at, change, after });
    this.#misplaceLast();
    if (at === this.#lastArrival && this.#arriving.length > 1) return;
    this.#lastArrival = at;
    const connection = this.#connection;
    clock.at(at, () => {
      if (!this.#isClosed && connection === this.#connection) this.#deliver();
    });
  }

  #misplaceLast(): void {
    const last = this.#arriving.at(-1)!;
    switch (this.#misbehaviour) {
      case null:
        return;
      case 'drops':
        this.#arriving.pop();
        break;
      case 'repeats':
        this.#arriving.push(last);
        break;
      case 'reorders': {
        const before = this.#arriving.at(-2);
        if (before === undefined) return;
        this.#arriving.splice(-2, 2, { ...last, at: before.at }, { ...before, at: last.at });
      }
    }
    this.#misbehaviour = null;
    this.#isHonest = false;
  }

  #deliver(): void {
    const { clock, network } = this.#world;
    if (network.isCut(this.place, this.#from)) {
      this.break();
      return;
    }
    const { now } = clock;
    let told = 0;
    while (told < this.#arriving.length && this.#arriving[told]!.at <= now) {
      const { change, after } = this.#arriving[told]!;
      this.#revision = change.revision;
      told += 1;
      this.#events.changed(change, this.#isHonest ? after : null);
    }
    this.#arriving.splice(0, told);
    this.#events.done();
  }
}
