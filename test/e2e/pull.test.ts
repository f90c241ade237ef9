// A cluster that pulls: registered with a hub that cannot reach it, served by an agent in a process of its own.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCondition, isObject, type KubeObject } from '../../engine/index.ts';
import { HttpApi } from '../../executor/live/http-api.ts';
import { contextAddress } from '../../executor/members/kubeconfig.ts';
import { deployment, policyFor } from '../builders/control-plane.ts';
import { ended, RunningFleet, spawnMuster } from './running-fleet.ts';

/** A cluster has to be well for half a minute before it counts as well again. */
const WAIT = { timeout: 75_000, interval: 200 };

let fleet: RunningFleet;
/** Its member is the cluster that pulls; its own hub minds nothing of this. */
let elsewhere: RunningFleet;
let agent: ChildProcess | null = null;

const agentFile = () => join(fleet.folder, 'agent.kubeconfig');
const clusterWords = () => elsewhere.clusterWords('member1');

function agentOf(name: string, cluster: readonly string[]): ChildProcess {
  const words = ['agent', name, '--hub-kubeconfig', agentFile(), ...cluster];
  return spawnMuster(...words);
}

function startAgent(): void {
  agent = agentOf('edge', clusterWords());
  agent.stdout?.resume();
  agent.stderr?.pipe(process.stderr);
}

async function killAgent(): Promise<void> {
  if (agent === null) return;
  const gone = once(agent, 'close');
  agent.kill('SIGKILL');
  await gone;
  agent = null;
}

beforeAll(async () => {
  [fleet, elsewhere] = await Promise.all([
    RunningFleet.start('--members', 'embedded:1'),
    RunningFleet.start('--members', 'embedded:1'),
  ]);
});

afterAll(async () => {
  await killAgent();
  await Promise.all([fleet.end(), elsewhere.end()]);
});

const cluster = () =>
  fleet.api('hub').get({ apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', name: 'edge' });

async function readiness(): Promise<string> {
  const found = (await cluster()) as { status?: { conditions?: never[] } } | null;
  return findCondition(found?.status?.conditions, 'Ready')?.status ?? 'none';
}

const reference = (name: string) => ({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name });

async function readyOf(api: RunningFleet, context: string, name: string): Promise<number> {
  const found = await api.api(context).get(reference(name));
  return isObject(found?.status) ? Number(found.status.readyReplicas ?? 0) : 0;
}

describe('a cluster that pulls', () => {
  it('registers, with a file for its agent that nobody else may read', async () => {
    const words = [
      'register',
      'edge',
      ...clusterWords(),
      '--cluster-region',
      'eu',
      '--agent-kubeconfig-out',
      agentFile(),
    ];
    const tried = await fleet.process(...words, '--dry-run');
    expect([tried.code, tried.out, await cluster()]).toEqual([0, 'cluster(edge) would register (dry run)\n', null]);
    const done = await fleet.process(...words);
    expect([done.code, done.out]).toEqual([0, 'cluster(edge) has registered\n']);
    expect(statSync(agentFile()).mode & 0o777).toBe(0o600);
    expect((await cluster())?.spec).toMatchObject({ syncMode: 'Pull', region: 'eu' });
    expect((await fleet.process(...words)).code).toBe(0);
    const twin = await fleet.process('register', 'other', ...clusterWords());
    expect([twin.code, twin.notes]).toEqual([1, 'error: this cluster has joined already, as edge\n']);
  }, 60_000);

  it('is served by no agent that stands beside another cluster, or under another name', async () => {
    const beside = (name: string, file: string) =>
      ended(agentOf(name, ['--cluster-kubeconfig', file, '--cluster-context', 'member1']));
    const refusals = await Promise.all([
      beside('edge', join(fleet.folder, 'kubeconfig')),
      beside('egde', join(elsewhere.folder, 'kubeconfig')),
      beside('member1', join(fleet.folder, 'kubeconfig')),
    ]);
    expect(refusals.map(({ code, notes }) => [code, notes])).toEqual([
      [1, 'error: this is not the cluster that registered as edge\n'],
      [1, 'error: the hub knows no cluster egde: "muster register" makes it one\n'],
      [1, 'error: the hub itself writes to cluster member1: it needs no agent\n'],
    ]);
  }, 60_000);

  it('gets its share by its agent, custom resources too, and tells how they are', async () => {
    startAgent();
    await expect.poll(readiness, WAIT).toBe('True');
    const web = deployment('web', 4);
    await fleet.api('hub').create(web);
    const placement = {
      replicaScheduling: { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Weighted' },
    };
    await fleet.api('hub').create(policyFor(web, placement));
    await expect.poll(() => readyOf(elsewhere, 'member1', 'web'), WAIT).toBe(2);
    await expect.poll(() => readyOf(fleet, 'hub', 'web'), WAIT).toBe(4);

    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'gates.example.com' },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'gates', singular: 'gate', kind: 'Gate' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        ],
      },
    } as unknown as KubeObject;
    const gate = {
      apiVersion: 'example.com/v1',
      kind: 'Gate',
      metadata: { name: 'north', namespace: 'default' },
      spec: { open: true },
    };
    await fleet.api('hub').create(definition);
    await fleet.api('hub').create({
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: 'ClusterPropagationPolicy',
      metadata: { name: 'gates' },
      spec: {
        resourceSelectors: [
          { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name: 'gates.example.com' },
          { apiVersion: 'example.com/v1', kind: 'Gate' },
        ],
        placement: { clusterAffinity: { clusterNames: ['edge'] } },
      },
    });
    await expect
      .poll(
        () =>
          fleet
            .api('hub')
            .create(gate)
            .then(
              () => true,
              () => false,
            ),
        WAIT,
      )
      .toBe(true);
    const there = () =>
      elsewhere.api('member1').get({ apiVersion: 'example.com/v1', kind: 'Gate', namespace: 'default', name: 'north' });
    await expect.poll(async () => (await there().catch(() => null))?.spec, WAIT).toEqual({ open: true });
  }, 120_000);

  it('may do nothing with what is not its own', async () => {
    const api = new HttpApi(await contextAddress({ file: agentFile(), context: null }));
    const status = async (path: string) => {
      const answer = await api.send({ method: 'GET', path });
      return answer.ok ? answer.status : answer.code;
    };
    const works = '/apis/work.karmada.io/v1alpha1/namespaces';
    expect([
      await status(`${works}/karmada-es-edge/works`),
      await status(`${works}/karmada-es-member1/works`),
      await status('/apis/work.karmada.io/v1alpha1/works'),
      await status('/api/v1/secrets'),
    ]).toEqual([200, 403, 403, 403]);
    api.close();
  });

  it('is left when its agent is gone, and is back with it', async () => {
    await killAgent();
    await expect.poll(readiness, { timeout: 90_000, interval: 500 }).toBe('Unknown');
    await expect.poll(() => readyOf(fleet, 'member1', 'web'), { timeout: 90_000, interval: 500 }).toBe(4);
    startAgent();
    await expect.poll(readiness, WAIT).toBe('True');
    await expect.poll(() => readyOf(elsewhere, 'member1', 'web'), { timeout: 60_000, interval: 500 }).toBe(0);
  }, 300_000);

  it('leaves with all that it was given, and its agent may do nothing any more', async () => {
    const { code, out } = await fleet.process('unjoin', 'edge', ...clusterWords());
    expect([code, out]).toEqual([0, 'cluster(edge) has left\n']);
    expect(await cluster()).toBeNull();
    const deployments = await elsewhere.api('member1').list({ apiVersion: 'apps/v1', kind: 'Deployment' });
    expect(deployments).toEqual([]);
    expect((await fleet.process('unjoin', 'edge')).notes).toBe('error: clusters.cluster.karmada.io "edge" not found\n');
    const api = new HttpApi(await contextAddress({ file: agentFile(), context: null }));
    expect(await api.send({ method: 'GET', path: '/api/v1/namespaces' })).toMatchObject({ ok: true, status: 401 });
    api.close();
    const accounts = await fleet
      .api('hub')
      .list({ apiVersion: 'v1', kind: 'ServiceAccount' }, { namespace: 'karmada-cluster' });
    expect(accounts.map(({ metadata }) => metadata.name)).not.toContain('karmada-agent-edge');
  }, 180_000);
});
