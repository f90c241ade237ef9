import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../engine/index.ts';
import { deployment, policyFor } from '../builders/control-plane.ts';
import { RunningFleet } from './running-fleet.ts';

let fleet: RunningFleet;

beforeAll(async () => {
  fleet = await RunningFleet.start('--members', 'embedded:2');
  await fleet.api('member1').create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
});

afterAll(() => fleet.end());

const settings: KubeObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'shop' },
  data: { colour: 'blue' },
};

function inShop(name: string, configMap: string | null = null): KubeObject {
  const made = deployment(name, 2);
  const { template, ...spec } = made.spec as { template: { spec: object } };
  const volumes = configMap === null ? {} : { volumes: [{ name: 'v', configMap: { name: configMap } }] };
  return {
    ...made,
    metadata: { ...made.metadata, namespace: 'shop' },
    spec: { ...spec, template: { ...template, spec: { ...template.spec, ...volumes } } },
  };
}

const podsOf = async (name: string) =>
  (await fleet.api('member1').list({ apiVersion: 'v1', kind: 'Pod' }, { namespace: 'shop' }))
    .filter(({ metadata }) => metadata.name.startsWith(name))
    .map(({ metadata }) => metadata.uid)
    .toSorted();

describe('muster promote', () => {
  it('takes over a deployment with what it refers to, and leaves its pods alone', async () => {
    const [hub, member] = [fleet.api('hub'), fleet.api('member1')];
    await member.create(settings);
    const before = await member.create(inShop('web', 'settings'));
    await expect.poll(async () => (await podsOf('web')).length, { timeout: 10_000 }).toBe(2);
    const pods = await podsOf('web');

    const shown = await fleet.muster('promote', 'deploy', 'web', '-n', 'shop', '-C', 'member1', '--deps', '-o', 'yaml');
    expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('kind: PropagationPolicy') });
    expect(shown.out).not.toMatch(/uid|resourceVersion|status/);
    expect((await fleet.muster('promote', 'deploy', 'web', '-n', 'shop', '-C', 'member1', '--dry-run')).code).toBe(0);
    const reference = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
    expect(await hub.get(reference)).toBeNull();

    const done = await fleet.process('promote', 'deployment', 'web', '-n', 'shop', '-C', 'member1', '--deps');
    expect(done).toMatchObject({ code: 0, notes: '' });
    expect(done.out).toContain('it is the same object, with the same pods');
    expect(done.out).toContain('configmap/shop/settings made');
    const after = await member.get(reference);
    expect(after?.metadata.uid).toBe(before.metadata.uid);
    expect(after?.metadata.labels).toMatchObject({ 'karmada.io/managed': 'true' });
    const ofSettings = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'settings' };
    await expect
      .poll(async () => (await member.get(ofSettings))?.metadata.labels?.['karmada.io/managed'], { timeout: 10_000 })
      .toBe('true');
    expect(await podsOf('web')).toEqual(pods);
    await expect
      .poll(async () => ((await hub.get(reference))?.status as { readyReplicas?: number })?.readyReplicas, {
        timeout: 10_000,
      })
      .toBe(2);
    expect(await fleet.api('member2').get(reference)).toBeNull();
    const again = await fleet.muster('promote', 'deployment', 'web', '-n', 'shop', '-C', 'member1');
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('promoted already') });
  });

  it('refuses where an override of the hub would start its pods anew, and where there is nothing to promote', async () => {
    await fleet.api('hub').create({
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: 'ClusterOverridePolicy',
      metadata: { name: 'mirror' },
      spec: {
        resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'other' }],
        overrideRules: [
          { overriders: { imageOverrider: [{ component: 'Registry', operator: 'add', value: 'mirror.example' }] } },
        ],
      },
    });
    await fleet.api('member1').create(inShop('other'));
    const refused = await fleet.muster('promote', 'deployment', 'other', '-n', 'shop', '-C', 'member1');
    expect(refused).toMatchObject({ code: 1, notes: expect.stringMatching(/start the pods .* anew.*image/) });
    expect((await fleet.muster('promote', 'deployment', 'gone', '-C', 'member1')).notes).toContain(
      'member1 has no Deployment gone in namespace default',
    );
    expect((await fleet.muster('promote', 'deployment', 'web', '-C', 'member9')).notes).toContain(
      'it knows member1, member2',
    );
    expect((await fleet.muster('promote', 'gadget', 'web', '-C', 'member1')).notes).toContain('has no kind "gadget"');
  });

  it('leaves an object to a policy that would take it, if that is named', async () => {
    const hub = fleet.api('hub');
    await fleet.api('member1').create(inShop('third'));
    await hub.create({
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: 'PropagationPolicy',
      metadata: { name: 'first', namespace: 'shop' },
      spec: {
        priority: 7,
        resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'third' }],
        placement: { clusterAffinity: { clusterNames: ['member1'] } },
      },
    });
    const args = ['promote', 'deployment', 'third', '-n', 'shop', '-C', 'member1'];
    expect((await fleet.muster(...args)).notes).toContain('--policy-name first');
    expect(await fleet.muster(...args, '--policy-name', 'first')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^deployment\/shop\/third made\n.* is promoted/),
    });
  });

  it('refuses what belongs to somebody else, or would change what is there', async () => {
    const [hub, member] = [fleet.api('hub'), fleet.api('member1')];
    const told = async (...args: string[]) =>
      (await fleet.muster('promote', ...args, '-n', 'shop', '-C', 'member1')).notes;
    const sets = await member.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet' }, { namespace: 'shop' });
    const owned = sets.find(({ metadata }) => metadata.ownerReferences?.some(({ controller }) => controller));
    if (owned !== undefined) expect(await told('rs', owned.metadata.name)).toContain('is made by Deployment');
    await member.create(inShop('known'));
    await hub.create(inShop('known'));
    expect(await told('deployment', 'known')).toContain('the hub has Deployment shop/known already');
    const taking = { clusterAffinity: { clusterNames: ['member1'] } };
    const policy = policyFor(inShop('known'), taking, { conflictResolution: 'Overwrite' });
    await hub.create({ ...policy, metadata: { ...policy.metadata, namespace: 'shop' } });
    expect(await fleet.muster('promote', 'deployment', 'known', '-n', 'shop', '-C', 'member1')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/same pods|promoted already/),
    });
    await member.create({ ...settings, metadata: { ...settings.metadata, name: 'tint' } });
    await hub.create({ ...settings, metadata: { ...settings.metadata, name: 'tint' }, data: { colour: 'red' } });
    await member.create(inShop('tinted', 'tint'));
    expect(await told('deployment', 'tinted', '--deps')).toMatch(
      /another ConfigMap shop\/tint than member1 \(data.colour\)/,
    );
    await member.create(inShop('bare', 'missing'));
    const lacking = await fleet.muster(
      'promote',
      'deployment',
      'bare',
      '-n',
      'shop',
      '-C',
      'member1',
      '--deps',
      '-o',
      'json',
    );
    expect(lacking.notes).toContain('member1 has no ConfigMap missing');
    expect(JSON.parse(lacking.out).items.map(({ kind }: KubeObject) => kind)).toEqual([
      'PropagationPolicy',
      'Deployment',
    ]);
  });

  it('takes over what has no namespace, by a kubeconfig too, and without a policy if that is wished', async () => {
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'reader' },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    };
    const before = await fleet.api('member1').create(role);
    const way = ['--cluster-kubeconfig', join(fleet.folder, 'kubeconfig')];
    expect(await fleet.muster('promote', 'clusterrole', 'reader', '-C', 'member1', ...way)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/clusterpropagationpolicy\/.* made\nclusterrole\/reader made\n.*same object/),
    });
    const after = await fleet.api('member1').get({ apiVersion: role.apiVersion, kind: role.kind, name: 'reader' });
    expect(after?.metadata.uid).toBe(before.metadata.uid);
    await fleet.api('member1').create({ ...role, metadata: { name: 'lonely' } });
    const lonely = await fleet.muster('promote', 'clusterrole', 'lonely', '-C', 'member1', '--no-auto-create-policy');
    expect(lonely).toMatchObject({ code: 0, notes: expect.stringContaining('no policy selects it') });
    const lost = await fleet.muster(
      'promote',
      'clusterrole',
      'reader',
      '-C',
      'member1',
      '--cluster-kubeconfig',
      '/nowhere',
    );
    expect(lost).toMatchObject({ code: 1, notes: expect.stringContaining('/nowhere') });
  });
});
