import { describe, expect, it } from 'vitest';
import { formatProblem } from '../base/shape.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from './profile.ts';
import { findProfile, readProfile } from './read-profile.ts';

describe('a profile of one’s own', () => {
  it('is the karmada profile with what the document changes', () => {
    expect(readProfile({ gates: { WorkloadAffinity: true }, switches: { estimatesSaturate: true } })).toEqual({
      ok: true,
      value: {
        name: 'karmada, changed',
        gates: { ...KARMADA_PROFILE.gates, WorkloadAffinity: true },
        switches: { ...KARMADA_PROFILE.switches, estimatesSaturate: true },
        timings: KARMADA_PROFILE.timings,
        enableEmptyWorkloadPropagation: false,
      },
    });
  });

  it('can start from the muster profile and have a name', () => {
    const reading = readProfile({ name: 'ours', base: 'muster', enableEmptyWorkloadPropagation: true, gates: null });
    expect(reading).toEqual({
      ok: true,
      value: { ...MUSTER_PROFILE, name: 'ours', enableEmptyWorkloadPropagation: true },
    });
  });

  it('can have timings of its own', () => {
    const reading = readProfile({ base: 'muster', timings: { clusterFailureThresholdMs: 20_000 } });
    expect(reading.ok && reading.value.timings).toEqual({
      ...MUSTER_PROFILE.timings,
      clusterFailureThresholdMs: 20_000,
    });
    const wrong = readProfile({ timings: { resourceEvictionRate: -1, clusterFailureThresholdMs: 1.5 } });
    expect(wrong.ok ? [] : wrong.problems.map(({ path }) => path)).toEqual([
      'timings.clusterFailureThresholdMs',
      'timings.resourceEvictionRate',
    ]);
  });

  it('names every field it does not know', () => {
    const reading = readProfile({ base: 'other', switches: { spreadByTopology: true }, gate: {} });
    expect(reading.ok ? [] : reading.problems.map(formatProblem)).toEqual([
      'base is "other", and should be one of karmada, muster',
      expect.stringMatching(/^switches.spreadByTopology is unknown here; known are .*spreadByAnyTopology/),
      expect.stringMatching(/^gate is unknown here; known are name, base, gates, switches/),
    ]);
  });

  it('is found by name only where it is built in', () => {
    expect(findProfile('muster')).toBe(MUSTER_PROFILE);
    expect(findProfile('ours')).toBeNull();
  });
});
