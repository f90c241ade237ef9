// The audit log: who asked for what, and how it ended; never what was in it.
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditLog, openAuditLog } from '../../executor/apiserver/audit.ts';
import { type AttackedHub, asAdmin, call, PAT, startAttacked } from './attacked-hub.ts';

let folder: string;
let file: string;
let audit: AuditLog;
let hub: AttackedHub;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-audit-'));
  file = join(folder, 'audit.jsonl');
  audit = await openAuditLog(file, () => {});
  hub = await startAttacked({ audit });
});

afterAll(async () => {
  await hub.server.close();
  await rm(folder, { recursive: true, force: true });
});

it('has a line for every request, those that were refused included', async () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'treasure' }, stringData: { word: 'xyzzy' } };
  const created = await asAdmin(hub, 'POST', '/api/v1/namespaces/default/secrets', secret);
  expect(created.headers).toMatch(/^Audit-Id: \S+$/im);
  await call(hub, 'GET', '/api/v1/namespaces/default/secrets/treasure', { token: PAT });
  await call(hub, 'GET', '/api/v1/secrets', { token: 'a-wrong-token-for-sure' });
  await call(hub, 'GET', '/api/v1/namespaces', { token: PAT, headers: { 'Impersonate-User': 'admin' } });
  await hub.server.close();
  await audit.close();
  const text = await readFile(file, 'utf8');
  const events = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.map(({ verb, responseStatus, user }) => [verb, responseStatus.code, user.username ?? null])).toEqual([
    ['create', 201, 'admin'],
    ['get', 403, 'pat'],
    ['get', 401, null],
    ['list', 403, 'pat'],
  ]);
  expect(events[1]).toMatchObject({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    stage: 'ResponseComplete',
    objectRef: { resource: 'secrets', namespace: 'default', name: 'treasure', apiVersion: 'v1' },
    user: { groups: ['crew', 'system:authenticated'] },
  });
  expect(events[3]).toMatchObject({ impersonatedUser: { username: 'admin' } });
  expect(text).not.toContain('xyzzy');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
