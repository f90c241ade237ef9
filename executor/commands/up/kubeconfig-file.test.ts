import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { addContexts, type NamedAccess, refuseOtherThanKubeconfig, removeContexts } from './kubeconfig-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-kubeconfig-'));
const file = join(folder, 'config');
beforeEach(() => rmSync(file, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

const access = (name: string, port: number): NamedAccess => ({
  name,
  server: `https://127.0.0.1:${port}`,
  authority: 'PEM',
  token: `token of ${name} at ${port}`,
});
const OURS = [access('hub', 1), access('member1', 2)];

const USERS_OWN = `apiVersion: v1
kind: Config
preferences: {colors: true}
clusters:
- name: work
  cluster: {server: https://work.example, certificate-authority: ca.pem}
users:
- name: me
  user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: sign-in, args: ["0123"]}}
contexts:
- name: work
  context: {cluster: work, user: me, namespace: shop}
current-context: work
`;

const read = () => parse(readFileSync(file, 'utf8'));
const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);

describe('the contexts of what is up', () => {
  it('come into a file of their own, and go with it', async () => {
    await addContexts(file, OURS);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(read()).toMatchObject({ kind: 'Config', 'current-context': 'hub' });
    expect(names(read().contexts)).toEqual(['hub', 'member1']);
    await removeContexts(file, OURS);
    expect(existsSync(file)).toBe(false);
    await removeContexts(file, OURS);
  });

  it('come beside what is there, and leave it as it was', async () => {
    writeFileSync(file, USERS_OWN);
    await addContexts(file, OURS);
    expect(names(read().clusters)).toEqual(['work', 'hub', 'member1']);
    expect(read()['current-context']).toBe('hub');
    await removeContexts(file, OURS);
    expect(read()).toEqual({ ...parse(USERS_OWN), 'current-context': '' });
  });

  it('leave a current context that somebody has chosen since', async () => {
    writeFileSync(file, USERS_OWN);
    await addContexts(file, OURS);
    writeFileSync(file, readFileSync(file, 'utf8').replace('current-context: hub', 'current-context: work'));
    await removeContexts(file, OURS);
    expect(read()).toEqual(parse(USERS_OWN));
  });

  it('replace those of their names, and are known by their servers', async () => {
    await addContexts(file, OURS);
    const later = [access('hub', 7)];
    await addContexts(file, later);
    expect(read().users).toContainEqual({ name: 'hub-admin', user: { token: 'token of hub at 7' } });
    await removeContexts(file, OURS);
    expect(names(read().contexts)).toEqual(['hub']);
    expect(names(read().users)).toEqual(['hub-admin']);
    await removeContexts(file, later);
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    ['a: [', 'no kubeconfig, and is left as it is: '],
    ['kind: Pod', 'its kind is "Pod", and should be "Config"'],
    ['[1]', 'it is no object'],
    ['clusters: {}', 'clusters should be a list of objects that have names'],
  ])('do not come into %j', async (text, why) => {
    writeFileSync(file, text);
    await expect(refuseOtherThanKubeconfig(file)).rejects.toThrow(why);
    await expect(addContexts(file, OURS)).rejects.toThrow(why);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });
});
