import { describe, expect, it } from 'vitest';
import {
  aggregated,
  duplicated,
  dynamic,
  makeBinding,
  requestOf,
  weighted,
  withSwitches,
} from '../../../test/builders/binding.ts';
import { makeCluster } from '../../../test/builders/cluster.ts';
import type { Candidate } from '../select/candidate.ts';
import { divideReplicas, tieOrderOf } from './divide.ts';
import { planDivision } from './division.ts';

const candidates = (rooms: Readonly<Record<string, number>>, running: Readonly<Record<string, number>> = {}) =>
  Object.entries(rooms).map(
    ([name, room]): Candidate => ({
      name,
      cluster: makeCluster(name),
      tier: 0,
      score: 0,
      room,
      available: room + (running[name] ?? 0),
    }),
  );

const clustersOf = (running: Readonly<Record<string, number>>) =>
  Object.entries(running).map(([name, replicas]) => ({ name, replicas }));

function divided(...[selected, replicas, request]: Parameters<typeof divideReplicas>): Record<string, number> | string {
  const outcome = divideReplicas(selected, replicas, request);
  if (!outcome.ok) return outcome.failure.code;
  return Object.fromEntries(outcome.value.map((share) => [share.name, share.replicas]));
}

describe('division', () => {
  it('gives every cluster the whole number where it is duplicated', () => {
    const request = requestOf(makeBinding({ replicaScheduling: duplicated }));
    expect(divided(candidates({ m1: 0, m2: 9 }), 3, request)).toEqual({ m1: 3, m2: 3 });
  });

  it('follows static weights and looks at no room', () => {
    const request = requestOf(makeBinding({ replicaScheduling: weighted({ m1: 2, m2: 1 }) }));
    expect(divided(candidates({ m1: 0, m2: 0 }), 9, request)).toEqual({ m1: 6, m2: 3 });
  });

  it('keeps static weights within the room there is, once the switch is on, and fails where that is too little', () => {
    const placement = { replicaScheduling: weighted({ m1: 2, m2: 1 }) };
    const request = requestOf(makeBinding(placement), withSwitches({ staticWeightsRespectCapacity: true }));
    expect(divided(candidates({ m1: 4, m2: 9 }), 9, request)).toEqual({ m1: 4, m2: 5 });
    expect(divided(candidates({ m1: 4, m2: 2 }), 9, request)).toBe('InsufficientReplicas');
  });

  it('follows the room under dynamic weights', () => {
    const request = requestOf(makeBinding({ replicaScheduling: dynamic }));
    expect(divided(candidates({ m1: 10, m2: 30 }), 8, request)).toEqual({ m1: 2, m2: 6 });
    expect(divided(candidates({ m1: 3, m2: 4 }), 8, request)).toBe('InsufficientReplicas');
  });

  it('uses the shortest row of the roomiest clusters where it is aggregated', () => {
    const request = requestOf(makeBinding({ replicaScheduling: aggregated }));
    expect(divided(candidates({ m1: 5, m2: 30, m3: 20 }), 25, request)).toEqual({ m2: 25 });
    expect(divided(candidates({ m1: 5, m2: 30, m3: 20 }), 40, request)).toEqual({ m2: 24, m3: 16 });
  });

  it('adds to what runs and takes nothing away when it grows', () => {
    const running = { m1: 5 };
    const request = requestOf(makeBinding({ replicaScheduling: dynamic }, { clusters: clustersOf(running) }));
    expect(divided(candidates({ m1: 10, m2: 10 }, running), 9, request)).toEqual({ m1: 7, m2: 2 });
  });

  it('grows where it already runs first, when aggregated', () => {
    const running = { m1: 5 };
    const request = requestOf(makeBinding({ replicaScheduling: aggregated }, { clusters: clustersOf(running) }));
    expect(divided(candidates({ m1: 4, m2: 50 }, running), 9, request)).toEqual({ m1: 9 });
  });

  it('shrinks in proportion to what runs, without a look at room or other clusters', () => {
    const running = { m1: 6, m2: 3 };
    const request = requestOf(makeBinding({ replicaScheduling: dynamic }, { clusters: clustersOf(running) }));
    expect(divided(candidates({ m1: 0, m2: 0, m3: 99 }, running), 6, request)).toEqual({ m1: 4, m2: 2 });
  });

  it('returns what runs, in its order, where the number is the same', () => {
    const running = { m2: 3, m1: 6 };
    const request = requestOf(makeBinding({ replicaScheduling: dynamic }, { clusters: clustersOf(running) }));
    const outcome = divideReplicas(candidates({ m1: 0, m2: 0 }, running), 9, request);
    expect(outcome).toEqual({
      ok: true,
      value: [
        { name: 'm2', replicas: 3 },
        { name: 'm1', replicas: 6 },
      ],
    });
  });

  it('counts what ran on a cluster that is no longer selected as lost', () => {
    const request = requestOf(
      makeBinding({ replicaScheduling: dynamic }, { clusters: clustersOf({ gone: 4, m1: 5 }) }),
    );
    expect(divided(candidates({ m1: 10, m2: 10 }, { m1: 5 }), 9, request)).toEqual({ m1: 7, m2: 2 });
  });

  it('divides anew where a reschedule was triggered', () => {
    const running = { m1: 9 };
    const binding = {
      ...makeBinding(
        { replicaScheduling: dynamic },
        { clusters: clustersOf(running), rescheduleTriggeredAt: '2026-01-02T00:00:00Z' },
      ),
      status: { lastScheduledTime: '2026-01-01T00:00:00Z' },
    };
    expect(divided(candidates({ m1: 1, m2: 10 }, running), 10, requestOf(binding))).toEqual({ m1: 5, m2: 5 });
  });

  it('refuses a division that does not exist', () => {
    const nameless = requestOf(makeBinding({ replicaScheduling: { replicaSchedulingType: 'Divided' } }));
    expect(divided(candidates({ m1: 9 }), 3, nameless)).toBe('StrategyUnsupported');
    const unknown = { ...dynamic, weightPreference: { dynamicWeight: 'Distance' } };
    expect(divided(candidates({ m1: 9 }), 3, requestOf(makeBinding({ replicaScheduling: unknown })))).toBe(
      'StrategyUnsupported',
    );
  });
});

describe('the plan of a division', () => {
  it('says what the weights are and who keeps what', () => {
    const running = { m1: 5 };
    const request = requestOf(makeBinding({ replicaScheduling: dynamic }, { clusters: clustersOf(running) }));
    expect(planDivision(candidates({ m1: 10, m2: 20 }, running), 9, request)).toEqual({
      ok: true,
      value: {
        basis: 'room',
        seats: 4,
        parties: [
          { name: 'm2', weight: 20 },
          { name: 'm1', weight: 10 },
        ],
        kept: [{ name: 'm1', replicas: 5 }],
      },
    });
  });
});

describe('ties', () => {
  const resource = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

  it('go by rising name without a uid, and by its hash with one', () => {
    expect(tieOrderOf({ resource })).toBe('ascending');
    // 32-bit FNV-1a of "a" is 0xe40c292c, of "b" 0xe70c2de5.
    expect(tieOrderOf({ resource: { ...resource, uid: 'a' } })).toBe('ascending');
    expect(tieOrderOf({ resource: { ...resource, uid: 'b' } })).toBe('descending');
  });
});
