// What must be true of every decision, on random fleets and placements; its neighbours hold the other properties.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TargetCluster } from '../../engine/api/binding.ts';
import type { Cluster } from '../../engine/api/cluster.ts';
import { affinityMismatch } from '../../engine/api/cluster-affinity.ts';
import { canonicalJson } from '../../engine/kube/json.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE, type Profile } from '../../engine/profile/profile.ts';
import { apportion } from '../../engine/schedule/assign/apportion.ts';
import type { Decision } from '../../engine/schedule/decision.ts';
import { pluginsFor } from '../../engine/schedule/default-plugins.ts';
import { type BindingInput, isDuplicated } from '../../engine/schedule/request.ts';
import { schedule } from '../../engine/schedule/schedule.ts';
import { binding, cluster } from '../arbitraries/scheduling.ts';
import { check } from './check.ts';

const fleet = fc.uniqueArray(cluster, { minLength: 1, maxLength: 10, selector: ({ metadata }) => metadata.name });
const profile = fc.constantFrom(KARMADA_PROFILE, MUSTER_PROFILE);

const decide = (clusters: readonly Cluster[], given: BindingInput, ours: Profile): Decision =>
  schedule(given, { clusters }, ours, pluginsFor(ours));

const byName = (clusters: readonly TargetCluster[]) => [...clusters].sort((a, b) => (a.name < b.name ? -1 : 1));
const outcome = (decision: Decision): unknown =>
  decision.ok
    ? { affinity: decision.affinity, clusters: byName(decision.clusters) }
    : { code: decision.code, message: decision.message };
const total = (clusters: readonly TargetCluster[]): number =>
  clusters.reduce((sum, { replicas = 0 }) => sum + replicas, 0);

/** The same value with the keys of every object in another order. */
function shuffledKeys<T>(value: T): T {
  if (Array.isArray(value)) return value.map(shuffledKeys) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, each]) => [key, shuffledKeys(each)]),
  ) as T;
}

describe('every decision', () => {
  it('is the same to the byte, whatever the order of clusters and keys', () => {
    check('same bytes', fc.tuple(fleet, binding, profile), ([clusters, given, ours]) => {
      const straight = canonicalJson(outcome(decide(clusters, given, ours)));
      const turned = canonicalJson(outcome(decide(shuffledKeys([...clusters].reverse()), shuffledKeys(given), ours)));
      expect(turned).toBe(straight);
    });
  });

  it('hands out exactly the replicas that were asked for', () => {
    check('exact replicas', fc.tuple(fleet, binding, profile), ([clusters, given, ours]) => {
      const decision = decide(clusters, given, ours);
      const { replicas = 0, placement = {}, replicaRequirements } = given.spec;
      if (!decision.ok || (replicas === 0 && replicaRequirements === undefined)) return;
      const overflows = placement.clusterAffinities?.some(({ overflowAffinities }) => overflowAffinities !== undefined);
      if (!isDuplicated(placement)) expect(total(decision.clusters)).toBe(replicas);
      // Overflow with copies is refused by admission; there each tier has a share of its own.
      else if (!overflows) for (const target of decision.clusters) expect(target.replicas).toBe(replicas);
    });
  });

  it('never chooses a cluster that is filtered out, being deleted or being left', () => {
    check('fit clusters', fc.tuple(fleet, binding, profile), ([clusters, given, ours]) => {
      const decision = decide(clusters, given, ours);
      if (!decision.ok) return;
      const { placement = {}, gracefulEvictionTasks = [], clusters: previous = [], resource } = given.spec;
      const { clusterAffinity } = placement;
      for (const { name } of decision.clusters) {
        const chosen = clusters.find(({ metadata }) => metadata.name === name);
        expect(chosen).toBeDefined();
        expect(chosen!.metadata.deletionTimestamp).toBeUndefined();
        expect(gracefulEvictionTasks.map(({ fromCluster }) => fromCluster)).not.toContain(name);
        if (clusterAffinity !== undefined) expect(affinityMismatch(chosen!, clusterAffinity)).toBeNull();
        if (previous.some((target) => target.name === name)) continue;
        const kinds = (chosen!.status?.apiEnablements ?? []).flatMap(({ resources = [] }) =>
          resources.map(({ kind }) => kind),
        );
        expect(kinds).toContain(resource.kind);
        expect(decision.attempts.at(-1)!.rejected.has(name)).toBe(false);
      }
    });
  });
});

describe('apportionment', () => {
  it('comes at once for as many replicas as there can be', () => {
    const parties = Array.from({ length: 20_000 }, (_, at) => ({ name: `m${at}`, weight: 1 + ((at * 7919) % 1000) }));
    const seats = apportion(2 ** 31 - 1, parties);
    expect(seats.reduce((sum, count) => sum + count, 0)).toBe(2 ** 31 - 1);
  });
});
