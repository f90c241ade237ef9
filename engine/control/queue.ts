// Which key is due next: one entry a key, the earliest request wins, and a key is held back while it is being worked on.
import { Heap } from '../base/heap.ts';
import type { Millis } from '../kube/time.ts';

interface Entry {
  readonly key: string;
  readonly due: Millis;
  readonly priority: number;
  readonly sequence: number;
}

/** So many are kept, rested or not, before the rested ones are forgotten. */
const RESTING_MIN = 64;

export class WorkQueue {
  /** Canonical: what is in the heaps but not here is stale, and is passed over. */
  readonly #entries = new Map<string, Entry>();
  readonly #waiting = new Heap<Entry>((a, b) => a.due - b.due || a.sequence - b.sequence);
  readonly #ready = new Heap<Entry>((a, b) => b.priority - a.priority || a.sequence - b.sequence);
  /** Held keys, and what was asked for them meanwhile. */
  readonly #held = new Map<string, { readonly due: Millis; readonly priority: number } | null>();
  /** Keys that are not due before a time, whatever is asked. */
  readonly #resting = new Map<string, Millis>();
  #restingMax = RESTING_MIN;
  #sequence = 0;
  /** Undefined where it has to be looked up: it is asked for far more often than it changes. */
  #dueAt: Millis | null | undefined = null;
  #readyUpTo: Millis = Number.NEGATIVE_INFINITY;

  /** Keys that wait or are due. */
  get size(): number {
    return this.#entries.size;
  }

  get held(): number {
    return this.#held.size;
  }

  isHeld(key: string): boolean {
    return this.#held.has(key);
  }

  add(key: string, asked: Millis, priority = 0): void {
    const due = Math.max(asked, this.#resting.get(key) ?? asked);
    if (this.#held.has(key)) {
      this.#held.set(key, earlier(this.#held.get(key) ?? null, due, priority));
      return;
    }
    const known = this.#entries.get(key);
    const wanted = earlier(known ?? null, due, priority);
    if (known !== undefined && wanted.due === known.due && wanted.priority === known.priority) return;
    // Whoever moves forward keeps the place in line that it had.
    const entry = { key, ...wanted, sequence: known?.sequence ?? this.#sequence++ };
    this.#entries.set(key, entry);
    this.#dueAt = undefined;
    if (entry.due <= this.#readyUpTo) this.#ready.push(entry);
    else this.#waiting.push(entry);
  }

  /** The due key of highest priority, which is held from now on; null where none is due. */
  take(now: Millis): string | null {
    this.#advance(now);
    this.#dueAt = undefined;
    for (;;) {
      const entry = this.#ready.pop();
      if (entry === undefined) return null;
      if (this.#entries.get(entry.key) !== entry) continue;
      this.#entries.delete(entry.key);
      this.#held.set(entry.key, null);
      this.#resting.delete(entry.key);
      return entry.key;
    }
  }

  /** Holds a key no longer; what was asked for it meanwhile counts now. */
  release(key: string): void {
    const asked = this.#held.get(key);
    this.#held.delete(key);
    if (asked !== undefined && asked !== null) this.add(key, asked.due, asked.priority);
  }

  /** What is asked for the key from now on counts at that time at the earliest. */
  rest(key: string, until: Millis): void {
    this.#resting.set(key, until);
  }

  /** When a key is due that is not held: now or earlier if one is ready, null if none will be. */
  dueAt(): Millis | null {
    if (this.#dueAt === undefined) this.#dueAt = this.#lookUpDue();
    return this.#dueAt;
  }

  #lookUpDue(): Millis | null {
    for (let entry = this.#ready.peek(); entry !== undefined; entry = this.#ready.peek()) {
      if (this.#entries.get(entry.key) === entry) return entry.due;
      this.#ready.pop();
    }
    for (let entry = this.#waiting.peek(); entry !== undefined; entry = this.#waiting.peek()) {
      if (this.#entries.get(entry.key) === entry) return entry.due;
      this.#waiting.pop();
    }
    return null;
  }

  #forgetRested(now: Millis): void {
    if (this.#resting.size < this.#restingMax) return;
    for (const [key, until] of this.#resting) if (until <= now) this.#resting.delete(key);
    this.#restingMax = Math.max(RESTING_MIN, 2 * this.#resting.size);
  }

  #advance(now: Millis): void {
    this.#forgetRested(now);
    this.#readyUpTo = Math.max(this.#readyUpTo, now);
    for (let entry = this.#waiting.peek(); entry !== undefined && entry.due <= now; entry = this.#waiting.peek()) {
      this.#waiting.pop();
      if (this.#entries.get(entry.key) === entry) this.#ready.push(entry);
    }
  }
}

function earlier(
  known: { readonly due: Millis; readonly priority: number } | null,
  due: Millis,
  priority: number,
): { readonly due: Millis; readonly priority: number } {
  if (known === null) return { due, priority };
  return { due: Math.min(known.due, due), priority: Math.max(known.priority, priority) };
}
