import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isObject, type KubeObject } from '../../engine/index.ts';
import { deployment, evenlyIn, onlyIn, policyFor } from '../builders/control-plane.ts';
import { ended, fewestReady as fewestReadyOf, RunningFleet } from './running-fleet.ts';

let fleet: RunningFleet;

beforeAll(async () => {
  fleet = await RunningFleet.start('--members', 'embedded:3');
});

afterAll(() => fleet.end());

const WAIT = { timeout: 20_000, interval: 100 };

const reference = (name: string) => ({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name });
const policy = (name: string) => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  namespace: 'default',
  name,
});

async function readyIn(member: string, name: string): Promise<number> {
  const found = await fleet.api(member).get(reference(name));
  return isObject(found?.status) ? Number(found.status.readyReplicas ?? 0) : 0;
}

async function runs(name: string, where: Readonly<Record<string, number>>): Promise<void> {
  for (const [member, replicas] of Object.entries(where)) {
    await expect.poll(() => readyIn(member, name), { ...WAIT, message: `${name} in ${member}` }).toBe(replicas);
  }
}

async function apply(object: KubeObject, placement: object, spec: object = {}): Promise<void> {
  await fleet.api('hub').create(object);
  await fleet.api('hub').create(policyFor(object, placement, spec));
}

async function placementOf(name: string): Promise<unknown> {
  const found = await fleet.api('hub').get(policy(name));
  return (found?.spec as { placement?: unknown } | undefined)?.placement;
}

const fewestReady = (name: string, during: Promise<unknown>) => fewestReadyOf(fleet, name, 'default', during);

describe('muster migrate', () => {
  it('moves a deployment with what it needs, always serving, and back again', async () => {
    const hub = fleet.api('hub');
    const web = deployment('web', 3);
    const { template, ...spec } = web.spec as { template: { spec: object } };
    const volumes = [{ name: 'v', configMap: { name: 'settings' } }];
    await hub.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: 'default' },
      data: { a: 'b' },
    });
    await apply(
      { ...web, spec: { ...spec, template: { ...template, spec: { ...template.spec, volumes } } } },
      onlyIn('member1'),
    );
    await runs('web', { member1: 3 });
    const before = await placementOf('web');

    const shown = await fleet.muster('migrate', 'deploy', 'web', '--from', 'member1', '--to', 'member2', '--dry-run');
    expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('member1: 3 -> none, member2: none -> 3') });
    expect(await placementOf('web')).toEqual(before);

    const moving = fleet.process('migrate', 'deploy', 'web', '--from', 'member1', '--to', 'member2');
    expect(await fewestReady('web', moving)).toBeGreaterThanOrEqual(3);
    expect(await moving).toMatchObject({ code: 0, out: expect.stringContaining('Deployment default/web has moved') });
    expect(await fleet.api('member1').get(reference('web'))).toBeNull();
    const settings = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'settings' };
    expect((await fleet.api('member2').get(settings))?.data).toEqual({ a: 'b' });
    await expect.poll(() => fleet.api('member1').get(settings), WAIT).toBeNull();
    expect(await placementOf('web')).toMatchObject(onlyIn('member2'));

    const back = fleet.muster('migrate', 'deploy', 'web', '--undo');
    expect(await fewestReady('web', back)).toBeGreaterThanOrEqual(3);
    expect(await back).toMatchObject({ code: 0, out: expect.stringContaining('is as it was') });
    expect(await placementOf('web')).toEqual(before);
    await runs('web', { member1: 3 });
    expect(await fleet.api('member2').get(reference('web'))).toBeNull();
    expect(await fleet.muster('migrate', 'deploy', 'web', '--undo')).toMatchObject({
      code: 1,
      notes: expect.stringContaining('nothing to undo'),
    });
  });

  it('moves one share of what is divided', async () => {
    await apply(deployment('divided', 4), evenlyIn('member1', 'member2'));
    await runs('divided', { member1: 2, member2: 2 });
    const moving = fleet.muster('migrate', 'deployment', 'divided', '--from', 'member1', '--to', 'member3');
    expect(await fewestReady('divided', moving)).toBeGreaterThanOrEqual(4);
    expect(await moving).toMatchObject({ code: 0 });
    await runs('divided', { member2: 2, member3: 2 });
    expect(await fleet.api('member1').get(reference('divided'))).toBeNull();
  });

  it('gives a policy of its own to what shares one with others', async () => {
    const [one, other] = [deployment('one', 1), deployment('other', 1)].map((made) => ({
      ...made,
      metadata: { ...made.metadata, labels: { team: 'a', part: made.metadata.name } },
    })) as unknown as [KubeObject, KubeObject];
    const shared = policyFor(one, onlyIn('member1'));
    const selectors = [{ apiVersion: 'apps/v1', kind: 'Deployment', labelSelector: { matchLabels: { team: 'a' } } }];
    const hub = fleet.api('hub');
    await hub.create({
      ...shared,
      metadata: { ...shared.metadata, name: 'shared' },
      spec: { ...(shared.spec as object), resourceSelectors: selectors },
    });
    await hub.create(one);
    await hub.create(other);
    await runs('one', { member1: 1 });
    await runs('other', { member1: 1 });
    const moving = fleet.muster('migrate', '-l', 'part=one', '--from', 'member1', '--to', 'member2');
    expect(await fewestReady('one', moving)).toBeGreaterThanOrEqual(1);
    expect(await moving).toMatchObject({
      code: 0,
      out: expect.stringContaining('shared-in-member2  is made for it alone'),
    });
    await runs('one', { member2: 1 });
    await runs('other', { member1: 1 });
    const back = fleet.muster('migrate', '-l', 'part=one', '--undo');
    expect(await fewestReady('one', back)).toBeGreaterThanOrEqual(1);
    expect(await back).toMatchObject({ code: 0 });
    await expect.poll(() => hub.get(policy('shared-in-member2')), WAIT).toBeNull();
    await runs('one', { member1: 1 });
    const claimed = (await hub.get(reference('one')))?.metadata.annotations?.['propagationpolicy.karmada.io/name'];
    expect(claimed).toBe('shared');
    // And both together, by their policy.
    expect(await fleet.muster('migrate', '--policy', 'shared', '--from', 'member1', '--to', 'member3')).toMatchObject({
      code: 0,
    });
    await runs('one', { member3: 1 });
    await runs('other', { member3: 1 });
  });

  it('puts all back where the new copy does not come up', async () => {
    await apply(deployment('stuck', 2), onlyIn('member1'));
    await runs('stuck', { member1: 2 });
    const before = await placementOf('stuck');
    // Somebody else's, which the hub leaves alone.
    await fleet.api('member2').create(deployment('stuck', 1));
    const moving = fleet.muster(
      'migrate',
      'deployment',
      'stuck',
      '--from',
      'member1',
      '--to',
      'member2',
      '--timeout',
      '3',
    );
    expect(await fewestReady('stuck', moving)).toBeGreaterThanOrEqual(2);
    expect(await moving).toMatchObject({
      code: 1,
      notes: expect.stringMatching(/was not made by the hub.*put back as it was/),
    });
    expect(await placementOf('stuck')).toEqual(before);
    await runs('stuck', { member1: 2 });
    expect(
      (await fleet.api('member2').get(reference('stuck')))?.metadata.labels?.['karmada.io/managed'],
    ).toBeUndefined();
  });

  it('goes on where it was interrupted, or back', async () => {
    const hub = fleet.api('hub');
    await apply(deployment('halfway', 2), onlyIn('member1'));
    await runs('halfway', { member1: 2 });
    const args = ['migrate', 'deployment', 'halfway', '--from', 'member1', '--to', 'member2'];
    const binding = {
      apiVersion: 'work.karmada.io/v1alpha2',
      kind: 'ResourceBinding',
      namespace: 'default',
      name: 'halfway-deployment',
    };
    const isHeld = async () => JSON.stringify((await hub.get(binding))?.spec).includes('"producer":"Relocation"');

    const killed = fleet.begin(...args);
    const gone = ended(killed);
    await expect.poll(isHeld, { ...WAIT, interval: 5 }).toBe(true);
    killed.kill('SIGKILL');
    await gone;
    await runs('halfway', { member1: 2, member2: 2 });
    expect(await fleet.muster(...args)).toMatchObject({ code: 0, out: expect.stringContaining('has moved') });
    await runs('halfway', { member2: 2 });
    expect(await fleet.api('member1').get(reference('halfway'))).toBeNull();
    expect(await fleet.muster('migrate', 'deployment', 'halfway', '--undo')).toMatchObject({ code: 0 });
    await runs('halfway', { member1: 2 });

    const stopped = fleet.begin(...args);
    const told = ended(stopped);
    await expect.poll(isHeld, { ...WAIT, interval: 5 }).toBe(true);
    stopped.kill('SIGINT');
    expect(await told).toMatchObject({ code: 130, notes: expect.stringContaining('--undo') });
    const back = fleet.muster('migrate', 'deployment', 'halfway', '--undo');
    expect(await fewestReady('halfway', back)).toBeGreaterThanOrEqual(2);
    expect(await back).toMatchObject({ code: 0 });
    expect(await placementOf('halfway')).toMatchObject(onlyIn('member1'));
    await expect.poll(() => fleet.api('member2').get(reference('halfway')), WAIT).toBeNull();
    expect(await isHeld()).toBe(false);
  });

  it('refuses what cannot be, and touches nothing', async () => {
    const told = async (...args: string[]) => (await fleet.muster('migrate', ...args)).notes;
    expect(await told('deployment', 'gone', '--from', 'member1', '--to', 'member2')).toContain(
      'the hub places no Deployment gone',
    );
    expect(await told('deployment', 'web', '--from', 'member3', '--to', 'member2')).toContain('is in member3');
    expect(await told('deployment', 'web', '--from', 'member1', '--to', 'member9')).toContain('it knows member1');
    expect(await told('deployment', 'web', '--from', 'member1', '--to', 'member1')).toContain('is to leave member1');
    expect(await told('deployment', 'web', '--from', 'member1')).toContain('--to');
    expect(await told('--from', 'member1', '--to', 'member2')).toContain('which application');
    await apply(deployment('huge', 1), onlyIn('member1'));
    await runs('huge', { member1: 1 });
    await fleet
      .api('hub')
      .merge(
        { apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', name: 'member3' },
        { spec: { taints: [{ key: 'full', effect: 'NoSchedule' }] } },
      );
    expect(await told('deployment', 'huge', '--from', 'member1', '--to', 'member3')).toContain(
      'Deployment default/huge would not be placed in member3: no toleration for full:NoSchedule',
    );
    expect((await fleet.muster('clone', 'deployment', 'huge', '--to', 'member3')).notes).toContain(
      'Deployment default/huge would not be placed in member3: no toleration for full:NoSchedule',
    );
    await runs('huge', { member1: 1 });
    await fleet
      .api('hub')
      .merge(
        { apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', name: 'member3' },
        { spec: { taints: null } },
      );
  });

  it('says at once why something would not be placed where it is to come', async () => {
    const hungry = (name: string, replicas: number, cpu: string) => {
      const made = deployment(name, replicas);
      const { template } = made.spec as { template: { spec: object } };
      const containers = [{ name: 'main', image: 'shop/app:1', resources: { requests: { cpu } } }];
      return { ...made, spec: { ...(made.spec as object), template: { ...template, spec: { containers } } } };
    };
    const divided = {
      replicaScheduling: { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Aggregated' },
    };
    await apply(hungry('hungry-there', 5, '7'), onlyIn('member2'));
    await apply(hungry('hungry-copies', 4, '4'), onlyIn('member1'));
    await apply(hungry('hungry-divided', 4, '4'), { ...onlyIn('member3'), ...divided });
    await runs('hungry-there', { member2: 5 });
    await runs('hungry-divided', { member3: 4 });
    const asked = (...args: string[]) => fleet.muster(...args, '--to', 'member2', '--dry-run');
    const doubted = async () => (await asked('clone', 'deployment', 'hungry-copies')).notes;
    const doubt =
      /^note: Deployment default\/hungry-copies is to have 4 replicas in member2, and it has room for \d replicas? \(.+\)\n$/;
    await expect.poll(doubted, WAIT).toMatch(doubt);
    const refused = await asked('migrate', 'deployment', 'hungry-divided', '--from', 'member3');
    expect([refused.code, refused.notes]).toEqual([
      1,
      expect.stringMatching(
        /^error: Deployment default\/hungry-divided would not be placed in member2: the selected clusters have room for \d replicas?, and 4 are wanted; it has room for \d/,
      ),
    ]);
    for (const name of ['hungry-there', 'hungry-copies', 'hungry-divided']) {
      await fleet.api('hub').remove(policy(name));
      await fleet.api('hub').remove(reference(name));
    }
  });
});

describe('what is placed in waves', () => {
  const ROLLOUT = { apiVersion: 'muster.dev/v1alpha1', kind: 'StagedRollout' };

  it('moves past them with --force only, and is put back at once', async () => {
    await fleet.api('hub').create({
      ...ROLLOUT,
      metadata: { name: 'careful', namespace: 'default' },
      spec: {
        resources: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'staged' }],
        waves: [{ name: 'all', approval: true }],
      },
    });
    await apply(deployment('staged', 2), onlyIn('member1'));
    await runs('staged', { member1: 2 });
    const told = 'Deployment default/staged would go at once, past the waves of StagedRollout careful';
    for (const words of [['migrate', '--from', 'member1'], ['clone']]) {
      const [verb = '', ...from] = words;
      const refused = await fleet.muster(verb, 'deployment', 'staged', '--to', 'member2', ...from);
      expect([refused.code, refused.notes]).toEqual([1, expect.stringMatching(`^error: ${told}: .*--force`)]);
    }
    const forced = ['deployment', 'staged', '--from', 'member1', '--to', 'member2', '--force'];
    expect(await fleet.muster('migrate', ...forced)).toMatchObject({ code: 0, notes: `note: ${told}\n` });
    await runs('staged', { member2: 2 });
    const undone = await fleet.muster('migrate', 'deployment', 'staged', '--undo');
    expect(undone).toMatchObject({ code: 0, notes: `note: ${told}\n` });
    await runs('staged', { member1: 2 });
    await fleet.api('hub').remove({ ...ROLLOUT, namespace: 'default', name: 'careful' });
  });
});

describe('muster clone', () => {
  it('makes one more copy, and takes it away again', async () => {
    await apply(deployment('copied', 2), onlyIn('member1'));
    await runs('copied', { member1: 2 });
    expect(await fleet.process('clone', 'deployment', 'copied', '--to', 'member2')).toMatchObject({
      code: 0,
      out: expect.stringContaining('is in member2, too'),
    });
    await runs('copied', { member1: 2, member2: 2 });
    expect(await fleet.muster('clone', 'deployment', 'copied', '--to', 'member2')).toMatchObject({
      code: 1,
      notes: expect.stringContaining('in member2 already'),
    });
    expect(await fleet.muster('clone', 'deployment', 'copied', '--undo')).toMatchObject({ code: 0 });
    await expect.poll(() => fleet.api('member2').get(reference('copied')), WAIT).toBeNull();
    await runs('copied', { member1: 2 });
  });

  it('refuses what is divided', async () => {
    const refused = await fleet.muster('clone', 'deployment', 'divided', '--to', 'member1');
    expect(refused).toMatchObject({ code: 1, notes: expect.stringContaining('divided over member2, member3') });
  });
});
