// What a hostile or broken client may send: each is refused or outlasted, and the hub answers the next one.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN, type AttackedHub, asAdmin, call, dial, hear, sendRaw, startAttacked } from './attacked-hub.ts';

const MAPS = '/api/v1/namespaces/default/configmaps';
const BOXES = '/apis/test.dev/v1/namespaces/default/boxes';

const boxes = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'boxes.test.dev' },
  spec: {
    group: 'test.dev',
    scope: 'Namespaced',
    names: { plural: 'boxes', kind: 'Box' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            'x-kubernetes-preserve-unknown-fields': true,
            properties: {
              word: { type: 'string', pattern: '^(a+)+$' },
              list: { type: 'array', items: { type: 'integer' } },
            },
            'x-kubernetes-validations': [
              { rule: '!has(self.list) || self.list.all(a, self.list.all(b, self.list.all(c, a + b + c >= 0)))' },
            ],
          },
        },
      },
    ],
  },
};

let hub: AttackedHub;

beforeAll(async () => {
  hub = await startAttacked();
  expect((await asAdmin(hub, 'POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', boxes)).status).toBe(
    201,
  );
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'prey', labels: { a: 'b' } }, data: { a: 'b' } };
  expect((await asAdmin(hub, 'POST', MAPS, map)).status).toBe(201);
});

afterAll(() => hub.server.close());

afterEach(async () => {
  expect((await call(hub, 'GET', '/healthz')).body).toBe('ok');
  expect(hub.errors).toEqual([]);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

describe('slow clients', () => {
  it('are cut off where the headers do not come to an end', async () => {
    const socket = await dial(hub);
    socket.write('GET /api HTTP/1.1\r\nHost: hub\r\n');
    const drip = setInterval(() => socket.write('X-More: 1\r\n'), 100);
    const heard = await hear(socket, 4000);
    clearInterval(drip);
    expect(heard).toMatch(/^HTTP\/1.1 408/);
    expect(socket.closed || socket.destroyed).toBe(true);
  });

  it('are cut off where the body does not', async () => {
    const socket = await dial(hub);
    socket.write(
      `POST ${MAPS} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer ${ADMIN}\r\nContent-Length: 1000\r\n\r\n{`,
    );
    const drip = setInterval(() => socket.write(' '), 100);
    const heard = await hear(socket, 4000);
    clearInterval(drip);
    expect(heard).toMatch(/^HTTP\/1.1 408/);
  });

  it('hold up nobody, however many there are', async () => {
    const slow = await Promise.all(Array.from({ length: 100 }, () => dial(hub)));
    for (const socket of slow) socket.write(`POST ${MAPS} HTTP/1.1\r\nHost: hub\r\nContent-Length: 1000\r\n\r\n{`);
    const began = performance.now();
    expect((await asAdmin(hub, 'GET', `${MAPS}/prey`)).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(1000);
    for (const socket of slow) socket.destroy();
  });
});

describe('bodies', () => {
  it('that are too large are refused before they are read to the end', async () => {
    const answer = await asAdmin(hub, 'POST', MAPS, `{"data":"${'x'.repeat(4_000_000)}"}`);
    expect(answer.status).toBe(413);
    expect(answer.headers).toMatch(/Connection: close/i);
  });

  it('that never end are refused, too', async () => {
    const socket = await dial(hub);
    const heard = hear(socket, 4000);
    socket.write(
      `POST ${MAPS} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer ${ADMIN}\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    const piece = `10000\r\n${' '.repeat(65_536)}\r\n`;
    const flood = setInterval(() => socket.write(piece), 1);
    const text = await heard;
    clearInterval(flood);
    expect(text).toMatch(/^HTTP\/1.1 413/);
  });

  it('of strangers are not read at all', async () => {
    const answer = await call(hub, 'POST', MAPS, { body: '{'.repeat(1000), token: 'wrong-token-of-somebody' });
    expect(answer.status).toBe(401);
  });

  it.each(['[', '{"a":'])('nested without end (%s) are refused', async (open) => {
    const answer = await asAdmin(
      hub,
      'POST',
      BOXES,
      `{"apiVersion":"test.dev/v1","kind":"Box","x":${open.repeat(200_000)}`,
    );
    expect(answer.status).toBe(400);
    expect(answer.body).toContain('exceeded max depth');
  });

  it('nested deeper than schemas go are invalid', async () => {
    const deep = `${'['.repeat(900)}${']'.repeat(900)}`;
    const body = `{"apiVersion":"test.dev/v1","kind":"Box","metadata":{"name":"deep"},"x":${deep}}`;
    expect((await asAdmin(hub, 'POST', BOXES, body)).status).toBe(422);
  });

  it('in YAML do not multiply', async () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (let at = 1; at < 12; at += 1) {
      const [before, now] = [String.fromCharCode(96 + at), String.fromCharCode(97 + at)];
      lines.push(`${now}: &${now} [${Array(9).fill(`*${before}`).join(', ')}]`);
    }
    const body = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: laughs}\n${lines.join('\n')}\n`;
    expect((await asAdmin(hub, 'POST', MAPS, body, 'application/yaml')).status).toBe(400);
  });

  it('in Protobuf that lie about their lengths are refused', async () => {
    const lies = ['k8s\0\x0a\xff\xff\xff\xff\x0f', 'k8s\0\x0a\x80', `k8s\0${'\x0a\x05'.repeat(500)}`, 'k8s\0'];
    for (const lie of lies) {
      const head = `POST ${MAPS} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nAuthorization: Bearer ${ADMIN}\r\n`;
      const type = 'Content-Type: application/vnd.kubernetes.protobuf\r\n';
      const { status } = await sendRaw(hub, `${head}${type}Content-Length: ${lie.length}\r\n\r\n${lie}`);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
  });
});

describe('patches', () => {
  it('cannot copy copies until memory is full', async () => {
    const copies = Array.from({ length: 60 }, (_, at) => ({ op: 'copy', from: '/data', path: `/data/k${at}` }));
    const answer = await asAdmin(hub, 'PATCH', `${MAPS}/prey`, copies, 'application/json-patch+json');
    expect(answer.status).toBe(422);
  });

  it('of too many steps are refused', async () => {
    const steps = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/kind', value: 'ConfigMap' }));
    expect((await asAdmin(hub, 'PATCH', `${MAPS}/prey`, steps, 'application/json-patch+json')).status).toBe(400);
  });

  it.each([
    ['application/merge-patch+json', '{"__proto__":{"polluted":true},"data":{"__proto__":"x"}}'],
    [
      'application/strategic-merge-patch+json',
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":1}}}',
    ],
    ['application/json-patch+json', '[{"op":"add","path":"/__proto__/polluted","value":true}]'],
    ['application/json-patch+json', '[{"op":"add","path":"/constructor/prototype/polluted","value":true}]'],
    [
      'application/apply-patch+yaml',
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"prey"},"__proto__":{"polluted":true}}',
    ],
  ])('as %s reach no prototype', async (type, body) => {
    const answer = await asAdmin(hub, 'PATCH', `${MAPS}/prey?fieldManager=mallory&force=true`, body, type);
    expect(answer.status).toBeGreaterThan(0);
    expect(answer.body).not.toContain('a mistake of its own');
  });
});

describe('objects', () => {
  it('keep a field called __proto__ to themselves', async () => {
    const body =
      '{"apiVersion":"test.dev/v1","kind":"Box","metadata":{"name":"proto"},"__proto__":{"polluted":true},"spec":{"__proto__":{"a":1},"constructor":{"prototype":{"polluted":1}}}}';
    const { status } = await asAdmin(hub, 'POST', BOXES, body);
    expect(status).toBeLessThan(500);
  });

  it('are held against hostile patterns in linear time', async () => {
    const began = performance.now();
    const box = { apiVersion: 'test.dev/v1', kind: 'Box', metadata: { name: 'slow' }, word: `${'a'.repeat(10_000)}!` };
    expect((await asAdmin(hub, 'POST', BOXES, box)).status).toBe(422);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it('are not asked rules that would run for minutes', async () => {
    const list = Array.from({ length: 2000 }, (_, at) => at);
    const box = { apiVersion: 'test.dev/v1', kind: 'Box', metadata: { name: 'loops' }, list };
    const answer = await asAdmin(hub, 'POST', BOXES, box);
    expect(answer.status).toBe(422);
    expect(answer.body).toContain('cost limit exceeded');
  });
});

describe('lines and headers', () => {
  it('of more than a few kilobytes are refused', async () => {
    const flood = 'X-Flood: 0123456789012345678901234567890123456789\r\n'.repeat(2000);
    expect((await sendRaw(hub, `GET /api HTTP/1.1\r\nHost: hub\r\n${flood}\r\n`)).status).toBe(431);
    expect((await sendRaw(hub, `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: hub\r\n\r\n`)).status).toBe(431);
  });

  it('that contradict each other on the length of the body are refused', async () => {
    const two = `POST ${MAPS} HTTP/1.1\r\nHost: hub\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`;
    expect((await sendRaw(hub, two)).status).toBe(400);
    const twice = `POST ${MAPS} HTTP/1.1\r\nHost: hub\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello`;
    expect((await sendRaw(hub, twice)).status).toBe(400);
  });

  it.each([
    '//[',
    'http://[',
    '//other/api/v1/secrets',
    '/api/v1/namespaces/%',
    '/%00',
    '/api/v1/%ff',
    '*',
    '/..%2f..%2f',
  ])('that name %s lead nowhere', async (path) => {
    const { status } = await sendRaw(
      hub,
      `GET ${path} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nAuthorization: Bearer ${ADMIN}\r\n\r\n`,
    );
    expect([400, 404]).toContain(status);
  });

  it.each([
    '/healthz/../api/v1/secrets',
    '/healthz/%2e%2e/api/v1/secrets',
    '/version/..%2fapi/v1/secrets',
    '//api/v1/secrets',
    '/healthz/..;/api/v1/secrets',
    '/api/v1/./secrets',
    '/API/v1/secrets',
    'http://other/api/v1/secrets',
  ])('that disguise %s open no door to strangers', async (path) => {
    const { status, body } = await sendRaw(hub, `GET ${path} HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n`);
    expect([401, 403, 404]).toContain(status);
    expect(body).not.toContain('SecretList');
  });

  it('of no HTTP at all are answered and forgotten', async () => {
    expect((await sendRaw(hub, '\x16\x03\x01 what is this\r\n\r\n')).status).toBe(400);
  });
});
