// What is true of every decision, whatever is asked: the same input gives the same bytes, every replica is placed once,
// nobody is chosen who is out of the question, and the story told of it comes to the same replicas.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../engine/api/cluster.ts';
import { Random } from '../../engine/base/random.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE, type Profile } from '../../engine/profile/profile.ts';
import { answerCase } from '../../engine/schedule/case/answer-case.ts';
import type { Decision } from '../../engine/schedule/decision.ts';
import { pluginsFor } from '../../engine/schedule/default-plugins.ts';
import { generalEstimator } from '../../engine/schedule/estimate/general.ts';
import { promiseOf } from '../../engine/schedule/estimate/promises.ts';
import { explain } from '../../engine/schedule/explain.ts';
import { relax } from '../../engine/schedule/relax.ts';
import { type BindingInput, readRequest } from '../../engine/schedule/request.ts';
import { schedule } from '../../engine/schedule/schedule.ts';
import { bindingOf, need, previous } from '../arbitraries/binding.ts';
import { fleetOf } from '../arbitraries/cluster.ts';
import { anySpread, karmadaSpread, placementOf, tieredPlacement } from '../arbitraries/placement.ts';
import { check } from './check.ts';

const profile = fc.constantFrom(KARMADA_PROFILE, MUSTER_PROFILE);
const anyPlacement = fc.oneof(
  placementOf({ groups: true }),
  placementOf({ spread: karmadaSpread, groups: true }),
  placementOf({ spread: anySpread }),
  tieredPlacement,
);
const anyBinding = bindingOf({ placement: anyPlacement, previous, evictions: true });

const decide = (binding: BindingInput, clusters: readonly Cluster[], by: Profile): Decision =>
  schedule(binding, { clusters }, by, pluginsFor(by));

/** The same value with the keys of every object in another order; lists stay as they are. */
function reordered<T>(value: T, random: Random): T {
  if (Array.isArray(value)) return value.map((item) => reordered(item, random)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, reordered(item, random)] as const);
  return Object.fromEntries(random.shuffled(entries)) as T;
}

describe('every decision', () => {
  it('is the same to the byte, whatever the order of clusters and of keys', () => {
    const drawn = fc.tuple(anyBinding, fleetOf({ models: true }), profile, fc.string());
    check('order of clusters and keys', drawn, ([binding, clusters, by, seed]) => {
      const random = new Random(seed);
      const given = { id: 'x', clusters, spec: binding.spec, status: binding.status ?? {} };
      const turned = reordered({ ...given, clusters: random.shuffled(clusters) }, random);
      const options = { profile: by, trace: true };
      expect(JSON.stringify(answerCase(turned, options))).toBe(JSON.stringify(answerCase(given, options)));
    });
  });

  it('places every replica once where they are divided, and all of them everywhere where duplicated', () => {
    const drawn = fc.tuple(anyBinding, fleetOf({ models: true }), profile);
    check('sums of replicas', drawn, ([binding, clusters, by]) => {
      const decision = decide(binding, clusters, by);
      if (!decision.ok) return;
      const { replicas, placement } = binding.spec;
      const placed = decision.clusters.map((target) => target.replicas ?? 0);
      if (placement?.replicaScheduling?.replicaSchedulingType === 'Duplicated') {
        expect(placed).toEqual(placed.map(() => replicas));
      } else {
        expect(placed.reduce((sum, count) => sum + count, 0)).toBe(replicas);
        expect(placed.every((count) => count > 0)).toBe(true);
      }
    });
  });

  it('never chooses a cluster twice, nor one that is deleted, left, tainted, without the API or excluded', () => {
    const drawn = fc.tuple(anyBinding, fleetOf(), profile);
    check('who is chosen', drawn, ([binding, clusters, by]) => {
      const decision = decide(binding, clusters, by);
      if (!decision.ok) return;
      const chosen = decision.clusters.map(({ name }) => name);
      expect(new Set(chosen).size).toBe(chosen.length);
      const rejected = decision.attempts.at(-1)!.rejected;
      expect(chosen.filter((name) => rejected.has(name))).toEqual([]);
      for (const name of chosen) expect(outOfTheQuestion(name, clusters, binding)).toBe(false);
    });
  });

  it('can be explained with arithmetic that comes to the same replicas', () => {
    const drawn = fc.tuple(anyBinding, fleetOf({ models: true }), profile);
    check('explanation and decision', drawn, ([binding, clusters, by]) => {
      const decision = decide(binding, clusters, by);
      const { outcome, attempts } = explain(binding, { clusters }, by, pluginsFor(by));
      expect(outcome.ok).toBe(decision.ok);
      expect(attempts).toHaveLength(decision.attempts.length);
      if (!decision.ok) return;
      const told = attempts
        .at(-1)!
        .divisions.flatMap(({ rows }) => rows.map(({ name, replicas }) => ({ name, replicas })))
        .filter(({ replicas }) => replicas > 0);
      const byNames = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
      expect(told.sort(byNames)).toEqual([...decision.clusters].sort(byNames));
    });
  });

  it('has estimates whose tightest bound is the estimate', () => {
    const promised = fc.option(fc.record({ replicas: fc.integer({ min: 0, max: 40 }), need }), { nil: undefined });
    const drawn = fc.tuple(anyBinding, fleetOf({ models: true }), profile, promised);
    check('bounds and estimates', drawn, ([binding, clusters, by, earlier]) => {
      const request = readRequest(binding, by, []);
      const promise =
        earlier &&
        promiseOf(earlier.replicas, {
          resourceRequest: { cpu: `${earlier.need.cpuMilli}m`, memory: `${earlier.need.memoryMi}Mi` },
        });
      const promises = new Map(promise === undefined ? [] : clusters.map(({ metadata }) => [metadata.name, promise]));
      const fleet = { clusters, promised: promises };
      for (const cluster of clusters) {
        const [tightest] = generalEstimator.bounds!(cluster, request, fleet);
        expect(tightest?.fits).toBe(generalEstimator.estimate(cluster, request, fleet));
      }
    });
  });

  it('has remedies only where it fails, none longer than the shortest', () => {
    const drawn = fc.tuple(anyBinding, fleetOf(), profile);
    check('remedies', drawn, ([binding, clusters, by]) => {
      const situation = { binding, fleet: { clusters }, profile: by, plugins: pluginsFor(by) };
      const remedies = relax(situation, { changesMax: 2, remediesMax: 4, decisionsMax: 60 });
      if (decide(binding, clusters, by).ok) expect(remedies).toEqual([]);
      const sizes = new Set(remedies.map(({ changes }) => changes.length));
      expect(sizes.size).toBeLessThanOrEqual(1);
      const sets = remedies.map(({ changes }) =>
        changes
          .map(({ what }) => what)
          .sort()
          .join('\n'),
      );
      expect(new Set(sets).size).toBe(sets.length);
    });
  });
});

/** The filters once more, in the plainest words; what runs somewhere already may stay beside taints and lost APIs. */
function outOfTheQuestion(name: string, clusters: readonly Cluster[], { spec }: BindingInput): boolean {
  const cluster = clusters.find(({ metadata }) => metadata.name === name);
  if (cluster === undefined || cluster.metadata.deletionTimestamp !== undefined) return true;
  if (spec.gracefulEvictionTasks?.some(({ fromCluster }) => fromCluster === name)) return true;
  const { clusterAffinity, clusterTolerations = [] } = spec.placement ?? {};
  if (clusterAffinity?.exclude?.includes(name)) return true;
  if (clusterAffinity?.clusterNames && !clusterAffinity.clusterNames.includes(name)) return true;
  if (spec.clusters?.some((target) => target.name === name)) return false;
  if (cluster.status?.apiEnablements?.length === 0) return true;
  return (cluster.spec.taints ?? []).some(
    ({ key, value, effect }) =>
      effect !== 'PreferNoSchedule' &&
      !clusterTolerations.some(
        (toleration) =>
          (toleration.key === undefined || toleration.key === key) &&
          (toleration.effect === undefined || toleration.effect === effect) &&
          (toleration.operator === 'Exists' || toleration.value === value),
      ),
  );
}
