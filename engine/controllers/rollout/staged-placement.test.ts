import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResourceBindingSpec, TargetCluster } from '../../api/binding.ts';
import { STAGED_PLACEMENT } from '../../api/staged-rollout.ts';
import { placesInWaves, type Source, stagedPlacementOf, stagedPlacementText } from './staged-placement.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'];

const DIVIDED = { replicaScheduling: { replicaSchedulingType: 'Divided' } } as const;

const sumOf = (targets: readonly TargetCluster[]): number =>
  targets.reduce((sum, { replicas = 0 }) => sum + replicas, 0);

const inCluster = (targets: readonly TargetCluster[], name: string): number =>
  targets.find((target) => target.name === name)?.replicas ?? 0;

/** Some clusters with `total` replicas between them. */
const division = (total: number) =>
  fc
    .array(fc.constantFrom(...NAMES), { minLength: total, maxLength: total })
    .map((drawn) =>
      NAMES.map((name): TargetCluster => ({ name, replicas: drawn.filter((one) => one === name).length })).filter(
        ({ replicas = 0 }) => replicas > 0,
      ),
    );

const situation = fc.integer({ min: 1, max: 9 }).chain((replicas) =>
  fc.record({
    replicas: fc.constant(replicas),
    stable: division(replicas),
    next: division(replicas),
    updated: fc.subarray(NAMES),
    passed: fc.subarray(NAMES),
  }),
);

const specOf = (
  replicas: number,
  clusters: readonly TargetCluster[],
  placement: object = DIVIDED,
): ResourceBindingSpec => ({
  resource: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
  replicas,
  placement,
  clusters: [...clusters],
});

describe('places in waves', () => {
  it('leave alone whose wave has not come, give what was promised, and hold what others do not have for sure', () => {
    fc.assert(
      fc.property(situation, ({ replicas, stable, next, updated, passed: given }) => {
        const passed = given.filter((name) => updated.includes(name));
        const places = placesInWaves(
          specOf(replicas, stable),
          { stable, next },
          {
            sourceFor: (name): Source => (updated.includes(name) ? 'next' : 'stable'),
            hasPassed: (name) => passed.includes(name),
          },
        );
        let certain = 0;
        for (const name of NAMES) {
          const [before, after, now] = [inCluster(stable, name), inCluster(next, name), inCluster(places, name)];
          if (!updated.includes(name)) expect(now).toBe(before);
          else expect(now).toBeGreaterThanOrEqual(after);
          expect(now).toBeLessThanOrEqual(Math.max(before, after));
          certain += passed.includes(name) ? now : Math.min(now, before);
        }
        expect(certain).toBeGreaterThanOrEqual(replicas);
      }),
    );
  });

  it('are those of the new placement when all have passed', () => {
    fc.assert(
      fc.property(situation, ({ replicas, stable, next }) => {
        const all = { sourceFor: (): Source => 'next', hasPassed: () => true };
        expect(placesInWaves(specOf(replicas, stable), { stable, next }, all)).toEqual(next);
      }),
    );
  });

  it('keep as many copies as there were or will be, whichever is less, and one at any rate', () => {
    const copies = fc.subarray(NAMES).map((names) => names.map((name): TargetCluster => ({ name, replicas: 2 })));
    fc.assert(
      fc.property(copies, copies, fc.subarray(NAMES), (stable, next, updated) => {
        const places = placesInWaves(
          specOf(2, stable, {}),
          { stable, next },
          {
            sourceFor: (name): Source => (updated.includes(name) ? 'next' : 'stable'),
            hasPassed: () => false,
          },
        );
        const known = places.filter(({ name }) => stable.some((one) => one.name === name));
        expect(known.length).toBeGreaterThanOrEqual(Math.min(stable.length, next.length));
        if (stable.length + next.length > 0) expect(places).not.toEqual([]);
      }),
    );
  });

  it('come from the new placement where the one before has too few', () => {
    const stable = [{ name: 'a', replicas: 2 }];
    const next = [{ name: 'b', replicas: 6 }];
    const none = { sourceFor: (): Source => 'stable', hasPassed: () => false };
    expect(sumOf(placesInWaves(specOf(6, stable), { stable, next }, none))).toBe(6);
    expect(placesInWaves(specOf(6, stable), { stable, next: null }, none)).toEqual(stable);
  });
});

it('is read from its annotation as it was written, and not at all where somebody else wrote there', () => {
  const staged = {
    stable: [{ name: 'a', replicas: 2 }, { name: 'b' }],
    of: 'x',
    next: [{ name: 'c', components: [{ name: 'driver', replicas: 1 }] }],
    affinity: 'first',
  };
  const read = (text: string) =>
    stagedPlacementOf({ metadata: { name: 'x', annotations: { [STAGED_PLACEMENT]: text } } });
  expect(read(stagedPlacementText(staged))).toEqual(staged);
  expect(read(stagedPlacementText({ ...staged, next: null, refusal: 'no' }))).toEqual({
    ...staged,
    next: null,
    refusal: 'no',
  });
  expect(stagedPlacementText(staged)).toContain('"stable":["a=2","b"]');
  expect([read('{'), read('[]'), read('{"of":"x"}')]).toEqual([null, null, null]);
});
