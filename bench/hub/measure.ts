// What a hub does under load: creates, updates, lists of everything, a crowd of watchers, and all of it mixed.
import { Random } from '../../engine/index.ts';
import { Connection, type Reply, type Target } from './connection.ts';
import type { HubProcess } from './hub-process.ts';
import { Watchers } from './watchers.ts';

export interface LoadPlan {
  readonly clients: number;
  readonly objects: number;
  readonly watchers: number;
  readonly seed: string;
  readonly onProgress: (what: string) => void;
}

export interface Rate {
  readonly perSecond: number;
  /** How long each took, in ms. */
  readonly times: readonly number[];
}

export interface Figures {
  readonly creates: Rate;
  readonly updates: Rate;
  readonly lists: Rate;
  readonly listBytes: number;
  readonly mixed: Rate;
  readonly watchEventsPerSecond: number;
  readonly residentMiB: number;
  readonly residentWithWatchersMiB: number;
}

const NAMESPACE = 'bench';
const PATH = `/api/v1/namespaces/${NAMESPACE}/configmaps`;
const WATCHED = 'watched';
/** What runs for the first time runs slowly, in any server. */
const WARM_UP = 'warm-up';
const WARM_UP_OBJECTS = 2000;
const TEXT_LENGTH = 470;
const LISTS = 20;
const WATCH_ROUNDS = 200;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

export async function measureHub(hub: HubProcess, plan: LoadPlan): Promise<Figures> {
  const random = new Random(plan.seed);
  const maps = new ConfigMaps(random);
  const clients = await Promise.all(Array.from({ length: plan.clients }, () => Connection.open(hub.target)));
  try {
    await makeNamespace(clients[0]!, NAMESPACE);
    await makeNamespace(clients[0]!, WATCHED);
    plan.onProgress('warming up');
    await makeNamespace(clients[0]!, WARM_UP);
    await spread(clients, WARM_UP_OBJECTS, (client, at) =>
      expecting(201, client.request('POST', `/api/v1/namespaces/${WARM_UP}/configmaps`, maps.body(at))),
    );
    plan.onProgress('creates');
    const creates = await spread(clients, plan.objects, (client, at) =>
      expecting(201, client.request('POST', PATH, maps.body(at))),
    );
    plan.onProgress('updates');
    const updates = await spread(clients, plan.objects, (client, at) =>
      expecting(200, client.request('PUT', `${PATH}/${nameOf(at)}`, maps.body(at))),
    );
    plan.onProgress('lists');
    let listBytes = 0;
    const lists = await spread(clients.slice(0, 1), LISTS, async (client) => {
      listBytes = (await expecting(200, client.request('GET', PATH))).body.length;
    });
    plan.onProgress('mixed');
    const mixed = await spread(clients, plan.objects, (client, at) => mixedRequest(client, at, plan.objects, random));
    const residentMiB = await hub.residentMiB();
    plan.onProgress(`${plan.watchers} watchers`);
    const watched = await measureWatch(hub, clients, plan, maps);
    return { creates, updates, lists, listBytes, mixed, residentMiB, ...watched };
  } finally {
    for (const client of clients) client.close();
  }
}

async function measureWatch(hub: HubProcess, clients: readonly Connection[], plan: LoadPlan, maps: ConfigMaps) {
  const path = `/api/v1/namespaces/${WATCHED}/configmaps`;
  await expecting(201, clients[0]!.request('POST', path, maps.body(0)));
  const watchers = await openWatchers(hub.target, path, plan.watchers);
  try {
    const rounds = WATCH_ROUNDS;
    const all = watchers.count(rounds * plan.watchers);
    const began = performance.now();
    await spread(clients, rounds, (client) =>
      expecting(200, client.request('PUT', `${path}/${nameOf(0)}`, maps.body(0))),
    );
    await all;
    const seconds = (performance.now() - began) / 1000;
    return {
      watchEventsPerSecond: (rounds * plan.watchers) / seconds,
      residentWithWatchersMiB: await hub.residentMiB(),
    };
  } finally {
    watchers.close();
  }
}

const openWatchers = (target: Target, path: string, count: number) =>
  Watchers.open(
    target,
    `${path}?watch=true&resourceVersion=0&sendInitialEvents=false&resourceVersionMatch=NotOlderThan`,
    count,
  );

/** Seven reads of one object, two writes and one page of a list in ten. */
async function mixedRequest(client: Connection, at: number, objects: number, random: Random): Promise<void> {
  const name = nameOf(random.integer(0, objects - 1));
  switch (at % 10) {
    case 0:
      await expecting(200, client.request('GET', `${PATH}?limit=100`));
      break;
    case 1:
    case 2: {
      const patch = JSON.stringify({ metadata: { labels: { round: `r${at}` } } });
      await expecting(200, client.request('PATCH', `${PATH}/${name}`, patch, 'application/merge-patch+json'));
      break;
    }
    default:
      await expecting(200, client.request('GET', `${PATH}/${name}`));
  }
}

/** Every client takes the next piece of work as soon as it is done with the last. */
async function spread(
  clients: readonly Connection[],
  count: number,
  work: (client: Connection, at: number) => Promise<unknown>,
): Promise<Rate> {
  const times: number[] = [];
  let next = 0;
  const began = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      while (next < count) {
        const at = next;
        next += 1;
        const from = performance.now();
        await work(client, at);
        times.push(performance.now() - from);
      }
    }),
  );
  return { perSecond: count / ((performance.now() - began) / 1000), times };
}

async function makeNamespace(client: Connection, name: string): Promise<void> {
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await expecting(201, client.request('POST', '/api/v1/namespaces', body));
}

async function expecting(status: number, reply: Promise<Reply>): Promise<Reply> {
  const answered = await reply;
  if (answered.status === status) return answered;
  throw new Error(
    `${status} was expected, and the hub said ${answered.status}: ${answered.body.toString().slice(0, 500)}`,
  );
}

const nameOf = (at: number): string => `config-${String(at).padStart(6, '0')}`;

/** Makes bodies of the same size whose text differs each time. */
class ConfigMaps {
  private readonly text: string;
  private made = 0;

  constructor(random: Random) {
    this.text = Array.from({ length: TEXT_LENGTH }, () => LETTERS[random.integer(0, LETTERS.length - 1)]).join('');
  }

  body(at: number): string {
    this.made += 1;
    const value = `${String(this.made).padStart(10, '0')}${this.text}`;
    const metadata = { name: nameOf(at), labels: { app: `app-${at % 10}` } };
    return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { value } });
  }
}
