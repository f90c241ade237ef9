// Tests of what a cluster that nobody simulates tells of itself: an embedded one stands for it, of which only its API is asked.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatKey, type ObjectKey } from '../../engine/index.ts';
import { tokenAddress } from '../../executor/live/address.ts';
import { ApiObjects } from '../../executor/live/api-objects.ts';
import { HttpApi } from '../../executor/live/http-api.ts';
import { EMBEDDED_BEHAVIORS, type EmbeddedMember, startEmbedded } from '../../executor/members/embedded.ts';
import { deployment } from '../../test/builders/control-plane.ts';
import { generateClusters } from '../format/fleet.ts';
import { RealMember } from './real-member.ts';

const KEY: ObjectKey = { collection: 'apps/deployments', namespace: 'default', name: 'web' };
const WAIT = { timeout: 20_000, interval: 50 };
const TAINTS = [{ key: 'gpu', effect: 'NoSchedule' as const }];

let process: EmbeddedMember;
let real: RealMember;
let api: HttpApi;
const heard: (readonly [string, number])[] = [];

beforeAll(async () => {
  const nodes = [
    { name: 'small', count: 1, allocatable: { cpu: '2', memory: '4Gi', pods: 10 } },
    { name: 'large', count: 1, allocatable: { cpu: '8', memory: '32Gi', pods: 110 }, taints: TAINTS },
  ];
  process = await startEmbedded({ name: 'paris', nodes, behaviors: EMBEDDED_BEHAVIORS });
  api = new HttpApi(tokenAddress(process));
  real = new RealMember(tokenAddress(process), (key, serving) => void heard.push([formatKey(key), serving]));
}, 60_000);

afterAll(async () => {
  real.close();
  api.close();
  await process.close();
});

describe('a real cluster', { timeout: 60_000 }, () => {
  it('is found with its nodes, its version and what it serves, and else as the scenario has it', async () => {
    const [written] = generateClusters({ name: 'paris', region: 'eu', version: 'v1.20.0', latency: { p50: '1ms' } });
    const found = await real.found(written!);
    expect(found).toMatchObject({ name: 'paris', region: 'eu', load: null, latency: null });
    expect(found.version).not.toBe('v1.20.0');
    expect(found.apis).toContainEqual(expect.objectContaining({ groupVersion: 'apps/v1' }));
    expect(found.nodes.map(({ name, count, allocatable, taints }) => [name, count, allocatable.cpu, taints])).toEqual([
      ['large-0', 1, '8', TAINTS],
      ['small-0', 1, '2', undefined],
    ]);
  });

  it('tells who serves: as its workloads say, none without power, and none that are gone', async () => {
    const objects = new ApiObjects(api, 'paris');
    real.watch(KEY.collection);
    await objects.create(deployment('web', 2));
    const reference = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };
    const scale = (replicas: number) => objects.merge(reference, { spec: { replicas } });
    const last = () => heard.at(-1);
    await expect.poll(last, WAIT).toEqual([formatKey(KEY), 2]);
    expect(real.object(KEY)).toMatchObject({ spec: { replicas: 2 } });
    real.power(false);
    expect(last()).toEqual([formatKey(KEY), 0]);
    await scale(3);
    await expect.poll(() => real.object(KEY)?.status, WAIT).toMatchObject({ readyReplicas: 3 });
    expect(last()).toEqual([formatKey(KEY), 0]);
    real.power(true);
    expect(last()).toEqual([formatKey(KEY), 3]);
    // One may be told by a list; the other comes by a watch, and so does the end.
    for (const replicas of [1, 2]) {
      await scale(replicas);
      await expect.poll(last, WAIT).toEqual([formatKey(KEY), replicas]);
    }
    await objects.remove(reference);
    await expect.poll(last, WAIT).toEqual([formatKey(KEY), 0]);
    expect(real.object(KEY)).toBe(null);
  });
});
