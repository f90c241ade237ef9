// How decisions behave from one to the next: more room never hurts, growth takes nothing away, and deciding again
// changes nothing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TargetCluster } from '../../engine/api/binding.ts';
import type { Cluster } from '../../engine/api/cluster.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE, type Profile } from '../../engine/profile/profile.ts';
import { pluginsFor } from '../../engine/schedule/default-plugins.ts';
import type { BindingInput } from '../../engine/schedule/request.ts';
import { schedule } from '../../engine/schedule/schedule.ts';
import { bindingOf, previous } from '../arbitraries/binding.ts';
import { type Capacity, capacity, fleetOf, resources } from '../arbitraries/cluster.ts';
import {
  anySpread,
  byRoom,
  clusterConstraint,
  karmadaSpread,
  otherConstraint,
  placementOf,
  tieredPlacement,
} from '../arbitraries/placement.ts';
import { check } from './check.ts';

const otherSpread = fc
  .tuple(otherConstraint, fc.option(clusterConstraint, { nil: undefined }))
  .map((constraints) => constraints.filter((constraint) => constraint !== undefined));

const profile = fc.constantFrom(KARMADA_PROFILE, MUSTER_PROFILE);

const decide = (binding: BindingInput, clusters: readonly Cluster[], by: Profile) =>
  schedule(binding, { clusters }, by, pluginsFor(by));

const asSet = (clusters: readonly TargetCluster[]) =>
  clusters.map(({ name, replicas }) => `${name}:${replicas}`).sort();

const number = (text: string | number | undefined): number => Number.parseInt(String(text ?? 0), 10);

/** The fleet once its status shows what a decision has placed. */
function afterwards(
  clusters: readonly Cluster[],
  { spec }: BindingInput,
  placed: readonly TargetCluster[],
): readonly Cluster[] {
  const request = spec.replicaRequirements?.resourceRequest ?? {};
  return clusters.map((cluster) => {
    const replicas = placed.find(({ name }) => name === cluster.metadata.name)?.replicas ?? 0;
    const summary = cluster.status?.resourceSummary;
    const before = summary?.allocated ?? {};
    const allocated = resources({
      cpuMilli: number(before.cpu) + replicas * number(request.cpu),
      memoryMi: number(before.memory) + replicas * number(request.memory),
      pods: number(before.pods) + replicas,
    });
    return { ...cluster, status: { ...cluster.status, resourceSummary: { ...summary, allocated } } };
  });
}

/** The same binding after a decision: what was placed is what runs. */
const decided = (binding: BindingInput, clusters: readonly TargetCluster[], affinity: string | null): BindingInput => ({
  spec: { ...binding.spec, clusters: [...clusters] },
  status: { ...binding.status, ...(affinity === null ? {} : { schedulerObservingAffinityName: affinity }) },
});

const grown = (binding: BindingInput, more: number): BindingInput => ({
  ...binding,
  spec: { ...binding.spec, replicas: (binding.spec.replicas ?? 0) + more },
});

function withMore(cluster: Cluster, more: Capacity): Cluster {
  const summary = cluster.status?.resourceSummary;
  const has = summary?.allocatable ?? {};
  const allocatable = resources({
    cpuMilli: number(has.cpu) + more.cpuMilli,
    memoryMi: number(has.memory) + more.memoryMi,
    pods: number(has.pods) + more.pods,
  });
  return { ...cluster, status: { ...cluster.status, resourceSummary: { ...summary, allocatable } } };
}

describe('more capacity', () => {
  it('never turns a fit into a misfit where nothing is spread', () => {
    const placement = fc.oneof(placementOf({ groups: true }), tieredPlacement);
    const drawn = fc.tuple(
      bindingOf({ placement, previous }),
      fleetOf({ models: true }),
      fc.array(capacity, { minLength: 9, maxLength: 9 }),
      profile,
    );
    let fits = 0;
    check('more capacity', drawn, ([binding, clusters, more, by]) => {
      if (!decide(binding, clusters, by).ok) return;
      fits += 1;
      const larger = clusters.map((cluster, at) => withMore(cluster, more[at]!));
      expect(decide(binding, larger, by).ok).toBe(true);
    });
    expect(fits).toBeGreaterThan(100);
  });
});

describe('growth', () => {
  // Not true of overflow tiers: Karmada fills the first tier again with whatever room has come up there, and the later
  // tiers give that much back.
  it('takes no replica from a cluster that is still selected', () => {
    const placement = fc.oneof(
      placementOf({ scheduling: byRoom, groups: true }),
      placementOf({ scheduling: byRoom, spread: karmadaSpread }),
      placementOf({ scheduling: byRoom, spread: anySpread }),
    );
    const drawn = fc.tuple(
      bindingOf({ placement }),
      fleetOf({ models: true }),
      fc.integer({ min: 1, max: 9 }),
      profile,
    );
    let steps = 0;
    check('growth', drawn, ([binding, clusters, more, by]) => {
      const first = decide(binding, clusters, by);
      if (!first.ok) return;
      const fleet = afterwards(clusters, binding, first.clusters);
      const second = decide(grown(decided(binding, first.clusters, first.affinity), more), fleet, by);
      if (!second.ok || second.affinity !== first.affinity) return;
      steps += 1;
      const selected = second.attempts.at(-1)!.selected!;
      for (const { name, replicas = 0 } of first.clusters) {
        if (!selected.includes(name)) continue;
        const now = second.clusters.find((target) => target.name === name)?.replicas ?? 0;
        expect(now).toBeGreaterThanOrEqual(replicas);
      }
    });
    expect(steps).toBeGreaterThan(100);
  });
});

describe('deciding again', () => {
  const again = (name: string, drawn: fc.Arbitrary<[BindingInput, readonly Cluster[], Profile]>): void => {
    let decisions = 0;
    check(name, drawn, ([binding, clusters, by]) => {
      const first = decide(binding, clusters, by);
      if (!first.ok) return;
      decisions += 1;
      const fleet = afterwards(clusters, binding, first.clusters);
      const second = decide(decided(binding, first.clusters, first.affinity), fleet, by);
      expect(second.ok && asSet(second.clusters)).toEqual(asSet(first.clusters));
    });
    expect(decisions).toBeGreaterThan(100);
  };

  // No resource models here: the models of these fleets do not shrink with what is placed, as those of a member would.
  it('changes nothing without constraints', () => {
    again('again, not spread', fc.tuple(bindingOf({ placement: placementOf({ groups: true }) }), fleetOf(), profile));
  });

  it('changes nothing with overflow tiers', () => {
    again('again, tiers', fc.tuple(bindingOf({ placement: tieredPlacement }), fleetOf(), profile));
  });

  it('changes nothing under a cluster constraint', () => {
    const placement = placementOf({ spread: clusterConstraint.map((constraint) => [constraint]) });
    again('again, by cluster', fc.tuple(bindingOf({ placement }), fleetOf(), profile));
  });

  // Not true of regions as Karmada chooses them: of the heaviest combination it takes the shortest leading part that
  // does, and the places of the workload itself change the weights, so that a part can do the second time.
  it('changes nothing under other constraints in the muster profile', () => {
    const placement = placementOf({ spread: otherSpread });
    again('again, other spread', fc.tuple(bindingOf({ placement }), fleetOf(), fc.constant(MUSTER_PROFILE)));
  });
});
