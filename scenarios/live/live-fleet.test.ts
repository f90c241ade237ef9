// Tests of a live fleet without a control plane: members join past a way that can be in trouble, and tell of themselves.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLLECTIONS, formatKey, memberPlace } from '../../engine/index.ts';
import { type LocalHub, startLocalHub } from '../../executor/commands/up/local-hub.ts';
import { accessAddress, clusterAccess } from '../../executor/live/address.ts';
import { ApiObjects } from '../../executor/live/api-objects.ts';
import { HttpApi } from '../../executor/live/http-api.ts';
import { deployment } from '../../test/builders/control-plane.ts';
import { generateClusters } from '../format/fleet.ts';
import { readScenario } from '../load.ts';
import { portsOf } from '../run/processes.ts';
import { EmbeddedMembers } from './embedded-members.ts';
import { LiveFleet } from './live-fleet.ts';

const SCENARIO = `apiVersion: muster/v1alpha1
kind: Scenario
metadata: { name: fleet }
spec: { duration: 1m, fleet: { clusters: [{ name: paris }] } }
`;
const WAIT = { timeout: 20_000, interval: 50 };
const WEB = 'apps/deployments/default/web';

let hub: LocalHub;
let fleet: LiveFleet;
/** As the hub's controllers would. */
let api: HttpApi;
const heard: (readonly [string, string, number])[] = [];

beforeAll(async () => {
  const scenario = await readScenario(SCENARIO, 'fleet.yaml');
  hub = await startLocalHub({ storage: 'memory', port: 0, profile: scenario.profile, say: () => {} });
  const members = new EmbeddedMembers([{ match: {}, behavior: { start: { p50Ms: 10, p99Ms: 20 } } }]);
  fleet = new LiveFleet({ hub, ports: portsOf(scenario), members });
  fleet.onServing((cluster, key, serving) => void heard.push([cluster, formatKey(key), serving]));
  await fleet.admit(generateClusters({ name: 'paris', region: 'eu' })[0]!);
  const cluster = hub.store.get(COLLECTIONS.clusters, '', 'paris')!;
  const secret = hub.store.get('/secrets', 'karmada-cluster', 'paris');
  api = new HttpApi(accessAddress(clusterAccess(cluster, secret)!));
}, 60_000);

afterAll(async () => {
  api.close();
  await fleet.close();
  await hub.close();
});

const answerWithin = async (timeoutMs: number) => {
  const answer = await api.send({ method: 'GET', path: '/api/v1/nodes', timeoutMs });
  return answer.ok ? answer.status : answer.code;
};

describe('a live fleet', { timeout: 60_000 }, () => {
  it('is reached past a way that can be in trouble, of which several kinds end by themselves', async () => {
    expect(await answerWithin(10_000)).toBe(200);
    const place = memberPlace('paris');
    const endCut = fleet.strike('paris', { fault: 'partition', between: [['hub'], [place]] });
    expect(await answerWithin(300)).toBe('Timeout');
    endCut();
    const endDown = fleet.strike('paris', { fault: 'api-down', place });
    expect(await answerWithin(10_000)).toBe(503);
    endDown();
    expect(await answerWithin(10_000)).toBe(200);
  });

  it('tells who serves while it is cut off, and that nobody does in a member that has left', async () => {
    await new ApiObjects(api, 'paris').create(deployment('web', 2));
    await expect.poll(() => heard.at(-1), WAIT).toEqual(['paris', WEB, 2]);
    fleet.watch('apps/deployments');
    const end = fleet.strike('paris', { fault: 'power-off', cluster: 'paris' });
    await expect.poll(() => heard.at(-1), WAIT).toEqual(['paris', WEB, 0]);
    expect(await answerWithin(300)).toBe('Timeout');
    const key = { collection: 'apps/deployments', namespace: 'default', name: 'web' };
    await expect.poll(() => fleet.object(key, 'paris')?.spec, WAIT).toMatchObject({ replicas: 2 });
    end();
    await expect.poll(() => heard.at(-1), WAIT).toEqual(['paris', WEB, 2]);
    await fleet.dismiss('paris');
    expect(heard.at(-1)).toEqual(['paris', WEB, 0]);
    expect(fleet.object(key, 'paris')).toBe(null);
  });
});
