import { beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube/meta.ts';
import type { Propagation } from '../store/judge.ts';
import { World } from './world.ts';

const THINGS = 'x/things';
const PROTECTION = 'resourcetemplate.karmada.io/deletion-protected';
const SECOND = 1_000;

let world: World;

beforeEach(() => {
  world = new World({ seed: 'seed', start: 0 });
  world.hub.create('/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } });
});

const keyOf = (name: string) => ({ collection: THINGS, namespace: 'n', name });
function make(name: string, isProtected: boolean, more: Partial<KubeObject['metadata']> = {}): KubeObject {
  const labels: Record<string, string> = isProtected ? { [PROTECTION]: 'Always' } : {};
  const metadata = { name, namespace: 'n', labels, ...more };
  const made = world.hub.create(THINGS, { apiVersion: 'x/v1', kind: 'Thing', metadata });
  if (!made.ok) throw new Error(made.message);
  return made.object;
}
const childOf = ({ apiVersion, kind, metadata: { name, uid = '' } }: KubeObject) =>
  make('child', true, { ownerReferences: [{ apiVersion, kind, name, uid, blockOwnerDeletion: true }] });
const remove = (name: string, propagation: Propagation = 'Background') =>
  world.hub.writer.delete(keyOf(name), world.hub.now, { propagation });
const release = (name: string) =>
  world.hub.writer.patch(keyOf(name), (object) => ({ ...object, metadata: { ...object.metadata, labels: {} } }));
function names(): readonly string[] {
  world.clock.runUntil(world.clock.now + SECOND);
  return world.hub.store.list(THINGS).map(({ metadata }) => metadata.name);
}

describe('what is protected from deletion in a simulated hub', () => {
  it('stays until its label is taken off', () => {
    make('a', true);
    expect(remove('a')).toMatchObject({ ok: false, code: 'Forbidden' });
    expect(names()).toEqual(['a']);
    release('a');
    expect(remove('a')).toMatchObject({ ok: true, outcome: 'removed' });
  });

  it('holds the end of its namespace, which goes on as soon as it may', () => {
    make('a', true);
    make('b', false);
    world.hub.writer.delete({ collection: '/namespaces', namespace: '', name: 'n' }, world.hub.now);
    expect(names()).toEqual(['a']);
    release('a');
    expect(names()).toEqual([]);
    expect(world.hub.store.get('/namespaces', '', 'n')).toBeNull();
  });

  it.each(['Background', 'Foreground'] as const)('goes after its owner (%s) as soon as it may', (propagation) => {
    childOf(make('owner', false));
    remove('owner', propagation);
    expect(names()).toContain('child');
    release('child');
    expect(names()).toEqual([]);
  });

  it('is none in a member, where its hub is asked', () => {
    const { api } = world.addMember({ name: 'm1', nodes: [] });
    const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } };
    api.create('/configmaps', { ...settings, metadata: { ...settings.metadata, labels: { [PROTECTION]: 'Always' } } });
    const key = { collection: '/configmaps', namespace: 'default', name: 'a' };
    expect(api.writer.delete(key, api.now)).toMatchObject({ ok: true, outcome: 'removed' });
  });
});
