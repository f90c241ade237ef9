// Who is served next: requests wait in a queue of their client's, and no client gets all the seats.
import { tooManyRequests } from '../../engine/index.ts';

export interface FairnessOptions {
  /** Requests at work at the same time; one of long work takes several seats. */
  readonly seats: number;
  /** Waiting requests of one client; more are sent away. */
  readonly waitingMax: number;
  readonly waitMs: number;
}

export const FAIRNESS: FairnessOptions = { seats: 128, waitingMax: 1000, waitMs: 30_000 };

/** The share of seats that one client may take, so that the next one finds room at once. */
const SHARE_MAX = 0.75;

interface Waiting {
  readonly width: number;
  readonly enter: () => void;
}

interface Flow {
  taken: number;
  readonly waiting: Waiting[];
}

export type Release = () => void;

/** The seats of one level of priority. */
export class FairSeats {
  private readonly options: FairnessOptions;
  private readonly flows = new Map<string, Flow>();
  private taken = 0;

  constructor(options: FairnessOptions = FAIRNESS) {
    this.options = options;
  }

  /** At once where there is room; null then means that no waiting was needed. */
  tryTake(client: string, wanted: number): Release | null {
    const width = Math.min(wanted, this.shareOf());
    const flow = this.flowOf(client);
    if (flow.waiting.length > 0 || !this.fits(flow, width)) return null;
    return this.sit(client, flow, width);
  }

  /** Rejects with 429 where too many wait already, or where the wait is over. */
  take(client: string, wanted: number): Promise<Release> {
    const flow = this.flowOf(client);
    if (flow.waiting.length >= this.options.waitingMax) return Promise.reject(tooMany());
    const width = Math.min(wanted, this.shareOf());
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        flow.waiting.splice(flow.waiting.indexOf(waiting), 1);
        this.forget(client, flow);
        reject(tooMany());
      }, this.options.waitMs);
      const waiting: Waiting = {
        width,
        enter: () => {
          clearTimeout(late);
          resolve(this.sit(client, flow, width));
        },
      };
      flow.waiting.push(waiting);
    });
  }

  waiting(): number {
    let count = 0;
    for (const flow of this.flows.values()) count += flow.waiting.length;
    return count;
  }

  seatsTaken(): number {
    return this.taken;
  }

  private shareOf(): number {
    return Math.max(1, Math.floor(this.options.seats * SHARE_MAX));
  }

  private flowOf(client: string): Flow {
    const known = this.flows.get(client);
    if (known !== undefined) return known;
    const flow: Flow = { taken: 0, waiting: [] };
    this.flows.set(client, flow);
    return flow;
  }

  private fits(flow: Flow, width: number): boolean {
    return this.taken + width <= this.options.seats && flow.taken + width <= this.shareOf();
  }

  private sit(client: string, flow: Flow, width: number): Release {
    flow.taken += width;
    this.taken += width;
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      flow.taken -= width;
      this.taken -= width;
      this.forget(client, flow);
      this.callNext();
    };
  }

  private forget(client: string, flow: Flow): void {
    if (flow.taken === 0 && flow.waiting.length === 0) this.flows.delete(client);
  }

  /** The client that sits on the fewest seats is called first; among equals, the one that was served longest ago. */
  private callNext(): void {
    for (;;) {
      let best: [string, Flow] | null = null;
      for (const entry of this.flows) {
        const [, flow] = entry;
        const first = flow.waiting[0];
        if (first === undefined || !this.fits(flow, first.width)) continue;
        if (best === null || flow.taken < best[1].taken) best = entry;
      }
      if (best === null) return;
      const [client, flow] = best;
      // Behind all others in the order of the map.
      this.flows.delete(client);
      this.flows.set(client, flow);
      flow.waiting.shift()!.enter();
    }
  }
}

const tooMany = () => tooManyRequests('Too many requests, please try again later.', [], 1);
