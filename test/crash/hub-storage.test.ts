// A hub whose storage fails under it, as its clients see it; and what "muster hub" says at the start.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MASTERS } from '../../executor/apiserver/auth/rbac.ts';
import { hubSecrets } from '../../executor/apiserver/hub-secrets.ts';
import { type HubServer, startHub } from '../../executor/apiserver/server.ts';
import { command as hubCommand } from '../../executor/commands/hub.ts';
import { DiskStorage } from '../../executor/storage/disk/disk.ts';
import { DurableStore } from '../../executor/storage/durable-store.ts';
import { readEtcdAddress } from '../../executor/storage/etcd/address.ts';
import { EtcdStorage } from '../../executor/storage/etcd/etcd.ts';
import { MemoryStorage } from '../../executor/storage/memory.ts';
import type { Follower, Loss, Storage, StoredCommit } from '../../executor/storage/storage.ts';
import { openStore } from '../contracts/storage.ts';
import { EtcdServer, etcdIsMissing } from './etcd-server.ts';
import { FaultyDisk } from './faulty-disk.ts';

const TOKEN = 'a-token-for-tests-only';
const MAPS = '/api/v1/namespaces/default/configmaps';

let running: { server: HubServer; durable: DurableStore }[] = [];

afterEach(async () => {
  for (const { server, durable } of running) {
    await server.close();
    await durable.close();
  }
  running = [];
});

async function serve(storage: Storage) {
  const { durable } = await DurableStore.open(storage);
  const errors: string[] = [];
  const server = await startHub({
    host: '127.0.0.1',
    port: 0,
    identity: null,
    store: durable.store,
    durability: durable,
    now: () => Date.now(),
    uid: () => randomUUID(),
    draw: () => 0,
    tokens: new Map([[TOKEN, { name: 'admin', uid: '', groups: [MASTERS], extra: {} }]]),
    secret: new Uint8Array(32),
    onError: (message) => errors.push(message),
  });
  running.push({ server, durable });
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { durable, call, errors };
}

async function page(path: string) {
  const response = await fetch(`${running[0]!.server.url}${path}`, { headers: { Authorization: `Bearer ${TOKEN}` } });
  return { status: response.status, text: await response.text() };
}

const configMap = (name: string, value = '') => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { value },
});

const until = async (condition: () => boolean | Promise<boolean>) => {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('a hub whose disk', () => {
  it('is full refuses writes with the reason, goes on reading, and does its own work when there is room', async () => {
    const system = new FaultyDisk();
    const { durable, call, errors } = await serve(new DiskStorage({ folder: '/store', system, retryMs: 30 }));
    expect((await call('POST', MAPS, configMap('before'))).status).toBe(201);
    let isFull = false;
    system.before = (operation, path) => {
      if (isFull && operation === 'write' && path.includes('log-'))
        throw Object.assign(new Error(), { code: 'ENOSPC' });
    };
    expect((await call('POST', '/api/v1/namespaces', { kind: 'Namespace', metadata: { name: 'shop' } })).status).toBe(
      201,
    );
    isFull = true;
    const refused = await call('POST', MAPS, configMap('during'));
    expect(refused).toMatchObject({ status: 503, body: { reason: 'ServiceUnavailable' } });
    expect(String(refused.body.message)).toMatch(/takes no writes: \/store cannot be written: there is no room left/);
    expect((await call('GET', `${MAPS}/before`)).status).toBe(200);
    expect((await call('GET', `${MAPS}/during`)).status).toBe(404);
    // Refused for what is wrong with it, not for the disk.
    expect((await call('POST', MAPS, configMap('before'))).status).toBe(409);
    isFull = false;
    await until(() => durable.problem() === null);
    expect((await call('POST', MAPS, configMap('during'))).status).toBe(201);
    await until(async () => (await call('GET', '/api/v1/namespaces/shop/serviceaccounts/default')).status === 200);
    expect(errors).toEqual([]);
  });

  it('fails says that nobody knows what became of the write', async () => {
    const system = new FaultyDisk();
    const { call } = await serve(new DiskStorage({ folder: '/store', system }));
    system.before = (operation) => {
      if (operation === 'sync') throw Object.assign(new Error(), { code: 'EIO' });
    };
    const lost = await call('POST', MAPS, configMap('doubtful'));
    expect(lost).toMatchObject({ status: 504, body: { reason: 'Timeout' } });
    expect(String(lost.body.message)).toMatch(/did not say whether the write was kept.*input\/output error/);
    expect((await call('POST', MAPS, configMap('later'))).status).toBe(503);
    expect((await call('GET', '/api/v1/namespaces/default')).status).toBe(200);
    const metrics = await fetch(`${running[0]!.server.url}/metrics`, { headers: { Authorization: `Bearer ${TOKEN}` } });
    expect(await metrics.text()).toContain('muster_store_writable 0');
    expect(await page('/readyz/storage')).toMatchObject({
      status: 500,
      text: expect.stringContaining('input/output error'),
    });
    expect(await page('/readyz?verbose')).toMatchObject({
      status: 200,
      text: expect.stringContaining('[-]storage takes no writes'),
    });
    expect(await page('/livez?verbose')).toMatchObject({ status: 200, text: expect.stringContaining('[+]storage ok') });
  });

  it('is elsewhere and cannot be reached is not ready, and alive', async () => {
    const storage = new FickleStorage();
    await serve(storage);
    expect(await page('/readyz')).toEqual({ status: 200, text: 'ok' });
    storage.follower.hindered({ code: 'unreachable', message: 'nobody is there' });
    expect(await page('/readyz')).toMatchObject({ status: 500, text: expect.stringContaining('nobody is there') });
    expect(await page('/livez')).toEqual({ status: 200, text: 'ok' });
    storage.follower.hindered(null);
    expect(await page('/readyz')).toEqual({ status: 200, text: 'ok' });
  });
});

/** Memory that loses the next commits for a reason of the test's choosing. */
class FickleStorage extends MemoryStorage {
  readonly losses: ((commit: StoredCommit) => Loss)[] = [];
  /** Right after a loss: what another hub wrote in place of it. */
  afterLoss: () => void = () => {};
  onCaughtUp: () => void = () => {};
  #told: Follower | null = null;

  override open(follower: Follower) {
    this.#told = follower;
    return super.open(follower);
  }

  get follower(): Follower {
    return this.#told!;
  }

  override append(commit: StoredCommit): void {
    const loss = this.losses.shift();
    if (loss === undefined) {
      super.append(commit);
      return;
    }
    setImmediate(() => {
      this.#told!.lost(loss(commit));
      this.afterLoss();
    });
  }

  override caughtUp(): never {
    return Promise.resolve().then(() => this.onCaughtUp()) as never;
  }
}

/** Another hub's write. */
function tellOther(storage: FickleStorage, { store }: DurableStore, name: string, isRemoval = false): void {
  const object = { ...configMap(name), metadata: { name, namespace: 'default', uid: randomUUID() } };
  const key = { collection: '/configmaps', namespace: 'default', name };
  const revision = store.published() + 1;
  storage.follower.committed({ revision, writes: [{ key, object: isRemoval ? null : object }] });
}

describe('a hub that shares its storage', () => {
  it('judges again what another hub outran, on what that one wrote', async () => {
    const storage = new FickleStorage();
    const { durable, call } = await serve(storage);
    storage.losses.push(() => ({ why: 'outrun' }));
    storage.afterLoss = () => tellOther(storage, durable, 'taken');
    expect((await call('POST', MAPS, configMap('taken'))).status).toBe(409);
    expect((await call('POST', MAPS, configMap('free'))).status).toBe(201);
  });

  it('refuses for being late only after it has caught up', async () => {
    const storage = new FickleStorage();
    const { durable, call } = await serve(storage);
    for (const [method, status] of [
      ['GET', 200],
      ['DELETE', 200],
      ['GET', 404],
    ] as const) {
      storage.onCaughtUp = () => {
        storage.onCaughtUp = () => {};
        tellOther(storage, durable, 'others', status === 404);
      };
      expect((await call(method, `${MAPS}/others`)).status).toBe(status);
      if (method === 'GET' && status === 200) tellOther(storage, durable, 'others', true);
    }
  });

  it('answers with the reason only whoever wrote what the storage does not take', async () => {
    const storage = new FickleStorage();
    const { call } = await serve(storage);
    const problem = { code: 'too-large', message: '5 bytes at most' } as const;
    storage.losses.push(({ revision }) => ({ why: 'refused', revision, problem }));
    expect(await call('POST', MAPS, configMap('huge'))).toMatchObject({
      status: 413,
      body: { message: expect.stringContaining('5 bytes at most') },
    });
    storage.losses.push(() => ({ why: 'refused', revision: 1, problem }));
    expect((await call('POST', MAPS, configMap('small'))).status).toBe(201);
  });

  it('ends watches when history was lost, and tells those who come back to list anew', async () => {
    const storage = new FickleStorage();
    const { durable, call } = await serve(storage);
    const { url } = running[0]!.server;
    const headers = { Authorization: `Bearer ${TOKEN}` };
    const before = durable.store.published();
    const watch = await fetch(`${url}${MAPS}?watch=true&allowWatchBookmarks=true&resourceVersion=${before}`, {
      headers,
    });
    storage.follower.replaced({ revision: before + 50, objects: storage.follower.state().objects });
    await expect(watch.text()).rejects.toThrow();
    const again = await fetch(`${url}${MAPS}?watch=true&resourceVersion=${before}`, { headers });
    expect(await again.text()).toMatch(/"type":"ERROR".*"code":410/);
    expect((await call('GET', MAPS)).body.metadata).toMatchObject({ resourceVersion: String(before + 50) });
  });
});

describe.skipIf(etcdIsMissing !== null)(
  `two hubs on one etcd${etcdIsMissing === null ? '' : `, skipped: ${etcdIsMissing}`}`,
  () => {
    it('do the work beside requests together, and come to rest', async () => {
      const etcd = await EtcdServer.start();
      try {
        const address = readEtcdAddress(etcd.url);
        const one = await serve(new EtcdStorage({ address }));
        const other = await serve(new EtcdStorage({ address }));
        const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'busy' } };
        expect((await one.call('POST', '/api/v1/namespaces', namespace)).status).toBe(201);
        const inBusy = '/api/v1/namespaces/busy/configmaps';
        const owner = (await other.call('POST', inBusy, configMap('owner'))).body as unknown as {
          metadata: { uid: string };
        };
        const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata.uid }];
        await Promise.all(
          Array.from({ length: 60 }, async (_, index) => {
            const { call } = index % 2 === 0 ? one : other;
            const object = {
              ...configMap(`m${index}`),
              metadata: { name: `m${index}`, ...(index % 3 === 0 ? { ownerReferences } : {}) },
            };
            expect((await call('POST', inBusy, object)).status).toBe(201);
          }),
        );
        expect((await one.call('DELETE', `${inBusy}/owner`)).status).toBe(200);
        const count = async () => ((await other.call('GET', inBusy)).body.items as unknown[]).length;
        // The namespace's own certificate would be there with TLS only.
        await until(async () => (await count()) === 40);
        expect((await other.call('DELETE', '/api/v1/namespaces/busy')).status).toBe(200);
        await until(async () => (await one.call('GET', '/api/v1/namespaces/busy')).status === 404);
        await until(async () => (await other.call('GET', '/api/v1/namespaces/busy')).status === 404);
        const revision = () => [one.durable.store.revision(), other.durable.store.revision()];
        await until(() => revision()[0] === revision()[1]);
        const atRest = revision();
        await new Promise((resolve) => setTimeout(resolve, 300));
        expect(revision()).toEqual(atRest);
        expect([...one.errors, ...other.errors]).toEqual([]);
      } finally {
        for (const { server, durable } of running.splice(0)) {
          await server.close();
          await durable.close();
        }
        await etcd.leave();
      }
    });
  },
);

describe('muster hub', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'muster-hub-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const start = (storage: string, listen = '127.0.0.1:0') => hubCommand.run({ storage, listen, 'sync-window': 0 });

  it('says at the start what to do', async () => {
    const durable = await openStore(new DiskStorage({ folder: `${folder}/taken` }));
    await expect(start(`disk:${folder}/taken`)).rejects.toThrow(
      `${folder}/taken is in use by process ${process.pid}; stop that one first, or name another folder with --storage disk:DIR`,
    );
    await durable.close();
    await expect(start('etcd:http://127.0.0.1:1')).rejects.toThrow(
      /etcd at http:\/\/127.0.0.1:1: .*; start it, or name another/,
    );
    await expect(start('paper')).rejects.toThrow('no storage is called "paper": it is memory, disk:DIR or etcd:URL');
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    await expect(start(`disk:${folder}/store`, `127.0.0.1:${port}`)).rejects.toThrow(
      `127.0.0.1:${port} is in use by another program; choose another with --listen`,
    );
    other.close();
    // The folder was let go of.
    await (await openStore(new DiskStorage({ folder: `${folder}/store` }))).close();
  });

  it('keeps its secrets where its objects are', async () => {
    const place = () => openStore(new DiskStorage({ folder: `${folder}/store` }));
    const first = await place();
    const made = await hubSecrets(first, Date.now());
    await first.close();
    const second = await place();
    const kept = await hubSecrets(second, Date.now());
    expect({ ...kept, signing: [...kept.signing] }).toEqual({ ...made, signing: [...made.signing] });
    await second.close();
  });
});
