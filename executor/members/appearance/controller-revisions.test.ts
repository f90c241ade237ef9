import { describe, expect, it } from 'vitest';
import { ShownMember, template, workload } from '../../../test/builders/shown-member.ts';

describe.each(['StatefulSet', 'DaemonSet'])('the ControllerRevisions of a %s', (kind) => {
  const revisions = (shown: ShownMember) => shown.list('ControllerRevision').map(({ revision }) => revision);

  it('keep what was, as patches that put it in the place of what is', () => {
    const shown = new ShownMember();
    shown.apply(kind, 'web', workload(1));
    shown.run(20_000);
    const [first] = shown.list('ControllerRevision');
    expect(first).toMatchObject({
      metadata: { labels: { app: 'web' }, ownerReferences: [{ kind, name: 'web', controller: true }] },
      data: { spec: { template: { ...template(), $patch: 'replace' } } },
      revision: 1,
    });
    shown.change(kind, 'web', { template: template('web:2') });
    shown.run(60_000);
    expect(revisions(shown).sort()).toEqual([1, 2]);
    shown.change(kind, 'web', { template: template() });
    shown.run(60_000);
    expect(shown.list('ControllerRevision').map(({ metadata, revision }) => [metadata.uid, revision])).toContainEqual([
      first!.metadata.uid,
      3,
    ]);
    expect(revisions(shown).sort()).toEqual([2, 3]);
    shown.delete(kind, 'web');
    shown.run(10_000);
    expect(revisions(shown)).toEqual([]);
  });

  it('forget what is older than the history may be', () => {
    const shown = new ShownMember();
    shown.apply(kind, 'web', { ...workload(1), revisionHistoryLimit: 1 });
    for (const image of ['web:1', 'web:2', 'web:3', 'web:4']) {
      shown.change(kind, 'web', { template: template(image) });
      shown.run(60_000);
    }
    expect(revisions(shown).sort()).toEqual([3, 4]);
  });
});

it('tells in pods and statuses which one they are of', () => {
  const shown = new ShownMember();
  shown.apply('StatefulSet', 'db', workload(1));
  shown.apply('DaemonSet', 'agent', workload(1));
  shown.run(10_000);
  const nameOf = (owner: string) =>
    shown.list('ControllerRevision').find(({ metadata }) => metadata.name.startsWith(owner))!.metadata.name;
  expect(shown.get('Pod', 'db-0').metadata.labels).toEqual({
    app: 'web',
    'apps.kubernetes.io/pod-index': '0',
    'controller-revision-hash': nameOf('db'),
    'statefulset.kubernetes.io/pod-name': 'db-0',
  });
  expect(shown.get('StatefulSet', 'db').status).toMatchObject({
    currentRevision: nameOf('db'),
    updateRevision: nameOf('db'),
  });
  const daemon = shown.list('Pod').find(({ metadata }) => metadata.name.startsWith('agent'));
  expect(`agent-${daemon!.metadata.labels!['controller-revision-hash']}`).toBe(nameOf('agent'));
});
