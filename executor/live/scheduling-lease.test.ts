import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtInLayers, type ControlPorts, Interpreter, MUSTER_PROFILE } from '../../engine/index.ts';
import { bareHub } from '../../test/builders/bare-hub.ts';
import { yamlCodec } from '../script/yaml-codec.ts';
import type { HttpApi } from './http-api.ts';
import { elect, type LeaseTimes } from './lease.ts';
import { schedulingLease, workWhoeverSchedules } from './scheduling-lease.ts';

const TIMES: LeaseTimes = { durationMs: 1_500, renewDeadlineMs: 800, renewMs: 250, retryMs: 100 };
const WAIT = { timeout: 10_000, interval: 20 };
const PORTS: ControlPorts = {
  profile: MUSTER_PROFILE,
  scores: [],
  interpreter: new Interpreter(builtInLayers),
  yaml: yamlCodec,
  zones: { offsetAt: () => 0 },
};
const ends: (() => Promise<unknown>)[] = [];
let api: HttpApi;

beforeEach(async () => {
  const hub = await bareHub();
  ends.push(hub.close);
  ({ api } = hub);
});

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A control plane that notes with what it works; there is one of its sets of controllers at a time. */
class Plane {
  readonly history: string[] = [];
  readonly said: string[] = [];
  readonly stop: () => Promise<void>;
  #working = 0;

  constructor(named: readonly string[] | null, election: { departed?: string } | null = {}) {
    this.stop = workWhoeverSchedules({
      ports: PORTS,
      named,
      election: election && { api, identity: 'plane', chance: Math.random, times: TIMES, ...election },
      schedules: (lease, isScheduling) => this.history.push(`${isScheduling ? 'holds' : 'gives up'} ${lease}`),
      say: (text) => this.said.push(text),
      begin: (controllers) => {
        this.#working += 1;
        expect(this.#working).toBe(1);
        const names = controllers.map(({ name }) => name);
        this.history.push(names.includes('scheduler') ? 'works with it' : `works without it: ${names.length > 0}`);
        return async () => {
          await new Promise((resolve) => setTimeout(resolve, 50));
          this.#working -= 1;
        };
      },
    });
    ends.push(this.stop);
  }
}

function enter(identity: string) {
  const name = schedulingLease('default-scheduler');
  const election = elect({
    api,
    name,
    identity,
    chance: Math.random,
    times: TIMES,
    lead: () => {
      leading.push(identity);
      return async () => void leading.splice(leading.indexOf(identity), 1);
    },
  });
  ends.push(() => election.stop());
  return election;
}

const leading: string[] = [];

describe('a control plane', () => {
  it('schedules where nobody else does', async () => {
    const plane = new Plane(null);
    await expect.poll(() => plane.history, WAIT).toEqual(['holds karmada-scheduler', 'works with it']);
    enter('other');
    await new Promise((resolve) => setTimeout(resolve, 2 * TIMES.durationMs));
    expect([leading, plane.history.length]).toEqual([[], 2]);
    await plane.stop();
    await expect.poll(() => leading, WAIT).toEqual(['other']);
    expect(plane.history.at(-1)).toBe('gives up karmada-scheduler');
  });

  it('does the rest while another schedules, and schedules when that has left', async () => {
    const other = enter('other');
    await expect.poll(() => leading, WAIT).toEqual(['other']);
    const plane = new Plane(null);
    await expect.poll(() => plane.history, WAIT).toEqual(['works without it: true']);
    expect(plane.said).toEqual([
      'leaves scheduling alone: other schedules, or did until now, by the Lease karmada-scheduler',
    ]);
    await other.stop();
    await expect.poll(() => plane.history.slice(1), WAIT).toEqual(['holds karmada-scheduler', 'works with it']);
    expect(plane.said.slice(1)).toEqual(['schedules']);
  });

  it('does not wait for the Lease of one that it has followed', async () => {
    enter('dead');
    await expect.poll(() => leading, WAIT).toEqual(['dead']);
    const plane = new Plane(null, { departed: 'dead' });
    await expect.poll(() => plane.history, WAIT).toEqual(['holds karmada-scheduler', 'works with it']);
    expect(plane.said).toEqual([]);
  });

  it('asks for no Lease where it has no scheduler, or where nobody is to stand by', async () => {
    const rest = new Plane(['binding']);
    const alone = new Plane(null, null);
    expect([rest.history, alone.history]).toEqual([['works without it: true'], ['works with it']]);
    enter('other');
    await expect.poll(() => leading, WAIT).toEqual(['other']);
  });
});
