import { describe, expect, it } from 'vitest';
import type { ShadowFinding, TargetCluster } from '../../../engine/index.ts';
import { ShadowTally, summaryText } from './shadow-summary.ts';

const clusters = (text: string): TargetCluster[] =>
  text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const [name = '', replicas = '0'] = word.split('=');
      return { name, replicas: Number(replicas) };
    });

function found(name: string, stands: string, would: string | null, why: string | null = null): ShadowFinding {
  const binding = `shop/${name}` as ShadowFinding['binding'];
  const agrees = stands === (would ?? '');
  const wanted = would === null ? null : clusters(would);
  return { binding, kind: 'ResourceBinding', about: 'standing', agrees, stands: clusters(stands), would: wanted, why };
}

function tallyOf(...findings: readonly ShadowFinding[]): ShadowTally {
  const tally = new ShadowTally();
  for (const finding of findings) tally.add(finding);
  return tally;
}

describe('what a shadow has found', () => {
  const tally = tallyOf(
    found('same', 'a=2', 'a=2'),
    found('more', 'a=2 b=2', 'a=1 b=3'),
    found('elsewhere', 'a=4', 'c=4'),
    found('there', 'a=1', 'b=1'),
    found('nowhere', 'b=3', null, 'none of 3 clusters fits'),
    found('somewhere', '', 'c=1'),
  );

  it('is counted by reason and by cluster', () => {
    expect(tally.summary()).toMatchObject({
      compared: 6,
      same: 1,
      different: 5,
      reasons: [
        { reason: 'other clusters', bindings: 2 },
        { reason: 'it would find a place, and nobody has', bindings: 1 },
        { reason: 'it would find no place: none of 3 clusters fits', bindings: 1 },
        { reason: 'the same clusters, other replicas', bindings: 1 },
      ],
      clusters: [
        { cluster: 'a', gains: 0, loses: 2, grows: 0, shrinks: 1, replicas: -6 },
        { cluster: 'b', gains: 1, loses: 1, grows: 1, shrinks: 0, replicas: -1 },
        { cluster: 'c', gains: 2, loses: 0, grows: 0, shrinks: 0, replicas: 5 },
      ],
    });
  });

  it('is what it last was, of each binding', () => {
    const later = tallyOf(found('web', 'a=1', 'b=1'), found('web', 'b=1', 'b=1'));
    expect(later.summary()).toMatchObject({ compared: 1, same: 1, different: 0, reasons: [], clusters: [] });
  });

  it('is told in tables', () => {
    expect(summaryText(tally.summary())).toBe(
      [
        'COMPARED   SAME   DIFFERENT',
        '       6      1           5',
        '',
        'BINDINGS   BECAUSE',
        '       2   other clusters',
        '       1   it would find a place, and nobody has',
        '       1   it would find no place: none of 3 clusters fits',
        '       1   the same clusters, other replicas',
        '',
        'CLUSTER   GETS   LOSES   GROWS   SHRINKS   REPLICAS',
        'a            0       2       0         1         -6',
        'b            1       1       1         0         -1',
        'c            2       0       0         0         +5',
        '',
      ].join('\n'),
    );
    expect(summaryText(tallyOf(found('same', 'a', 'a')).summary())).toBe(
      'COMPARED   SAME   DIFFERENT\n       1      1           0\n',
    );
  });
});
