import { afterEach, describe, expect, it } from 'vitest';
import {
  type Controller,
  HUB,
  type KubeObject,
  memberPlace,
  NOTHING_TO_DO,
  ObjectStore,
  rerun,
  Simulation,
  type TraceLine,
} from '../../engine/index.ts';
import { startPlainHub } from '../../test/builders/plain-hub.ts';
import { APPS, app, DEPLOYMENTS, spreader } from '../../test/builders/spreader.ts';
import { MEMORY_ONLY } from '../apiserver/lasting.ts';
import type { HubServer } from '../apiserver/server.ts';
import { type EmbeddedMember, startEmbedded } from '../members/embedded.ts';
import { tokenAddress } from './address.ts';
import { HttpApi } from './http-api.ts';
import { HttpClient } from './http-client.ts';
import { LiveProcess } from './live-process.ts';
import { OwnApi } from './own-api.ts';
import type { PlaceClient } from './place-client.ts';
import { StoreClient } from './store-client.ts';
import { wallTime } from './wall-time.ts';

const NODES = [{ name: 'node', count: 2, allocatable: { cpu: '8', memory: '32Gi', pods: 50 } }];
const QUICK = [{ match: {}, behavior: { start: { p50Ms: 50, p99Ms: 50 } } }];

const DEFINITION: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'apps.toys.example' },
  spec: {
    group: 'toys.example',
    scope: 'Namespaced',
    names: { plural: 'apps', singular: 'app', kind: 'App', listKind: 'AppList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

const ends: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface World {
  readonly server: HubServer;
  readonly store: ObjectStore;
  readonly overHttp: HttpClient;
  readonly direct: StoreClient;
}

async function hub(): Promise<World> {
  const store = new ObjectStore();
  const { server, token } = await startPlainHub({ store, definitions: [DEFINITION] });
  ends.push(() => server.close());
  const overHttp = clientOf({ server: server.url, authority: null, token });
  return {
    server,
    store,
    overHttp,
    direct: new StoreClient({
      api: new OwnApi({ open: server.open, store, durability: MEMORY_ONLY, token }),
      store,
      registry: server.open.hub.registry,
    }),
  };
}

function clientOf(access: { server: string; authority: string | null; token: string }, timeoutMs = 1_000): HttpClient {
  const client = new HttpClient(new HttpApi(tokenAddress(access), { timeoutMs }), {
    now: Date.now,
    chance: Math.random,
  });
  ends.push(() => client.close());
  return client;
}

async function member(name: string): Promise<EmbeddedMember> {
  const started = await startEmbedded({ name, nodes: NODES, behaviors: QUICK });
  ends.push(() => started.close());
  return started;
}

function drive(
  hubClient: PlaceClient,
  members: ReadonlyMap<string, PlaceClient>,
  trace?: (line: TraceLine) => void,
  controller: Controller = spreader,
) {
  const live = new LiveProcess({
    name: 'manager',
    controllers: [controller],
    hub: hubClient,
    memberOf: (cluster) => members.get(cluster) ?? null,
    now: wallTime(),
    ...(trace === undefined ? {} : { trace }),
  });
  ends.push(() => live.stop());
  return live;
}

async function until(what: string, holds: () => boolean, ms = 20_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const put = async (client: PlaceClient, object: KubeObject, resourceVersion?: string) => {
  const { namespace = '', name } = object.metadata;
  const key = { collection: APPS, namespace, name };
  const metadata = { ...object.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) };
  const verb = resourceVersion === undefined ? 'create' : 'update';
  const result = await client.carryOut({ on: HUB, verb, key, object: { ...object, metadata } });
  if (!result.ok) throw new Error(result.message);
};

const readyOf = (store: ObjectStore, name: string) =>
  (store.get(APPS, 'default', name)?.status as { ready?: number } | undefined)?.ready ?? 0;

/** What both drivers must agree on. */
const essence = (object: KubeObject | null) =>
  object === null ? null : { spec: object.spec, ready: (object.status as { ready?: number } | undefined)?.ready };

function simulatedOutcome(): unknown {
  const simulation = new Simulation({ seed: 'seed', start: 0 });
  for (const name of ['m1', 'm2']) simulation.addMember({ name, nodes: NODES, behaviors: QUICK });
  simulation.addProcess({ name: 'manager', at: HUB, controllers: [spreader] });
  const { hub: api } = simulation.world;
  api.create(APPS, app('web', 2, ['m1', 'm2']));
  simulation.runFor(10_000);
  const known = api.store.get(APPS, 'default', 'web')!;
  api.writer.update(APPS, { ...app('web', 3, ['m1', 'm2']), metadata: known.metadata });
  simulation.runFor(10_000);
  return essence(api.store.get(APPS, 'default', 'web'));
}

describe('the live driver', () => {
  it.each(['direct', 'overHttp'] as const)('ends where the simulated one ends, with its hub %s', async (way) => {
    const world = await hub();
    const members = new Map<string, PlaceClient>();
    for (const one of await Promise.all([member('m1'), member('m2')])) members.set(one.name, clientOf(one));
    const lines: TraceLine[] = [];
    const live = drive(world[way], members, (line) => lines.push(structuredClone(line)));
    await put(world[way], app('web', 2, ['m1', 'm2']));
    await until('4 ready', () => readyOf(world.store, 'web') === 4);
    const { resourceVersion } = world.store.get(APPS, 'default', 'web')!.metadata;
    await put(world[way], app('web', 3, ['m1', 'm2']), resourceVersion);
    await until('6 ready', () => readyOf(world.store, 'web') === 6);
    await live.stop();
    expect(essence(world.store.get(APPS, 'default', 'web'))).toEqual(simulatedOutcome());
    const steps = lines.filter(({ type }) => type === 'step').length;
    expect(rerun(lines, () => [spreader])).toEqual({ ok: true, steps });
  });

  it('begins on a hub that does not know one of its kinds, where it can do without', async () => {
    const world = await hub();
    const one = await member('m1');
    const unknown = { on: 'hub', collection: 'muster.dev/absent', isOptional: true, keysOf: () => [] } as const;
    const modest: Controller = { ...spreader, watches: [...spreader.watches, unknown] };
    const live = drive(world.overHttp, new Map([['m1', clientOf(one)]]), undefined, modest);
    await put(world.overHttp, app('web', 2, ['m1']));
    await until('2 ready', () => readyOf(world.store, 'web') === 2);
    await live.stop();
  });

  it('lists anew what it has lost the news of', async () => {
    const world = await hub();
    const counter: Controller = {
      name: 'counter',
      backOff: { baseMs: 50, maxMs: 200 },
      watches: [{ on: 'hub', collection: APPS, keysOf: () => ['web'] }],
      reconcile: (name, view) => {
        const found = view.get(APPS, 'default', name);
        const apps = String(view.list(APPS).length);
        if (found === null || found.metadata.labels?.apps === apps) return NOTHING_TO_DO;
        const object = { ...found, metadata: { ...found.metadata, labels: { apps } } };
        const key = { collection: APPS, namespace: 'default', name };
        return { ...NOTHING_TO_DO, commands: [{ on: HUB, verb: 'update', key, object }] };
      },
    };
    let isDeaf = false;
    const forgetful: PlaceClient = {
      follow: (collection, listener) =>
        world.direct.follow(collection, {
          ...listener,
          listed: (objects, revision) => {
            isDeaf = false;
            listener.listed(objects, revision);
          },
          changed: (type, object, revision) => {
            if (!isDeaf || object.metadata.name !== 'web') listener.changed(type, object, revision);
          },
        }),
      carryOut: (command) => world.direct.carryOut(command),
      ask: () => world.direct.ask(),
      onCollection: (listener) => world.direct.onCollection(listener),
      close: () => {},
    };
    const began = Date.now();
    const live = new LiveProcess({
      name: 'manager',
      controllers: [counter],
      hub: forgetful,
      memberOf: () => null,
      now: () => (Date.now() - began) * 20,
    });
    ends.push(() => live.stop());
    const counted = () => world.store.get(APPS, 'default', 'web')?.metadata.labels?.apps;
    await put(world.direct, app('web', 1, []));
    await until('one is counted', () => counted() === '1');
    isDeaf = true;
    const { resourceVersion } = world.store.get(APPS, 'default', 'web')!.metadata;
    await put(world.direct, app('web', 2, []), resourceVersion);
    await put(world.direct, app('other', 1, []));
    await until('both are counted', () => counted() === '2');
  });

  it('takes a member for reachable whose way is told a moment later', async () => {
    const world = await hub();
    const one = clientOf(await member('m1'));
    let isKnown = false;
    const refused: string[] = [];
    const live = new LiveProcess({
      name: 'manager',
      controllers: [spreader],
      hub: world.direct,
      memberOf: () => (isKnown ? one : null),
      memberSoon: async () => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        isKnown = true;
        return one;
      },
      now: wallTime(),
      onSettled: (_, results) => refused.push(...results.flatMap((result) => (result.ok ? [] : [result.code]))),
    });
    ends.push(() => live.stop());
    await put(world.direct, app('web', 1, ['m1']));
    await until('1 ready', () => readyOf(world.store, 'web') === 1);
    expect(refused).not.toContain('Unreachable');
  });

  it('says what there is to mend where there is no way to a member', async () => {
    const world = await hub();
    const asker: Controller = {
      name: 'asker',
      watches: [{ on: 'hub', collection: APPS, keysOf: ({ object }) => [object.metadata.name] }],
      reconcile: (name) => ({
        commands: [{ verb: 'ask', on: memberPlace(name), question: { about: 'state', withApis: false } }],
        requeue: 'await-change',
        events: [],
      }),
    };
    const answers = new Map<string, unknown>();
    const live = new LiveProcess({
      name: 'manager',
      controllers: [asker],
      hub: world.direct,
      memberOf: () => null,
      whyNoMember: (name) => (name === 'm1' ? 'it names no Secret' : null),
      now: wallTime(),
      onSettled: ({ key }, [result]) => answers.set(key, result),
    });
    ends.push(() => live.stop());
    await put(world.direct, app('m1', 1, []));
    await put(world.direct, app('m2', 1, []));
    await until('both are asked', () => answers.size === 2);
    expect(answers.get('m1')).toMatchObject({ code: 'NoAccess', problem: 'it names no Secret' });
    expect(answers.get('m2')).toMatchObject({ code: 'Unreachable' });
  });

  it('mends drift, is not kept from others by a member that hangs, and catches up with it', async () => {
    const world = await hub();
    const [first, second] = await Promise.all([member('m1'), member('m2')]);
    const near = clientOf(first!, 500);
    const members = new Map<string, PlaceClient>([
      ['m1', near],
      ['m2', clientOf(second!, 500)],
    ]);
    drive(world.direct, members);
    await put(world.direct, app('web', 2, ['m1', 'm2']));
    await until('4 ready', () => readyOf(world.store, 'web') === 4);
    const drift = await members.get('m1')!.carryOut({
      on: 'member/m1',
      verb: 'patch',
      key: { collection: DEPLOYMENTS, namespace: 'default', name: 'web' },
      patch: { spec: { replicas: 7 } },
      precondition: null,
    });
    expect(drift.ok).toBe(true);
    const replicas = async () => {
      const path = '/apis/apps/v1/namespaces/default/deployments/web';
      const answer = await near.api.send({ method: 'GET', path });
      return answer.ok ? JSON.parse(answer.text).spec.replicas : answer.message;
    };
    await expect.poll(replicas, { timeout: 10_000 }).toBe(2);
    second!.pause();
    const names = Array.from({ length: 40 }, (_, at) => `app-${at}`);
    for (const name of names) await put(world.direct, app(name, 1, ['m2']));
    await put(world.direct, app('quick', 2, ['m1']));
    await until('others are served', () => readyOf(world.store, 'quick') === 2, 5_000);
    second!.resume();
    await until('it catches up', () => names.every((name) => readyOf(world.store, name) === 1));
  });

  it('answers what controllers ask of a member from its nodes and pods', async () => {
    const client = clientOf(await member('m1'));
    const key = { collection: DEPLOYMENTS, namespace: 'default', name: 'web' };
    const requirements = { resourceRequest: { cpu: '3' } };
    const made = await client.carryOut({
      on: 'member/m1',
      verb: 'create',
      key,
      object: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web', namespace: 'default' },
        spec: {
          replicas: 5,
          selector: { matchLabels: { a: 'b' } },
          template: {
            metadata: { labels: { a: 'b' } },
            spec: { containers: [{ name: 'a', image: 'b', resources: { requests: { cpu: '3' } } }] },
          },
        },
      },
    });
    expect(made.ok).toBe(true);
    const asked = async (question: Parameters<PlaceClient['ask']>[0]) => {
      const result = await client.ask(question);
      return result.ok ? result.answer : result;
    };
    let waiting: unknown = null;
    for (let tries = 0; tries < 100 && JSON.stringify(waiting) !== '{"replicas":1}'; tries += 1) {
      waiting = await asked({ about: 'unschedulable', key, forMs: 0 });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(waiting).toEqual({ replicas: 1 });
    expect(await asked({ about: 'capacity', requirements })).toEqual({ replicas: 0 });
    expect(await asked({ about: 'state', withApis: false })).toMatchObject({
      healthy: true,
      version: expect.stringMatching(/^v1\./),
      nodeSummary: { totalNum: 2, readyNum: 2 },
      resourceSummary: { allocatable: { cpu: '16' }, allocated: { cpu: '12' }, allocating: { cpu: '3' } },
    });
    const apis = JSON.stringify(await asked({ about: 'state', withApis: true }));
    expect(apis).toContain('{"groupVersion":"apps/v1"');
    expect(apis).toContain('{"name":"deployments","kind":"Deployment"}');
  });
});
