import { describe, expect, it } from 'vitest';
import { ShownMember, template, workload } from '../../../test/builders/shown-member.ts';

const REVISION = 'deployment.kubernetes.io/revision';

const revisions = (shown: ShownMember) =>
  Object.fromEntries(
    shown.list('ReplicaSet').map((one) => {
      const { template, replicas } = one.spec as {
        template: { spec: { containers: { image: string }[] } };
        replicas: number;
      };
      return [template.spec.containers[0]!.image, `${one.metadata.annotations![REVISION]}: ${replicas}`];
    }),
  );

describe('the ReplicaSets of a Deployment', () => {
  it('stand between it and its pods, by owners, names and labels', () => {
    const shown = new ShownMember();
    shown.apply('Deployment', 'web', workload(2), { annotations: { 'kubernetes.io/change-cause': 'first' } });
    shown.run(5_000);
    const [set] = shown.list('ReplicaSet');
    const deployment = shown.get('Deployment', 'web');
    const hash = set!.metadata.labels!['pod-template-hash']!;
    expect(set).toMatchObject({
      metadata: {
        name: `web-${hash}`,
        labels: { app: 'web' },
        annotations: {
          'kubernetes.io/change-cause': 'first',
          'deployment.kubernetes.io/desired-replicas': '2',
          'deployment.kubernetes.io/max-replicas': '3',
          [REVISION]: '1',
        },
        ownerReferences: [{ kind: 'Deployment', name: 'web', uid: deployment.metadata.uid, controller: true }],
      },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'web', 'pod-template-hash': hash } },
        template: { metadata: { labels: { app: 'web', 'pod-template-hash': hash } } },
      },
      status: { replicas: 2, readyReplicas: 2, availableReplicas: 2, observedGeneration: 1 },
    });
    expect(deployment.metadata.annotations![REVISION]).toBe('1');
    expect(deployment.metadata.generation).toBe(1);
    const pods = shown.list('Pod');
    expect(pods).toHaveLength(2);
    for (const { metadata } of pods) {
      expect(metadata.name).toMatch(new RegExp(`^web-${hash}-[a-z0-9]{5}$`));
      expect(metadata.labels).toEqual({ app: 'web', 'pod-template-hash': hash });
      expect(metadata.ownerReferences).toMatchObject([
        { kind: 'ReplicaSet', name: `web-${hash}`, uid: set!.metadata.uid },
      ]);
    }
  });

  it('keep what was, and count it as the newest when it comes back', () => {
    const shown = new ShownMember();
    shown.apply('Deployment', 'web', workload(2));
    shown.run(5_000);
    shown.change('Deployment', 'web', { template: template('web:2') });
    shown.run(15_000);
    expect(revisions(shown)).toEqual({ 'web:1': '1: 0', 'web:2': '2: 2' });
    shown.change('Deployment', 'web', { template: template('web:1') });
    shown.run(15_000);
    expect(revisions(shown)).toEqual({ 'web:1': '3: 2', 'web:2': '2: 0' });
    expect(shown.get('Deployment', 'web').metadata.annotations![REVISION]).toBe('3');
    shown.change('Deployment', 'web', { template: template('web:3') });
    shown.run(15_000);
    expect(revisions(shown)).toEqual({ 'web:1': '3: 0', 'web:2': '2: 0', 'web:3': '4: 2' });
    expect(shown.list('Pod')).toHaveLength(2);
  });

  it('keep the pods of a rollout that is undone half way', () => {
    const shown = new ShownMember();
    shown.apply('Deployment', 'web', workload(4));
    shown.run(5_000);
    const before = shown.list('Pod').map(({ metadata }) => metadata.name);
    shown.change('Deployment', 'web', { template: template('web:2') });
    shown.run(300);
    shown.change('Deployment', 'web', { template: template('web:1') });
    shown.run(15_000);
    const after = shown.list('Pod').map(({ metadata }) => metadata.name);
    expect(after.filter((name) => before.includes(name)).length).toBeGreaterThanOrEqual(3);
    expect(revisions(shown)).toEqual({ 'web:1': '3: 4', 'web:2': '2: 0' });
  });

  it('forget what is older than the history may be', () => {
    const shown = new ShownMember();
    shown.apply('Deployment', 'web', { ...workload(1), revisionHistoryLimit: 1 });
    for (const image of ['web:1', 'web:2', 'web:3', 'web:4']) {
      shown.change('Deployment', 'web', { template: template(image) });
      shown.run(15_000);
    }
    expect(revisions(shown)).toEqual({ 'web:3': '3: 0', 'web:4': '4: 1' });
  });

  it('are there before there are pods', () => {
    const shown = new ShownMember();
    shown.apply('Deployment', 'web', workload(0));
    shown.run(1_000);
    expect(revisions(shown)).toEqual({ 'web:1': '1: 0' });
    expect(shown.get('Deployment', 'web').metadata.annotations![REVISION]).toBe('1');
  });

  it('wait while the rollout is paused', () => {
    const shown = new ShownMember();
    shown.apply('Deployment', 'web', workload(1));
    shown.run(5_000);
    shown.change('Deployment', 'web', { paused: true });
    shown.change('Deployment', 'web', { template: template('web:2') });
    shown.run(5_000);
    expect(revisions(shown)).toEqual({ 'web:1': '1: 1' });
    shown.change('Deployment', 'web', { paused: false });
    shown.run(15_000);
    expect(revisions(shown)).toEqual({ 'web:1': '1: 0', 'web:2': '2: 1' });
  });

  it('are told of as they grow and shrink, and make no pods of their own', () => {
    const shown = new ShownMember();
    shown.apply('Deployment', 'web', workload(2));
    shown.run(5_000);
    shown.change('Deployment', 'web', { replicas: 1 });
    shown.run(5_000);
    const [set] = shown.list('ReplicaSet');
    expect(shown.told('web')).toEqual([
      `ScalingReplicaSet: Scaled up replica set ${set!.metadata.name} from 0 to 2`,
      `ScalingReplicaSet: Scaled down replica set ${set!.metadata.name} from 2 to 1`,
    ]);
    expect(shown.list('Pod')).toHaveLength(1);
    shown.delete('Deployment', 'web');
    shown.run(5_000);
    expect([...shown.list('Pod'), ...shown.list('ReplicaSet')]).toEqual([]);
  });

  it('are made again when somebody deletes them, and work alone when they are let go of', () => {
    const shown = new ShownMember();
    shown.apply('Deployment', 'web', workload(2));
    shown.run(5_000);
    const [first] = shown.list('ReplicaSet');
    shown.delete('ReplicaSet', first!.metadata.name);
    shown.run(10_000);
    const [again] = shown.list('ReplicaSet');
    expect(again!.metadata.name).toBe(first!.metadata.name);
    expect(again!.metadata.uid).not.toBe(first!.metadata.uid);
    expect(shown.list('Pod').map(({ metadata }) => metadata.ownerReferences![0]!.uid)).toEqual([
      again!.metadata.uid,
      again!.metadata.uid,
    ]);
    const key = { collection: 'apps/deployments', namespace: 'default', name: 'web' };
    shown.member.api.writer.delete(key, shown.clock.now, { propagation: 'Orphan' });
    shown.run(10_000);
    expect(shown.find('Deployment', 'web')).toBeNull();
    expect(shown.list('ReplicaSet')).toHaveLength(1);
    expect(shown.list('Pod')).toHaveLength(2);
  });

  it('and their pods go before a Deployment that waits for them', () => {
    const shown = new ShownMember();
    shown.apply('Deployment', 'web', workload(2));
    shown.run(5_000);
    const key = { collection: 'apps/deployments', namespace: 'default', name: 'web' };
    const { api } = shown.member;
    const first = api.store.revision();
    api.writer.delete(key, shown.clock.now, { propagation: 'Foreground' });
    shown.run(10_000);
    expect([...shown.list('Deployment'), ...shown.list('ReplicaSet'), ...shown.list('Pod')]).toEqual([]);
    expect(
      api.store
        .changesSince(null, first)!
        .filter(({ type, collection }) => type === 'ADDED' && collection !== '/events'),
    ).toEqual([]);
    const gone = api.store.changesSince(null, first)!.filter(({ type }) => type === 'DELETED');
    expect(gone.at(-1)!.object.kind).toBe('Deployment');
  });

  it('are not made again for a Deployment that is being deleted', () => {
    const shown = new ShownMember();
    shown.apply('Deployment', 'web', workload(2), { finalizers: ['example.com/hold'] });
    shown.run(5_000);
    shown.delete('Deployment', 'web');
    shown.run(5_000);
    expect(shown.list('Pod')).toHaveLength(2);
    shown.delete('Pod', shown.list('Pod')[0]!.metadata.name);
    shown.run(5_000);
    expect(shown.list('Pod')).toHaveLength(1);
    expect(shown.get('Deployment', 'web').status).toMatchObject({ replicas: 1 });
    shown.delete('ReplicaSet', shown.list('ReplicaSet')[0]!.metadata.name);
    shown.run(5_000);
    expect([...shown.list('Pod'), ...shown.list('ReplicaSet')]).toEqual([]);
    expect(shown.find('Deployment', 'web')).not.toBeNull();
  });

  it('share no name with what is there already', () => {
    const shown = new ShownMember();
    shown.apply('Deployment', 'web', workload(1));
    shown.run(5_000);
    const { name } = shown.list('ReplicaSet')[0]!.metadata;
    const other = new ShownMember();
    other.apply('ReplicaSet', name, { replicas: 0, selector: { matchLabels: { app: 'x' } }, template: template() });
    other.apply('Deployment', 'web', workload(1));
    other.run(5_000);
    expect(other.list('ReplicaSet')).toHaveLength(2);
    expect(other.get('Deployment', 'web').status).toMatchObject({ readyReplicas: 1 });
    expect(other.list('Pod')).toHaveLength(1);
  });
});
