// The placements that properties take for valid are those that admission lets through, and they shrink to little.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admit } from '../../engine/api/admission/admit.ts';
import type { Placement } from '../../engine/api/placement.ts';
import { check } from '../properties/check.ts';
import { anyScheduling, karmadaSpread, placementOf, tieredPlacement } from './placement.ts';

const policy = (placement: Placement) => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: { name: 'p', namespace: 'default' },
  spec: { resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }], placement },
});

/** Names are made to collide, and "B1" is no name of a cluster: everything else has to be right. */
const isName = ({ path }: { readonly path: string }) => /clusterNames|exclude/.test(path);

describe('arbitrary placements', () => {
  it.each([
    ['of every strategy', placementOf()],
    ['that spread as Karmada does', placementOf({ spread: karmadaSpread })],
    ['in groups', placementOf({ groups: true, scheduling: anyScheduling })],
    ['with overflow', tieredPlacement],
  ])('%s are admitted', (what, arbitrary) => {
    check(`admitted, ${what}`, arbitrary, (placement) => {
      expect(admit(policy(placement), 0).problems.filter((problem) => !isName(problem))).toEqual([]);
    });
  });

  it('are of every strategy, with and without groups', () => {
    const drawn = fc.sample(placementOf({ groups: true }), { numRuns: 300, seed: 1 });
    const kinds = drawn.map(({ replicaScheduling = {}, clusterAffinities }) => {
      const { replicaSchedulingType, replicaDivisionPreference, weightPreference = {} } = replicaScheduling;
      const weights = Object.keys(weightPreference).join();
      const groups = clusterAffinities === undefined ? 'one group' : 'groups';
      return [replicaSchedulingType, replicaDivisionPreference, weights, groups].filter(Boolean).join(' ');
    });
    expect([...new Set(kinds)].sort()).toEqual([
      'Divided Aggregated groups',
      'Divided Aggregated one group',
      'Divided Weighted dynamicWeight groups',
      'Divided Weighted dynamicWeight one group',
      'Divided Weighted staticWeightList groups',
      'Divided Weighted staticWeightList one group',
      'Duplicated groups',
      'Duplicated one group',
    ]);
  });
});
