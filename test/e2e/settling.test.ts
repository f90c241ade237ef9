import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCondition, type KubeObject, type Work } from '../../engine/index.ts';
import { policyFor } from '../builders/control-plane.ts';
import { RunningFleet } from './running-fleet.ts';

let fleet: RunningFleet;

beforeAll(async () => {
  fleet = await RunningFleet.start('--members', 'embedded:1');
});

afterAll(() => fleet.end());

const WAIT = { timeout: 15_000, interval: 100 };

async function isApplied(kind: string, name: string): Promise<string | undefined> {
  const works = (await fleet
    .api('hub')
    .list({ apiVersion: 'work.karmada.io/v1alpha1', kind: 'Work' })) as unknown as Work[];
  const work = works.find(({ spec }) => {
    const manifest = spec.workload.manifests?.[0];
    return manifest?.kind === kind && manifest.metadata.name === name;
  });
  return findCondition(work?.status?.conditions, 'Applied')?.status;
}

describe('what a member adds of its own accord', () => {
  it.each([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'once', namespace: 'default' },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'a' }] } } },
    },
  ] satisfies KubeObject[])('is no drift: a $kind is applied, and then left alone', async (object) => {
    const [hub, member] = [fleet.api('hub'), fleet.api('member1')];
    const { apiVersion, kind, metadata } = object;
    await hub.create(object as KubeObject);
    if (kind !== 'Namespace') await hub.create(policyFor(object as KubeObject, {}));
    await expect.poll(() => isApplied(kind, metadata.name), WAIT).toBe('True');
    const reference = { apiVersion, kind, ...metadata };
    const before = (await member.get(reference))?.metadata.generation;
    const spec = JSON.stringify((await member.get(reference))?.spec);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const after = await member.get(reference);
    expect([after?.metadata.generation, JSON.stringify(after?.spec)]).toEqual([before, spec]);
    if (kind !== 'Namespace') return;
    const revision = after?.metadata.resourceVersion;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await member.get(reference))?.metadata.resourceVersion).toBe(revision);
  });
});
