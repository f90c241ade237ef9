import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contextAddress, contextNamespace } from './kubeconfig.ts';
import { ApiUnreadable } from './member.ts';

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

describe('a kubeconfig with a mistake', () => {
  const told = async (cluster: object, user: object): Promise<string> => {
    const file = join(folder, 'config');
    const config = {
      clusters: [{ name: 'one', cluster: { server: 'https://127.0.0.1:1', ...cluster } }],
      users: [{ name: 'me', user }],
      contexts: [{ name: 'here', context: { cluster: 'one', user: 'me' } }],
      'current-context': 'here',
    };
    await writeFile(file, JSON.stringify(config));
    const found = await contextAddress({ file, context: null }).catch((error: unknown) => error);
    return found instanceof ApiUnreadable ? found.message.replace(file, 'FILE') : 'it is read';
  };
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  it('is told by what is wrong with whom, before anything is sent', async () => {
    expect(await told({}, { token: 't' })).toBe('it is read');
    expect(await told({ server: 'here' }, {})).toBe(
      'the kubeconfig FILE: the server of the cluster "one" is no address such as https://HOST',
    );
    expect(await told({ 'certificate-authority-data': base64('none') }, {})).toMatch(
      /^the kubeconfig FILE: the certificate-authority of the cluster "one" is none: ./,
    );
    expect(await told({}, { 'client-certificate-data': base64('none') })).toMatch(
      /^the kubeconfig FILE: the client-certificate of the user "me" is none: ./,
    );
    expect(await told({}, { 'client-key-data': 7 })).toMatch(
      /^the kubeconfig FILE: the credentials of the user "me", or the certificate of the cluster, cannot be read: ./,
    );
    expect(await told({ 'certificate-authority': join(folder, 'absent') }, {})).toMatch(/cannot be read: .*absent/);
  });

  it('is told where a key is another than that of the certificate', async () => {
    const [own, other] = await Promise.all(['own', 'other'].map((value) => generate([{ name: 'commonName', value }])));
    const pair = { 'client-certificate-data': base64(own!.cert), 'client-key-data': base64(own!.private) };
    expect(await told({ 'certificate-authority-data': base64(own!.cert) }, pair)).toBe('it is read');
    expect(await told({}, { ...pair, 'client-key-data': base64(other!.private) })).toMatch(
      /the client-certificate and the client-key of the user "me" do not belong together: ./,
    );
  });
});
