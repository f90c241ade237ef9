// Tests of what a hub begins with, and of what it finds when it is started again.
import { describe, expect, it } from 'vitest';
import { type KubeObject, ObjectStore } from '../../engine/index.ts';
import type { ComputedResource } from './computed.ts';
import { type OpenHub, openHub } from './open-hub.ts';
import { karmadaDefinitions, MADE_FROM, servedKinds } from './resources/karmada-definitions.ts';

const DEFINITIONS = 'apiextensions.k8s.io/customresourcedefinitions';
const NAME = 'propagationpolicies.policy.karmada.io';

function start(store: ObjectStore, computed: readonly ComputedResource[] = []): OpenHub {
  let drawn = 0;
  return openHub({
    store,
    definitions: karmadaDefinitions(),
    served: servedKinds(),
    computed,
    now: () => Date.parse('2026-11-20T10:00:00Z'),
    uid: () => {
      drawn += 1;
      return `uid-${drawn}`;
    },
    draw: () => 0,
    tokens: new Map([['secret', { name: 'root', uid: '', groups: ['system:masters'], extra: {} }]]),
    secret: new Uint8Array(32),
    rootCertificate: null,
    address: '127.0.0.1:1',
  });
}

const versionsOf = (definition: KubeObject) =>
  (definition.spec as { versions: { schema: { openAPIV3Schema: { properties?: object } } }[] }).versions;

it('writes nothing when all is there', () => {
  const store = new ObjectStore();
  start(store).housekeeping.close();
  const before = store.revision();
  start(store).housekeeping.close();
  expect(store.revision()).toBe(before);
});

it('gives definitions of an earlier version their new form, and leaves those that users changed since', () => {
  const store = new ObjectStore();
  start(store).housekeeping.close();
  const definition = store.get(DEFINITIONS, '', NAME)!;
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const [version] = versionsOf(definition);
  const old = {
    ...definition,
    spec: { ...(definition.spec as object), versions: [{ ...version, schema: { openAPIV3Schema: open } }] },
  };
  store.put(DEFINITIONS, {
    ...old,
    metadata: { ...old.metadata, annotations: { [MADE_FROM]: 'something older', own: 'x' } },
  });
  start(store).housekeeping.close();
  const renewed = store.get(DEFINITIONS, '', NAME)!;
  expect(versionsOf(renewed)[0]!.schema.openAPIV3Schema.properties).toHaveProperty('spec');
  expect(renewed.metadata.annotations).toMatchObject({
    own: 'x',
    [MADE_FROM]: definition.metadata.annotations![MADE_FROM],
  });
  store.put(DEFINITIONS, { ...old, metadata: renewed.metadata });
  start(store).housekeeping.close();
  expect(versionsOf(store.get(DEFINITIONS, '', NAME)!)[0]!.schema.openAPIV3Schema.properties).toBeUndefined();
});

describe('what nobody keeps', () => {
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'waves.sea.io' },
    spec: {
      group: 'sea.io',
      names: { plural: 'waves', kind: 'Wave' },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: open } }],
    },
  };
  const wave = (namespace: string, name: string, height: number) => ({
    apiVersion: 'sea.io/v1',
    kind: 'Wave',
    metadata: { name, namespace, labels: { high: String(height > 1) } },
    height,
  });
  const all = [wave('north', 'a', 1), wave('north', 'b', 2), wave('south', 'c', 3)];
  const read = (namespace: string | null) =>
    all.filter(({ metadata }) => namespace === null || metadata.namespace === namespace);

  const ask = (method: string, path: string, query = '') => {
    const hub = start(new ObjectStore(), [{ definition, read }]);
    const headers = { authorization: 'Bearer secret' };
    const request = { method, path, query: new URLSearchParams(query), headers, body: new Uint8Array() };
    const answered = hub.answer(request, { headers, certificate: null });
    hub.housekeeping.close();
    if (answered.kind !== 'body') throw new Error('an answer with a body');
    return { status: answered.status, body: JSON.parse(String(answered.body)) };
  };
  const names = ({ body }: ReturnType<typeof ask>) => body.items.map(({ metadata }: KubeObject) => metadata.name);

  it('is worked out when somebody asks for all, for a namespace, for a selection or for one', () => {
    expect(names(ask('GET', '/apis/sea.io/v1/waves'))).toEqual(['a', 'b', 'c']);
    expect(names(ask('GET', '/apis/sea.io/v1/namespaces/north/waves'))).toEqual(['a', 'b']);
    expect(names(ask('GET', '/apis/sea.io/v1/waves', 'labelSelector=high=true'))).toEqual(['b', 'c']);
    expect(ask('GET', '/apis/sea.io/v1/namespaces/south/waves/c').body).toMatchObject({ kind: 'Wave', height: 3 });
    expect(ask('GET', '/apis/sea.io/v1/namespaces/north/waves/c').status).toBe(404);
  });

  it('is found by discovery, and can only be read', () => {
    expect(ask('GET', '/apis/sea.io/v1').body.resources).toMatchObject([{ name: 'waves', verbs: ['get', 'list'] }]);
    expect(ask('DELETE', '/apis/sea.io/v1/namespaces/south/waves/c').status).toBe(405);
    expect(ask('GET', '/apis/sea.io/v1/waves', 'watch=true').status).toBe(405);
  });
});

describe('a namespace that ends', () => {
  it('takes rights away last, so that whoever has something to put in order there still may', () => {
    const store = new ObjectStore();
    const hub = start(store);
    const send = (method: string, path: string, body: object = {}) => {
      const headers = { authorization: 'Bearer secret', 'content-type': 'application/json' };
      const sent = new TextEncoder().encode(JSON.stringify(body));
      hub.answer({ method, path, query: new URLSearchParams(), headers, body: sent }, { headers, certificate: null });
      hub.housekeeping.settle();
    };
    const rights = '/apis/rbac.authorization.k8s.io/v1/namespaces/shop';
    const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'clerk' } };
    send('POST', '/api/v1/namespaces', { metadata: { name: 'shop' } });
    send('POST', `${rights}/roles`, { ...rbac, kind: 'Role', rules: [] });
    send('POST', `${rights}/rolebindings`, {
      ...rbac,
      kind: 'RoleBinding',
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'clerk' },
      subjects: [{ kind: 'User', name: 'clerk' }],
    });
    const held = { name: 'goods', finalizers: ['shop.example/cleared'] };
    send('POST', '/api/v1/namespaces/shop/configmaps', { metadata: held });
    send('DELETE', '/api/v1/namespaces/shop');
    const there = (collection: string, name: string) => store.get(collection, 'shop', name) !== null;
    const all = () => [
      there('/configmaps', 'goods'),
      there('rbac.authorization.k8s.io/roles', 'clerk'),
      there('rbac.authorization.k8s.io/rolebindings', 'clerk'),
    ];
    expect(all()).toEqual([true, true, true]);
    const goods = store.get('/configmaps', 'shop', 'goods')!;
    send('PUT', '/api/v1/namespaces/shop/configmaps/goods', {
      ...goods,
      metadata: { ...goods.metadata, finalizers: [] },
    });
    expect([...all(), store.get('/namespaces', '', 'shop')]).toEqual([false, false, false, null]);
    hub.housekeeping.close();
  });
});
