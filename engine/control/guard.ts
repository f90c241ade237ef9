// Read-your-own-writes: a key whose writes were accepted waits until this process has seen them come back, so that no
// controller decides on a state that it has itself made stale. It waits for a limited time: a watch may hang for long. Who ran out
// of time is told once its writes have come after all, since what was decided meanwhile was decided without them.
import { Heap } from '../base/heap.ts';
import type { Millis } from '../kube/time.ts';

/** A collection of a place, and the revision that is to be seen there. */
export interface Awaited {
  readonly stream: string;
  readonly revision: number;
}

interface Hold<T, A extends Awaited> {
  readonly item: T;
  readonly awaited: readonly A[];
  readonly until: Millis;
  missing: number;
  isLate: boolean;
}

export interface Seen<T> {
  readonly item: T;
  readonly isLate: boolean;
}

export interface Expired<T, A extends Awaited> {
  readonly item: T;
  readonly awaited: readonly A[];
}

const NOBODY: readonly never[] = [];

export class Guard<T, A extends Awaited = Awaited> {
  readonly #byStream = new Map<string, Heap<{ readonly revision: number; readonly hold: Hold<T, A> }>>();
  readonly #byDeadline = new Heap<Hold<T, A>>((a, b) => a.until - b.until);

  /** The list must not be empty. */
  hold(item: T, awaited: readonly A[], until: Millis): void {
    const hold = { item, awaited, until, missing: awaited.length, isLate: false };
    for (const { stream, revision } of awaited) {
      let waiting = this.#byStream.get(stream);
      if (waiting === undefined) {
        waiting = new Heap((a, b) => a.revision - b.revision);
        this.#byStream.set(stream, waiting);
      }
      waiting.push({ revision, hold });
    }
    this.#byDeadline.push(hold);
  }

  /** Who waits for this very revision next; null where nobody does. */
  waitsFor(stream: string, revision: number): T | null {
    const first = this.#byStream.get(stream)?.peek();
    return first?.revision === revision && !first.hold.isLate ? first.hold.item : null;
  }

  /** Who has now seen all that it waited for, in the order in which it began to wait for this. */
  seen(stream: string, revision: number): readonly Seen<T>[] {
    const waiting = this.#byStream.get(stream);
    const next = waiting?.peek();
    if (waiting === undefined || next === undefined || next.revision > revision) return NOBODY;
    const free: Seen<T>[] = [];
    for (let first = waiting.peek(); first !== undefined && first.revision <= revision; first = waiting.peek()) {
      waiting.pop();
      first.hold.missing -= 1;
      if (first.hold.missing === 0) free.push(first.hold);
    }
    if (waiting.size === 0) this.#byStream.delete(stream);
    return free;
  }

  expired(now: Millis): readonly Expired<T, A>[] {
    if ((this.nextDeadline() ?? Number.POSITIVE_INFINITY) > now) return NOBODY;
    const free: Expired<T, A>[] = [];
    for (let first = this.#first(); first !== undefined && first.until <= now; first = this.#first()) {
      this.#byDeadline.pop();
      first.isLate = true;
      free.push(first);
    }
    return free;
  }

  /** When the first runs out of time. */
  nextDeadline(): Millis | null {
    return this.#first()?.until ?? null;
  }

  #first(): Hold<T, A> | undefined {
    for (let first = this.#byDeadline.peek(); first !== undefined; first = this.#byDeadline.peek()) {
      if (first.missing > 0) return first;
      this.#byDeadline.pop();
    }
    return undefined;
  }
}
