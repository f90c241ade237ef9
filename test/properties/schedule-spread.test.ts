// Spread constraints hold, or the decision is an error.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../engine/api/cluster.ts';
import type { SpreadConstraint } from '../../engine/api/placement.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../../engine/profile/profile.ts';
import { pluginsFor } from '../../engine/schedule/default-plugins.ts';
import { schedule } from '../../engine/schedule/schedule.ts';
import { bindingOf, previous } from '../arbitraries/binding.ts';
import { fleetOf } from '../arbitraries/cluster.ts';
import { anyScheduling, anySpread, byRoom, duplicated, karmadaSpread, placementOf } from '../arbitraries/placement.ts';
import { check } from './check.ts';

function groupsOf({ metadata, spec }: Cluster, { spreadByField, spreadByLabel }: SpreadConstraint): readonly string[] {
  if (spreadByField === 'cluster') return [metadata.name];
  if (spreadByField === 'zone') return spec.zones ?? [];
  const value = spreadByField ? spec[spreadByField] : metadata.labels?.[spreadByLabel ?? ''];
  return value === undefined ? [] : [value];
}

const groupCount = (names: readonly string[], clusters: readonly Cluster[], constraint: SpreadConstraint): number =>
  new Set(
    clusters
      .filter(({ metadata }) => names.includes(metadata.name))
      .flatMap((cluster) => groupsOf(cluster, constraint)),
  ).size;

describe('spread constraints', () => {
  it('hold for the clusters that have replicas, in the muster profile', () => {
    const placement = placementOf({ spread: anySpread, scheduling: anyScheduling });
    const drawn = fc.tuple(bindingOf({ placement, previous, evictions: true }), fleetOf({ models: true }));
    let held = 0;
    check('spread, muster', drawn, ([binding, clusters]) => {
      const decision = schedule(binding, { clusters }, MUSTER_PROFILE, pluginsFor(MUSTER_PROFILE));
      if (!decision.ok) return;
      held += 1;
      const used = decision.clusters.map(({ name }) => name);
      for (const constraint of binding.spec.placement?.spreadConstraints ?? []) {
        const groups = groupCount(used, clusters, constraint);
        expect(groups).toBeGreaterThanOrEqual(constraint.minGroups!);
        expect(groups).toBeLessThanOrEqual(constraint.maxGroups!);
      }
    });
    // A property of decisions that never succeed would say nothing.
    expect(held).toBeGreaterThan(100);
  });

  // Karmada's answers are narrower: static weights ignore its constraints; they hold for the clusters that it selected,
  // and a selected cluster can be left without replicas; and every chosen region is given a cluster, also past the
  // maxGroups of cluster.
  it('hold for the selection in the karmada profile, by region and cluster', () => {
    const placement = placementOf({ spread: karmadaSpread, scheduling: fc.oneof(byRoom, fc.constant(duplicated)) });
    const drawn = fc.tuple(bindingOf({ placement, previous, evictions: true }), fleetOf({ models: true }));
    let held = 0;
    check('spread, karmada', drawn, ([binding, clusters]) => {
      const decision = schedule(binding, { clusters }, KARMADA_PROFILE, pluginsFor(KARMADA_PROFILE));
      if (!decision.ok) return;
      held += 1;
      const selected = decision.attempts.at(-1)!.selected!;
      const constraints = binding.spec.placement?.spreadConstraints ?? [];
      const region = constraints.find(({ spreadByField }) => spreadByField === 'region');
      const cluster = constraints.find(({ spreadByField }) => spreadByField === 'cluster')!;
      const regions = region === undefined ? 0 : groupCount(selected, clusters, region);
      if (region !== undefined) {
        expect(regions).toBeGreaterThanOrEqual(region.minGroups!);
        expect(regions).toBeLessThanOrEqual(region.maxGroups!);
      }
      expect(selected.length).toBeGreaterThanOrEqual(cluster.minGroups!);
      expect(selected.length).toBeLessThanOrEqual(Math.max(cluster.maxGroups!, regions));
    });
    expect(held).toBeGreaterThan(100);
  });
});
