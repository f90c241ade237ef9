// Members whose API is in trouble, of every sort: what is wanted meanwhile arrives when it is over, once, and what runs goes on.
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployment, policyFor } from '../builders/control-plane.ts';
import { RunningFleet } from './running-fleet.ts';
import { untilSaid } from './until-said.ts';

const WAIT = { timeout: 45_000, interval: 200 };
const KINDS = ['partition', 'slow', 'drip', 'throttle', 'fail'] as const;

let fleet: RunningFleet;

beforeAll(async () => {
  fleet = await RunningFleet.start('--members', 'embedded:2');
}, 60_000);

afterAll(() => fleet.end());

const BARRED: ReadonlySet<string> = new Set(['partition', 'throttle', 'fail']);

const found = (context: string, name: string) =>
  fleet.api(context).get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name });

const ready = async (context: string, name: string): Promise<unknown> => {
  return ((await found(context, name))?.status as { readyReplicas?: number } | undefined)?.readyReplicas;
};

/** In trouble until the answer is called. */
async function inTrouble(...words: string[]): Promise<() => Promise<number | null>> {
  const child = fleet.begin('chaos', ...words);
  await untilSaid(child, 'until Ctrl-C');
  return async () => {
    const gone = once(child, 'close') as Promise<[number | null]>;
    child.kill('SIGINT');
    return (await gone)[0];
  };
}

describe('a member whose API is in trouble', () => {
  for (const kind of KINDS) {
    it(`gets what it is to have when it is over: ${kind}`, async () => {
      const end = await inTrouble(kind, 'member1', '--delay', '3s');
      const web = deployment(`web-${kind}`, 2);
      await fleet.api('hub').create(web);
      await fleet.api('hub').create(policyFor(web, { replicaScheduling: { replicaSchedulingType: 'Duplicated' } }));
      // The other does not wait for it.
      await expect.poll(() => ready('member2', `web-${kind}`), WAIT).toBe(2);
      const second = await fleet.process('chaos', 'fail', 'member1', '--for', '1s');
      expect(second.code).toBe(1);
      if (BARRED.has(kind)) await expect.poll(() => ready('hub', `web-${kind}`), WAIT).toBe(2);
      expect(await end()).toBe(130);
      await expect.poll(() => ready('member1', `web-${kind}`), WAIT).toBe(2);
      await expect.poll(() => ready('hub', `web-${kind}`), WAIT).toBe(4);
      expect((await found('member1', `web-${kind}`))?.metadata.generation).toBe(1);
    }, 120_000);
  }

  it('goes on after all its connections were cut', async () => {
    expect((await fleet.process('chaos', 'cut', 'member1')).code).toBe(0);
    await fleet
      .api('member1')
      .remove({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web-slow' });
    await expect.poll(() => ready('member1', 'web-slow'), WAIT).toBe(2);
  }, 60_000);

  it('is read anew when it has forgotten what was missed', async () => {
    await fleet.whileStopped(async () => {
      expect((await fleet.process('chaos', 'cut', 'member1')).code).toBe(0);
      await fleet
        .api('member1')
        .remove({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web-slow' });
      expect((await fleet.process('chaos', 'forget', 'member1')).code).toBe(0);
    });
    await expect.poll(() => ready('member1', 'web-slow'), WAIT).toBe(2);
  }, 60_000);

  it('is not told what there is not', async () => {
    expect((await fleet.process('chaos', 'fail', 'member7')).notes).toContain('there is no member member7');
    expect((await fleet.process('chaos', 'fail', 'member1', '--for', 'ever')).notes).toContain('should be a duration');
  }, 60_000);
});
