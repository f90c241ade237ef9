import { describe, expect, it } from 'vitest';
import { Directory } from './directory.ts';
import type { AskableApi } from './http-api.ts';

const resource = (name: string, kind: string) => ({
  resource: name,
  responseKind: { kind },
  scope: 'Namespaced',
  verbs: ['list', 'watch'],
});
const group = (name: string, ...versions: readonly object[]) => ({ metadata: { name }, versions });
const apps = group('apps', { version: 'v1', freshness: 'Current', resources: [resource('deployments', 'Deployment')] });
const core = { items: [group('', { version: 'v1', resources: [resource('pods', 'Pod')] })] };

/** An API that answers these paths, and any other with 503. */
function api(answers: Readonly<Record<string, unknown>>): AskableApi {
  return {
    send: async ({ path }) => {
      const found = answers[path];
      return { ok: true, status: found === undefined ? 503 : 200, text: JSON.stringify(found ?? {}) };
    },
    close: () => {},
  };
}

async function known(answers: Readonly<Record<string, unknown>>) {
  const directory = new Directory(api(answers), () => 0);
  const problem = await directory.read();
  return {
    versions: directory.enablements().map(({ groupVersion }) => groupVersion),
    isPartial: directory.isPartial,
    isRead: problem === null,
  };
}

describe('what an API serves', () => {
  const all = { versions: ['apps/v1', 'v1'], isPartial: false, isRead: true };
  const partly = { ...all, isPartial: true };

  it('is known as a whole', async () => {
    expect(await known({ '/api': core, '/apis': { items: [apps] } })).toEqual(all);
  });

  it('is known in part where what somebody else serves does not answer', async () => {
    const metrics = { version: 'v1beta1', freshness: 'Stale', resources: [resource('nodes', 'NodeMetrics')] };
    const items = [apps, group('metrics.k8s.io', metrics)];
    expect(await known({ '/api': core, '/apis': { items } })).toEqual(partly);
  });

  it('is known in part by those that are asked version by version, too', async () => {
    const deployments = { name: 'deployments', kind: 'Deployment', namespaced: true, verbs: ['list'] };
    const listed = (name: string, version: string) => ({ name, versions: [{ version }] });
    const plain = {
      '/api': { versions: ['v1'] },
      '/api/v1': { resources: [{ name: 'pods', kind: 'Pod', namespaced: true, verbs: ['list'] }] },
      '/apis': { groups: [listed('apps', 'v1'), listed('metrics.k8s.io', 'v1beta1')] },
      '/apis/apps/v1': { resources: [deployments] },
    };
    expect(await known(plain)).toEqual(partly);
    expect(await known({ ...plain, '/apis/metrics.k8s.io/v1beta1': { resources: [] } })).toEqual({
      ...all,
      versions: ['apps/v1', 'metrics.k8s.io/v1beta1', 'v1'],
    });
  });

  it('is not known where it does not answer at all, and what was known stays', async () => {
    expect(await known({ '/api': core })).toEqual({ versions: [], isPartial: false, isRead: false });
  });
});
