import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../engine/index.ts';
import { startPlainHub } from '../../test/builders/plain-hub.ts';
import { karmadaDefinitions, servedKinds } from '../apiserver/resources/karmada-definitions.ts';
import { tokenAddress } from './address.ts';
import { ApiObjects, ApiProblem, isSilence, referenceTo } from './api-objects.ts';
import { HttpApi } from './http-api.ts';

const TOKEN = 'a-token-for-tests-only';
const ends: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function hub(): Promise<ApiObjects> {
  const { server, address } = await startPlainHub({ definitions: karmadaDefinitions(), served: servedKinds() });
  ends.push(() => server.close());
  const objects = new ApiObjects(new HttpApi(address), 'the hub');
  ends.push(() => objects.close());
  return objects;
}

const settings = (data: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'default' },
  data,
});
const reference = referenceTo(settings({}));

describe('objects of an API', () => {
  it('are made, applied, changed, listed and taken away', async () => {
    const api = await hub();
    expect(await api.get(reference)).toBeNull();
    await api.create(settings({ a: '1' }), { dryRun: true });
    expect(await api.get(reference)).toBeNull();
    const made = await api.create(settings({ a: '1' }));
    await api.merge(reference, { metadata: { labels: { app: 'shop' } } });
    await api.apply(settings({ b: '2' }), { manager: 'tests' });
    expect((await api.get(reference))?.data).toEqual({ a: '1', b: '2' });
    const kind = { apiVersion: 'v1', kind: 'ConfigMap' };
    expect(await api.list(kind, { namespace: 'default', labelSelector: 'app=shop' })).toMatchObject([
      { ...kind, metadata: { name: 'settings' } },
    ]);
    expect(await api.list({ apiVersion: 'toys.example/v1', kind: 'Toy' })).toEqual([]);
    await expect(api.remove(reference, { uid: 'of-another' })).rejects.toThrow(ApiProblem);
    expect(await api.remove(reference, { uid: made.metadata.uid! })).toBe(true);
    expect(await api.remove(reference)).toBe(false);
  });

  it('are found by short names and categories that their definition gives them', async () => {
    const api = await hub();
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    await api.create({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'toys.shop.example' },
      spec: {
        group: 'shop.example',
        names: { plural: 'toys', singular: 'toy', kind: 'Toy', shortNames: ['ty'], categories: ['fun'] },
        scope: 'Namespaced',
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    });
    await api.forget();
    for (const word of ['ty', 'toy', 'toys.shop', 'ty.shop.example', 'toys.v1.shop.example']) {
      expect(await api.called(word)).toMatchObject({ apiVersion: 'shop.example/v1', kind: 'Toy' });
    }
    expect(await api.inCategory('fun')).toMatchObject([{ kind: 'Toy' }]);
    expect(await api.inCategory('none')).toEqual([]);
  });

  it('are found by the words of people', async () => {
    const api = await hub();
    for (const word of ['cm', 'configmaps', 'ConfigMap', 'configmap']) {
      expect(await api.called(word)).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', namespaced: true });
    }
    for (const word of ['deployments.apps', 'deploy', 'deployments.v1.apps', 'deployment.v1.apps']) {
      expect(await api.called(word)).toMatchObject({ apiVersion: 'apps/v1', kind: 'Deployment' });
    }
    await expect(api.called('deployments.v2.apps')).rejects.toThrow('no kind "deployments.v2.apps"');
    await expect(api.called('gadget')).rejects.toThrow('the hub has no kind "gadget"');
    await expect(api.create({ apiVersion: 'toys.example/v1', kind: 'Toy', metadata: { name: 'a' } })).rejects.toThrow(
      'no kind Toy of toys.example/v1',
    );
  });

  it('lose nothing when several change them at once', async () => {
    const api = await hub();
    await api.create(settings({}));
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    await Promise.all(
      keys.map((key) => api.change(reference, ({ data }) => ({ data: { ...(data as object), [key]: key } }))),
    );
    expect(Object.keys((await api.get(reference))?.data as object).toSorted()).toEqual(keys);
    expect(await api.change({ ...reference, name: 'gone' }, () => ({}))).toBeNull();
    const there = await api.get(reference);
    expect(await api.change(reference, () => null)).toEqual(there);
  });

  it('are asked for again where there was too much at once, and tell of silence', async () => {
    let refusals = 2;
    const resources = [{ resource: 'configmaps', responseKind: { kind: 'ConfigMap' }, scope: 'Namespaced', verbs: [] }];
    const core = { metadata: { name: '' }, versions: [{ version: 'v1', resources }] };
    const server = createServer(({ url }, response) => {
      const isDiscovery = url === '/api' || url === '/apis';
      if (!isDiscovery) refusals -= 1;
      response.writeHead(!isDiscovery && refusals >= 0 ? 429 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isDiscovery ? { items: url === '/api' ? [core] : [] } : settings({ a: '1' })));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const access = { server: `http://127.0.0.1:${port}`, authority: null, token: TOKEN };
    const api = new ApiObjects(new HttpApi(tokenAddress(access)), 'the hub');
    ends.push(() => api.close());
    expect((await api.get(reference))?.data).toEqual({ a: '1' });
    expect(refusals).toBe(-1);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const silent = await api.get(reference).catch((error: unknown) => error);
    expect([isSilence(silent), isSilence(new ApiProblem('no', 404))]).toEqual([true, false]);
  });
});
