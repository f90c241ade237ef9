import { describe, expect, it } from 'vitest';
import { makeCluster } from '../../test/builders/cluster.ts';
import type { Cluster } from '../api/cluster.ts';
import { fleetChanges, fleetFacts } from './fleet-facts.ts';

const changesFrom = (before: readonly Cluster[], now: readonly Cluster[]) =>
  fleetChanges(fleetFacts(before), fleetFacts(now));

const withSpec = (cluster: Cluster, spec: Partial<Cluster['spec']>): Cluster => ({
  ...cluster,
  spec: { ...cluster.spec, ...spec },
});

const readyIs = (cluster: Cluster, status: 'True' | 'False'): Cluster => ({
  ...cluster,
  status: {
    ...cluster.status,
    conditions: [{ type: 'Ready', status, reason: 'r', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' }],
  },
});

describe('changes of a fleet', () => {
  const one = makeCluster('m1', { allocatable: { cpu: '8' } });

  it('are clusters that come and go', () => {
    expect(changesFrom([one, makeCluster('m2')], [one, makeCluster('m3')])).toEqual(['m2 is gone', 'm3 is new']);
  });

  it('are what placements go by, and not how much is in use', () => {
    const summary = { allocatable: { cpu: '8' }, allocated: { cpu: '3' } };
    expect(changesFrom([one], [{ ...one, status: { ...one.status, resourceSummary: summary } }])).toEqual([]);
    expect(changesFrom([one], [makeCluster('m1', { allocatable: { cpu: '4' } })])).toEqual([
      'm1 has room for cpu 4, not 8',
    ]);
    expect(changesFrom([one], [withSpec(one, { region: 'eu', zones: ['eu-a'] })])).toEqual([
      `m1 has region eu, not ${one.spec.region || 'none'}`,
      `m1 has zones eu-a, not ${(one.spec.zones ?? []).join(', ') || 'none'}`,
    ]);
    const tainted = withSpec(one, {
      taints: [{ key: 'old', effect: 'NoSchedule', timeAdded: '2026-01-01T00:00:00Z' }],
    });
    expect(changesFrom([one], [tainted])).toEqual(['m1 has the taint old:NoSchedule now']);
    expect(changesFrom([tainted], [one])).toEqual(['m1 has no taint old:NoSchedule any more']);
  });

  it('are no more than both sides know', () => {
    expect(changesFrom([readyIs(one, 'True')], [readyIs(one, 'False')])).toEqual(['m1 is not ready any more']);
    const silent: Cluster = { metadata: one.metadata, spec: one.spec };
    expect(changesFrom([silent], [readyIs(one, 'True')])).toEqual([]);
    const serving = (kind: string): Cluster => ({
      ...one,
      status: {
        ...one.status,
        apiEnablements: [{ groupVersion: 'v1', resources: [{ name: kind.toLowerCase(), kind }] }],
      },
    });
    expect(changesFrom([serving('Pod')], [serving('Node')])).toEqual([
      'm1 serves no v1 Pod any more',
      'm1 serves v1 Node now',
    ]);
  });
});
