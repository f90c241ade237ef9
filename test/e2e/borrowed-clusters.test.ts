// A scenario that is played on clusters that somebody has: they get what the scenario sends, can be cut off, and are in the end what
// they were before.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { KubeObject } from '../../engine/index.ts';
import { kubeconfigOf } from '../../executor/commands/up/kubeconfig-file.ts';
import { tokenAddress } from '../../executor/live/address.ts';
import { ApiObjects } from '../../executor/live/api-objects.ts';
import { Directory } from '../../executor/live/directory.ts';
import { HttpApi } from '../../executor/live/http-api.ts';
import {
  EMBEDDED_BEHAVIORS,
  EMBEDDED_NODES,
  type EmbeddedMember,
  startEmbedded,
} from '../../executor/members/embedded.ts';
import { deployment } from '../builders/control-plane.ts';
import { ended, muster, spawnMuster } from './running-fleet.ts';

const CONTEXTS = ['here', 'there'];
const WAIT = { timeout: 30_000, interval: 200 };

let folder = '';
let kubeconfig = '';
let clusters: readonly EmbeddedMember[] = [];

const play = (file: string, members: string, ...words: string[]) =>
  muster('replay', file, '--live', '--members', members, '--kubeconfig', kubeconfig, ...words);

async function using<T>(cluster: EmbeddedMember, use: (api: HttpApi, objects: ApiObjects) => Promise<T>): Promise<T> {
  const api = new HttpApi(tokenAddress(cluster));
  try {
    return await use(api, new ApiObjects(api, cluster.name));
  } finally {
    api.close();
  }
}

/** Everything but what is written all the time, each object by its place and its birth. */
const contents = (cluster: EmbeddedMember): Promise<readonly string[]> =>
  using(cluster, async (api, objects) => {
    const directory = new Directory(api, () => performance.now());
    await directory.read();
    const kinds = directory
      .all()
      .filter(({ isWatchable, kind }) => isWatchable && kind !== 'Event' && kind !== 'Lease');
    const lists = await Promise.all(kinds.map(({ apiVersion, kind }) => objects.list({ apiVersion, kind })));
    return lists
      .flat()
      .map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name} ${metadata.uid}`)
      .sort();
  });

const namespace = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-live-'));
  kubeconfig = join(folder, 'kubeconfig');
  clusters = await Promise.all(
    CONTEXTS.map((name) => startEmbedded({ name, nodes: EMBEDDED_NODES, behaviors: EMBEDDED_BEHAVIORS })),
  );
  await writeFile(kubeconfig, kubeconfigOf(clusters));
  await using(clusters[0]!, async (_, objects) => {
    await objects.create(namespace('shop'));
    await objects.create(deployment('own', 2));
    const isReady = async () => {
      const found = await objects.get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'own' });
      return (found?.status as { readonly readyReplicas?: number } | undefined)?.readyReplicas;
    };
    await vi.waitFor(async () => expect(await isReady()).toBe(2), WAIT);
  });
}, 60_000);

afterAll(async () => {
  await Promise.all(clusters.map((one) => one.close()));
  await rm(folder, { recursive: true, force: true });
});

const SCENARIO = `apiVersion: muster/v1alpha1
kind: Scenario
metadata: { name: borrowed }
spec:
  duration: 22s
  fleet:
    clusters:
      - { name: paris, region: eu }
      - { name: oslo, region: north, mode: Pull }
  objects:
    - apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web, namespace: shop }
      spec:
        replicas: 2
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec: { containers: [{ name: web, image: "shop/web:1", resources: { requests: { cpu: 500m } } }] }
    - apiVersion: policy.karmada.io/v1alpha1
      kind: PropagationPolicy
      metadata: { name: web, namespace: shop }
      spec:
        resourceSelectors: [{ apiVersion: apps/v1, kind: Deployment, name: web }]
        placement: { replicaScheduling: { replicaSchedulingType: Duplicated } }
  timeline:
    - { at: 10s, partition: "*", for: 8s }
    - { at: 11s, scale: shop/web, replicas: 3 }
  expect:
    - at 9s: ready("shop/web", "paris") == 2 and ready("shop/web", "oslo") == 2
    - at 16s: field("shop/web", "spec.replicas", "paris") == 2 and field("shop/web", "spec.replicas", "oslo") == 2
    - at end: field("shop/web", "spec.replicas", "paris") == 3
`;

describe('a scenario on clusters that somebody has', { timeout: 180_000 }, () => {
  it('cuts them off, is judged on what they say, and leaves them as they were', async () => {
    const file = join(folder, 'borrowed.yaml');
    await writeFile(file, SCENARIO);
    const before = await Promise.all(clusters.map(contents));
    const { code, notes } = await play(file, 'kubeconfig:oslo=there,paris=here', '--out', folder);
    expect([code, notes]).toEqual([0, expect.not.stringContaining('not in good order')]);
    const told = JSON.parse(await readFile(join(folder, 'fidelity.json'), 'utf8'));
    expect(told.expectations.map(({ live }: { live: { verdict: string } }) => live.verdict)).toEqual([
      'held',
      'held',
      'held',
    ]);
    expect(told.fleet).toContainEqual(
      expect.stringMatching(/^on each node of paris cpu .* runs besides, and not nothing/),
    );
    for (const [at, cluster] of clusters.entries())
      await expect.poll(() => contents(cluster), WAIT).toEqual(before[at]);
  });

  it('leaves them as they were when it is ended early, while they are cut off', async () => {
    const file = join(folder, 'ended.yaml');
    await writeFile(file, SCENARIO);
    const before = await Promise.all(clusters.map(contents));
    const words = ['replay', file, '--live', '--members', 'kubeconfig:here,there', '--kubeconfig', kubeconfig];
    const child = spawnMuster(...words);
    child.stderr.on('data', (chunk) => {
      if (String(chunk).includes('is cut off')) child.kill('SIGINT');
    });
    expect((await ended(child)).code).toBe(130);
    for (const [at, cluster] of clusters.entries())
      await expect.poll(() => contents(cluster), WAIT).toEqual(before[at]);
  });

  it('is refused before anything is begun where they can not be had, and they are not touched', async () => {
    const file = join(folder, 'refused.yaml');
    await writeFile(file, SCENARIO.replace('partition: "*"', 'fail: paris'));
    const before = await Promise.all(clusters.map(contents));
    const failing = await play(file, 'kubeconfig:here,there');
    const line = SCENARIO.split('\n').findIndex((text) => text.includes('partition:')) + 1;
    expect([failing.code, failing.notes]).toEqual([
      1,
      expect.stringContaining(`line ${line}: a fault of the sort power-off`),
    ]);
    await writeFile(file, SCENARIO);
    expect((await play(file, 'kubeconfig:here,nowhere')).notes).toContain('no context nowhere: it has here, there');
    await writeFile(join(folder, 'twin'), kubeconfigOf([clusters[0]!, { ...clusters[0]!, name: 'there' }]));
    const members = ['--members', 'kubeconfig:here,there', '--kubeconfig', join(folder, 'twin')];
    const twins = await muster('replay', file, '--live', ...members);
    expect(twins.notes).toContain('the contexts here and there lead to the same cluster');
    expect(await Promise.all(clusters.map(contents))).toEqual(before);
    await using(clusters[1]!, (_, objects) => objects.create(namespace('karmada-cluster')));
    expect((await play(file, 'kubeconfig:here,there')).notes).toContain(
      'the cluster of context there is a member of a fleet already: it has Namespace karmada-cluster',
    );
  });
});
