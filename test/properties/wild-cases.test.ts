// Whatever a line may hold: it is read, decided without a stack, alike on both paths, and alike in any order of clusters.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fleet } from '../../engine/fleet/fleet.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE, type Profile } from '../../engine/profile/profile.ts';
import { readCase, type ScheduleCase } from '../../engine/schedule/case/read-case.ts';
import type { Decision } from '../../engine/schedule/decision.ts';
import { DEFAULT_PLUGINS } from '../../engine/schedule/default-plugins.ts';
import { Scheduler } from '../../engine/schedule/fast/scheduler.ts';
import type { Verdict } from '../../engine/schedule/fast/verdict.ts';
import { schedule } from '../../engine/schedule/schedule.ts';
import { wildCase } from '../arbitraries/wild.ts';
import { check } from './check.ts';

function read(document: unknown): ScheduleCase {
  const reading = readCase(document);
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.value;
}

const readable = (given: ScheduleCase, profile: Profile): Decision =>
  schedule(given, { clusters: given.clusters }, profile, DEFAULT_PLUGINS);
const fast = (given: ScheduleCase, profile: Profile): Verdict =>
  new Scheduler(new Fleet(given.clusters), profile).decide(given);

function outcome(decision: Decision | Verdict): unknown {
  if (!decision.ok) {
    const { code, step, message } = decision;
    // Only the readable path counts which filter rejects how many clusters.
    return { code, step, message: code === 'NoClusterFits' ? '' : message };
  }
  return { affinity: decision.affinity, clusters: [...decision.clusters].sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

describe('a wild case', () => {
  it('is well-formed, and goes through JSON unchanged', () => {
    check('well-formed', wildCase, (given) => {
      expect(readCase(given)).toMatchObject({ ok: true });
      expect(JSON.parse(JSON.stringify(given))).toEqual(given);
    });
  });

  for (const profile of [KARMADA_PROFILE, MUSTER_PROFILE]) {
    it(`is decided alike on both paths under the ${profile.name} profile`, () => {
      check(`wild, ${profile.name}`, wildCase, (given) => {
        const one = read(given);
        expect(outcome(fast(one, profile))).toEqual(outcome(readable(one, profile)));
      });
    });

    it(`is decided alike in any order of clusters under the ${profile.name} profile`, () => {
      check(`wild order, ${profile.name}`, wildCase, (given) => {
        const one = read(given);
        const turned = { ...one, clusters: [...one.clusters].reverse() };
        expect(outcome(readable(turned, profile))).toEqual(outcome(readable(one, profile)));
      });
    });
  }

  it('reaches every outcome there is', () => {
    const drawn = fc
      .sample(wildCase, { numRuns: 1000, seed: 1 })
      .map((given) => readable(read(given), KARMADA_PROFILE));
    expect(drawn.filter(({ ok }) => ok).length).toBeGreaterThan(200);
    const outcomes = new Set(drawn.map((decision) => (decision.ok ? 'placed' : decision.code)));
    expect([...outcomes].sort()).toEqual([
      'InsufficientReplicas',
      'NoClusterFits',
      'NoClusterSelected',
      'SpreadUnsatisfiable',
      'SpreadUnsupported',
      'StrategyUnsupported',
      'placed',
    ]);
  });

  it('shrinks to what matters', () => {
    const tainted = ({ clusters }: ScheduleCase) => clusters.some(({ spec }) => (spec.taints ?? []).length > 0);
    const { counterexample } = fc.check(
      fc.property(wildCase, (given) => !tainted(given)),
      { seed: 3 },
    );
    expect(counterexample).toEqual([
      {
        id: 'wild',
        clusters: [{ metadata: { name: 'a' }, spec: { taints: [{ key: 'dedicated', effect: 'NoSchedule' }] } }],
        spec: { resource: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
        status: {},
      },
    ]);
  });
});
