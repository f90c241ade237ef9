// Who of several control planes works: whoever holds a Lease, by the rules of Kubernetes' clients, while the others stand by.
// Only what this process saw for how long counts, so that clocks that differ elect nobody twice.
import { setTimeout as sleep } from 'node:timers/promises';
import { formatMicroTime, isObject, type KubeObject, SYSTEM_NAMESPACE } from '../../engine/index.ts';
import { type ApiAddress, type ApiAnswer, HttpApi, type HttpApiOptions, type Send } from './http-api.ts';
import type { Refusal } from './place-client.ts';

export interface LeaseTimes {
  /** A leader that was silent for so long is followed by another. */
  readonly durationMs: number;
  /** A leader that could not renew for so long stops by itself: well before others begin. */
  readonly renewDeadlineMs: number;
  /** A leader that is well renews so often. */
  readonly renewMs: number;
  /** Whoever could not renew, or does not lead, tries so often. */
  readonly retryMs: number;
}

/** As Kubernetes' clients have them, but that those renew as often as they try: for that, nobody has to be woken. */
const USUAL: LeaseTimes = { durationMs: 15_000, renewDeadlineMs: 10_000, renewMs: 4_000, retryMs: 2_000 };
/** Those that stand by do not ask at one moment. */
const JITTER = 1.2;
const LEASES = `/apis/coordination.k8s.io/v1/namespaces/${SYSTEM_NAMESPACE}/leases`;
const NOT_FOUND = 404;
const FORBIDDEN = 403;

export interface ElectionOptions {
  /** A connection for it alone. */
  readonly api: Pick<HttpApi, 'send'>;
  readonly name: string;
  /** Of this process alone. */
  readonly identity: string;
  /** Begins the work; the answer ends it. Told who led before and has gone without a word; empty for nobody. */
  readonly lead: (predecessor: string) => () => Promise<void>;
  /** One that is known to do nothing any more, though it may have said no goodbye: its Lease is taken at once. */
  readonly departed?: string;
  /** Somebody else leads now. */
  readonly onLeader?: (identity: string) => void;
  /** The API does not let this process have the Lease, for this reason; told once, until it does. */
  readonly onDenied?: (why: string) => void;
  readonly chance: () => number;
  readonly times?: LeaseTimes;
}

export interface Election {
  /** Ends the work, then lets the next one begin at once. */
  stop(): Promise<void>;
}

/** Its requests end early enough for another attempt before the renew deadline. */
export const leaseApi = (address: ApiAddress, problem?: HttpApiOptions['problem']): HttpApi =>
  new HttpApi(address, {
    timeoutMs: (USUAL.renewDeadlineMs - USUAL.renewMs) / 2,
    ...(problem !== undefined && { problem }),
  });

export function elect(options: ElectionOptions): Election {
  const end = new AbortController();
  const over = new Candidate(options, end.signal).run();
  return {
    stop: async () => {
      end.abort();
      await over;
    },
  };
}

interface LeaseSpec {
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

interface Observed {
  readonly spec: LeaseSpec;
  readonly resourceVersion: string;
  readonly text: string;
  /** By this process's own clock. */
  readonly since: number;
}

class Candidate {
  readonly #options: ElectionOptions;
  readonly #times: LeaseTimes;
  readonly #signal: AbortSignal;
  #observed: Observed | null = null;
  /** When the last write that went well began: others may count from then on. */
  #heldSince = 0;
  #told = '';
  #isDenied = false;
  #predecessor = '';

  constructor(options: ElectionOptions, signal: AbortSignal) {
    this.#options = options;
    this.#times = options.times ?? USUAL;
    this.#signal = signal;
  }

  async run(): Promise<void> {
    while (await this.#acquire()) {
      const stop = this.#options.lead(this.#predecessor);
      await this.#hold();
      await stop();
    }
    await this.#release();
  }

  /** False where it was ended before. */
  async #acquire(): Promise<boolean> {
    while (!this.#signal.aborted) {
      if (await this.#attempt()) return !this.#signal.aborted;
      await this.#rest(this.#times.retryMs * (1 + JITTER * this.#options.chance()));
    }
    return false;
  }

  /**
   * Until it may lead no longer. Differs from Kubernetes: who sees that somebody else holds the Lease stops at once, and does
   * not try for the rest of its time.
   */
  async #hold(): Promise<void> {
    for (let hasRenewed = true; ; ) {
      await this.#rest(hasRenewed ? this.#untilRenewal() : this.#times.retryMs);
      if (this.#signal.aborted) return;
      const left = this.#heldSince + this.#times.renewDeadlineMs - performance.now();
      if (left <= 0) return;
      hasRenewed = await this.#renewWithin(left);
      if (!hasRenewed && this.#isHeldByAnother()) return;
    }
  }

  /** All Leases of a process at one moment, so that it is woken once for them. */
  #untilRenewal(): number {
    const { renewMs } = this.#times;
    return renewMs - (performance.now() % renewMs);
  }

  #renewWithin(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const limit = setTimeout(() => resolve(false), ms);
      void this.#renew().then((hasRenewed) => {
        clearTimeout(limit);
        resolve(hasRenewed);
      });
    });
  }

  /** Who holds it need not ask first: a write on what has changed meanwhile is refused. */
  async #renew(): Promise<boolean> {
    const { spec } = this.#observed ?? {};
    const isOwn = spec?.holderIdentity === this.#options.identity;
    return (isOwn && (await this.#update({ ...spec, renewTime: formatMicroTime(Date.now()) }))) || this.#attempt();
  }

  /** True where this process holds it now. */
  async #attempt(): Promise<boolean> {
    const { identity, name } = this.#options;
    const found = await this.#send({ method: 'GET', path: `${LEASES}/${name}` });
    if (!found.ok) return false;
    if (found.status === NOT_FOUND) return this.#create();
    if (found.status !== 200) return this.#refused(found);
    this.#observe(found.text);
    if (this.#isHeldByAnother()) {
      this.#tell(this.#observed?.spec.holderIdentity ?? '');
      const { durationMs } = this.#times;
      if (performance.now() < (this.#observed?.since ?? 0) + durationMs) return false;
    }
    const before = this.#observed?.spec ?? {};
    const isOwn = before.holderIdentity === identity;
    const isHeld = await this.#update({
      ...this.#held(),
      ...(isOwn && before.acquireTime !== undefined ? { acquireTime: before.acquireTime } : {}),
      leaseTransitions: (before.leaseTransitions ?? 0) + (isOwn ? 0 : 1),
    });
    if (isHeld && !isOwn) this.#predecessor = before.holderIdentity ?? '';
    return isHeld;
  }

  #held(): LeaseSpec {
    const now = formatMicroTime(Date.now());
    return {
      holderIdentity: this.#options.identity,
      leaseDurationSeconds: Math.max(1, Math.round(this.#times.durationMs / 1000)),
      acquireTime: now,
      renewTime: now,
    };
  }

  async #create(): Promise<boolean> {
    const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: SYSTEM_NAMESPACE } };
    await this.#send({ method: 'POST', path: '/api/v1/namespaces', body: JSON.stringify(namespace) });
    const body = JSON.stringify(this.#lease({ ...this.#held(), leaseTransitions: 0 }, undefined));
    return this.#write({ method: 'POST', path: LEASES, body });
  }

  async #update(spec: LeaseSpec): Promise<boolean> {
    const body = JSON.stringify(this.#lease(spec, this.#observed?.resourceVersion));
    return this.#write({ method: 'PUT', path: `${LEASES}/${this.#options.name}`, body });
  }

  /** Nobody waits for a leader that said goodbye. */
  async #release(): Promise<void> {
    const { spec } = this.#observed ?? {};
    if (spec?.holderIdentity !== this.#options.identity) return;
    await this.#update({
      ...this.#held(),
      holderIdentity: '',
      leaseDurationSeconds: 1,
      leaseTransitions: spec.leaseTransitions ?? 0,
    });
  }

  #lease(spec: LeaseSpec, resourceVersion: string | undefined): object {
    const metadata = {
      name: this.#options.name,
      namespace: SYSTEM_NAMESPACE,
      ...(resourceVersion ? { resourceVersion } : {}),
    };
    return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
  }

  async #write(asked: Send): Promise<boolean> {
    const began = performance.now();
    const answer = await this.#send(asked);
    if (!answer.ok) return false;
    if (answer.status >= 300) return this.#refused(answer);
    this.#observe(answer.text);
    this.#heldSince = began;
    this.#isDenied = false;
    return true;
  }

  #refused({ status, text }: ApiAnswer): false {
    if (status === FORBIDDEN && !this.#isDenied) {
      this.#isDenied = true;
      this.#options.onDenied?.(messageIn(text));
    }
    return false;
  }

  #observe(text: string): void {
    const lease: unknown = JSON.parse(text);
    if (!isObject(lease) || !isObject(lease.metadata)) return;
    const spec = (isObject(lease.spec) ? lease.spec : {}) as LeaseSpec;
    const seen = JSON.stringify(spec);
    const since = seen === this.#observed?.text ? this.#observed.since : performance.now();
    this.#observed = { spec, resourceVersion: String(lease.metadata.resourceVersion), text: seen, since };
  }

  #isHeldByAnother(): boolean {
    const holder = this.#observed?.spec.holderIdentity ?? '';
    return holder !== '' && holder !== this.#options.identity && holder !== this.#options.departed;
  }

  #tell(leader: string): void {
    if (leader === this.#told) return;
    this.#told = leader;
    this.#options.onLeader?.(leader);
  }

  #send(asked: Send): Promise<ApiAnswer | Refusal> {
    return this.#options.api.send(asked);
  }

  #rest(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: this.#signal }).catch(() => undefined);
  }
}

function messageIn(text: string): string {
  try {
    return String((JSON.parse(text) as { message?: unknown }).message);
  } catch {
    return text;
  }
}
