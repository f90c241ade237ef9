import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isObject, type KubeObject } from '../../engine/index.ts';
import { printYaml } from '../../executor/files/yaml.ts';
import { yamlCodec } from '../../executor/script/yaml-codec.ts';
import { deployment, policyFor } from '../builders/control-plane.ts';
import { fewestReady, RunningFleet } from './running-fleet.ts';

let fleet: RunningFleet;

beforeAll(async () => {
  fleet = await RunningFleet.start('--members', 'embedded:2');
});

afterAll(() => fleet.end());

const inShop = (name: string, replicas: number): readonly KubeObject[] => {
  const made = deployment(name, replicas);
  const object = { ...made, metadata: { ...made.metadata, namespace: 'shop' } };
  const policy = policyFor(made);
  return [object, { ...policy, metadata: { ...policy.metadata, namespace: 'shop' } }];
};

interface PlanText {
  workloads: { name: string; clusters: { name: string; replicas: number }[] }[];
}

async function folderWith(name: string, objects: readonly KubeObject[]): Promise<string> {
  const folder = join(fleet.folder, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'all.yaml'), objects.map((object) => printYaml(object)).join('---\n'));
  return folder;
}

const reference = (name: string) => ({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name });

const bindingOf = (name: string) =>
  fleet.api('hub').get({
    apiVersion: 'work.karmada.io/v1alpha2',
    kind: 'ResourceBinding',
    namespace: 'shop',
    name: `${name}-deployment`,
  });

async function placesOf(name: string): Promise<Record<string, number>> {
  const { clusters = [] } = ((await bindingOf(name))?.spec ?? {}) as {
    clusters?: { name: string; replicas: number }[];
  };
  return Object.fromEntries(clusters.map((one) => [one.name, one.replicas]));
}

describe('muster plan and apply on a live hub', () => {
  it('carry manifests out, and find nothing to do afterwards', async () => {
    const folder = await folderWith('app', inShop('web', 4));
    const shown = await fleet.muster('apply', '-f', folder, '--dry-run', 'server', '--detailed-exitcode');
    expect(shown).toMatchObject({ code: 2 });
    expect(shown.out).toMatch(/create +Namespace +<none> +shop/);
    expect(shown.out).toMatch(/place +Deployment +shop +web +member1: none -> 2, member2: none -> 2/);
    expect(await fleet.api('hub').get(reference('web'))).toBeNull();
    expect(await fleet.muster('apply', '-f', folder)).toMatchObject({
      code: 1,
      notes: expect.stringContaining('--yes'),
    });

    const done = await fleet.process('apply', '-f', folder, '--yes', '--timeout', '60');
    expect(done.notes).toContain('applied: 3 to create, 1 to place');
    expect(done.code).toBe(0);
    expect(await placesOf('web')).toEqual({ member1: 2, member2: 2 });
    const ready = async () => {
      const told = (await fleet.api('hub').get(reference('web')))?.status;
      return isObject(told) ? told.readyReplicas : null;
    };
    await expect.poll(ready, { timeout: 10_000 }).toBe(4);
    const binding = await bindingOf('web');
    const template = await fleet.api('hub').get(reference('web'));
    expect(binding?.metadata.ownerReferences?.[0]?.uid).toBe(template?.metadata.uid);

    const again = await fleet.muster('apply', '-f', folder, '--detailed-exitcode', '--yes');
    expect(again).toMatchObject({ code: 0, out: '' });
    expect(again.notes).toContain('nothing differs');
    const planned = await fleet.muster('plan', '-f', folder);
    expect(planned.notes).toContain('0 workloads differ from what runs: 0 moved');
    expect(planned.out).toMatch(/web +web +4 +member1: 2, member2: 2 +member1: 2, member2: 2/);
  });

  it('place exactly as the plan says, whatever the scheduler would', async () => {
    const folder = await folderWith('exact', inShop('exact', 5));
    const file = join(fleet.folder, 'exact.yaml');
    expect((await fleet.muster('plan', '-f', folder, '--out', file)).code).toBe(0);
    const plan = JSON.parse(yamlCodec.toJson(await readFile(file, 'utf8'))) as PlanText;
    const own = plan.workloads.find(({ name }) => name === 'exact')!;
    for (const one of own.clusters) one.replicas = one.name === 'member1' ? 4 : 1;
    await writeFile(file, printYaml(plan));
    const done = await fleet.muster('apply', file, '--yes', '--timeout', '60');
    expect(done).toMatchObject({ code: 0 });
    expect(await placesOf('exact')).toEqual({ member1: 4, member2: 1 });
    // And what stands already is moved.
    for (const one of own.clusters) one.replicas = one.name === 'member1' ? 1 : 4;
    await writeFile(file, printYaml(plan));
    const moved = await fleet.muster('apply', file, '--yes', '--timeout', '60', '-o', 'json');
    expect(moved).toMatchObject({ code: 0 });
    expect(JSON.parse(moved.out).changes).toEqual([
      {
        action: 'place',
        kind: 'Deployment',
        namespace: 'shop',
        name: 'exact',
        what: 'member1: 4 -> 1, member2: 1 -> 4',
      },
    ]);
    expect(await placesOf('exact')).toEqual({ member1: 1, member2: 4 });
  });

  it('move what stands, by a plan of all that the hub has', async () => {
    const file = join(fleet.folder, 'all.yaml');
    const planned = await fleet.muster('plan', '--out', file);
    expect(planned).toMatchObject({ code: 0, notes: expect.stringContaining('0 workloads differ from what runs') });
    expect(await fleet.muster('apply', file, '--detailed-exitcode')).toMatchObject({ code: 0 });
    const plan = JSON.parse(yamlCodec.toJson(await readFile(file, 'utf8'))) as PlanText;
    for (const one of plan.workloads.find(({ name }) => name === 'web')!.clusters) {
      one.replicas = one.name === 'member1' ? 3 : 1;
    }
    await writeFile(file, printYaml(plan));
    expect(await fleet.muster('apply', file, '--yes', '--detailed-exitcode')).toMatchObject({ code: 2 });
    expect(await placesOf('web')).toEqual({ member1: 3, member2: 1 });
    expect(await placesOf('exact')).toEqual({ member1: 1, member2: 4 });
    // What leaves a cluster altogether stays until it is well elsewhere.
    const own = plan.workloads.find(({ name }) => name === 'web')!;
    own.clusters = own.clusters.filter(({ name }) => name === 'member2').map((one) => ({ ...one, replicas: 4 }));
    await writeFile(file, printYaml(plan));
    const applying = fleet.muster('apply', file, '--yes');
    expect(await fewestReady(fleet, 'web', 'shop', applying)).toBeGreaterThanOrEqual(4);
    expect(await applying).toMatchObject({ code: 0 });
    expect(await placesOf('web')).toEqual({ member2: 4 });
    await expect.poll(() => fleet.api('member1').get(reference('web')), { timeout: 20_000 }).toBeNull();
  });

  it('refuse a plan for another fleet, and say what has changed', async () => {
    const folder = await folderWith('late', inShop('late', 2));
    const file = join(fleet.folder, 'late.yaml');
    await fleet.muster('plan', '-f', folder, '--out', file);
    await fleet
      .api('hub')
      .merge(
        { apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', name: 'member2' },
        { metadata: { labels: { rack: 'r7' } } },
      );
    const refused = await fleet.muster('apply', file, '--yes');
    expect(refused).toMatchObject({ code: 1, notes: expect.stringContaining('member2 has label rack r7, not none') });
    expect(await fleet.api('hub').get(reference('late'))).toBeNull();
    expect(await fleet.muster('apply', file, '--yes', '--force', '--timeout', '60')).toMatchObject({ code: 0 });
    expect(await placesOf('late')).toEqual({ member1: 1, member2: 1 });
  });

  it('take away only what they made', async () => {
    const hub = fleet.api('hub');
    const [first, second] = [inShop('first', 1), inShop('second', 1)];
    await hub.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'mine', namespace: 'shop' },
      data: { a: '1' },
    });
    const mine = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'mine', namespace: 'shop' },
      data: { b: '2' },
    };
    const both = await folderWith('both', [...first, ...second, mine]);
    expect(await fleet.muster('apply', '-f', both, '--set', 'two', '--yes')).toMatchObject({ code: 0 });
    const one = await folderWith('one', [...first]);
    const shown = await fleet.muster('apply', '-f', one, '--set', 'two', '--prune', '--dry-run', 'client');
    expect(shown.out).toMatch(/remove +Deployment +shop +second/);
    expect(shown.out).not.toContain('mine');
    expect(await fleet.muster('apply', '-f', one, '--set', 'two', '--yes')).toMatchObject({ code: 0 });
    expect(await hub.get(reference('second'))).not.toBeNull();
    expect(await fleet.muster('apply', '-f', one, '--set', 'two', '--prune', '--yes')).toMatchObject({ code: 0 });
    expect(await hub.get(reference('second'))).toBeNull();
    expect(await hub.get(reference('first'))).not.toBeNull();
    expect((await hub.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'mine' }))?.data).toEqual({
      a: '1',
      b: '2',
    });
  });

  it('tell whose fields they will not take', async () => {
    const objects = inShop('owned', 2);
    await fleet.api('hub').create(objects[0]!);
    const folder = await folderWith('owned', inShop('owned', 3));
    const refused = await fleet.muster('apply', '-f', folder, '--yes');
    expect(refused).toMatchObject({ code: 1, notes: expect.stringContaining('.spec.replicas') });
    expect(await fleet.muster('apply', '-f', folder, '--yes', '--force-conflicts')).toMatchObject({ code: 0 });
    expect((await fleet.muster('apply', '-f', folder, '--set', 'No Name')).notes).toContain('--set No Name');
    expect((await fleet.muster('apply')).notes).toContain('Name a plan');
    expect((await fleet.muster('apply', join(folder, 'all.yaml'))).notes).toContain('is no plan');
  });

  it('define a kind and its objects at once, and say what has no place yet', async () => {
    const toys = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'toys.toys.example' },
      spec: {
        group: 'toys.example',
        scope: 'Namespaced',
        names: { plural: 'toys', singular: 'toy', kind: 'Toy', listKind: 'ToyList' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    };
    const bear = { apiVersion: 'toys.example/v1', kind: 'Toy', metadata: { name: 'bear', namespace: 'shop' }, size: 3 };
    const everywhere = { ...policyFor(toys, {}), kind: 'ClusterPropagationPolicy', metadata: { name: 'toys' } };
    const own = policyFor(bear, {});
    const folder = await folderWith('toys', [
      bear,
      toys,
      everywhere,
      { ...own, metadata: { ...own.metadata, namespace: 'shop' } },
    ]);
    const done = await fleet.muster('apply', '-f', folder, '--yes', '--timeout', '60');
    expect(done).toMatchObject({ code: 0, notes: expect.stringContaining('Toy bear is not placed') });
    expect(
      await fleet.api('hub').get({ apiVersion: bear.apiVersion, kind: 'Toy', namespace: 'shop', name: 'bear' }),
    ).toMatchObject({ size: 3 });
    const orphan = await folderWith('orphan', [{ ...bear, apiVersion: 'games.example/v1', kind: 'Game' }]);
    expect(await fleet.muster('apply', '-f', orphan, '--yes')).toMatchObject({
      code: 1,
      notes: expect.stringContaining('no kind Game of games.example/v1'),
    });
  });
});
