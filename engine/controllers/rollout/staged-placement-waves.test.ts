// A policy that places differently what a staged rollout is about: clusters get more, less, all or nothing of it wave by wave.
import { describe, expect, it } from 'vitest';
import {
  clusterObject,
  controlPlane,
  DYNAMIC,
  deployment,
  evenlyIn,
  type Fixture,
  type FixtureOptions,
  onlyIn,
  policyFor,
  weighedIn,
} from '../../../test/builders/control-plane.ts';
import { ANNOTATIONS } from '../../api/names.ts';
import {
  ROLLOUT_WORDS,
  type RolloutWave,
  STAGED_PLACEMENT,
  type StagedRolloutStatus,
} from '../../api/staged-rollout.ts';
import type { KubeObject } from '../../kube/meta.ts';

const web = deployment('web', 6);

const wave = (name: string, rest: Partial<RolloutWave> = {}): RolloutWave => ({
  clusters: { clusterNames: [name] },
  bakeSeconds: 60,
  ...rest,
});

const rollout = (waves: readonly RolloutWave[], spec: object = {}): KubeObject => ({
  apiVersion: 'muster.dev/v1alpha1',
  kind: 'StagedRollout',
  metadata: { name: 'web', namespace: 'default' },
  spec: { resources: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }], waves, ...spec },
});

function staged(
  placement: object,
  waves: readonly RolloutWave[],
  spec: object = {},
  options: FixtureOptions = {},
): Fixture {
  const plane = controlPlane({ clusters: ['m1', 'm2', 'm3', 'm4'], ...options });
  plane.simulation.runFor(5_000);
  plane.put(web);
  plane.put(policyFor(web, placement));
  plane.put(rollout(waves, spec));
  plane.simulation.runFor(120_000);
  expect(statusOf(plane).phase).toBe('Stable');
  return plane;
}

const place = (plane: Fixture, placement: object): void =>
  plane.change(policyFor(web), (object) => ({ ...object, spec: policyFor(web, placement).spec }));

const scale = (plane: Fixture, replicas: number, image?: string): void =>
  plane.change(web, (object) => ({ ...object, spec: deployment('web', replicas, image).spec }));

const taint = (plane: Fixture, name: string, taints: readonly object[]): void =>
  plane.change(clusterObject(name), (object) => ({ ...object, spec: { ...(object.spec as object), taints } }));

const say = (plane: Fixture, words: Record<string, string>): void =>
  plane.change(rollout([]), (object) => ({ ...object, metadata: { ...object.metadata, annotations: words } }));

const statusOf = (plane: Fixture): StagedRolloutStatus =>
  plane.get('muster.dev/v1alpha1', 'StagedRollout', 'web')!.status as StagedRolloutStatus;

const run = (plane: Fixture, seconds: number): void => void plane.simulation.runFor(seconds * 1000);

/** The fewest that served at any moment, from now on. */
function fewestFrom(plane: Fixture): () => number {
  const serving = () =>
    plane
      .serving('web')
      .replace(/m\d=/g, '')
      .split(' ')
      .reduce((sum, text) => sum + Number(text), 0);
  let fewest = serving();
  plane.simulation.onChange(() => {
    fewest = Math.min(fewest, serving());
  });
  return () => fewest;
}

const noted = (plane: Fixture): string | undefined =>
  plane.binding('web-deployment')!.metadata.annotations?.[STAGED_PLACEMENT];

describe('a placement that has changed', () => {
  it('comes to new clusters wave by wave, and leaves the old ones when it is well in the new', () => {
    const plane = staged(evenlyIn('m1', 'm2'), [wave('m3'), wave('m4')]);
    expect(plane.serving('web')).toBe('m1=3 m2=3');
    const fewest = fewestFrom(plane);
    place(plane, evenlyIn('m3', 'm4'));
    run(plane, 50);
    expect([plane.serving('web'), statusOf(plane).progress, statusOf(plane).phase]).toEqual([
      'm1=3 m2=3 m3=3',
      '1/4',
      'Progressing',
    ]);
    run(plane, 90);
    expect([plane.serving('web'), statusOf(plane).wave]).toEqual(['m1=3 m2=3 m3=3 m4=3', 2]);
    run(plane, 300);
    expect([plane.serving('web'), statusOf(plane).phase, noted(plane)]).toEqual(['m3=3 m4=3', 'Stable', undefined]);
    expect(fewest()).toBeGreaterThanOrEqual(6);
  });

  it('is left by nobody before there is enough elsewhere, though its wave is the first', () => {
    const plane = staged(evenlyIn('m1', 'm2'), [wave('m1'), wave('m3'), wave('m2')]);
    const fewest = fewestFrom(plane);
    place(plane, evenlyIn('m3', 'm4'));
    run(plane, 100);
    expect(plane.serving('web')).toBe('m1=3 m2=3 m3=3');
    run(plane, 80);
    expect([plane.serving('web'), statusOf(plane).wave]).toEqual(['m2=3 m3=3', 3]);
    run(plane, 400);
    expect([plane.serving('web'), statusOf(plane).phase]).toEqual(['m3=3 m4=3', 'Stable']);
    expect(fewest()).toBe(6);
  });

  it('shifts weights in waves', () => {
    const plane = staged(weighedIn({ m1: 4, m2: 2 }), [wave('m2')]);
    const fewest = fewestFrom(plane);
    place(plane, weighedIn({ m1: 1, m2: 3, m3: 2 }));
    run(plane, 50);
    expect(plane.serving('web')).toBe('m1=4 m2=3');
    run(plane, 300);
    expect([plane.serving('web'), fewest()]).toEqual(['m1=1 m2=3 m3=2', 6]);
  });

  it('stages copies that are whole', () => {
    const plane = staged(onlyIn('m1', 'm2'), [wave('m1'), wave('m3')]);
    place(plane, onlyIn('m3', 'm4'));
    run(plane, 40);
    expect(plane.serving('web')).toBe('m1=6 m2=6');
    run(plane, 70);
    expect(plane.serving('web')).toBe('m1=6 m2=6 m3=6');
    run(plane, 300);
    expect([plane.serving('web'), statusOf(plane).phase]).toEqual(['m3=6 m4=6', 'Stable']);
  });

  it('goes together with a changed template', () => {
    const plane = staged(evenlyIn('m1', 'm2'), [wave('m3')]);
    place(plane, evenlyIn('m3', 'm2'));
    scale(plane, 6, 'shop/app:2');
    run(plane, 50);
    const image = (name: string) =>
      /shop\/app:(\w+)/.exec(
        JSON.stringify(plane.simulation.world.member(name)!.api.store.get('apps/deployments', 'default', 'web')),
      )?.[1];
    expect([plane.serving('web'), image('m1'), image('m2'), image('m3')]).toEqual(['m1=3 m2=3 m3=3', '1', '1', '2']);
    run(plane, 300);
    expect([plane.serving('web'), image('m2'), image('m3')]).toEqual(['m2=3 m3=3', '2', '2']);
  });

  it('stops where it does harm: what was there is there, for however long', () => {
    const plane = staged(evenlyIn('m1', 'm2'), [wave('m1'), wave('m3')], { healthTimeoutSeconds: 120 });
    plane.simulation.world.member('m3')!.setBehaviors([{ match: {}, behavior: { isBroken: true } }]);
    place(plane, evenlyIn('m3', 'm4'));
    run(plane, 3_600);
    expect(statusOf(plane)).toMatchObject({ phase: 'Stopped', wave: 2, failedClusters: [{ name: 'm3' }] });
    expect(plane.serving('web')).toBe('m1=3 m2=3');
    plane.simulation.world.member('m3')!.setBehaviors([]);
    run(plane, 400);
    expect(plane.serving('web')).toBe('m1=3 m2=3 m3=3');
    say(plane, { [ROLLOUT_WORDS.retried]: new Date(plane.simulation.now).toISOString() });
    run(plane, 400);
    expect([plane.serving('web'), statusOf(plane).phase]).toEqual(['m3=3 m4=3', 'Stable']);
  });

  it('rolls back to the clusters that it had, while the policy stays as it is', () => {
    const plane = staged(weighedIn({ m1: 1, m2: 2 }), [wave('m1'), wave('m3')], {
      healthTimeoutSeconds: 120,
      onFailure: 'RollBack',
    });
    plane.simulation.world.member('m3')!.setBehaviors([{ match: {}, behavior: { isBroken: true } }]);
    place(plane, weighedIn({ m3: 2, m4: 1 }));
    run(plane, 3_000);
    expect([plane.serving('web'), statusOf(plane).phase, plane.places('web')]).toEqual([
      'm1=2 m2=4',
      'RolledBack',
      'm1=2 m2=4',
    ]);
    expect(plane.binding('web-deployment')!.spec.placement).toMatchObject(weighedIn({ m3: 2, m4: 1 }));
    place(plane, weighedIn({ m1: 1, m2: 2 }));
    run(plane, 60);
    expect([plane.serving('web'), statusOf(plane).phase, noted(plane)]).toEqual(['m1=2 m2=4', 'Stable', undefined]);
  });

  it('waits for approval, goes back when aborted, and through when retried', () => {
    const plane = staged(evenlyIn('m1', 'm2'), [wave('m3'), wave('m4', { approval: true })]);
    place(plane, evenlyIn('m3', 'm4'));
    run(plane, 300);
    expect([plane.serving('web'), statusOf(plane).message]).toEqual(['m1=3 m2=3 m3=3', 'Wave 2 waits to be approved.']);
    say(plane, { [ROLLOUT_WORDS.aborted]: statusOf(plane).updateRevision! });
    run(plane, 60);
    expect([plane.serving('web'), statusOf(plane).phase]).toEqual(['m1=3 m2=3', 'RolledBack']);
    say(plane, { [ROLLOUT_WORDS.retried]: new Date(plane.simulation.now).toISOString() });
    run(plane, 120);
    say(plane, { [ROLLOUT_WORDS.approved]: `${statusOf(plane).updateRevision}/2` });
    run(plane, 300);
    expect([plane.serving('web'), statusOf(plane).phase]).toEqual(['m3=3 m4=3', 'Stable']);
  });

  it('is not approved by what was said of an earlier one', () => {
    const plane = staged(evenlyIn('m1', 'm2'), [wave('m3', { approval: true })]);
    place(plane, evenlyIn('m1', 'm3'));
    run(plane, 30);
    say(plane, { [ROLLOUT_WORDS.approved]: `${statusOf(plane).updateRevision}/1` });
    run(plane, 300);
    expect([plane.serving('web'), statusOf(plane).phase]).toEqual(['m1=3 m3=3', 'Stable']);
    place(plane, evenlyIn('m2', 'm4'));
    run(plane, 300);
    expect([plane.serving('web'), statusOf(plane).phase]).toEqual(['m1=3 m3=3', 'Waiting']);
  });

  it('lets scaling through at once, by the placement that each cluster has', () => {
    const plane = staged(evenlyIn('m1', 'm2'), [wave('m3'), wave('m4', { approval: true })]);
    place(plane, evenlyIn('m3', 'm4'));
    run(plane, 300);
    scale(plane, 10);
    run(plane, 60);
    expect(plane.serving('web')).toBe('m1=5 m2=5 m3=5');
    scale(plane, 2);
    run(plane, 60);
    expect(plane.serving('web')).toBe('m1=1 m2=1 m3=1');
  });

  it('does not hold up failover, whichever placement the cluster was chosen by', () => {
    const plane = staged(evenlyIn('m1', 'm2'), [wave('m3'), wave('m4', { approval: true })]);
    place(plane, evenlyIn('m3', 'm4'));
    run(plane, 300);
    taint(plane, 'm1', [{ key: 'out', effect: 'NoExecute' }]);
    run(plane, 120);
    expect(plane.serving('web')).toBe('m2=6 m3=3');
    taint(plane, 'm3', [{ key: 'out', effect: 'NoExecute' }]);
    run(plane, 120);
    expect(plane.serving('web')).toBe('m2=6');
  });

  it('helps out where the placement before cannot hold what is wanted any more', () => {
    const plane = staged(evenlyIn('m1'), [wave('m3', { approval: true })]);
    place(plane, evenlyIn('m3', 'm4'));
    run(plane, 60);
    expect(plane.serving('web')).toBe('m1=6');
    taint(plane, 'm1', [{ key: 'out', effect: 'NoExecute' }]);
    run(plane, 300);
    expect(plane.serving('web')).toBe('m3=3 m4=3');
  });

  it('counts on nothing that failed and was put up with', () => {
    const plane = staged(evenlyIn('m1', 'm2'), [wave('m3'), wave('m1', { bakeSeconds: 3_000 })], {
      healthTimeoutSeconds: 60,
      maxFailures: 1,
    });
    plane.simulation.world.member('m3')!.setBehaviors([{ match: {}, behavior: { isBroken: true } }]);
    place(plane, evenlyIn('m2', 'm3'));
    run(plane, 1_500);
    expect([statusOf(plane).wave, statusOf(plane).updatedClusters]).toEqual([2, ['m1', 'm3']]);
    expect(plane.serving('web')).toBe('m1=3 m2=3');
  });

  it('tolerates in each cluster what it was chosen by', () => {
    const plane = staged(evenlyIn('m1', 'm2'), [wave('m3'), wave('m4', { approval: true })]);
    taint(plane, 'm3', [{ key: 'special', effect: 'NoExecute' }]);
    place(plane, { ...evenlyIn('m2', 'm3'), clusterTolerations: [{ key: 'special', operator: 'Exists' }] });
    run(plane, 200);
    expect(plane.serving('web')).toBe('m1=3 m2=3 m3=3');
    taint(plane, 'm1', [{ key: 'special', effect: 'NoExecute' }]);
    run(plane, 200);
    expect(plane.serving('web')).toBe('m2=6 m3=3');
  });

  it('does not go on to a cluster that has failed meanwhile', () => {
    const plane = staged(evenlyIn('m1', 'm2'), [wave('m3'), wave('m4', { approval: true })]);
    place(plane, evenlyIn('m3', 'm4'));
    run(plane, 200);
    expect(plane.serving('web')).toBe('m1=3 m2=3 m3=3');
    taint(plane, 'm4', [{ key: 'out', effect: 'NoExecute' }]);
    run(plane, 60);
    expect(plane.serving('web')).toBe('m1=3 m2=3 m3=6');
  });

  it('waits where neither has a place, and comes back when that is over', () => {
    const plane = staged(evenlyIn('m1'), [wave('m3', { approval: true })]);
    const scheduled = () => {
      const { conditions = [] } = plane.binding('web-deployment')!.status ?? {};
      return conditions.find(({ type }) => type === 'Scheduled')?.reason;
    };
    place(plane, evenlyIn('m3'));
    run(plane, 60);
    // Who has only heard that its old place is none any more takes it to the new one.
    for (const name of ['m3', 'm1']) {
      taint(plane, name, [{ key: 'out', effect: 'NoExecute' }]);
      run(plane, 5);
    }
    run(plane, 400);
    expect([plane.serving('web'), scheduled()]).toEqual(['m1=6', 'Unschedulable']);
    taint(plane, 'm1', []);
    run(plane, 400);
    expect([plane.serving('web'), plane.places('web'), scheduled()]).toEqual(['m1=6', 'm1=6', 'Success']);
  });

  it('begins anew with one that comes meanwhile, and ends with one that is taken back', () => {
    const plane = staged(evenlyIn('m1', 'm2'), [wave('m3'), wave('m4')]);
    const fewest = fewestFrom(plane);
    place(plane, evenlyIn('m3', 'm4'));
    run(plane, 50);
    place(plane, evenlyIn('m1', 'm4'));
    run(plane, 50);
    expect([plane.serving('web'), statusOf(plane).updatedClusters]).toEqual(['m1=3 m2=3 m4=3', ['m4']]);
    place(plane, evenlyIn('m1', 'm2'));
    run(plane, 60);
    expect([plane.serving('web'), statusOf(plane).phase, noted(plane)]).toEqual(['m1=3 m2=3', 'Stable', undefined]);
    expect(fewest()).toBe(6);
  });

  it('is not let through by what was said of the one before', () => {
    const plane = staged(evenlyIn('m1', 'm2'), [wave('m3'), wave('m4', { approval: true })]);
    place(plane, evenlyIn('m3', 'm4'));
    run(plane, 300);
    expect(plane.serving('web')).toBe('m1=3 m2=3 m3=3');
    const bindings = 'work.karmada.io/resourcebindings';
    plane.simulation.inject({
      fault: 'watch-held',
      by: 'controller-manager',
      place: 'hub',
      collection: bindings,
      forMs: 30_000,
    });
    const most = { m3: 0 };
    plane.simulation.onChange(() => {
      const { clusters = [] } = plane.binding('web-deployment')!.spec;
      most.m3 = Math.max(most.m3, clusters.find(({ name }) => name === 'm3')?.replicas ?? 0);
    });
    place(plane, evenlyIn('m3'));
    run(plane, 25);
    expect([plane.serving('web'), most.m3]).toEqual(['m1=3 m2=3 m3=3', 3]);
    run(plane, 300);
    say(plane, { [ROLLOUT_WORDS.approved]: `${statusOf(plane).updateRevision}/2` });
    run(plane, 300);
    expect([plane.serving('web'), statusOf(plane).phase]).toEqual(['m3=6', 'Stable']);
  });

  it('that fits nowhere comes nowhere, and says so', () => {
    const plane = staged(evenlyIn('m1', 'm2'), [wave('m3')]);
    place(plane, { ...DYNAMIC, clusterAffinity: { labelSelector: { matchLabels: { none: 'such' } } } });
    run(plane, 300);
    expect([plane.serving('web'), statusOf(plane).phase]).toEqual(['m1=3 m2=3', 'Waiting']);
    expect(statusOf(plane).message).toMatch(/^Deployment web finds no place: /);
    plane.change(clusterObject('m3'), (object) => ({
      ...object,
      metadata: { ...object.metadata, labels: { none: 'such' } },
    }));
    run(plane, 300);
    expect([plane.serving('web'), statusOf(plane).phase]).toEqual(['m3=6', 'Stable']);
  });

  it('goes everywhere at once where only templates are staged, and when the rollout goes', () => {
    const free = staged(evenlyIn('m1', 'm2'), [wave('m3', { approval: true })], { changes: ['Template'] });
    place(free, evenlyIn('m3', 'm4'));
    run(free, 60);
    expect([free.serving('web'), statusOf(free).phase]).toEqual(['m3=3 m4=3', 'Stable']);
    const plane = staged(evenlyIn('m1', 'm2'), [wave('m3', { approval: true })]);
    place(plane, evenlyIn('m3', 'm4'));
    run(plane, 60);
    expect(plane.serving('web')).toBe('m1=3 m2=3');
    plane.remove(rollout([]));
    run(plane, 60);
    expect([plane.serving('web'), noted(plane)]).toEqual(['m3=3 m4=3', undefined]);
  });

  it('alone is staged where that is asked for', () => {
    const plane = staged(evenlyIn('m1', 'm2'), [wave('m3', { approval: true })], { changes: ['Placement'] });
    scale(plane, 6, 'shop/app:2');
    place(plane, evenlyIn('m3', 'm4'));
    run(plane, 90);
    const images = JSON.stringify(
      ['m1', 'm2'].map((name) =>
        plane.simulation.world.member(name)!.api.store.get('apps/deployments', 'default', 'web'),
      ),
    ).match(/shop\/app:\w+/g);
    expect([plane.serving('web'), statusOf(plane).phase, images]).toEqual([
      'm1=3 m2=3',
      'Waiting',
      ['shop/app:2', 'shop/app:2'],
    ]);
    expect(plane.simulation.world.hub.store.list('apps/controllerrevisions', 'default')).toEqual([]);
    say(plane, { [ROLLOUT_WORDS.approved]: `${statusOf(plane).updateRevision}/1` });
    run(plane, 300);
    expect([plane.serving('web'), statusOf(plane).phase]).toEqual(['m3=3 m4=3', 'Stable']);
  });

  it('takes what a rollout of templates has noted for what it is', () => {
    const plane = staged(evenlyIn('m1', 'm2'), [wave('m3', { approval: true })], { changes: ['Template'] });
    plane.change(rollout([]), (object) => ({
      ...object,
      spec: { ...(object.spec as object), changes: ['Template', 'Placement'] },
    }));
    run(plane, 30);
    expect(statusOf(plane).phase).toBe('Stable');
    place(plane, evenlyIn('m3', 'm4'));
    run(plane, 90);
    expect([plane.serving('web'), statusOf(plane).phase]).toEqual(['m1=3 m2=3', 'Waiting']);
  });

  it('takes what belongs together to the same clusters in the same wave', () => {
    const config: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web', namespace: 'default' } };
    const both = (...names: string[]): KubeObject => ({
      ...policyFor(web, onlyIn(...names)),
      spec: {
        resourceSelectors: [web, config].map(({ apiVersion, kind }) => ({ apiVersion, kind, name: 'web' })),
        placement: onlyIn(...names),
      },
    });
    const plane = controlPlane({ clusters: ['m1', 'm2', 'm3'] });
    plane.simulation.runFor(5_000);
    for (const object of [web, config, both('m1')]) plane.put(object);
    const resources = [web, config].map(({ apiVersion, kind }) => ({ apiVersion, kind, name: 'web' }));
    plane.put(rollout([wave('m2')], { resources }));
    run(plane, 120);
    const has = (collection: string) =>
      plane.simulation.world.members
        .filter(({ api }) => api.store.get(collection, 'default', 'web') !== null)
        .map(({ name }) => name)
        .join(' ');
    const there = () => [has('apps/deployments'), has('/configmaps')];
    expect(there()).toEqual(['m1', 'm1']);
    plane.change(both(), (object) => ({ ...object, spec: both('m2', 'm3').spec }));
    run(plane, 50);
    expect(there()).toEqual(['m1 m2', 'm1 m2']);
    run(plane, 300);
    expect([...there(), statusOf(plane).phase]).toEqual(['m2 m3', 'm2 m3', 'Stable']);
  });

  it('passes by what tells of no replicas that are ready', () => {
    const job: KubeObject = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        parallelism: 2,
        completions: 4,
        template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'shop/job:1' }] } },
      },
    };
    const plane = controlPlane();
    plane.simulation.runFor(5_000);
    plane.put(job);
    plane.put(policyFor(job, onlyIn('m1')));
    plane.put(rollout([wave('m2')], { resources: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'web' }] }));
    run(plane, 120);
    plane.change(policyFor(job), (object) => ({ ...object, spec: policyFor(job, onlyIn('m2', 'm3')).spec }));
    run(plane, 400);
    const there = plane.simulation.world.members.flatMap(({ name, api }) =>
      api.store.get('batch/jobs', 'default', 'web') === null ? [] : [name],
    );
    expect([there, statusOf(plane).phase]).toEqual([['m2', 'm3'], 'Stable']);
  });

  it('gives way to who places it by hand', () => {
    const plane = staged(evenlyIn('m1', 'm2'), [wave('m3', { approval: true })]);
    place(plane, evenlyIn('m3', 'm4'));
    run(plane, 60);
    const binding = plane.binding('web-deployment')! as unknown as KubeObject;
    plane.change(binding, (object) => {
      const { [STAGED_PLACEMENT]: _waves, ...annotations } = object.metadata.annotations ?? {};
      const spec = object.spec as { placement?: object };
      const applied = { ...annotations, [ANNOTATIONS.appliedPlacement]: JSON.stringify(spec.placement) };
      const clusters = [{ name: 'm4', replicas: 6 }];
      return { ...object, metadata: { ...object.metadata, annotations: applied }, spec: { ...spec, clusters } };
    });
    run(plane, 15);
    expect([plane.places('web'), noted(plane)]).toEqual(['m4=6', undefined]);
  });
});
