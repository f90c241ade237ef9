import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KubeObject, ObjectStore } from '../../../engine/index.ts';
import { MASTERS } from '../auth/rbac.ts';
import { type HubServer, startHub } from '../server.ts';

const TOKEN = 'a-token-for-tests-only';
const NOW = Date.parse('2026-11-20T10:00:30Z');
const at = (second: number) => `2026-11-20T10:00:${String(second).padStart(2, '0')}Z`;

const running = { running: { startedAt: at(0) } };
const ended = { terminated: { exitCode: 1, startedAt: at(0), finishedAt: at(20) } };
const status = (state: object, more: object = {}) => ({ name: 'app', state, restartCount: 0, ...more });

function pod(name: string, own: object, spec: object = {}): KubeObject {
  const containers = [{ name: 'app', image: 'nginx' }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: `uid-of-${name}` },
    spec: { nodeName: 'n1', containers, ...spec },
    status: { containerStatuses: [own] },
  };
}

let store: ObjectStore;
let server: HubServer;

beforeEach(async () => {
  store = new ObjectStore();
  server = await startHub({
    host: '127.0.0.1',
    port: 0,
    identity: null,
    store,
    now: () => NOW,
    uid: () => randomUUID(),
    draw: (bound) => bound - 1,
    tokens: new Map([[TOKEN, { name: 'admin', uid: '', groups: [MASTERS], extra: {} }]]),
    secret: randomBytes(32),
    logs: (_pod, { attempt, ended: end }) => [
      { at: NOW - 30_000, text: `run ${attempt}` },
      { at: NOW - 10_000, text: 'busy' },
      ...(end === null ? [] : [{ at: NOW, text: `over: ${end.exitCode}` }]),
    ],
    onError: (message) => {
      throw new Error(message);
    },
  });
});

afterEach(() => server.close());

const ask = (path: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    get(`${server.url}${path}`, { headers: { authorization: `Bearer ${TOKEN}` } }, resolve).on('error', reject);
  });

async function read(path: string): Promise<{ code: number; text: string }> {
  const response = await ask(path);
  let text = '';
  response.on('data', (chunk) => (text += String(chunk)));
  await once(response, 'end');
  return { code: response.statusCode!, text };
}

const logPath = (name: string, query = '') => `/api/v1/namespaces/default/pods/${name}/log?${query}`;
const log = (name: string, query?: string) => read(logPath(name, query));
const why = async (name: string, query?: string) => {
  const { code, text } = await log(name, query);
  return [code, JSON.parse(text).message];
};

describe('the log of a container', () => {
  it.each([
    ['', 'run 0\nbusy\n'],
    ['timestamps=true', '2026-11-20T10:00:00.000000000Z run 0\n2026-11-20T10:00:20.000000000Z busy\n'],
    ['tailLines=1', 'busy\n'],
    ['tailLines=0', ''],
    ['sinceSeconds=15', 'busy\n'],
    ['sinceTime=2026-11-20T10:00:10Z', 'busy\n'],
    ['limitBytes=8', 'run 0\nbu'],
    ['container=app', 'run 0\nbusy\n'],
  ])('with "%s"', async (query, text) => {
    store.put('/pods', pod('web', status(running)));
    expect(await log('web', query)).toEqual({ code: 200, text });
  });

  it.each([
    ['tailLines=-1', 422, 'tailLines: Invalid value: -1: must be greater than or equal to 0'],
    ['limitBytes=0', 422, 'limitBytes: Invalid value: 0: must be greater than 0'],
    ['sinceSeconds=0', 422, 'sinceSeconds: Invalid value: 0: must be greater than 0'],
    ['sinceSeconds=1&sinceTime=2026-11-20T10:00:10Z', 422, 'at most one of `sinceTime` or `sinceSeconds`'],
    ['tailLines=some', 400, 'strconv.ParseInt: parsing "some"'],
    ['sinceTime=noon', 400, 'sinceTime: "noon" is no time'],
    ['container=side', 400, 'container side is not valid for pod web'],
    ['previous=true', 400, 'previous terminated container "app" in pod "web" not found'],
  ])('is refused with "%s"', async (query, code, message) => {
    store.put('/pods', pod('web', status(running)));
    expect(await why('web', query)).toEqual([code, expect.stringContaining(message)]);
  });

  it('is of this run or the one before, and of the last one while none has begun', async () => {
    const again = { lastState: ended, restartCount: 3 };
    store.put('/pods', pod('web', status(running, again)));
    expect((await log('web')).text).toBe('run 3\nbusy\n');
    expect((await log('web', 'previous=true')).text).toBe('run 2\nbusy\nover: 1\n');
    store.put('/pods', pod('web', status({ waiting: { reason: 'CrashLoopBackOff' } }, again)));
    expect((await log('web', 'follow=true')).text).toBe('run 2\nbusy\nover: 1\n');
  });

  it('is not there before the first run', async () => {
    store.put('/pods', pod('new', status({ waiting: { reason: 'ContainerCreating' } })));
    expect(await why('new')).toEqual([400, 'container "app" in pod "new" is waiting to start: ContainerCreating']);
    store.put('/pods', pod('homeless', status({ waiting: {} }), { nodeName: '' }));
    expect(await log('homeless', 'follow=true')).toEqual({ code: 200, text: '' });
  });

  it('is of init containers, too, and of one that is named where there are several', async () => {
    const spec = { initContainers: [{ name: 'first', image: 'a' }], containers: [{ name: 'app' }, { name: 'side' }] };
    const done = { ...status(ended), name: 'first' };
    const one = pod('web', status(running), spec);
    store.put('/pods', { ...one, status: { ...(one.status as object), initContainerStatuses: [done] } });
    expect((await log('web', 'container=first')).text).toBe('run 0\nbusy\nover: 1\n');
    expect(await why('web')).toEqual([
      400,
      'a container name must be specified for pod web, choose one of: [app side] or one of the init containers: [first]',
    ]);
  });
});

describe('a log that is followed', () => {
  const open = async (): Promise<number> => {
    const { text } = await read('/metrics');
    return Number(/^apiserver_longrunning_requests (\d+)$/m.exec(text)![1]);
  };

  async function follow(name: string, query = ''): Promise<{ response: IncomingMessage; heard: () => string }> {
    const response = await ask(logPath(name, `follow=true&${query}`));
    let heard = '';
    response.on('data', (chunk) => (heard += String(chunk)));
    response.on('error', () => {});
    return { response, heard: () => heard };
  }

  it('goes on with what is new, and ends with the container', async () => {
    store.put('/pods', pod('web', status(running)));
    const { response, heard } = await follow('web', 'tailLines=1');
    await expect.poll(heard).toBe('busy\n');
    store.put('/pods', {
      ...pod('web', status(running)),
      metadata: { ...pod('web', {}).metadata, labels: { a: 'b' } },
    });
    store.put('/pods', pod('other', status(ended)));
    expect(await open()).toBe(1);
    store.put('/pods', pod('web', status(ended)));
    await once(response, 'end');
    expect(heard()).toBe('busy\nover: 1\n');
    expect(await open()).toBe(0);
  });

  it.each([
    ['is started again', () => store.put('/pods', pod('web', status(running, { lastState: ended, restartCount: 1 })))],
    ['is taken away', () => store.remove('/pods', 'default', 'web')],
  ])('ends when the container %s', async (_how, change) => {
    store.put('/pods', pod('web', status(running)));
    const { response, heard } = await follow('web');
    await expect.poll(heard).toBe('run 0\nbusy\n');
    change();
    await once(response, 'end');
    expect(await open()).toBe(0);
  });

  it('ends when it has as many bytes as were asked for', async () => {
    store.put('/pods', pod('web', status(running)));
    const { response, heard } = await follow('web', 'limitBytes=14');
    await expect.poll(heard).toBe('run 0\nbusy\n');
    store.put('/pods', pod('web', status(ended)));
    await once(response, 'end');
    expect(heard()).toBe('run 0\nbusy\nove');
  });

  it('does not count among requests, however long it was', async () => {
    store.put('/pods', pod('web', status(running)));
    const { response } = await follow('web');
    response.destroy();
    await expect.poll(open).toBe(0);
    const counted = async () =>
      /^apiserver_request_duration_seconds_count\{verb="GET",resource="pods"\} (\d+)$/m.exec(
        (await read('/metrics')).text,
      );
    expect(await counted()).toBeNull();
    await log('web');
    await expect.poll(async () => (await counted())?.[1]).toBe('1');
  });

  it('is forgotten when its reader leaves', async () => {
    store.put('/pods', pod('web', status(running)));
    const { response } = await follow('web');
    expect(await open()).toBe(1);
    response.destroy();
    await expect.poll(open).toBe(0);
  });
});
