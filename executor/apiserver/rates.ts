// How often one client may ask: each has a bucket that fills by so many requests a second, and who has emptied it is told when to
// ask again.
import { type Millis, tooManyRequests } from '../../engine/index.ts';
import type { Entrance } from './dispatch.ts';

export interface RateOptions {
  /** Requests a second in the long run; 0 for no limit. */
  readonly perSecond: number;
  /** Requests at once after a while of silence. */
  readonly burst: number;
}

/** Far beyond what any controller needs, and what one that has lost its mind must not pass. */
export const CLIENT_RATE: RateOptions = { perSecond: 20_000, burst: 40_000 };

interface Bucket {
  left: number;
  at: Millis;
}

export class ClientRates {
  private readonly options: RateOptions;
  private readonly now: () => Millis;
  private readonly buckets = new Map<string, Bucket>();

  constructor(options: RateOptions, now: () => Millis) {
    this.options = options;
    this.now = now;
  }

  /** Throws 429 where the client has asked too often. What tells whether the hub is well is always answered. */
  admit({ caller, asked }: Entrance): void {
    const { perSecond } = this.options;
    if (perSecond === 0 || asked.kind === 'path') return;
    const bucket = this.bucketOf(caller.name);
    if (bucket.left < 1) {
      const seconds = Math.ceil((1 - bucket.left) / perSecond);
      throw tooManyRequests(`${caller.name} has made more than ${perSecond} requests a second`, [], seconds);
    }
    bucket.left -= 1;
  }

  /** Full buckets are as good as none. */
  sweep(): void {
    for (const [client, bucket] of this.buckets)
      if (this.filled(bucket) >= this.options.burst) this.buckets.delete(client);
  }

  private bucketOf(client: string): Bucket {
    const known = this.buckets.get(client);
    const now = this.now();
    if (known === undefined) {
      const bucket = { left: this.options.burst, at: now };
      this.buckets.set(client, bucket);
      return bucket;
    }
    known.left = this.filled(known);
    known.at = now;
    return known;
  }

  private filled({ left, at }: Bucket): number {
    const passed = Math.max(0, this.now() - at);
    return Math.min(this.options.burst, left + (passed * this.options.perSecond) / 1000);
  }
}

/** "PER_SECOND" or "PER_SECOND:BURST"; null where it is neither. */
export function readRate(text: string): RateOptions | null {
  const match = /^(\d{1,9})(?::(\d{1,9}))?$/.exec(text);
  if (match === null) return null;
  const perSecond = Number(match[1]);
  const burst = match[2] === undefined ? 2 * perSecond : Number(match[2]);
  return perSecond > 0 && burst === 0 ? null : { perSecond, burst };
}
