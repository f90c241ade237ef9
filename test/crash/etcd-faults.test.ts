// Hubs that share an etcd, while etcd is killed, stopped, compacted and emptied under them.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DurableStore, Settlement } from '../../executor/storage/durable-store.ts';
import { readEtcdAddress } from '../../executor/storage/etcd/address.ts';
import { EtcdStorage, type EtcdTimes } from '../../executor/storage/etcd/etcd.ts';
import { openStore, storeText, thing } from '../contracts/storage.ts';
import { Cable } from './cable.ts';
import { EtcdServer, etcdIsMissing } from './etcd-server.ts';
import { weather } from './kill-storm.ts';

const KILLS = Number(process.env.MUSTER_CRASH_KILLS ?? 8);
const TIMES: Partial<EtcdTimes> = { requestMs: 500, patienceMs: 1500, pollMs: 100, retryMs: 20 };

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

const countOn = ({ store }: DurableStore): number => Number(store.get('/things', 'shop', 'counter')?.value ?? 0);

/** Adds one to what is there, as often as it takes; tells what became of it where nobody knows. */
async function increment(durable: DurableStore): Promise<Settlement> {
  for (;;) {
    durable.store.put('/things', thing('counter', countOn(durable) + 1));
    const settlement = await durable.settled();
    if (settlement.ok || settlement.loss.why !== 'outrun') return settlement;
  }
}

describe.skipIf(etcdIsMissing !== null)(
  `hubs on one etcd${etcdIsMissing === null ? '' : `, skipped: ${etcdIsMissing}`}`,
  () => {
    let server: EtcdServer;
    let place = '';
    let places = 0;
    let opened: DurableStore[] = [];

    beforeAll(async () => {
      server = await EtcdServer.start();
    });
    afterAll(() => server.leave());
    afterEach(async () => {
      // Whatever became of a test, the next one finds it running.
      server.goOn();
      for (const durable of opened) await durable.close();
      opened = [];
    });

    const newPlace = () => {
      places += 1;
      place = `${server.url}/faults-${places}`;
    };
    const openHub = async (times: Partial<EtcdTimes> = TIMES): Promise<DurableStore> => {
      const durable = await openStore(new EtcdStorage({ address: readEtcdAddress(place), times }));
      opened.push(durable);
      return durable;
    };
    const historyOf = ({ store }: DurableStore) => {
      const history: string[] = [];
      store.onChange(({ revision, type, object }) =>
        history.push(`${revision} ${type} ${object.metadata.name} ${object.value}`),
      );
      return history;
    };

    it('lose no update to each other, and tell their watchers the same history', async () => {
      newPlace();
      const hubs = [await openHub(), await openHub(), await openHub()];
      const histories = hubs.map(historyOf);
      await Promise.all(
        hubs.flatMap((hub, index) =>
          Array.from({ length: 3 }, async (_, writer) => {
            for (let round = 0; round < 8; round += 1) {
              expect(await increment(hub)).toEqual({ ok: true });
              hub.store.put('/things', thing(`own-${index}-${writer}`, round));
              if (round % 3 === 2) hub.store.remove('/things', 'shop', `own-${index}-${writer}`);
            }
          }),
        ),
      );
      await Promise.all(hubs.map((hub) => hub.settled()));
      await Promise.all(hubs.map((hub) => hub.caughtUp()));
      expect(hubs.map(countOn)).toEqual([72, 72, 72]);
      expect(histories[1]).toEqual(histories[0]);
      expect(histories[2]).toEqual(histories[0]);
      const [first, second, third] = hubs.map(storeText);
      expect(second).toBe(first);
      expect(third).toBe(first);
      const late = await openHub();
      expect(storeText(late)).toBe(first);
    });

    it('know after catching up what another hub has acknowledged', async () => {
      newPlace();
      const [one, other] = [await openHub(), await openHub()];
      for (let round = 1; round <= 30; round += 1) {
        const [writer, reader] = round % 2 === 0 ? [one, other] : [other, one];
        expect(await increment(writer)).toEqual({ ok: true });
        await reader.caughtUp();
        expect(countOn(reader)).toBe(round);
      }
    });

    it('keep every acknowledged write while etcd is killed and started again', async () => {
      newPlace();
      const hubs = [await openHub({ ...TIMES, patienceMs: 20_000 }), await openHub({ ...TIMES, patienceMs: 20_000 })];
      let isOver = false;
      let sure = 0;
      let unsure = 0;
      const writing = hubs.map(async (hub) => {
        while (!isOver) {
          const settlement = await increment(hub);
          if (settlement.ok) sure += 1;
          else if (settlement.loss.why === 'unknown') unsure += 1;
          else await new Promise((resolve) => setTimeout(resolve, 20));
        }
      });
      for (let round = 0; round < 3; round += 1) {
        await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 200));
        await server.restart(round === 1 ? 'SIGTERM' : 'SIGKILL');
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
      isOver = true;
      await Promise.all(writing);
      for (const hub of hubs) {
        await until(() => hub.problem() === null);
        await hub.caughtUp();
        expect(countOn(hub)).toBeGreaterThanOrEqual(sure);
        expect(countOn(hub)).toBeLessThanOrEqual(sure + unsure);
      }
      expect(sure).toBeGreaterThan(20);
      expect(storeText(hubs[1]!)).toBe(storeText(hubs[0]!));
    });

    it('say that nobody knows when etcd stops in the middle; go on with reads; and find out when it wakes', async () => {
      newPlace();
      const hub = await openHub();
      const history = historyOf(hub);
      expect(await increment(hub)).toEqual({ ok: true });
      await server.standStill();
      const settlement = await increment(hub);
      expect(settlement).toMatchObject({ ok: false, loss: { why: 'unknown', problem: { code: 'unreachable' } } });
      expect(hub.problem()).toMatchObject({ code: 'unreachable' });
      expect(countOn(hub)).toBe(1);
      await hub.caughtUp();
      expect(await increment(hub)).toMatchObject({ ok: false, loss: { why: 'failed' } });
      server.goOn();
      await until(() => hub.problem() === null);
      expect(await increment(hub)).toEqual({ ok: true });
      const value = countOn(hub);
      expect([2, 3]).toContain(value);
      // Whatever happened, it was told once and in order.
      expect(history).toEqual(
        Array.from({ length: value }, (_, at) => `${at + 2} ${at === 0 ? 'ADDED' : 'MODIFIED'} counter ${at + 1}`),
      );
    });

    it('read everything anew, and expire watches, when history was compacted before they followed it', async () => {
      newPlace();
      const cable = await Cable.to(server.url);
      const ahead = await openHub();
      place = `${cable.url}${new URL(place).pathname}`;
      const behind = await openHub();
      expect(await increment(behind)).toEqual({ ok: true });
      let replaced = 0;
      behind.store.onReplace(() => {
        replaced += 1;
      });
      cable.cut();
      for (let round = 0; round < 5; round += 1) expect(await increment(ahead)).toEqual({ ok: true });
      expect(await increment(behind)).toMatchObject({ ok: false });
      expect(countOn(behind)).toBe(1);
      await server.compact();
      cable.mend();
      await until(() => replaced === 1 && behind.problem() === null);
      expect(storeText(behind)).toBe(storeText(ahead));
      expect(behind.store.watch(null, 3, () => {})).toMatchObject({ ok: false, code: 'Expired' });
      expect(await increment(behind)).toEqual({ ok: true });
      await ahead.caughtUp();
      expect([countOn(ahead), countOn(behind)]).toEqual([7, 7]);
      cable.leave();
    });

    it('follow on without a gap when they were cut off and nothing was compacted', async () => {
      newPlace();
      const cable = await Cable.to(server.url);
      const ahead = await openHub();
      place = `${cable.url}${new URL(place).pathname}`;
      const behind = await openHub();
      const histories = [historyOf(ahead), historyOf(behind)];
      for (let cuts = 0; cuts < 3; cuts += 1) {
        cable.cut();
        for (let round = 0; round < 5; round += 1) expect(await increment(ahead)).toEqual({ ok: true });
        cable.mend();
        await until(() => countOn(behind) === countOn(ahead));
      }
      expect(histories[1]).toEqual(histories[0]);
      expect(histories[0]!.length).toBe(15);
      cable.leave();
    });

    it('take no object that etcd does not take, and everything else', async () => {
      newPlace();
      const hub = await openHub();
      hub.store.put('/things', thing('small'));
      hub.store.put('/things', thing('huge', 'x'.repeat(1_600_000)));
      const revision = hub.store.revision();
      hub.store.put('/things', thing('after'));
      expect(await hub.settled()).toMatchObject({
        ok: false,
        loss: { why: 'refused', revision, problem: { code: 'too-large' } },
      });
      expect(hub.store.list('/things').map(({ metadata }) => metadata.name)).toEqual(['small']);
      for (let index = 0; index < 400; index += 1) hub.store.put('/things', thing(`many-${index}`, 'x'.repeat(10_000)));
      expect(await hub.settled()).toEqual({ ok: true });
      expect(hub.store.published()).toBe(402);
    });

    it('write nothing more where etcd has lost what it held', async () => {
      newPlace();
      const hub = await openHub();
      expect(await increment(hub)).toEqual({ ok: true });
      const key = Buffer.from(`${new URL(place).pathname}/head`).toString('base64');
      await server.call('/v3/kv/deleterange', { key });
      await until(() => hub.problem()?.code === 'damaged');
      expect(await increment(hub)).toMatchObject({ ok: false, loss: { why: 'failed' } });
      expect(countOn(hub)).toBe(1);
    });

    it('say at the start that etcd does not answer, or is none', async () => {
      place = 'http://127.0.0.1:1/x';
      await expect(openHub()).rejects.toMatchObject({
        name: 'StorageError',
        code: 'unreachable',
        message: expect.stringContaining('http://127.0.0.1:1'),
      });
      expect(() => readEtcdAddress('ftp://x')).toThrow('--storage etcd: etcd is spoken to by http or https');
      expect(() => readEtcdAddress('http://x/?cert=/nowhere')).toThrow('/nowhere cannot be read');
      expect(readEtcdAddress('http://u:p%40@a:1,http://b:2/pre/').shown).toBe('http://a:1,http://b:2/pre');
    });

    it('forget history in time, and start from what is left', async () => {
      newPlace();
      const hub = await openHub({ ...TIMES, compactMs: 60 });
      for (const sinceMs = performance.now(); performance.now() - sinceMs < 300; ) await increment(hub);
      const key = Buffer.from('x').toString('base64');
      const early = await server.call('/v3/kv/range', { key, revision: '2' });
      expect(JSON.stringify(early)).toContain('compacted');
      await hub.close();
      const late = await openHub();
      expect(storeText(late)).toBe(storeText(hub));
      expect(late.store.watch(null, 3, () => {})).toMatchObject({ ok: false, code: 'Expired' });
      const oldest = late.store.oldest();
      expect(oldest).toBeLessThan(late.store.revision());
      expect(late.store.changesSince(null, oldest)!.length).toBe(late.store.revision() - oldest);
    });

    it('say who they are where etcd wants to know', async () => {
      const guarded = await EtcdServer.start();
      try {
        await guarded.call('/v3/auth/user/add', { name: 'root', password: 'p@ss' });
        await guarded.call('/v3/auth/role/add', { name: 'root' });
        await guarded.call('/v3/auth/user/grant', { user: 'root', role: 'root' });
        await guarded.call('/v3/auth/enable', {});
        const { host } = new URL(guarded.url);
        place = `http://root:p%40ss@${host}/guarded`;
        const hub = await openHub();
        expect(await increment(hub)).toEqual({ ok: true });
        place = `http://root:wrong@${host}/guarded`;
        await expect(openHub()).rejects.toMatchObject({ name: 'StorageError', code: 'denied' });
        place = `http://${host}/guarded`;
        await expect(openHub()).rejects.toMatchObject({ name: 'StorageError', code: 'denied' });
        await hub.close();
      } finally {
        await guarded.leave();
      }
    });

    it(
      `keep everything acknowledged through ${KILLS} kills of the writers, etcd being killed now and then`,
      async () => {
        newPlace();
        let lives = 0;
        const report = await weather({
          place: `etcd:${place}`,
          archive: () => new EtcdStorage({ address: readEtcdAddress(place) }),
          kills: KILLS,
          trouble: async () => {
            lives += 1;
            if (lives % 4 === 0) await server.restart();
            else if (lives % 4 === 2) await server.pause(40);
          },
        });
        expect(report.acknowledged).toBeGreaterThan(KILLS);
        console.info(`${KILLS} kills, ${report.acknowledged} acknowledged, ${report.unasked} there without an answer`);
      },
      60_000 + KILLS * 6000,
    );
  },
);
