import { describe, expect, it } from 'vitest';
import {
  clusterObject,
  controlPlane,
  DYNAMIC,
  deployment,
  type Fixture,
  policyFor,
} from '../../../test/builders/control-plane.ts';
import { ROLLOUT_WORDS, type RolloutWave, type StagedRolloutStatus } from '../../api/staged-rollout.ts';
import type { KubeObject } from '../../kube/meta.ts';

const web = deployment('web', 2);
const EVERYWHERE = { clusterAffinity: {} };
const CANARY: readonly RolloutWave[] = [{ name: 'canary', clusters: { clusterNames: ['m1'] }, bakeSeconds: 60 }];

const rollout = (waves: readonly RolloutWave[], spec: object = {}, name = 'web'): KubeObject => ({
  apiVersion: 'muster.dev/v1alpha1',
  kind: 'StagedRollout',
  metadata: { name, namespace: 'default' },
  spec: { resources: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }], waves, ...spec },
});

function staged(waves = CANARY, spec: object = {}, placement: object = EVERYWHERE): Fixture {
  const plane = controlPlane();
  for (const member of plane.simulation.world.members) {
    member.setBehaviors([{ match: { image: 'shop/app:bad' }, behavior: { isBroken: true } }]);
  }
  plane.simulation.runFor(5_000);
  plane.put(web);
  plane.put(policyFor(web, placement));
  plane.put(rollout(waves, spec));
  plane.simulation.runFor(90_000);
  return plane;
}

const release = (plane: Fixture, image: string): void =>
  plane.change(web, (object) => ({ ...object, spec: deployment('web', 2, image).spec }) as KubeObject);

const say = (plane: Fixture, words: Record<string, string>): void =>
  plane.change(rollout([]), (object) => ({ ...object, metadata: { ...object.metadata, annotations: words } }));

const statusOf = (plane: Fixture): StagedRolloutStatus =>
  plane.get('muster.dev/v1alpha1', 'StagedRollout', 'web')!.status as StagedRolloutStatus;

const inMember = (plane: Fixture, cluster: string): KubeObject | null =>
  plane.simulation.world.member(cluster)!.api.store.get('apps/deployments', 'default', 'web');

const imageIn = (plane: Fixture, cluster: string): string | undefined =>
  /shop\/app:(\w+)/.exec(JSON.stringify(inMember(plane, cluster)?.spec))?.[1];

const images = (plane: Fixture): string => ['m1', 'm2', 'm3'].map((name) => imageIn(plane, name) ?? '-').join(' ');

const snapshots = (plane: Fixture): number =>
  plane.simulation.world.hub.store.list('apps/controllerrevisions', 'default').length;

describe('a staged rollout', () => {
  it('lets a change to one wave after the other, and keeps no more than it needs', () => {
    const plane = staged();
    const { stableRevision } = statusOf(plane);
    expect([images(plane), statusOf(plane).phase, snapshots(plane)]).toEqual(['1 1 1', 'Stable', 1]);
    release(plane, 'shop/app:2');
    plane.simulation.runFor(40_000);
    expect(images(plane)).toBe('2 1 1');
    expect(statusOf(plane)).toMatchObject({
      phase: 'Progressing',
      wave: 1,
      waves: 2,
      waveName: 'canary',
      progress: '1/3',
    });
    plane.simulation.runFor(300_000);
    expect([images(plane), statusOf(plane).phase, snapshots(plane)]).toEqual(['2 2 2', 'Stable', 1]);
    expect(statusOf(plane).stableRevision).not.toBe(stableRevision);
  });

  it('stops where the change does harm, and goes on with a better one', () => {
    const plane = staged(CANARY, { healthTimeoutSeconds: 120 });
    release(plane, 'shop/app:bad');
    plane.simulation.runFor(600_000);
    expect(images(plane)).toBe('bad 1 1');
    expect(statusOf(plane)).toMatchObject({ phase: 'Stopped', wave: 1, progress: '1/3' });
    expect(statusOf(plane).failedClusters).toEqual([{ name: 'm1', message: 'Deployment web is not healthy' }]);
    release(plane, 'shop/app:3');
    plane.simulation.runFor(600_000);
    expect([images(plane), statusOf(plane).phase]).toEqual(['3 3 3', 'Stable']);
  });

  it('rolls back by itself where it is told to, and stays so while the template is as it was', () => {
    const plane = staged(CANARY, { healthTimeoutSeconds: 120, onFailure: 'RollBack' });
    release(plane, 'shop/app:bad');
    plane.simulation.runFor(60_000);
    expect(images(plane)).toBe('bad 1 1');
    plane.simulation.runFor(600_000);
    expect([images(plane), statusOf(plane).phase]).toEqual(['1 1 1', 'RolledBack']);
    expect(plane.serving('web')).toBe('m1=2 m2=2 m3=2');
  });

  it('goes on in spite of as many failures as it may have', () => {
    const plane = staged(CANARY, { healthTimeoutSeconds: 120, maxFailures: 3 });
    release(plane, 'shop/app:bad');
    plane.simulation.runFor(250_000);
    expect(statusOf(plane)).toMatchObject({ phase: 'Progressing', wave: 2, progress: '3/3' });
  });

  it('waits for approval of this very change', () => {
    const plane = staged([...CANARY, { clusters: { clusterNames: ['m2'] }, approval: true, bakeSeconds: 0 }]);
    release(plane, 'shop/app:2');
    plane.simulation.runFor(300_000);
    expect([images(plane), statusOf(plane).phase]).toEqual(['2 1 1', 'Waiting']);
    expect(statusOf(plane).message).toBe('Wave 2 waits to be approved.');
    say(plane, { [ROLLOUT_WORDS.approved]: 'another/2' });
    plane.simulation.runFor(60_000);
    expect(images(plane)).toBe('2 1 1');
    say(plane, { [ROLLOUT_WORDS.approved]: `${statusOf(plane).updateRevision}/2` });
    plane.simulation.runFor(300_000);
    expect(images(plane)).toBe('2 2 2');
  });

  it('waits while it is paused', () => {
    const plane = staged(CANARY, { paused: true });
    release(plane, 'shop/app:2');
    plane.simulation.runFor(300_000);
    expect([images(plane), statusOf(plane).phase]).toEqual(['1 1 1', 'Waiting']);
  });

  it('goes back everywhere when it is aborted, and begins anew when it is asked to', () => {
    const plane = staged();
    release(plane, 'shop/app:2');
    plane.simulation.runFor(40_000);
    say(plane, { [ROLLOUT_WORDS.aborted]: statusOf(plane).updateRevision! });
    plane.simulation.runFor(120_000);
    expect([images(plane), statusOf(plane).phase]).toEqual(['1 1 1', 'RolledBack']);
    say(plane, { [ROLLOUT_WORDS.retried]: new Date(plane.simulation.now).toISOString() });
    plane.simulation.runFor(300_000);
    expect([images(plane), statusOf(plane).phase]).toEqual(['2 2 2', 'Stable']);
  });

  it('gives a stopped wave its time again', () => {
    const plane = staged(CANARY, { healthTimeoutSeconds: 120 });
    release(plane, 'shop/app:bad');
    plane.simulation.runFor(600_000);
    expect(statusOf(plane).phase).toBe('Stopped');
    // What was missing there is made good.
    for (const { name } of plane.simulation.world.members) plane.simulation.world.member(name)!.setBehaviors([]);
    plane.simulation.runFor(60_000);
    expect(images(plane)).toBe('bad 1 1');
    say(plane, { [ROLLOUT_WORDS.retried]: new Date(plane.simulation.now).toISOString() });
    plane.simulation.runFor(600_000);
    expect([images(plane), statusOf(plane).phase]).toEqual(['bad bad bad', 'Stable']);
  });

  it('is not begun by what only says who wants it, and how many', () => {
    const plane = staged(CANARY, { paused: true });
    const marks = {
      'kubectl.kubernetes.io/last-applied-configuration': '{"spec":{"replicas":3}}',
      'work.karmada.io/note': 'x',
    };
    plane.change(web, (object) => ({
      ...object,
      metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...marks } },
      spec: deployment('web', 3, 'shop/app:1').spec,
    }));
    plane.simulation.runFor(60_000);
    expect([statusOf(plane).phase, plane.serving('web')]).toEqual(['Stable', 'm1=3 m2=3 m3=3']);
  });

  it('does not hold up replicas: not their number, nor where they are', () => {
    const plane = staged(CANARY, {}, DYNAMIC);
    plane.change(web, (object) => ({ ...object, spec: deployment('web', 6, 'shop/app:bad').spec }) as KubeObject);
    plane.simulation.runFor(60_000);
    expect(images(plane)).toBe('bad 1 1');
    plane.change(web, (object) => ({ ...object, spec: deployment('web', 9, 'shop/app:bad').spec }) as KubeObject);
    plane.simulation.runFor(60_000);
    expect([imageIn(plane, 'm2'), inMember(plane, 'm2')?.spec]).toMatchObject(['1', { replicas: 3 }]);
  });

  it('does not hold up who says how many there are in the clusters', () => {
    const plane = staged(
      CANARY.map((wave) => ({ ...wave, approval: true })),
      {},
      DYNAMIC,
    );
    release(plane, 'shop/app:2');
    plane.simulation.runFor(30_000);
    const revision = statusOf(plane).updateRevision;
    const scaler: KubeObject = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        minReplicas: 3,
        maxReplicas: 5,
      },
    };
    plane.put(scaler);
    plane.put(policyFor(scaler, EVERYWHERE));
    plane.simulation.runFor(120_000);
    const there = ['m1', 'm2', 'm3'].flatMap((name) => inMember(plane, name) ?? []);
    expect(there.map(({ spec }) => (spec as { replicas: number }).replicas)).toEqual(there.map(() => 3));
    expect([images(plane).includes('2'), statusOf(plane).updateRevision]).toEqual([false, revision]);
    const generations = () => ['m1', 'm2', 'm3'].map((name) => inMember(plane, name)?.metadata.generation);
    const before = generations();
    plane.simulation.runFor(300_000);
    expect(generations()).toEqual(before);
  });

  it('sends to clusters that come later what those of their wave have', () => {
    const plane = staged(
      CANARY,
      { paused: true },
      { clusterAffinity: { labelSelector: { matchLabels: { on: 'yes' } } } },
    );
    expect(images(plane)).toBe('- - -');
    plane.change(clusterObject('m1'), (object) => ({
      ...object,
      metadata: { ...object.metadata, labels: { on: 'yes' } },
    }));
    plane.simulation.runFor(60_000);
    expect(images(plane)).toBe('1 - -');
    release(plane, 'shop/app:2');
    plane.simulation.runFor(30_000);
    plane.change(clusterObject('m2'), (object) => ({
      ...object,
      metadata: { ...object.metadata, labels: { on: 'yes' } },
    }));
    plane.simulation.runFor(60_000);
    expect(images(plane)).toBe('1 1 -');
  });

  it('stages what overrides make of the object as well', () => {
    const plane = staged();
    plane.put({
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: 'OverridePolicy',
      metadata: { name: 'tag', namespace: 'default' },
      spec: {
        resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }],
        overrideRules: [{ overriders: { imageOverrider: [{ component: 'Tag', operator: 'replace', value: '7' }] } }],
      },
    });
    plane.simulation.runFor(40_000);
    expect(images(plane)).toBe('7 1 1');
    plane.simulation.runFor(300_000);
    expect(images(plane)).toBe('7 7 7');
  });

  it('begins anew with a change that comes meanwhile, and ends with one that is taken back', () => {
    const plane = staged();
    release(plane, 'shop/app:2');
    plane.simulation.runFor(40_000);
    release(plane, 'shop/app:3');
    plane.simulation.runFor(40_000);
    expect([images(plane), statusOf(plane).wave]).toEqual(['3 1 1', 1]);
    release(plane, 'shop/app:1');
    plane.simulation.runFor(60_000);
    expect([images(plane), statusOf(plane).phase]).toEqual(['1 1 1', 'Stable']);
  });

  it('stays where it is while something that it is about is missing', () => {
    const plane = staged(CANARY, { healthTimeoutSeconds: 30 });
    release(plane, 'shop/app:2');
    plane.simulation.runFor(20_000);
    const before = statusOf(plane);
    plane.remove(web);
    plane.simulation.runFor(300_000);
    expect(statusOf(plane)).toEqual({ ...before, message: 'Waits for Deployment web.' });
    plane.put({ ...deployment('web', 2, 'shop/app:2') });
    plane.simulation.runFor(300_000);
    expect([images(plane), statusOf(plane).phase]).toEqual(['2 2 2', 'Stable']);
  });

  it('that goes lets everything through', () => {
    const plane = staged(CANARY, { paused: true });
    release(plane, 'shop/app:2');
    plane.simulation.runFor(30_000);
    expect(images(plane)).toBe('1 1 1');
    plane.remove(rollout([]));
    plane.simulation.runFor(60_000);
    expect(images(plane)).toBe('2 2 2');
  });

  it('waits for what it is about, and then lets it be placed everywhere at once', () => {
    const plane = controlPlane();
    plane.put(rollout(CANARY));
    plane.simulation.runFor(5_000);
    expect(statusOf(plane)).toMatchObject({ phase: 'Waiting', message: 'Waits for Deployment web.' });
    plane.put(web);
    plane.put(policyFor(web, EVERYWHERE));
    plane.simulation.runFor(60_000);
    expect([images(plane), statusOf(plane).phase]).toEqual(['1 1 1', 'Stable']);
  });
});
