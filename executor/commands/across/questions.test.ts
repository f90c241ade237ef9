import { expect, it } from 'vitest';
import type { HttpApi } from '../../live/http-api.ts';
import type { KindAskedFor } from './kinds-asked-for.ts';
import { askAll, pathOf } from './questions.ts';

const served = {
  collection: 'apps/deployments',
  apiVersion: 'apps/v1',
  plural: 'deployments',
  kind: 'Deployment',
  namespaced: true,
  hasStatus: true,
  isWatchable: true,
  words: ['deployment', 'deploy'],
  categories: ['all'],
};
const kind = (names: readonly string[], isOfMany = false): KindAskedFor => ({ served, names, isOfMany });

/** m1 has "web" alone; m2 serves nothing of the sort; m3 has nothing. */
const hub = {
  send: ({ path }: { path: string }) => {
    const [, cluster = '', rest = ''] = /clusters\/(m\d)\/proxy(.*)$/.exec(path) ?? [];
    if (cluster === 'm2') return Promise.resolve({ ok: true, status: 404, text: '404 page not found' });
    const name = /deployments\/(.+)$/.exec(rest)?.[1];
    const isThere = name === undefined || (cluster === 'm1' && name === 'web');
    const missing = { message: `"${name}" not found`, details: { name } };
    const body = isThere ? { metadata: { name } } : missing;
    return Promise.resolve({ ok: true, status: isThere ? 200 : 404, text: JSON.stringify(body) });
  },
} as unknown as HttpApi;

const asked = async (clusters: readonly string[], wanted: KindAskedFor, args: Record<string, unknown> = {}) =>
  (await askAll(hub, clusters, wanted, { namespace: 'default', ...args })).map((answer) =>
    answer.ok ? `${answer.cluster} has it` : `${answer.cluster}: ${answer.problem}`,
  );

it('leaves out who lacks a name that others have, unless they were named', async () => {
  expect(await asked(['m1', 'm3'], kind(['web']))).toEqual(['m1 has it']);
  expect(await asked(['m1', 'm3'], kind(['web']), { clusters: 'm1,m3' })).toEqual(['m1 has it', 'm3: "web" not found']);
  expect(await asked(['m1', 'm3'], kind(['web', 'shop']))).toEqual([
    'm1 has it',
    'm1: "shop" not found',
    'm3: "shop" not found',
  ]);
});

it('leaves out who does not serve one kind of a category', async () => {
  expect(await asked(['m1', 'm2'], kind([]))).toEqual(['m1 has it', 'm2: it does not serve this kind']);
  expect(await asked(['m1', 'm2'], kind([], true))).toEqual(['m1 has it']);
});

it('asks where and for which', () => {
  const args = { namespace: 'shop', selector: 'a=b', 'field-selector': 'c=d' };
  const path = '/apis/apps/v1/namespaces/shop/deployments?labelSelector=a%3Db&fieldSelector=c%3Dd';
  expect(pathOf(served, '', args)).toBe(path);
  expect(pathOf(served, '', { ...args, 'all-namespaces': true })).toBe(path.replace('/namespaces/shop', ''));
  expect(pathOf(served, 'web', { namespace: 'shop' })).toBe('/apis/apps/v1/namespaces/shop/deployments/web');
});
