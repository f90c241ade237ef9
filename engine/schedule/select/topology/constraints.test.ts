import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../api/cluster.ts';
import { KARMADA_PROFILE, MUSTER_PROFILE } from '../../../profile/profile.ts';
import { brokenBy, groupCount, readConstraints } from './constraints.ts';

const bare: Cluster = { metadata: { name: 'm1' }, spec: {} };
const full: Cluster = {
  metadata: { name: 'm2', labels: { rack: 'r1' } },
  spec: { provider: 'aws', region: 'eu', zones: ['z1', 'z2', 'z1'] },
};
const fields = [
  { spreadByField: 'provider' as const },
  { spreadByField: 'region' as const },
  { spreadByField: 'zone' as const },
  { spreadByField: 'cluster' as const },
  { spreadByLabel: 'rack' },
  {},
];

describe('constraints of any kind', () => {
  const constraints = readConstraints(fields, MUSTER_PROFILE);

  it('know the groups of a cluster, and that it may have none', () => {
    expect(constraints.map((constraint) => constraint.groupsOf(full))).toEqual([
      ['aws'],
      ['eu'],
      ['z1', 'z2'],
      ['m2'],
      ['r1'],
      [],
    ]);
    expect(constraints.map((constraint) => constraint.groupsOf(bare))).toEqual([[], [], [], ['m1'], [], []]);
    expect(constraints.map(({ field }) => field)).toEqual([
      'provider',
      'region',
      'zone',
      'cluster',
      'label rack',
      'label ',
    ]);
  });

  it('have no upper limit where none is set, unless that means none at all', () => {
    expect(constraints[0]!.groupsMax).toBe(Number.POSITIVE_INFINITY);
    expect(readConstraints(fields, KARMADA_PROFILE)[0]!.groupsMax).toBe(0);
    expect(readConstraints([{ spreadByField: 'zone', maxGroups: 2 }], MUSTER_PROFILE)[0]!.groupsMax).toBe(2);
  });

  it('are broken by too few groups and by too many', () => {
    const zones = (minGroups: number, maxGroups: number) =>
      readConstraints([{ spreadByField: 'zone', minGroups, maxGroups }], MUSTER_PROFILE);
    const chosen = [{ cluster: full }, { cluster: bare }];
    expect(groupCount(zones(1, 2)[0]!, chosen)).toBe(2);
    expect(brokenBy(zones(1, 2), chosen)).toBeNull();
    expect(brokenBy(zones(3, 4), chosen)?.field).toBe('zone');
    expect(brokenBy(zones(1, 1), chosen)?.field).toBe('zone');
  });
});
