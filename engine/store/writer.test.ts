import { describe, expect, it } from 'vitest';
import type { KubeObject, ObjectMeta } from '../kube/meta.ts';
import { parseTime } from '../kube/time.ts';
import { refused } from './failure.ts';
import { ObjectStore } from './store.ts';
import { type Admission, ObjectWriter, type WriteResult } from './writer.ts';

const NOW = parseTime('2026-01-01T00:00:00Z')!;
const key = { collection: 'x/things', namespace: 'n', name: 'a' };

function newWriter(admit?: Admission): ObjectWriter {
  let made = 0;
  return new ObjectWriter(new ObjectStore(), {
    rulesOf: (collection) => ({ hasStatus: collection !== '/bare', hasGeneration: true }),
    uid: () => `uid-${++made}`,
    suffix: () => 'zz',
    ...(admit === undefined ? {} : { admit }),
  });
}

const thing = (metadata: Partial<ObjectMeta> = {}, fields: Record<string, unknown> = {}): KubeObject => ({
  apiVersion: 'x/v1',
  kind: 'Thing',
  metadata: { name: 'a', namespace: 'n', ...metadata },
  ...fields,
});

function done(result: WriteResult): KubeObject {
  if (!result.ok) throw new Error(result.message);
  return result.object;
}

describe('creating', () => {
  it('gives identity, time, generation and revision, and drops what is not the client’s to say', () => {
    const writer = newWriter();
    const given = thing({ generation: 9, deletionTimestamp: 'x', uid: 'own' }, { spec: 1, status: 2 });
    expect(done(writer.create('x/things', given, NOW))).toEqual(
      thing(
        { uid: 'uid-1', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z', resourceVersion: '2' },
        { spec: 1 },
      ),
    );
  });

  it('completes a generated name and keeps the status of kinds that have none apart', () => {
    const made = done(newWriter().create('/bare', thing({ name: '', generateName: 'b-' }, { status: 2 }), NOW));
    expect([made.metadata.name, made.status]).toEqual(['b-zz', 2]);
  });

  it('refuses a second object of the name, a revision, and no name at all', () => {
    const writer = newWriter();
    done(writer.create('x/things', thing({ finalizers: ['f'] }), NOW));
    expect(writer.create('x/things', thing(), NOW)).toMatchObject({ code: 'AlreadyExists' });
    done(writer.delete(key, NOW));
    expect(writer.create('x/things', thing(), NOW)).toMatchObject({
      message: expect.stringContaining('being deleted'),
    });
    expect(writer.create('x/things', thing({ name: 'b', resourceVersion: '1' }), NOW)).toMatchObject({
      code: 'Invalid',
    });
    expect(writer.create('x/things', thing({ name: '' }), NOW)).toMatchObject({ code: 'Invalid' });
  });
});

describe('updating', () => {
  it('raises the generation for what is wanted, and only then', () => {
    const writer = newWriter();
    const first = done(writer.create('x/things', thing({}, { spec: { a: 1 } }), NOW));
    const labelled = done(writer.update('x/things', { ...first, metadata: { ...first.metadata, labels: { l: '1' } } }));
    const wanted = done(writer.update('x/things', { ...labelled, spec: { a: 2 } }));
    const reported = done(writer.update('x/things', { ...wanted, status: { a: 2 } }, 'status'));
    const generations = [first, labelled, wanted, reported].map(({ metadata }) => metadata.generation);
    expect(generations).toEqual([1, 1, 2, 2]);
  });

  it('keeps status and all else apart', () => {
    const writer = newWriter();
    const first = done(writer.create('x/things', thing({}, { spec: 1 }), NOW));
    const changed = { ...first, spec: 5, status: 6, metadata: { ...first.metadata, labels: { l: '1' } } };
    const reported = done(writer.update('x/things', changed, 'status'));
    expect([reported.spec, reported.status, reported.metadata.labels]).toEqual([1, 6, undefined]);
    const wanted = done(writer.update('x/things', { ...reported, spec: 2, status: 7 }));
    expect([wanted.spec, wanted.status]).toEqual([2, 6]);
  });

  it('conflicts with a stale revision or another uid, and changes nothing', () => {
    const writer = newWriter();
    const first = done(writer.create('x/things', thing({}, { spec: 1 }), NOW));
    done(writer.update('x/things', { ...first, spec: 2 }));
    expect(writer.update('x/things', { ...first, spec: 3 })).toMatchObject({ ok: false, code: 'Conflict' });
    expect(writer.update('x/things', thing({ uid: 'other' }))).toMatchObject({ ok: false, code: 'Conflict' });
    expect(writer.update('x/things', thing({ name: 'b' }))).toMatchObject({ ok: false, code: 'NotFound' });
    expect(writer.store.get('x/things', 'n', 'a')!.spec).toBe(2);
  });

  it('takes no revision where nothing changes', () => {
    const writer = newWriter();
    const first = done(writer.create('x/things', thing({}, { spec: { a: 1 } }), NOW));
    const again = writer.update('x/things', { ...first, spec: { a: 1 } });
    expect(again).toEqual({ ok: true, outcome: 'unchanged', object: first });
    expect(writer.store.revision()).toBe(2);
  });

  it('by a function needs no revision, but keeps to one that is given', () => {
    const writer = newWriter();
    done(writer.create('x/things', thing({}, { spec: 1 }), NOW));
    const more = (object: KubeObject) => ({ ...object, spec: Number(object.spec) + 1 });
    expect(done(writer.patch(key, more)).spec).toBe(2);
    expect(writer.patch(key, more, 'main', { resourceVersion: '2' })).toMatchObject({ code: 'Conflict' });
    expect(done(writer.patch(key, more, 'main', { resourceVersion: '3', uid: 'uid-1' })).spec).toBe(3);
    expect(writer.patch({ ...key, name: 'none' }, more)).toMatchObject({ code: 'NotFound' });
  });
});

describe('deleting', () => {
  it('asks nobody, so that what was stored may go, however it is', () => {
    const refusing: Admission = (key) => ({
      ok: false,
      code: 'Invalid',
      message: `${key.name} is not as it should be`,
    });
    const writer = newWriter(refusing);
    writer.store.put('x/things', thing({ finalizers: ['a/b'] }));
    expect(writer.patch(key, (object) => ({ ...object, spec: 1 }))).toMatchObject({ ok: false, code: 'Invalid' });
    expect(writer.delete(key, NOW)).toMatchObject({ ok: true, outcome: 'stored' });
  });

  it('removes at once what nobody holds, and tells the revision of it', () => {
    const writer = newWriter();
    done(writer.create('x/things', thing(), NOW));
    const gone = writer.delete(key, NOW);
    expect(gone).toMatchObject({ outcome: 'removed', object: { metadata: { resourceVersion: '3' } } });
    expect(writer.delete(key, NOW)).toMatchObject({ code: 'NotFound' });
  });

  it('waits for finalizers, raising the generation once', () => {
    const writer = newWriter();
    done(writer.create('x/things', thing({ finalizers: ['f', 'g'] }), NOW));
    const marked = done(writer.delete(key, NOW + 5000));
    expect(marked.metadata).toMatchObject({ deletionTimestamp: '2026-01-01T00:00:05Z', generation: 2 });
    expect(writer.delete(key, NOW + 9000)).toMatchObject({ outcome: 'unchanged' });
    const without = (finalizer: string) => (object: KubeObject) => ({
      ...object,
      metadata: { ...object.metadata, finalizers: object.metadata.finalizers!.filter((one) => one !== finalizer) },
    });
    expect(writer.patch(key, without('f'))).toMatchObject({ outcome: 'stored' });
    const late = (object: KubeObject) => ({ ...object, metadata: { ...object.metadata, finalizers: ['g', 'h'] } });
    expect(writer.patch(key, late)).toMatchObject({ code: 'Forbidden' });
    expect(writer.patch(key, without('g'))).toMatchObject({ outcome: 'removed' });
    expect(writer.store.get('x/things', 'n', 'a')).toBeNull();
  });

  it('gives grace, which a second deletion may only shorten', () => {
    const writer = newWriter();
    done(writer.create('x/things', thing(), NOW));
    const marked = done(writer.delete(key, NOW, { gracePeriodSeconds: 30 }));
    expect(marked.metadata).toMatchObject({
      deletionTimestamp: '2026-01-01T00:00:30Z',
      deletionGracePeriodSeconds: 30,
    });
    expect(writer.delete(key, NOW, { gracePeriodSeconds: 60 })).toMatchObject({ outcome: 'unchanged' });
    const shorter = done(writer.delete(key, NOW + 1000, { gracePeriodSeconds: 10 }));
    expect(shorter.metadata.deletionTimestamp).toBe('2026-01-01T00:00:11Z');
    expect(writer.delete(key, NOW, { gracePeriodSeconds: 0 })).toMatchObject({ outcome: 'removed' });
  });

  it('keeps to preconditions and notes how dependents are to go', () => {
    const writer = newWriter();
    done(writer.create('x/things', thing(), NOW));
    expect(writer.delete(key, NOW, { precondition: { uid: 'other' } })).toMatchObject({ code: 'Conflict' });
    const marked = done(writer.delete(key, NOW, { propagation: 'Foreground', precondition: { uid: 'uid-1' } }));
    expect(marked.metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(writer.delete(key, NOW, { propagation: 'Background' })).toMatchObject({ outcome: 'removed' });
  });
});

describe('admission', () => {
  it('may change a write or refuse it', () => {
    const writer = newWriter((at, next, previous) =>
      next.spec === 'bad'
        ? refused(at, 'Invalid', 'is bad')
        : { ok: true, object: { ...next, seen: previous === null ? 'new' : 'old' } },
    );
    expect(done(writer.create('x/things', thing({}, { spec: 1 }), NOW)).seen).toBe('new');
    expect(done(writer.update('x/things', thing({}, { spec: 2 }))).seen).toBe('old');
    expect(writer.update('x/things', thing({}, { spec: 'bad' }))).toMatchObject({
      code: 'Invalid',
      message: 'x/things/n/a is bad',
    });
  });
});
