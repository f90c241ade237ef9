// How what has to leave a cluster leaves it: who has to, what the task says, what goes along, and when it is over.
import { describe, expect, it } from 'vitest';
import { portsFor } from '../../../test/builders/control-plane.ts';
import type { AggregatedStatusItem, GracefulEvictionTask, ResourceBindingSpec } from '../../api/binding.ts';
import { builtInCollectionOf } from '../../api/kinds.ts';
import { executionSpaceOf, workNameOf } from '../../api/names.ts';
import type { PatchCommand } from '../../control/command.ts';
import type { Controller, Outcome, View } from '../../control/controller.ts';
import type { JsonValue } from '../../kube/json.ts';
import type { KubeObject } from '../../kube/meta.ts';
import type { Taint, Toleration } from '../../kube/taint.ts';
import { formatTime } from '../../kube/time.ts';
import type { Gates } from '../../profile/gates.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE, type Profile } from '../../profile/profile.ts';
import { applicationFailover } from './application-failover.ts';
import { gracefulEviction } from './graceful-eviction.ts';
import { taintManager } from './taint-manager.ts';

const NOW = 1_767_229_200_000;
const ago = (seconds: number): string => formatTime(NOW - seconds * 1000);

const withFailover = (profile: Profile, gates: Partial<Gates> = {}): Profile => ({
  ...profile,
  gates: { ...profile.gates, Failover: true, ...gates },
  timings: { ...profile.timings, enableNoExecuteTaintEviction: true },
});
const KARMADA = withFailover(KARMADA_PROFILE);
const STATEFUL = withFailover(KARMADA_PROFILE, { StatefulFailoverInjection: true });

const cluster = (name: string, taints: readonly Taint[] = [], ready = 'True'): KubeObject => ({
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name },
  spec: { taints },
  status: { conditions: [{ type: 'Ready', status: ready }] },
});

const workIn = (space: string): KubeObject => ({
  apiVersion: 'work.karmada.io/v1alpha1',
  kind: 'Work',
  metadata: { name: workNameOf('Deployment', 'web', 'default'), namespace: executionSpaceOf(space) },
});

interface Given {
  readonly spec?: Partial<ResourceBindingSpec>;
  readonly told?: readonly Partial<AggregatedStatusItem>[];
  readonly applied?: object | null;
}

function binding({ spec = {}, told = [], applied = {} }: Given): KubeObject {
  const annotations =
    applied === null ? {} : { annotations: { 'policy.karmada.io/applied-placement': JSON.stringify(applied) } };
  return {
    apiVersion: 'work.karmada.io/v1alpha2',
    kind: 'ResourceBinding',
    metadata: { name: 'web-deployment', namespace: 'default', generation: 3, ...annotations },
    spec: {
      resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' },
      replicas: 2,
      clusters: [{ name: 'm1', replicas: 2 }],
      ...spec,
    },
    status: {
      schedulerObservedGeneration: 3,
      conditions: [{ type: 'Scheduled', status: 'True' }],
      aggregatedStatus: told,
    },
  };
}

function after(
  controller: Controller,
  objects: readonly KubeObject[],
  remembered?: JsonValue,
): Outcome & { readonly spec: ResourceBindingSpec | null } {
  const list = (collection: string) =>
    objects.filter(({ apiVersion, kind }) => builtInCollectionOf(apiVersion, kind) === collection);
  const get = (collection: string, namespace: string, name: string) =>
    list(collection).find((one) => one.metadata.name === name && (one.metadata.namespace ?? '') === namespace) ?? null;
  const view = { get, list, isSynced: () => true, attempt: { failures: 0, results: [] }, remembered };
  const outcome = controller.reconcile('default/web-deployment', view as unknown as View, NOW);
  const patch = (outcome.commands[0] as PatchCommand | undefined)?.patch;
  return { ...outcome, spec: (patch?.spec ?? null) as unknown as ResourceBindingSpec | null };
}

const reasons = ({ events }: Outcome): readonly string[] => [...new Set(events.map(({ reason }) => reason))];

const EVICT: Taint = { key: 'k', effect: 'NoExecute', timeAdded: ago(120) };
const tolerating = (...tolerations: Toleration[]) => ({ clusterTolerations: tolerations });
const forSeconds = (tolerationSeconds?: number): Toleration => ({
  key: 'k',
  operator: 'Exists',
  ...(tolerationSeconds !== undefined && { tolerationSeconds }),
});

describe('a taint', () => {
  const leaves = (profile: Profile, given: Given, taints: readonly Taint[] = [EVICT]) =>
    after(taintManager(portsFor(profile)), [cluster('m1', taints), cluster('m2'), binding(given)]);
  const isLeft = (profile: Profile, given: Given) => leaves(profile, given).spec !== null;

  it('is tolerated by the first toleration that matches in Karmada, and by the longest in muster', () => {
    for (const [tolerations, inKarmada, inMuster] of [
      [[forSeconds(), forSeconds(60)], false, false],
      [[forSeconds(300), forSeconds(60)], false, false],
      [[forSeconds(60), forSeconds()], true, false],
      [[forSeconds(60), forSeconds(300)], true, false],
      [[forSeconds(60)], true, true],
      [[], true, true],
    ] as const) {
      const given = { applied: tolerating(...tolerations) };
      expect([tolerations, isLeft(KARMADA, given), isLeft(MUSTER_PROFILE, given)]).toEqual([
        tolerations,
        inKarmada,
        inMuster,
      ]);
    }
  });

  it('takes nothing away of which nobody knows by what it was placed', () => {
    expect(isLeft(KARMADA, { applied: null })).toBe(false);
    expect(isLeft(MUSTER_PROFILE, { applied: null })).toBe(false);
    expect(isLeft(MUSTER_PROFILE, { applied: {} })).toBe(true);
  });

  it('leaves what somebody has said before of how it is to end there', () => {
    const old = { fromCluster: 'm1', reason: 'ApplicationFailure', suppressDeletion: true } as GracefulEvictionTask;
    const { spec } = leaves(KARMADA, { spec: { gracefulEvictionTasks: [old] } });
    expect([spec!.clusters, spec!.gracefulEvictionTasks]).toEqual([[], [old]]);
  });

  it('tells of no more in its task than there is to tell, and of success when that is over', () => {
    const none = leaves(KARMADA, { spec: { clusters: [{ name: 'm1', replicas: 0 }] } });
    expect(none.spec!.gracefulEvictionTasks).toEqual([
      {
        fromCluster: 'm1',
        purgeMode: 'Gracefully',
        reason: 'TaintUntolerated',
        producer: 'TaintManager',
        creationTimestamp: ago(0),
      },
    ]);
    expect(reasons(none)).toEqual([]);
    expect(leaves(KARMADA, {}).spec!.gracefulEvictionTasks).toMatchObject([{ replicas: 2 }]);
  });

  describe('where a state goes along', () => {
    const failover = (jsonPath: string) => ({
      cluster: {
        purgeMode: 'Directly' as const,
        statePreservation: { rules: [{ aliasLabelName: 'job', jsonPath }] },
      },
    });
    const told = [{ clusterName: 'm1', status: { n: 5 } }];

    it('waits until that is known, and says so', () => {
      for (const [path, known] of [
        ['{.n}', []],
        ['{.m}', told],
        ['{[?(@.n)]}', told],
      ] as const) {
        const waiting = leaves(STATEFUL, { spec: { failover: failover(path) }, told: known });
        expect([waiting.spec, waiting.requeue, reasons(waiting)]).toEqual([
          null,
          'back-off',
          ['EvictWorkloadFromClusterFailed'],
        ]);
      }
    });

    it('takes it along, and notes where it was so that no copy that ran before gets it', () => {
      const given = { spec: { failover: failover('id-{.n}') }, told };
      const task = (profile: Profile) => leaves(profile, given).spec!.gracefulEvictionTasks![0]!;
      expect(task(STATEFUL).preservedLabelState).toEqual({ job: 'id-5' });
      expect(task(STATEFUL).clustersBeforeFailover).toBeUndefined();
      expect(task(MUSTER_PROFILE)).toMatchObject({
        preservedLabelState: { job: 'id-5' },
        clustersBeforeFailover: ['m1'],
      });
      expect(task(KARMADA).preservedLabelState).toBeUndefined();
    });
  });
});

describe('an application that is unwell', () => {
  const unwell = (application: object, given: Given = {}, profile = KARMADA, remembered?: JsonValue) => {
    const failover = { application: { decisionConditions: { tolerationSeconds: 300 }, ...application } };
    const told = given.told ?? [{ clusterName: 'm1', health: 'Unhealthy' as const }];
    const spec = { ...given.spec, failover } as Partial<ResourceBindingSpec>;
    const objects = [cluster('m1'), cluster('m2'), binding({ ...given, told, spec })];
    return after(applicationFailover(portsFor(profile)), objects, remembered);
  };
  const sinceSeconds = (seconds: number) => ({ unwell: { m1: NOW - seconds * 1000 } });

  it('keeps its clock while nobody tells how it is there', () => {
    const silent = unwell({}, { told: [{ clusterName: 'm2', health: 'Healthy' }] }, KARMADA, sinceSeconds(200));
    expect([silent.spec, silent.remember]).toEqual([null, sinceSeconds(200)]);
    expect(unwell({}, {}, KARMADA, sinceSeconds(301)).spec).not.toBeNull();
    expect(unwell({}, { told: [] }, KARMADA, sinceSeconds(200)).remember).toBeNull();
  });

  it('that is tolerated for no time at all leaves at once, and in Karmada with the next event', () => {
    const never = { decisionConditions: { tolerationSeconds: 0 } };
    const first = unwell(never);
    expect([first.spec, first.requeue]).toEqual([null, 'await-change']);
    expect(unwell(never, {}, KARMADA, sinceSeconds(0)).spec).not.toBeNull();
    expect(unwell(never, {}, MUSTER_PROFILE).spec).not.toBeNull();
  });

  it('stays where it asks for grace and the gate to that is shut', () => {
    const shut = withFailover(KARMADA_PROFILE, { GracefulEviction: false });
    for (const [purgeMode, leaves] of [
      ['Gracefully', false],
      ['Directly', true],
      ['Never', true],
    ] as const) {
      expect([purgeMode, unwell({ purgeMode }, {}, shut, sinceSeconds(301)).spec !== null]).toEqual([
        purgeMode,
        leaves,
      ]);
    }
  });

  it('that is on its way out is not sent away again', () => {
    const gracefulEvictionTasks = [{ fromCluster: 'm1', reason: 'ApplicationFailure' } as GracefulEvictionTask];
    expect(unwell({}, { spec: { gracefulEvictionTasks } }, KARMADA, sinceSeconds(301)).spec).toBeNull();
  });

  it('notes where it was only where a state goes along', () => {
    const rules = [{ aliasLabelName: 'job', jsonPath: '{.n}' }];
    const told = [{ clusterName: 'm1', health: 'Unhealthy' as const, status: { n: 5 } }];
    const task = (application: object, profile: Profile) =>
      unwell(application, { told }, profile, sinceSeconds(301)).spec!.gracefulEvictionTasks![0]!;
    expect(task({ statePreservation: { rules } }, STATEFUL).clustersBeforeFailover).toEqual(['m1']);
    expect(task({ statePreservation: { rules } }, KARMADA).clustersBeforeFailover).toBeUndefined();
    expect(task({}, STATEFUL).clustersBeforeFailover).toBeUndefined();
  });
});

describe('a task', () => {
  const task = (fields: Partial<GracefulEvictionTask>): GracefulEvictionTask => ({
    fromCluster: 'm1',
    purgeMode: 'Gracefully',
    reason: 'TaintUntolerated',
    producer: 'TaintManager',
    creationTimestamp: ago(5),
    ...fields,
  });
  const ended = (
    profile: Profile,
    tasks: readonly GracefulEvictionTask[],
    clusters: readonly string[],
    well: readonly string[],
  ) => {
    const spec = {
      clusters: clusters.map((name) => ({ name, replicas: 2 / clusters.length })),
      gracefulEvictionTasks: [...tasks],
    };
    const told = well.map((clusterName) => ({ clusterName, health: 'Healthy' as const }));
    const objects = [cluster('m1', [], 'False'), cluster('m2'), workIn('m1'), binding({ spec, told })];
    const outcome = after(gracefulEviction(portsFor(profile)), objects);
    const left: readonly GracefulEvictionTask[] =
      outcome.spec === null ? tasks : (outcome.spec.gracefulEvictionTasks ?? []);
    return { left: left.length, told: reasons(outcome) };
  };

  it('to purge directly ends in Karmada as any other, whatever has become of it', () => {
    for (const purgeMode of ['Directly', 'Gracefully'] as const) {
      const over = { left: 0, told: ['EvictWorkloadFromClusterSucceed'] };
      expect(ended(KARMADA, [task({ purgeMode })], ['m2'], ['m2'])).toEqual(over);
      expect(ended(KARMADA, [task({ purgeMode })], ['m2'], [])).toEqual({ left: 1, told: [] });
      expect(ended(KARMADA, [task({ purgeMode, creationTimestamp: ago(601) })], ['m2'], [])).toEqual(over);
    }
  });

  it('ends where its cluster is a target again, and in Karmada when its time is up', () => {
    expect(ended(MUSTER_PROFILE, [task({})], ['m1'], [])).toEqual({ left: 0, told: [] });
    expect(ended(KARMADA, [task({})], ['m1'], [])).toEqual({ left: 1, told: [] });
    expect(ended(KARMADA, [task({ creationTimestamp: ago(601) })], ['m1'], [])).toEqual({ left: 0, told: [] });
  });

  it('has the time that is its own, whatever others have', () => {
    const short = task({ gracePeriodSeconds: 60, creationTimestamp: ago(61) });
    const usual = task({ creationTimestamp: ago(120) });
    expect(ended(KARMADA, [short, usual], ['m2'], [])).toEqual({ left: 1, told: ['EvictWorkloadFromClusterSucceed'] });
  });
});
