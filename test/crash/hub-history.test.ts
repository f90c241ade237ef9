// Real hubs under concurrent clients, killed and started again: what the clients saw is one order of things, and what watchers
// were told is exactly that, without gap, repeat or disorder, across every reconnection.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cable } from './cable.ts';
import { EtcdServer, etcdIsMissing } from './etcd-server.ts';
import { HubProcess } from './hub-process.ts';
import { isLinearizable } from './linearizable.ts';
import { CONFIG_MAPS, REGISTERS, type Recorded, RegisterClient } from './register-client.ts';
import { RegisterWatcher, type Told } from './register-watcher.ts';

const CLIENTS = 6;
const WATCHERS = 3;
const LIFE_MS = 500;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Lets clients and watchers work while `trouble` does its own. */
async function record(hubs: readonly HubProcess[], trouble: () => Promise<void>) {
  const watchers = Array.from(
    { length: WATCHERS },
    (_, at) => new RegisterWatcher([...hubs.slice(at), ...hubs.slice(0, at)]),
  );
  for (const watcher of watchers) await watcher.start();
  const clients = Array.from({ length: CLIENTS }, (_, at) => new RegisterClient(`client-${at}`, hubs));
  let isOver = false;
  const working = clients.map(async (client) => {
    while (!isOver) {
      await client.step();
      await pause(Math.random() * 4);
    }
  });
  await trouble();
  isOver = true;
  await Promise.all(working);
  const mark = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'mark-' } };
  const { status, body } = await hubs[0]!.call('POST', CONFIG_MAPS, mark);
  expect(status).toBe(201);
  const last = Number((body.metadata as { resourceVersion: string }).resourceVersion);
  for (const watcher of watchers) await watcher.untilSeen(last);
  for (const watcher of watchers) await watcher.end();
  return { watchers, history: clients.flatMap((client) => client.history) };
}

function checkOrder(history: readonly Recorded[]): void {
  for (const register of REGISTERS) {
    const own = history.filter((one) => one.register === register);
    expect(isLinearizable(own), `what clients saw of ${register}`).toBe(true);
  }
}

function checkStream({ listed, told, expired }: RegisterWatcher, history: readonly Recorded[]): void {
  expect(expired).toBe(0);
  const held = new Map<string, Told>(listed.map((one) => [one.name, one]));
  let before = 0;
  for (const one of told) {
    expect(one.revision, `after ${before}: ${JSON.stringify(one)}`).toBeGreaterThan(before);
    before = one.revision;
    expect(held.has(one.name), JSON.stringify(one)).toBe(one.type !== 'ADDED');
    if (one.type === 'DELETED') {
      expect(one.value).toBe(held.get(one.name)!.value);
      held.delete(one.name);
    } else {
      held.set(one.name, one);
    }
  }
  const stored = new Map(told.filter(({ type }) => type !== 'DELETED').map((one) => [one.value, one]));
  const writes = history.flatMap(({ deed, revision, register }) =>
    deed.kind === 'swap' && deed.outcome !== 'refused' ? [{ ...deed, revision, register }] : [],
  );
  for (const { outcome, next, revision, register } of writes) {
    if (outcome !== 'done' || next === null) continue;
    expect(stored.get(next), `${next}, which was acknowledged`).toMatchObject({ revision, name: register });
  }
  const asked = new Set(writes.map(({ next }) => next));
  for (const value of stored.keys()) expect(asked.has(value), `${value} was written by somebody`).toBe(true);
  const removed = writes.filter(({ outcome, next }) => outcome === 'done' && next === null).length;
  const mayBeRemoved = writes.filter(({ next }) => next === null).length;
  const gone = told.filter(({ type }) => type === 'DELETED').length;
  expect(gone).toBeGreaterThanOrEqual(removed);
  expect(gone).toBeLessThanOrEqual(mayBeRemoved);
}

function check({ watchers, history }: Awaited<ReturnType<typeof record>>): void {
  expect(history.length).toBeGreaterThan(150);
  checkOrder(history);
  for (const watcher of watchers) {
    checkStream(watcher, history);
    expect(watcher.told).toEqual(watchers[0]!.told);
    expect(watcher.connections).toBeGreaterThan(1);
  }
}

describe('what clients and watchers see', () => {
  it('of a hub on disk that is killed again and again is one history', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'muster-history-'));
    const hub = new HubProcess(`disk:${folder}/store`);
    try {
      await hub.start();
      const recorded = await record([hub], async () => {
        for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
          await pause(LIFE_MS);
          const code = await hub.end(signal);
          expect(code).toBe(signal === 'SIGTERM' ? 0 : null);
          await hub.start();
        }
        await pause(LIFE_MS);
      });
      check(recorded);
    } finally {
      await hub.end('SIGTERM');
      await rm(folder, { recursive: true });
    }
  });

  it.skipIf(etcdIsMissing !== null)(
    `of two hubs on one etcd, of which one is killed and the other stopped, is one history${etcdIsMissing === null ? '' : `: ${etcdIsMissing}`}`,
    async () => {
      const etcd = await EtcdServer.start();
      // One hears late of what the other writes.
      const cable = await Cable.to(etcd.url, 15);
      const hubs = [new HubProcess(`etcd:${etcd.url}`), new HubProcess(`etcd:${cable.url}`)];
      try {
        await Promise.all(hubs.map((hub) => hub.start()));
        const recorded = await record(hubs, async () => {
          await pause(LIFE_MS);
          await hubs[0]!.end('SIGKILL');
          await hubs[0]!.start();
          await etcd.pause(200);
          await pause(LIFE_MS);
          await hubs[1]!.end('SIGTERM');
          await hubs[1]!.start();
          await pause(LIFE_MS);
        });
        check(recorded);
      } finally {
        for (const hub of hubs) await hub.end('SIGTERM');
        cable.leave();
        await etcd.leave();
      }
    },
  );
});
