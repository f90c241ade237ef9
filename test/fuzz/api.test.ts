// Random calls in any order, against a map: what was written is read, listed, paged and watched, and nothing else is.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { check } from '../properties/check.ts';
import { fuzzedHub } from './fuzzed-hub.ts';

const NAMES = ['a', 'b', 'a-b', 'b.c', 'z'];
const NAMESPACES = ['default', 'kube-public', 'default-too'];

type Call =
  | { readonly kind: 'create' | 'delete'; readonly namespace: string; readonly name: string; readonly value: number }
  | { readonly kind: 'update' | 'patch'; readonly namespace: string; readonly name: string; readonly value: number }
  | { readonly kind: 'stale'; readonly namespace: string; readonly name: string; readonly value: number };

const call: fc.Arbitrary<Call> = fc.record({
  kind: fc.constantFrom('create', 'create', 'update', 'patch', 'delete', 'stale'),
  namespace: fc.constantFrom(...NAMESPACES),
  name: fc.constantFrom(...NAMES),
  value: fc.integer({ min: 0, max: 3 }),
}) as fc.Arbitrary<Call>;

const configMap = (name: string, value: number, resourceVersion?: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels: { odd: String(value % 2) }, ...(resourceVersion ? { resourceVersion } : {}) },
  data: { value: String(value) },
});

function start() {
  const hub = fuzzedHub();
  hub.ask('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default-too' } });
  hub.settle();
  return hub;
}

/** What is there, by namespace and name; the hub's own maps left out. */
const shown = (items: readonly { metadata: { namespace: string; name: string }; data: { value: string } }[]) =>
  Object.fromEntries(
    items
      .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
      .map(({ metadata, data }) => [`${metadata.namespace}/${metadata.name}`, data.value]),
  );

it('reads, lists, pages and watches agree with a map', () => {
  check(
    'calls',
    fc.tuple(fc.array(call, { minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 4 })),
    ([calls, limit]) => {
      const { ask, open } = start();
      const model = new Map<string, string>();
      const versions = new Map<string, string>();
      const began = ask('GET', '/api/v1/configmaps').body.metadata.resourceVersion;
      let newest = Number(began);
      for (const { kind, namespace, name, value } of calls) {
        const where = `/api/v1/namespaces/${namespace}/configmaps`;
        const key = `${namespace}/${name}`;
        const isThere = model.has(key);
        let told = { status: 0, body: {} as { metadata?: { resourceVersion?: string } } };
        if (kind === 'create') told = ask('POST', where, configMap(name, value));
        else if (kind === 'update') told = ask('PUT', `${where}/${name}`, configMap(name, value));
        else if (kind === 'patch') {
          const patch = { data: { value: String(value) }, metadata: { labels: { odd: String(value % 2) } } };
          told = ask('PATCH', `${where}/${name}`, patch, 'application/merge-patch+json');
        } else if (kind === 'stale') told = ask('PUT', `${where}/${name}`, configMap(name, value, '1'));
        else told = ask('DELETE', `${where}/${name}`);
        const wanted = kind === 'create' ? (isThere ? 409 : 201) : isThere ? (kind === 'stale' ? 409 : 200) : 404;
        expect([kind, key, told.status]).toEqual([kind, key, wanted]);
        if (told.status >= 300) continue;
        if (kind === 'delete') {
          model.delete(key);
          continue;
        }
        const version = told.body.metadata!.resourceVersion!;
        const isSame = model.get(key) === String(value);
        // A write that changes nothing takes no revision.
        if (isSame) expect(version).toBe(versions.get(key));
        else expect(Number(version)).toBeGreaterThan(newest);
        newest = Math.max(newest, Number(version));
        model.set(key, String(value));
        versions.set(key, version);
      }
      const all = Object.fromEntries(model);
      expect(shown(ask('GET', '/api/v1/configmaps').body.items)).toEqual(all);
      expect(shown(paged(ask, limit))).toEqual(all);
      const odd = Object.fromEntries([...model].filter(([, value]) => Number(value) % 2 === 1));
      expect(shown(ask('GET', '/api/v1/configmaps?labelSelector=odd%3D1').body.items)).toEqual(odd);
      for (const namespace of NAMESPACES) {
        const own = Object.fromEntries([...model].filter(([key]) => key.startsWith(`${namespace}/`)));
        expect(shown(ask('GET', `/api/v1/namespaces/${namespace}/configmaps`).body.items)).toEqual(own);
      }
      expect(replayed(ask, began, '')).toEqual(all);
      expect(replayed(ask, began, '&labelSelector=odd%3D1')).toEqual(odd);
      open.housekeeping.close();
    },
    150,
  );
});

type Ask = ReturnType<typeof fuzzedHub>['ask'];

function paged(ask: Ask, limit: number) {
  const items = [];
  let token = '';
  do {
    const page = ask('GET', `/api/v1/configmaps?limit=${limit}${token === '' ? '' : `&continue=${token}`}`).body;
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    token = page.metadata.continue ?? '';
  } while (token !== '');
  return items;
}

/** What a watcher believes who saw nothing before a revision and heard of every change since. */
function replayed(ask: Ask, from: string, selector: string) {
  const { initial } = ask('GET', `/api/v1/configmaps?watch=true&resourceVersion=${from}${selector}`).body;
  const seen = new Map<string, { metadata: { namespace: string; name: string }; data: { value: string } }>();
  let last = Number(from);
  for (const line of initial as string[]) {
    const { type, object } = JSON.parse(line);
    const key = `${object.metadata.namespace}/${object.metadata.name}`;
    expect(Number(object.metadata.resourceVersion)).toBeGreaterThan(last);
    last = Number(object.metadata.resourceVersion);
    expect([type, seen.has(key)]).toEqual([type, type !== 'ADDED']);
    if (type === 'DELETED') seen.delete(key);
    else seen.set(key, object);
  }
  return shown([...seen.values()]);
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'BREW'];
const STEPS = [
  'api',
  'apis',
  'v1',
  'namespaces',
  'default',
  'pods',
  'configmaps',
  'apps',
  'deployments',
  'x',
  '..',
  '%2e',
  'status',
  'scale',
  'watch',
  'proxy',
  'openapi',
  'v2',
  'v3',
  'test.dev',
  'boxes',
  'log',
  '__proto__',
  'clusters',
];
const QUERIES = [
  'watch=1',
  'limit=-1',
  'limit=abc',
  'continue=e30',
  'continue=%00',
  'resourceVersion=x',
  'resourceVersion=99999999999999999999',
  'labelSelector=a%20in%20(',
  'fieldSelector=__proto__%3D1',
  'dryRun=All',
  'dryRun=No',
  'fieldManager=',
  'fieldValidation=Strict',
  'pretty=1',
  'sendInitialEvents=true',
  'resourceVersionMatch=Exact',
  'timeoutSeconds=0',
  'gracePeriodSeconds=x',
  'propagationPolicy=Maybe',
  'force=true',
];
const TYPES = [
  'application/json',
  'application/yaml',
  'application/merge-patch+json',
  'application/json-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
  'application/vnd.kubernetes.protobuf',
  'text/plain',
  '',
];
const BODIES = [
  '{',
  '[]',
  'null',
  '"x"',
  '1e999',
  '{"kind":1}',
  '{"metadata":[]}',
  '{"metadata":{"name":{}}}',
  '[{"op":"add"}]',
  '[1]',
  'k8s\u0000',
  '- a\n- b',
  'a: &a [*a]',
  '{"spec":{"template":null},"metadata":{"name":"x","labels":7}}',
  '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x","managedFields":[1],"ownerReferences":{},"finalizers":"f"}}',
];

it('no call whatever makes the hub fail', () => {
  const { ask } = start();
  ask('POST', '/api/v1/namespaces/default/configmaps', configMap('x', 1));
  check(
    'nonsense',
    fc.record({
      method: fc.constantFrom(...METHODS),
      steps: fc.array(fc.oneof(fc.constantFrom(...STEPS), fc.string({ maxLength: 4 }).map(encodeURIComponent)), {
        maxLength: 8,
      }),
      queries: fc.array(fc.constantFrom(...QUERIES), { maxLength: 3 }),
      type: fc.constantFrom(...TYPES),
      body: fc.oneof(fc.constantFrom(...BODIES), fc.json(), fc.string()),
    }),
    ({ method, steps, queries, type, body }) => {
      const { status } = ask(method, `/${steps.join('/')}?${queries.join('&')}`, body, type);
      expect(status).toBeGreaterThanOrEqual(200);
      expect(status).toBeLessThan(600);
    },
    3000,
  );
});
