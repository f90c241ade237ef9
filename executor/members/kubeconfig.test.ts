import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contextNamespace } from './kubeconfig.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-kubeconfig-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the namespace that a context means', () => {
  it('is its own, or default', async () => {
    const file = join(folder, 'config');
    const cluster = { server: 'https://127.0.0.1:1' };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'one', cluster }],
      users: [{ name: 'me', user: { token: 'none' } }],
      contexts: [
        { name: 'team', context: { cluster: 'one', user: 'me', namespace: 'shop' } },
        { name: 'plain', context: { cluster: 'one', user: 'me' } },
      ],
      'current-context': 'team',
    };
    await writeFile(file, JSON.stringify(config));
    expect(await contextNamespace({ file, context: null })).toBe('shop');
    expect(await contextNamespace({ file, context: 'team' })).toBe('shop');
    expect(await contextNamespace({ file, context: 'plain' })).toBe('default');
    await expect(contextNamespace({ file, context: 'other' })).rejects.toThrow('it has team, plain');
  });
});
