import { afterEach, describe, expect, it } from 'vitest';
import type { Taint } from '../../engine/index.ts';
import { startPlainHub } from '../../test/builders/plain-hub.ts';
import { karmadaDefinitions, servedKinds } from '../apiserver/resources/karmada-definitions.ts';
import { HttpApi } from './http-api.ts';
import {
  bindingsOn,
  CORDON,
  changeTaints,
  DRAIN,
  readTaintChange,
  type TaintChange,
  TaintError,
  taintsAfter,
  UNCORDON,
} from './taints.ts';

const CLUSTERS = '/apis/cluster.karmada.io/v1alpha1/clusters';
const ends: (() => Promise<unknown> | unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

describe('a taint as it is written', () => {
  it('is added or removed', () => {
    expect(readTaintChange('zone=a:NoSchedule')).toEqual({
      verb: 'add',
      taint: { key: 'zone', value: 'a', effect: 'NoSchedule' },
    });
    expect(readTaintChange('toys.example/old:NoExecute')).toEqual({
      verb: 'add',
      taint: { key: 'toys.example/old', effect: 'NoExecute' },
    });
    expect(readTaintChange('old:NoExecute-')).toEqual({ verb: 'remove', key: 'old', effect: 'NoExecute' });
    expect(readTaintChange('old-')).toEqual({ verb: 'remove', key: 'old', effect: null });
  });

  it.each(['', '-', 'key', 'key=value', 'key:Never', '=a:NoSchedule', 'key=a b:NoSchedule', 'a:NoSchedule:NoExecute'])(
    'is refused where it is %j',
    (text) => {
      expect(() => readTaintChange(text)).toThrow(TaintError);
    },
  );
});

describe('taints after changes', () => {
  const there: readonly Taint[] = [
    { key: 'zone', value: 'a', effect: 'NoSchedule' },
    { key: 'zone', value: 'a', effect: 'NoExecute', timeAdded: '2026-01-01T00:00:00Z' },
  ];
  const afterwards = (overwrite: boolean, ...texts: string[]) =>
    taintsAfter(there, texts.map(readTaintChange), overwrite);

  it('keep what was not named', () => {
    expect(afterwards(false, 'old:NoSchedule')).toEqual([...there, { key: 'old', effect: 'NoSchedule' }]);
    expect(afterwards(false, 'zone:NoSchedule-')).toEqual([there[1]]);
    expect(afterwards(false, 'zone-')).toEqual([]);
  });

  it('are none where nothing changes', () => {
    expect(afterwards(false, 'zone=a:NoExecute', 'gone-')).toBeNull();
  });

  it('have another value only where it may be overwritten', () => {
    expect(() => afterwards(false, 'zone=b:NoSchedule')).toThrow('--overwrite');
    expect(afterwards(true, 'zone=b:NoSchedule')).toEqual([
      { key: 'zone', value: 'b', effect: 'NoSchedule' },
      there[1],
    ]);
  });
});

async function hub(): Promise<HttpApi> {
  const { server, address } = await startPlainHub({ definitions: karmadaDefinitions(), served: servedKinds() });
  ends.push(() => server.close());
  const api = new HttpApi(address);
  ends.push(() => api.close());
  return api;
}

async function create(api: HttpApi, path: string, object: unknown): Promise<void> {
  expect(await api.send({ method: 'POST', path, body: JSON.stringify(object) })).toMatchObject({ status: 201 });
}

const cluster = (name: string) => ({
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name },
  spec: { syncMode: 'Push', id: `id-of-${name}` },
});

async function taintsOf(api: HttpApi, name: string): Promise<readonly Taint[]> {
  const answer = await api.send({ method: 'GET', path: `${CLUSTERS}/${name}` });
  if (!answer.ok) throw new Error(answer.message);
  return JSON.parse(answer.text).spec.taints ?? [];
}

describe('taints of a cluster in a hub', () => {
  const change = (api: HttpApi, changes: readonly TaintChange[], dryRun = false) =>
    changeTaints(api, { cluster: 'member1', changes, overwrite: false, dryRun });

  it('are put on, once, and taken away with all that draining added', async () => {
    const api = await hub();
    await create(api, CLUSTERS, cluster('member1'));
    expect(await change(api, CORDON, true)).toBe(true);
    expect(await taintsOf(api, 'member1')).toEqual([]);
    expect(await change(api, CORDON)).toBe(true);
    expect(await change(api, CORDON)).toBe(false);
    expect(await change(api, DRAIN)).toBe(true);
    expect(await taintsOf(api, 'member1')).toMatchObject([
      { key: 'cluster.karmada.io/unschedulable', effect: 'NoSchedule' },
      { key: 'cluster.karmada.io/unschedulable', effect: 'NoExecute', timeAdded: expect.any(String) },
    ]);
    expect(await change(api, UNCORDON)).toBe(true);
    expect(await taintsOf(api, 'member1')).toEqual([]);
  });

  it('are all there when several people put them on at once', async () => {
    const api = await hub();
    await create(api, CLUSTERS, cluster('member1'));
    const keys = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all(keys.map((key) => change(api, [readTaintChange(`${key}:NoSchedule`)])));
    expect((await taintsOf(api, 'member1')).map(({ key }) => key).toSorted()).toEqual(keys);
  });

  it('are refused for a cluster that is not there', async () => {
    await expect(change(await hub(), CORDON)).rejects.toThrow('not found');
  });

  it('go with a list of the bindings that are still there', async () => {
    const api = await hub();
    const BINDINGS = '/apis/work.karmada.io/v1alpha2/namespaces/default/resourcebindings';
    const binding = (name: string, spec: object) => ({
      apiVersion: 'work.karmada.io/v1alpha2',
      kind: 'ResourceBinding',
      metadata: { name, namespace: 'default' },
      spec: { resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name }, ...spec },
    });
    await create(api, BINDINGS, binding('here', { clusters: [{ name: 'member1' }] }));
    await create(api, BINDINGS, binding('elsewhere', { clusters: [{ name: 'member2' }] }));
    expect(await bindingsOn(api, 'member1')).toEqual([{ name: 'default/here', why: null }]);
    const condition = {
      type: 'Scheduled',
      status: 'False',
      reason: 'NoClusterFits',
      message: 'none of 1 clusters fits',
    };
    const status = { conditions: [{ ...condition, lastTransitionTime: '2026-01-01T00:00:00Z' }] };
    const patch = { path: `${BINDINGS}/here/status`, contentType: 'application/merge-patch+json' };
    expect(await api.send({ method: 'PATCH', body: JSON.stringify({ status }), ...patch })).toMatchObject({
      status: 200,
    });
    expect(await bindingsOn(api, 'member1')).toEqual([{ name: 'default/here', why: condition.message }]);
  });
});
