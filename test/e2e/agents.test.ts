// Several agents of one cluster that pulls: one serves, the others stand by, and follow it when it dies or leaves.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCondition, isObject } from '../../engine/index.ts';
import { deployment, policyFor } from '../builders/control-plane.ts';
import { RunningFleet, spawnMuster } from './running-fleet.ts';

/** More than a Lease lasts. */
const WAIT = { timeout: 40_000, interval: 200 };
const LEASE = 'karmada-agent-edge';

let fleet: RunningFleet;
/** Its member is the cluster that pulls; its own hub minds nothing of this. */
let elsewhere: RunningFleet;
const agents: Agent[] = [];

interface Agent {
  readonly child: ChildProcess;
  readonly notes: string[];
}

const agentFile = () => join(fleet.folder, 'agent.kubeconfig');
const clusterWords = () => elsewhere.clusterWords('member1');

function begin(): Agent {
  const child = spawnMuster('agent', 'edge', '--hub-kubeconfig', agentFile(), ...clusterWords());
  const notes: string[] = [];
  createInterface({ input: child.stderr! }).on('line', (line) => notes.push(line));
  const agent = { child, notes };
  agents.push(agent);
  return agent;
}

async function end({ child }: Agent, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'close');
  child.kill(signal);
  await gone;
}

const said = ({ notes }: Agent) => notes.join('\n');

const register = () => fleet.process('register', 'edge', ...clusterWords(), '--agent-kubeconfig-out', agentFile());

beforeAll(async () => {
  [fleet, elsewhere] = await Promise.all([
    RunningFleet.start('--members', 'embedded:1'),
    RunningFleet.start('--members', 'embedded:1'),
  ]);
  const { code, notes } = await register();
  if (code !== 0) throw new Error(notes);
});

afterAll(async () => {
  await Promise.all(agents.map((agent) => end(agent, 'SIGTERM')));
  await Promise.all([fleet.end(), elsewhere.end()]);
});

const inSystem = (apiVersion: string, kind: string, name: string) => ({
  apiVersion,
  kind,
  namespace: 'karmada-system',
  name,
});

async function readiness(): Promise<string | undefined> {
  const found = await fleet
    .api('hub')
    .get({ apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', name: 'edge' });
  return findCondition((found as { status?: { conditions?: never[] } } | null)?.status?.conditions, 'Ready')?.status;
}

const there = (name: string) =>
  elsewhere.api('member1').get({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name });

const readyThere = async (name: string) => {
  const status = (await there(name))?.status;
  return isObject(status) ? status.readyReplicas : undefined;
};

async function send(name: string): Promise<void> {
  const web = deployment(name, 2);
  await fleet.api('hub').create(web);
  await fleet.api('hub').create(policyFor(web, { clusterAffinity: { clusterNames: ['edge'] } }));
}

describe('two agents of one cluster', { timeout: 120_000 }, () => {
  let first: Agent;
  let second: Agent;

  it('do not serve both', async () => {
    first = begin();
    await expect.poll(() => said(first), WAIT).toContain('serves cluster edge');
    second = begin();
    await expect.poll(() => said(second), WAIT).toMatch(/stands by: \S+ leads.* by the Lease karmada-agent-edge/);
    await expect.poll(readiness, WAIT).toBe('True');
    await send('web');
    await expect.poll(() => readyThere('web'), WAIT).toBe(2);
    expect(said(second)).not.toContain('serves cluster');
    expect(said(first)).not.toContain('stands by');
  });

  it('follow each other at once when one is ended', async () => {
    const began = performance.now();
    await end(first, 'SIGTERM');
    await expect.poll(() => said(second), WAIT).toContain('serves cluster edge');
    expect(performance.now() - began).toBeLessThan(10_000);
    await send('later');
    await expect.poll(() => readyThere('later'), WAIT).toBe(2);
    expect(await readiness()).toBe('True');
  });

  it('follow each other when one dies, and nothing is done twice', async () => {
    const third = begin();
    await expect.poll(() => said(third), WAIT).toContain('stands by');
    await end(second, 'SIGKILL');
    await send('last');
    await expect.poll(() => said(third), WAIT).toContain('serves cluster edge');
    await expect.poll(() => readyThere('last'), WAIT).toBe(2);
    expect(await readiness()).toBe('True');
    for (const name of ['web', 'later', 'last']) expect((await there(name))?.metadata.generation).toBe(1);
    await end(third, 'SIGTERM');
  });
});

describe('an agent that registered before agents agreed on one', { timeout: 120_000 }, () => {
  it('says what to do, and serves when that is done', async () => {
    const hub = fleet.api('hub');
    await hub.remove(inSystem('coordination.k8s.io/v1', 'Lease', LEASE));
    await hub.remove(inSystem('rbac.authorization.k8s.io/v1', 'Role', LEASE));
    const agent = begin();
    await expect.poll(() => said(agent), WAIT).toContain('"muster register edge" again lets it');
    expect(said(agent)).not.toContain('serves cluster');
    expect((await register()).code).toBe(0);
    await expect.poll(() => said(agent), WAIT).toContain('serves cluster edge');
    expect(agent.notes.filter((line) => line.includes('may have the Lease'))).toHaveLength(1);
    await end(agent, 'SIGTERM');
  });

  it('leaves nothing behind when its cluster leaves', async () => {
    const agent = begin();
    await expect.poll(() => said(agent), WAIT).toContain('serves cluster edge');
    const { code, out } = await fleet.process('unjoin', 'edge', ...clusterWords());
    expect([code, out]).toEqual([0, 'cluster(edge) has left\n']);
    for (const [apiVersion, kind] of [
      ['coordination.k8s.io/v1', 'Lease'],
      ['rbac.authorization.k8s.io/v1', 'Role'],
      ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
    ] as const) {
      expect(await fleet.api('hub').get(inSystem(apiVersion, kind, LEASE))).toBeNull();
    }
  });
});
