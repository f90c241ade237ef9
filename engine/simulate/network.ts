// How long it takes from one place to another, and whether anything arrives: one link a direction, each with a latency, a loss,
// a slowness and any number of cuts, and each with a stream of chance of its own.
import type { Random } from '../base/random.ts';
import { HUB, type Place } from '../control/place.ts';
import type { Millis } from '../kube/time.ts';
import { drawLatency, type Latency } from './latency.ts';

export interface NetworkOptions {
  /** Within one place: a controller beside its API server. */
  readonly local: Latency;
  /** Between the hub and a member, unless the member has its own. */
  readonly wide: Latency;
}

export const NETWORK: NetworkOptions = { local: { p50Ms: 2, p99Ms: 10 }, wide: { p50Ms: 30, p99Ms: 150 } };

/** A connection on which nothing comes through for this long counts as broken at both ends. */
const GIVEN_UP_MS: Millis = 45_000;

/** A lost packet is sent again after this long, then twice as long, as TCP does it. */
const RESEND_MS = 200;
const RESENDS_MAX = 6;

interface Link {
  latency: Latency;
  /** Cuts that hold at the moment; cut while there is any. */
  cuts: number;
  /** 1 for as fast as ever. */
  slowness: number;
  lossPerMille: number;
  readonly random: Random;
}

export class Network {
  readonly #random: Random;
  readonly #options: NetworkOptions;
  readonly #links = new Map<Place, Map<Place, Link>>();

  constructor(random: Random, options: NetworkOptions = NETWORK) {
    this.#random = random;
    this.#options = options;
  }

  /** How long one message takes; null where it does not arrive. */
  transit(from: Place, to: Place): Millis | null {
    const link = this.#link(from, to);
    if (link.cuts > 0) return null;
    let delay = drawLatency(link.latency, link.random) * link.slowness;
    if (link.lossPerMille > 0) {
      for (let resend = 0; resend < RESENDS_MAX && link.random.chance(link.lossPerMille, 1000); resend += 1) {
        delay += RESEND_MS << resend;
      }
    }
    return delay > GIVEN_UP_MS ? null : delay;
  }

  isCut(from: Place, to: Place): boolean {
    return this.#link(from, to).cuts > 0;
  }

  /** Both directions. */
  setLatency(a: Place, b: Place, latency: Latency): void {
    this.#link(a, b).latency = latency;
    this.#link(b, a).latency = latency;
  }

  /** One direction; cuts add up, and each is to be mended. Messages on their way are lost, too. */
  cut(from: Place, to: Place): void {
    this.#link(from, to).cuts += 1;
  }

  mend(from: Place, to: Place): void {
    const link = this.#link(from, to);
    link.cuts = Math.max(0, link.cuts - 1);
  }

  /** One direction, by a whole factor; slownesses multiply, and each is undone by `hasten`. */
  slow(from: Place, to: Place, factor: number): void {
    this.#link(from, to).slowness *= factor;
  }

  hasten(from: Place, to: Place, factor: number): void {
    const link = this.#link(from, to);
    link.slowness = Math.max(1, Math.round(link.slowness / factor));
  }

  /** One direction; losses add up, and a negative one takes an earlier one back. */
  addLoss(from: Place, to: Place, perMille: number): void {
    this.#link(from, to).lossPerMille += perMille;
  }

  #link(from: Place, to: Place): Link {
    let own = this.#links.get(from);
    if (own === undefined) {
      own = new Map();
      this.#links.set(from, own);
    }
    let link = own.get(to);
    if (link === undefined) {
      const latency = from === to || (from !== HUB && to !== HUB) ? this.#options.local : this.#options.wide;
      link = { latency, cuts: 0, slowness: 1, lossPerMille: 0, random: this.#random.stream(`${from}>${to}`) };
      own.set(to, link);
    }
    return link;
  }
}
