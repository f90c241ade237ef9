// Which key is due next: one entry a key, the earliest request wins, and a key is held back while it is being worked on.
import { Heap } from '../base/heap.ts';
import type { Millis } from '../kube/time.ts';

interface Asked {
  readonly due: Millis;
  readonly priority: number;
}

interface Entry extends Asked {
  readonly slot: Slot;
  readonly sequence: number;
}

/** Of a key that waits or is held. */
interface Slot {
  readonly key: string;
  /** Canonical: other entries of the slot in the heaps are stale, and are passed over. Null while the key is held. */
  entry: Entry | null;
  /** What was asked for it while it is held. */
  asked: Asked | null;
}

/** So many are kept, rested or not, before the rested ones are forgotten. */
const RESTING_MIN = 64;

export class WorkQueue {
  readonly #slots = new Map<string, Slot>();
  readonly #waiting = new Heap<Entry>((a, b) => a.due - b.due || a.sequence - b.sequence);
  readonly #ready = new Heap<Entry>((a, b) => b.priority - a.priority || a.sequence - b.sequence);
  /** Keys that are not due before a time, whatever is asked. */
  readonly #resting = new Map<string, Millis>();
  #restingMax = RESTING_MIN;
  #held = 0;
  #sequence = 0;
  /** Undefined where it has to be looked up: it is asked for far more often than it changes. */
  #dueAt: Millis | null | undefined = null;
  #readyUpTo: Millis = Number.NEGATIVE_INFINITY;

  /** Keys that wait or are due. */
  get size(): number {
    return this.#slots.size - this.#held;
  }

  get held(): number {
    return this.#held;
  }

  isHeld(key: string): boolean {
    return this.#slots.get(key)?.entry === null;
  }

  add(key: string, asked: Millis, priority = 0): void {
    const due = Math.max(asked, this.#resting.get(key) ?? asked);
    const slot = this.#slots.get(key);
    if (slot === undefined) {
      const made = { key, entry: null, asked: null };
      this.#slots.set(key, made);
      this.#enter(made, due, priority, this.#sequence++);
    } else if (slot.entry === null) slot.asked = earlier(slot.asked, due, priority);
    else {
      const known = slot.entry;
      const wanted = earlier(known, due, priority);
      // Whoever moves forward keeps the place in line that it had.
      if (wanted !== known) this.#enter(slot, wanted.due, wanted.priority, known.sequence);
    }
  }

  /** The due key of highest priority, which is held from now on; null where none is due. */
  take(now: Millis): string | null {
    this.#advance(now);
    this.#dueAt = undefined;
    for (;;) {
      const entry = this.#ready.pop();
      if (entry === undefined) return null;
      const { slot } = entry;
      if (slot.entry !== entry) continue;
      slot.entry = null;
      this.#held += 1;
      this.#resting.delete(slot.key);
      return slot.key;
    }
  }

  /** Holds a key no longer; what was asked for it meanwhile counts now. */
  release(key: string): void {
    const slot = this.#slots.get(key);
    if (slot === undefined || slot.entry !== null) return;
    this.#held -= 1;
    this.#slots.delete(key);
    if (slot.asked !== null) this.add(key, slot.asked.due, slot.asked.priority);
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

  #enter(slot: Slot, due: Millis, priority: number, sequence: number): void {
    const entry = { slot, due, priority, sequence };
    slot.entry = entry;
    this.#dueAt = undefined;
    if (due <= this.#readyUpTo) this.#ready.push(entry);
    else this.#waiting.push(entry);
  }

  #lookUpDue(): Millis | null {
    for (let entry = this.#ready.peek(); entry !== undefined; entry = this.#ready.peek()) {
      if (isCurrent(entry)) return entry.due;
      this.#ready.pop();
    }
    for (let entry = this.#waiting.peek(); entry !== undefined; entry = this.#waiting.peek()) {
      if (isCurrent(entry)) return entry.due;
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
      if (isCurrent(entry)) this.#ready.push(entry);
    }
  }
}

const isCurrent = (entry: Entry): boolean => entry.slot.entry === entry;

/** The same where that asks for nothing sooner. */
function earlier<T extends Asked>(known: T | null, due: Millis, priority: number): T | Asked {
  if (known === null) return { due, priority };
  if (known.due <= due && known.priority >= priority) return known;
  return { due: Math.min(known.due, due), priority: Math.max(known.priority, priority) };
}
