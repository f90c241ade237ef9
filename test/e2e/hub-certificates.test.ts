// Certificates between a hub and the processes that work for it: one that has ended is told on both sides, and with a new one all
// goes on, while nobody is started again.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Authority, authorityAtHand, filesIn, putClient, putServing } from './certificates-at-hand.ts';
import { ended } from './running-fleet.ts';
import { untilSaid } from './until-said.ts';

const CLI = fileURLToPath(new URL('../../cli.ts', import.meta.url));
const WAIT = { timeout: 60_000, interval: 200 };

let folder = '';
let authority: Authority;
let server = '';
const begun: ChildProcess[] = [];

const muster = (...words: string[]): ChildProcess => {
  const child = spawn(process.execPath, ['--import', 'tsx', CLI, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  begun.push(child);
  return child;
};

const hubWords = () => {
  const { certificate, key, authority: clients } = filesIn(folder);
  return ['--tls-cert-file', certificate, '--tls-private-key-file', key, '--client-ca-file', clients];
};

const clientFile = (user: string): string => join(folder, `${user}.kubeconfig`);
const client = (user: string, isGood: boolean) =>
  putClient(authority, { file: clientFile(user), server, user, isGood });

const has = (said: readonly string[], words: RegExp) => () => said.some((line) => words.test(line));

let hub: readonly string[] = [];
let controllers: readonly string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-hub-certificates-'));
  authority = await authorityAtHand();
  await putServing(folder, authority, false);
  const listen = ['--listen', '127.0.0.1:0', '--kubeconfig-out', join(folder, 'admin.kubeconfig')];
  hub = await untilSaid(muster('hub', ...listen, ...hubWords()), 'serving');
  server = JSON.parse(await readFile(join(folder, 'admin.kubeconfig'), 'utf8')).clusters[0].cluster.server;
  for (const user of ['controllers', 'agent']) await client(user, true);
}, 60_000);

afterAll(async () => {
  for (const child of begun.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
    const gone = once(child, 'close');
    child.kill('SIGTERM');
    await gone;
  }
  await rm(folder, { recursive: true, force: true });
});

const NO_WAY = 'no way to the hub until somebody mends this';
const WAY_AGAIN = /there is a way to the hub again/;

it('a hub whose certificate has ended says so, and so does whoever is to work for it', {
  timeout: 90_000,
}, async () => {
  const { certificate } = filesIn(folder);
  expect(hub.join('\n')).toContain(`clients turn away: the certificate in ${certificate} expired on `);
  controllers = await untilSaid(muster('controllers', '--kubeconfig', clientFile('controllers')), NO_WAY);
  expect(controllers.join('\n')).toMatch(
    /the certificate of https:\S+ \(CN=muster-hub, .*\) expired on \d{4}-\d\d-\d\dT/,
  );
  const status = await ended(
    spawn(process.execPath, ['--import', 'tsx', CLI, 'status', '--kubeconfig', clientFile('agent')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  expect([status.code, status.notes]).toEqual([1, expect.stringContaining('expired on ')]);
});

it('a new one is shown and believed without anybody being started again', { timeout: 90_000 }, async () => {
  expect(has(controllers, /: leads/)()).toBe(false);
  await putServing(folder, authority, true);
  await expect.poll(has(hub, /shows the new certificate in \S+, good until \d{4}-/), WAIT).toBe(true);
  await expect.poll(has(controllers, /: leads/), WAIT).toBe(true);
  await expect.poll(has(controllers, WAY_AGAIN), WAIT).toBe(true);
});

it('files that do not belong together are not shown, and said to be what they are', { timeout: 60_000 }, async () => {
  const { certificate, key } = filesIn(folder);
  const other = await authorityAtHand();
  const before = await readFile(key, 'utf8');
  await writeFile(key, other.key);
  await expect
    .poll(has(hub, /goes on with the certificate that it has: .* has another key than that of/), WAIT)
    .toBe(true);
  await writeFile(key, before);
  const refused = await ended(
    spawn(process.execPath, ['--import', 'tsx', CLI, 'hub', '--tls-cert-file', certificate], {
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  expect(refused.notes).toContain('--tls-cert-file and --tls-private-key-file are of use together');
});

it.each(['controllers', 'agent'] as const)(
  '%s whose client certificate has ended says whose and since when, and goes on with a new one',
  { timeout: 120_000 },
  async (user) => {
    const words = ['agent', 'edge', '--hub-kubeconfig', clientFile('agent')];
    const own = ['--cluster-kubeconfig', join(folder, 'admin.kubeconfig')];
    await client(user, false);
    const said = user === 'controllers' ? controllers : await untilSaid(muster(...words, ...own), NO_WAY);
    await expect
      .poll(has(said, new RegExp(`${NO_WAY}.*refuses the credentials.*CN=${user}.* expired on \\d{4}-`)), WAIT)
      .toBe(true);
    const [before] = [said.filter((line) => WAY_AGAIN.test(line)).length];
    await client(user, true);
    await expect.poll(() => said.filter((line) => WAY_AGAIN.test(line)).length, WAIT).toBe(before + 1);
  },
);
