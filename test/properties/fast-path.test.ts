// The fast path answers what the readable path answers, on random fleets under random sequences of changes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../engine/api/cluster.ts';
import { Fleet } from '../../engine/fleet/fleet.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE, type Profile } from '../../engine/profile/profile.ts';
import type { Decision } from '../../engine/schedule/decision.ts';
import { DEFAULT_PLUGINS } from '../../engine/schedule/default-plugins.ts';
import { Scheduler } from '../../engine/schedule/fast/scheduler.ts';
import type { Verdict } from '../../engine/schedule/fast/verdict.ts';
import type { BindingInput } from '../../engine/schedule/request.ts';
import { schedule } from '../../engine/schedule/schedule.ts';
import { binding, cluster, NAMES } from '../arbitraries/scheduling.ts';

type Step = { readonly upsert: Cluster } | { readonly remove: string } | { readonly decide: BindingInput };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: cluster.map((upsert) => ({ upsert })) },
  { weight: 1, arbitrary: fc.constantFrom(...NAMES).map((remove) => ({ remove })) },
  { weight: 4, arbitrary: binding.map((decide) => ({ decide })) },
);

function comparable(verdict: Verdict | Decision): unknown {
  if (!verdict.ok) {
    const { code, step: at, message } = verdict;
    return { code, step: at, message };
  }
  const clusters = [...verdict.clusters].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { affinity: verdict.affinity, clusters };
}

function agree(profile: Profile, first: readonly Cluster[], steps: readonly Step[]): void {
  const current = new Map<string, Cluster>(first.map((each) => [each.metadata.name, each]));
  const fleet = new Fleet(first);
  const scheduler = new Scheduler(fleet, profile);
  for (const each of steps) {
    if ('upsert' in each) {
      current.set(each.upsert.metadata.name, each.upsert);
      fleet.upsert(each.upsert);
    } else if ('remove' in each) {
      expect(fleet.remove(each.remove)).toBe(current.delete(each.remove));
    } else {
      const plain = schedule(each.decide, { clusters: [...current.values()] }, profile, DEFAULT_PLUGINS);
      expect(comparable(scheduler.decide(each.decide))).toEqual(comparable(plain));
    }
  }
}

const fleetOf = (size: number) => fc.array(cluster, { minLength: size, maxLength: size * 2 });

describe('the fast path', () => {
  for (const profile of [KARMADA_PROFILE, MUSTER_PROFILE]) {
    it(`answers like the readable path under the ${profile.name} profile, whatever happens to the fleet`, () => {
      fc.assert(
        fc.property(fleetOf(6), fc.array(step, { minLength: 4, maxLength: 16 }), (first, steps) =>
          agree(profile, first, steps),
        ),
        { numRuns: 1500 },
      );
    });
  }

  it('answers like the readable path on fleets large enough for sampling and packing', () => {
    const many = fc.array(cluster, { minLength: 30, maxLength: 30 }).map((drawn) =>
      Array.from({ length: 2500 }, (_, at) => {
        const base = drawn[at % drawn.length]!;
        const { deletionTimestamp: _deleted, ...metadata } = base.metadata;
        const room = base.status?.resourceSummary
          ? {
              ...base.status.resourceSummary,
              allocatable: { cpu: String((at * 7919) % 640), memory: `${(at * 104_729) % 900}Gi`, pods: '500' },
            }
          : undefined;
        return {
          ...base,
          metadata: { ...metadata, name: `c${at}` },
          status: { ...base.status, ...(room ? { resourceSummary: room } : {}) },
        };
      }),
    );
    fc.assert(
      fc.property(many, fc.array(binding, { minLength: 6, maxLength: 6 }), (clusters, bindings) =>
        agree(
          KARMADA_PROFILE,
          clusters,
          bindings.map((decide) => ({ decide })),
        ),
      ),
      { numRuns: 40 },
    );
  });
});
