import { describe, expect, it } from 'vitest';
import type { FaultFigures } from '../metrics/names.ts';
import { faultText, worstFaults } from './fault-text.ts';

const fault = (figures: Partial<FaultFigures>): FaultFigures => ({
  id: null,
  what: 'zone a fails',
  atSeconds: 60,
  clusters: ['a'],
  detectSeconds: 16.2,
  evictSeconds: 28,
  recoverSeconds: 47.4,
  lostReplicaSeconds: 403.3,
  downSeconds: 0,
  moves: 10,
  needlessMoves: 0,
  decisions: 4,
  lastedSeconds: 1800,
  calls: 100,
  workloads: { web: { ...NOTHING, evictSeconds: 28 } },
  ...figures,
});

const NOTHING = {
  evictSeconds: 0,
  recoverSeconds: 0,
  lostReplicaSeconds: 0,
  downSeconds: 0,
  moves: 0,
  needlessMoves: 0,
  decisions: 0,
};
const NEVER = Number.POSITIVE_INFINITY;

describe('what a fault came to', () => {
  it('is told in a sentence', () => {
    expect(faultText(fault({}))).toBe(
      'noticed after 16s, left after 28s, overcome after 47s; 403 replica-seconds lost, 10 replicas moved',
    );
    expect(faultText(fault({ moves: 1, needlessMoves: 1, lostReplicaSeconds: 0 }))).toBe(
      'noticed after 16s, left after 28s, overcome after 47s; 1 replica moved, 1 of them needlessly',
    );
  });

  it('says what never came about, and what there was not to tell', () => {
    expect(faultText(fault({ evictSeconds: NEVER, recoverSeconds: NEVER, moves: 0 }))).toBe(
      'noticed after 16s, not left by everything, not overcome; 403 replica-seconds lost',
    );
    expect(faultText(fault({ detectSeconds: NEVER, evictSeconds: NEVER, clusters: ['a', 'b'], moves: 0 }))).toBe(
      'not noticed everywhere, overcome after 47s; 403 replica-seconds lost',
    );
    const quiet = { clusters: [], workloads: {}, recoverSeconds: 0, lostReplicaSeconds: 0, moves: 0 };
    expect(faultText(fault(quiet))).toBe('nothing went down by it');
    expect(faultText(fault({ ...quiet, lostReplicaSeconds: 7 }))).toBe(
      'nothing went down by it; 7 replica-seconds lost meanwhile',
    );
  });

  it('comes from those that cost most, in the order in which they struck', () => {
    const faults = [1, 9, 5, 7].map((lostReplicaSeconds) => fault({ lostReplicaSeconds }));
    expect(worstFaults(faults, 2)).toEqual([1, 3]);
    expect(worstFaults(faults, 9)).toEqual([0, 1, 2, 3]);
  });
});
