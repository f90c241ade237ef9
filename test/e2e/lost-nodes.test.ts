// A cluster loses its nodes and stays well itself: what waits there for another goes where there are some, and what has no room is
// placed as far as there is room. By what the members' own APIs tell of nodes and pods.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deployment, policyFor, sized } from '../builders/control-plane.ts';
import { RunningFleet } from './running-fleet.ts';

const WAIT = { timeout: 60_000, interval: 200 };
const WEB = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };

let folder: string;
let fleet: RunningFleet;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-profile-'));
  const profile = join(folder, 'soon.yaml');
  await writeFile(
    profile,
    'name: soon\nbase: muster\ntimings: { unschedulableThresholdMs: 2000, deschedulingIntervalMs: 1000 }\n',
  );
  fleet = await RunningFleet.start('--members', 'embedded:2', '--profile', profile);
});

afterAll(async () => {
  await fleet.end();
  await rm(folder, { recursive: true });
});

/** Three nodes of 16 CPUs are in each. */
const large = (replicas: number) => sized(deployment('web', replicas), '4');

const ready = async (cluster: string): Promise<number> => {
  const found = await fleet.api(cluster).get(WEB);
  return Number((found?.status as { readyReplicas?: number } | undefined)?.readyReplicas ?? 0);
};

const readyInBoth = async () => [await ready('member1'), await ready('member2')];

it('lets what has lost its node go to another cluster, and places as much as there is room for', async () => {
  const hub = fleet.api('hub');
  await hub.create(large(12));
  await hub.create(policyFor(large(12)));
  await expect.poll(readyInBoth, WAIT).toEqual([6, 6]);
  for (const name of ['node-1', 'node-2']) {
    await fleet.api('member1').remove({ apiVersion: 'v1', kind: 'Node', name });
  }
  await expect.poll(readyInBoth, WAIT).toEqual([4, 8]);
  await hub.merge(WEB, { spec: { replicas: 20 } });
  await expect.poll(readyInBoth, WAIT).toEqual([4, 12]);
  const binding = { apiVersion: 'work.karmada.io/v1alpha2', kind: 'ResourceBinding', namespace: 'default' };
  const { spec } = (await hub.get({ ...binding, name: 'web-deployment' }))! as unknown as {
    spec: { clusters: { replicas: number }[] };
  };
  expect(spec.clusters.map(({ replicas }) => replicas)).toEqual([4, 12]);
});
