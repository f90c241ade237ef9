// Clusters that kind makes, from beginning to end: a fleet of them, and a scenario that is played on them. Where no container
// engine runs, their APIs are real and their containers are not.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isObject } from '../../engine/index.ts';
import { deployment, policyFor } from '../builders/control-plane.ts';
import { muster, RunningFleet } from './running-fleet.ts';
import { installStandInKind, type StandInKind } from './stand-in-kind/install.ts';

const WAIT = { timeout: 30_000, interval: 200 };

let kind: StandInKind;
let folder = '';

beforeAll(async () => {
  kind = await installStandInKind();
  folder = await mkdtemp(join(tmpdir(), 'muster-live-'));
});

afterAll(async () => {
  await kind.remove();
  await rm(folder, { recursive: true, force: true });
});

describe('a fleet of clusters that kind makes', { timeout: 120_000 }, () => {
  it('is made, carries a deployment, survives a power cut, and is deleted with the fleet', async () => {
    const fleet = await RunningFleet.start('--members', 'kind:2', '--load-image', 'shop/web:1');
    try {
      expect(await kind.names()).toEqual(['muster-kind1', 'muster-kind2']);
      expect(await kind.asked()).toContainEqual(
        expect.stringMatching(/^load docker-image shop\/web:1 --name muster-kind[12]/),
      );
      const web = deployment('web', 4);
      await fleet.api('hub').create(web);
      await fleet.api('hub').create(policyFor(web, { replicaScheduling: { replicaSchedulingType: 'Divided' } }));
      const ready = async () => {
        const found = await fleet.api('hub').get({ ...web, namespace: 'default', name: 'web' });
        return isObject(found?.status) ? found.status.readyReplicas : null;
      };
      await expect.poll(ready, WAIT).toBe(4);
      expect((await fleet.process('chaos', 'kill', 'kind1')).notes).toContain('kind1: killed');
      const again = await fleet.process('chaos', 'kill', 'kind1', '--for', '1h');
      expect([again.code, again.notes]).toEqual([0, 'chaos: kind1 is dead already: nothing was done\n']);
      expect((await fleet.process('chaos', 'revive', 'kind1')).notes).toContain('kind1: revived');
      await expect.poll(ready, WAIT).toBe(4);
    } finally {
      await fleet.end();
    }
    expect(await kind.names()).toEqual([]);
  });

  it('goes on in the background, and says how to look into each', async () => {
    const dir = join(folder, 'background');
    const up = await muster('up', '--members', 'kind:1', '--detach', '--dir', dir);
    try {
      expect(up.notes).toContain(`kubectl --kubeconfig ${join(dir, 'kind1.kubeconfig')} get pods -A\n`);
    } finally {
      await muster('down', '--dir', dir);
    }
    expect([await kind.names(), await readdir(dir)]).toEqual([[], ['up.log']]);
  });
});

const SCENARIO = `apiVersion: muster/v1alpha1
kind: Scenario
metadata: { name: short }
spec:
  duration: 50s
  fleet:
    clusters:
      - { name: "{region}", count: 2, region: [paris, oslo], nodes: { count: 3, cpu: 8, memory: 32Gi } }
  behaviors: [{ start: { p50: 1s, p99: 3s } }]
  objects:
    - apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web, namespace: shop }
      spec:
        replicas: 4
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec: { containers: [{ name: web, image: "shop/web:1", resources: { requests: { cpu: 500m } } }] }
    - apiVersion: policy.karmada.io/v1alpha1
      kind: PropagationPolicy
      metadata: { name: web, namespace: shop }
      spec:
        resourceSelectors: [{ apiVersion: apps/v1, kind: Deployment, name: web }]
        placement:
          replicaScheduling:
            replicaSchedulingType: Divided
            replicaDivisionPreference: Weighted
            weightPreference:
              staticWeightList:
                - { targetCluster: { clusterNames: [paris] }, weight: 1 }
                - { targetCluster: { clusterNames: [oslo] }, weight: 1 }
  timeline:
    - { at: 14s, id: dark, fail: paris, for: 12s }
    - { at: 40s, id: growth, scale: shop/web, replicas: 6 }
  expect:
    - at 13s: ready("shop/web", "paris") == 2 and field("shop/web", "spec.replicas", "oslo") == 2
    - at 20s: ready("shop/web", "paris") == 0
    - within 24s of dark: recovered("shop/web")
    - always from 13s: available("shop/web")
    - never: ready("shop/web") > 6
    - sometimes from growth: ready("shop/web") == 6
    - at end: moved("shop/web") == 0 and regions("shop/web") == 2
    - at end: calls("Work") > 0
    - at end: desired("shop/web") == 7
`;

describe('a scenario that is played on clusters of kind', { timeout: 240_000 }, () => {
  it('is compared with the same on clusters like those, and judged on what they say', async () => {
    const file = join(folder, 'short.yaml');
    await writeFile(file, SCENARIO);
    const { code, out, notes } = await muster(
      ...['replay', file, '--live', '--members', 'kind', '--load-image', 'shop/web:1', '--out', folder],
    );
    expect([code, notes]).toEqual([99, expect.stringContaining('kind creates muster-paris')]);
    expect(await kind.names()).toEqual([]);
    const asked = await kind.asked();
    expect(asked).toContain('docker kill muster-paris-control-plane');
    expect(asked).toContain('docker start muster-paris-control-plane');
    const told = JSON.parse(await readFile(join(folder, 'fidelity.json'), 'utf8'));
    expect(told.fleet).toEqual([
      'paris has 1 node (cpu 4, memory 8Gi, pods 110), and not 3 nodes (cpu 8, memory 32Gi, pods 110)',
      'oslo has 1 node (cpu 4, memory 8Gi, pods 110), and not 3 nodes (cpu 8, memory 32Gi, pods 110)',
      'pods start, stop and work as fast as they do: the behaviors of the scenario are simulated alone',
    ]);
    const verdicts = told.expectations.map((one: Record<string, { verdict: string }>) => [
      one.simulated!.verdict,
      one.live!.verdict,
    ]);
    expect(verdicts).toEqual([
      ...Array.from({ length: 7 }, () => ['held', 'held']),
      ['held', 'not judged'],
      ['failed', 'failed'],
    ]);
    expect(told.samePlacements).toBe(1);
    expect(out).toMatch(/at end: desired\("shop\/web"\) == 7 +failed at 50s: .*desired\("shop\/web"\) = 6/);
    expect(await readFile(join(folder, 'fidelity.md'), 'utf8')).toContain('| Expected | Simulated | Live |');
  });

  it('is refused before anything is made where a name is taken, and what is there is left alone', async () => {
    const file = join(folder, 'taken.yaml');
    await writeFile(file, SCENARIO);
    await kind.create('muster-oslo');
    const creations = async () => (await kind.asked()).filter((line) => line.startsWith('create')).length;
    const before = await creations();
    const { code, notes } = await muster('replay', file, '--live', '--members', 'kind');
    expect([code, notes]).toEqual([1, expect.stringContaining('try "kind delete cluster --name muster-oslo"')]);
    expect([await kind.names(), await creations()]).toEqual([['muster-oslo'], before]);
  });
});
