import { afterEach, describe, expect, it } from 'vitest';
import { bareHub } from '../../test/builders/bare-hub.ts';
import type { HttpApi, Send } from './http-api.ts';
import { type Election, elect, type LeaseTimes } from './lease.ts';
import { refusal } from './place-client.ts';

const LEASE = '/apis/coordination.k8s.io/v1/namespaces/karmada-system/leases/muster';
const TIMES: LeaseTimes = { durationMs: 1_500, renewDeadlineMs: 800, renewMs: 250, retryMs: 100 };
const WAIT = { timeout: 10_000, interval: 20 };
const ends: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function hub(): Promise<HttpApi> {
  const { api, close } = await bareHub();
  ends.push(close);
  return api;
}

/** Notes who begins and ends, in order; one that is cut off can send nothing any more, as if its process were dead. */
class Candidates {
  readonly history: string[] = [];
  readonly leading = new Set<string>();
  readonly cutOff = new Set<string>();
  readonly heard: string[] = [];
  readonly forbidden = new Set<string>();
  readonly #api: HttpApi;

  constructor(api: HttpApi) {
    this.#api = api;
  }

  enter(identity: string): Election {
    const election = elect({
      api: {
        send: async (asked: Send) => {
          if (this.forbidden.has(identity)) return { ok: true, status: 403, text: '{"message":"not yours"}' };
          return this.cutOff.has(identity) ? refusal('Unreachable', 'cut off') : this.#api.send(asked);
        },
      },
      name: 'muster',
      identity,
      chance: Math.random,
      times: TIMES,
      onLeader: (leader) => this.heard.push(`${identity} hears ${leader}`),
      onDenied: (why) => this.heard.push(`${identity} is denied: ${why}`),
      lead: () => {
        expect([...this.leading]).toEqual([]);
        this.leading.add(identity);
        this.history.push(`${identity} leads`);
        return async () => {
          this.leading.delete(identity);
          this.history.push(`${identity} ends`);
        };
      },
    });
    ends.push(() => election.stop());
    return election;
  }
}

async function lease(api: HttpApi): Promise<Record<string, unknown>> {
  const answer = await api.send({ method: 'GET', path: LEASE });
  if (!answer.ok) throw new Error(answer.message);
  return JSON.parse(answer.text).spec;
}

describe('an election', () => {
  it('has one leader, and the next begins at once when it says goodbye', async () => {
    const api = await hub();
    const all = new Candidates(api);
    const first = all.enter('first');
    await expect.poll(() => all.history, WAIT).toEqual(['first leads']);
    all.enter('second');
    await expect.poll(() => all.heard, WAIT).toEqual(['second hears first']);
    expect(await lease(api)).toMatchObject({ holderIdentity: 'first', leaseTransitions: 0 });
    const began = performance.now();
    await first.stop();
    await expect.poll(() => all.history, WAIT).toEqual(['first leads', 'first ends', 'second leads']);
    expect(performance.now() - began).toBeLessThan(TIMES.durationMs);
  });

  it('keeps its leader for longer than the Lease lasts', async () => {
    const api = await hub();
    const all = new Candidates(api);
    all.enter('first');
    await expect.poll(() => all.history, WAIT).toEqual(['first leads']);
    const { acquireTime, renewTime } = await lease(api);
    all.enter('second');
    await new Promise((resolve) => setTimeout(resolve, 2 * TIMES.durationMs));
    expect(all.history).toEqual(['first leads']);
    const later = await lease(api);
    expect(later.acquireTime).toBe(acquireTime);
    expect(String(later.renewTime) > String(renewTime)).toBe(true);
  });

  it('follows a leader that was cut off, which stops before the next begins, and stands by when it is back', async () => {
    const api = await hub();
    const all = new Candidates(api);
    all.enter('first');
    await expect.poll(() => all.history, WAIT).toEqual(['first leads']);
    all.enter('second');
    await expect.poll(() => all.heard, WAIT).toEqual(['second hears first']);
    all.cutOff.add('first');
    await expect.poll(() => all.history, WAIT).toEqual(['first leads', 'first ends', 'second leads']);
    all.cutOff.delete('first');
    await expect.poll(() => all.heard, WAIT).toContain('first hears second');
    expect([...all.leading]).toEqual(['second']);
    expect(await lease(api)).toMatchObject({ holderIdentity: 'second', leaseTransitions: 1 });
  });

  it('tells once that it may not have the Lease, and leads when it may', async () => {
    const api = await hub();
    const all = new Candidates(api);
    all.forbidden.add('first');
    all.enter('first');
    await new Promise((resolve) => setTimeout(resolve, 10 * TIMES.retryMs));
    expect([all.heard, all.history]).toEqual([['first is denied: not yours'], []]);
    all.forbidden.delete('first');
    await expect.poll(() => all.history, WAIT).toEqual(['first leads']);
  });
});
