import { describe, expect, it } from 'vitest';
import type { SpreadConstraint } from '../../api/placement.ts';
import { MUSTER_PROFILE } from '../../profile/profile.ts';
import { readRequest } from '../request.ts';
import type { Candidate } from '../select/candidate.ts';
import { holdSpread } from './hold-spread.ts';

const candidate = (name: string, region: string, zone: string): Candidate => ({
  name,
  cluster: { metadata: { name }, spec: { region, zones: [zone] } },
  tier: 0,
  score: 0,
  room: 10,
  available: 10,
});
const selected = [
  candidate('a', 'eu', 'z1'),
  candidate('b', 'us', 'z2'),
  candidate('c', 'ap', 'z2'),
  candidate('d', 'eu', 'z3'),
];
const byRegion = (minGroups: number): SpreadConstraint => ({ spreadByField: 'region', minGroups });

const held = (divided: Record<string, number>, spread: SpreadConstraint[], previous: Record<string, number> = {}) => {
  const replicas = Object.values(divided).reduce((sum, count) => sum + count, 0);
  const spec = {
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    replicas,
    clusters: Object.entries(previous).map(([name, count]) => ({ name, replicas: count })),
    placement: {
      spreadConstraints: spread,
      replicaScheduling: {
        replicaSchedulingType: 'Divided' as const,
        replicaDivisionPreference: 'Aggregated' as const,
      },
    },
  };
  const outcome = holdSpread(
    Object.entries(divided).map(([name, count]) => ({ name, replicas: count })),
    selected,
    readRequest({ spec }, MUSTER_PROFILE, []),
  );
  if (!outcome.ok) return outcome.failure.code;
  return Object.fromEntries(
    outcome.value.filter((each) => each.replicas > 0).map((each) => [each.name, each.replicas]),
  );
};

describe('holding a spread', () => {
  it('leaves a division alone that holds it', () => {
    expect(held({ a: 3, b: 2 }, [byRegion(2)])).toEqual({ a: 3, b: 2 });
    expect(held({ a: 3 }, [])).toEqual({ a: 3 });
  });

  it('moves one replica to each group that has none, from the largest share', () => {
    expect(held({ a: 5 }, [byRegion(3)])).toEqual({ a: 3, b: 1, c: 1 });
  });

  it('prefers a cluster that helps several constraints at once', () => {
    expect(held({ a: 4 }, [byRegion(2), { spreadByField: 'zone', minGroups: 2 }])).toEqual({ a: 3, b: 1 });
  });

  it('moves what is new before what runs', () => {
    expect(held({ a: 4, d: 3 }, [byRegion(2)], { a: 4, d: 1 })).toEqual({ a: 4, b: 1, d: 2 });
  });

  it('gives up a cluster that no group needs before it fails', () => {
    expect(held({ a: 1, d: 2 }, [byRegion(3)])).toEqual({ a: 1, b: 1, c: 1 });
  });

  it('fails where there are fewer replicas than groups', () => {
    expect(held({ a: 2 }, [byRegion(3)])).toBe('SpreadUnsatisfiable');
  });
});
