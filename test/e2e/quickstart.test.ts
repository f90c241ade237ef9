// The newcomer's path, word for word: what a user types, by kubectl, against a hub and members in processes of their own.
import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended, RunningFleet } from './running-fleet.ts';

const FILES = fileURLToPath(new URL('../../scenarios/quickstart/', import.meta.url));
const WAIT = { timeout: 60_000, interval: 300 };

const hasKubectl = ((): boolean => {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!hasKubectl)(`the quick start${hasKubectl ? '' : ', skipped: there is no kubectl'}`, () => {
  let fleet: RunningFleet;

  const kubectl = async (context: string, ...words: string[]): Promise<string> => {
    const config = join(fleet.folder, 'kubeconfig');
    const asked = ['--kubeconfig', config, '--context', context, '--cache-dir', join(fleet.folder, 'cache'), ...words];
    const { out, notes } = await ended(execFile('kubectl', asked));
    return out + notes;
  };
  const create = (name: string) => kubectl('hub', 'create', '-f', join(FILES, name));
  const nginx = (context: string, path: string) =>
    kubectl(context, 'get', 'deployment', 'nginx', '-o', `jsonpath={${path}}`);

  beforeAll(async () => {
    fleet = await RunningFleet.start();
  }, 60_000);

  afterAll(() => fleet.end());

  it('shows the clusters', async () => {
    await expect
      .poll(() => kubectl('hub', 'get', 'clusters'), WAIT)
      .toMatch(
        /^NAME +VERSION +MODE +READY +AGE\nmember1 +v[\d.]+\S* +Push +True +\d+\w*\nmember2 +v[\d.]+\S* +Push +True +\d+\w*\n$/,
      );
  }, 90_000);

  it('propagates a deployment, and shows its status as one', async () => {
    expect(await create('deployment.yaml')).toBe('deployment.apps/nginx created\n');
    expect(await create('propagationpolicy.yaml')).toBe('propagationpolicy.policy.karmada.io/nginx created\n');
    await expect
      .poll(() => kubectl('hub', 'get', 'deployment'), WAIT)
      .toMatch(/^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nnginx +2\/2 +2 +2 +\d+\w*\n$/);
    for (const member of ['member1', 'member2']) expect(await nginx(member, '.spec.replicas')).toBe('1');
  }, 90_000);

  it('changes the image by region', async () => {
    expect(await create('overridepolicy.yaml')).toBe('overridepolicy.policy.karmada.io/nginx created\n');
    const image = '.spec.template.spec.containers[0].image';
    await expect.poll(() => nginx('member2', image), WAIT).toBe('registry.us.example.com/library/nginx:1.29');
    expect(await nginx('member1', image)).toBe('docker.io/library/nginx:1.29');
    await expect.poll(() => nginx('hub', '.status.readyReplicas'), WAIT).toBe('2');
  }, 90_000);

  it('propagates a kind of the user and an object of it', async () => {
    expect(await create('guestbook-definition.yaml')).toContain('guestbooks.example.com created');
    await kubectl('hub', 'wait', '--for=condition=Established', 'crd/guestbooks.example.com', '--timeout=30s');
    expect(await create('guestbook.yaml')).toContain('guestbook.example.com/visitors created');
    await expect
      .poll(() => kubectl('member1', 'get', 'guestbooks', 'visitors', '-o', 'jsonpath={.spec.greeting}'), WAIT)
      .toBe('hello');
    await expect
      .poll(() => kubectl('member2', 'get', 'crd', 'guestbooks.example.com', '-o', 'name'), WAIT)
      .toContain('customresourcedefinition');
    expect(await kubectl('member2', 'get', 'guestbooks')).toContain('No resources found');
  }, 120_000);

  it('moves the replicas of a cluster that is killed', async () => {
    const killed = await fleet.process('chaos', 'kill', 'member2');
    expect(killed.code).toBe(0);
    const died = performance.now();
    await expect.poll(() => nginx('member1', '.status.readyReplicas'), { timeout: 90_000, interval: 300 }).toBe('2');
    expect(performance.now() - died).toBeLessThan(60_000);
    expect(await kubectl('hub', 'get', 'clusters')).toMatch(/member2 +\S+ +Push +(False|Unknown)/);
  }, 120_000);
});
