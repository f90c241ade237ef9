import { describe, expect, it } from 'vitest';
import type { Cluster } from './cluster.ts';
import { affinityMismatch, clusterMatches, compileAffinity } from './cluster-affinity.ts';
import type { ClusterAffinity } from './placement.ts';

const member: Cluster = {
  metadata: { name: 'm1', labels: { env: 'prod' } },
  spec: { provider: 'aws', region: 'eu', zone: 'old', zones: ['a', 'b'] },
};
const bare: Cluster = { metadata: { name: 'bare' }, spec: {} };
const field = (key: string, operator: string, ...values: string[]): ClusterAffinity => ({
  fieldSelector: { matchExpressions: [{ key, operator, values }] },
});

describe('a cluster and an affinity', () => {
  it('fit when the affinity says nothing', () => {
    expect(clusterMatches(bare, {})).toBe(true);
    expect(clusterMatches(bare, { labelSelector: {}, fieldSelector: {}, clusterNames: [], exclude: [] })).toBe(true);
  });

  it('do not fit when the name is excluded, even where it is listed too', () => {
    expect(affinityMismatch(member, { clusterNames: ['m1'], exclude: ['m1'] })).toBe('"m1" is excluded by name');
    expect(clusterMatches(member, { clusterNames: ['m1'], exclude: ['m2'] })).toBe(true);
    expect(affinityMismatch(member, { clusterNames: ['m2'] })).toBe('"m1" is not among the cluster names');
  });

  it('fit by labels only where the selector can be used', () => {
    expect(clusterMatches(member, { labelSelector: { matchLabels: { env: 'prod' } } })).toBe(true);
    expect(affinityMismatch(bare, { labelSelector: { matchLabels: { env: 'prod' } } })).toBe(
      'it has no label env, which should be prod',
    );
    expect(affinityMismatch(member, { labelSelector: { matchExpressions: [{ key: 'env', operator: 'NotIn' }] } })).toBe(
      'the label selector cannot be used: NotIn needs at least one value',
    );
  });

  it.each([
    [field('provider', 'In', 'aws', 'gcp'), true, false],
    [field('provider', 'NotIn', 'aws'), false, true],
    [field('region', 'NotIn', 'us'), true, true],
    [field('region', 'In'), false, false],
    [field('region', 'NotIn'), false, false],
    [field('region', 'In', 'not a label'), false, false],
    [field('region', 'Exists'), true, false],
    [field('region', 'DoesNotExist'), false, true],
    [field('region', 'Near', 'eu'), false, false],
    [field('zone', 'In', 'b', 'c'), true, false],
    [field('zone', 'In', 'old'), false, false],
    [field('zone', 'In'), false, false],
    [field('zone', 'NotIn', 'b'), false, true],
    [field('zone', 'NotIn', 'c'), true, true],
    [field('zone', 'NotIn'), true, true],
    [field('zone', 'Exists'), true, false],
    [field('zone', 'DoesNotExist'), false, true],
    [field('zone', 'Gt', '1'), false, false],
    [field('galaxy', 'In', 'milky'), false, false],
    [field('galaxy', 'NotIn', 'milky'), true, true],
  ])('by fields %j: %s with the fields, %s without', (affinity, withFields, without) => {
    expect(clusterMatches(member, affinity)).toBe(withFields);
    expect(clusterMatches(bare, affinity)).toBe(without);
  });

  it('compare whole numbers with Gt and Lt', () => {
    const seven: Cluster = { metadata: { name: 'seven' }, spec: { region: '7' } };
    expect(clusterMatches(seven, field('region', 'Gt', '6'))).toBe(true);
    expect(clusterMatches(seven, field('region', 'Lt', '7'))).toBe(false);
    expect(clusterMatches(seven, field('region', 'Lt', 'x'))).toBe(false);
    expect(clusterMatches(member, field('region', 'Gt', '1'))).toBe(false);
  });

  it('must agree in every part', () => {
    const check = compileAffinity({ ...field('region', 'In', 'eu'), clusterNames: ['bare'] });
    expect(check(member)).toContain('cluster names');
    expect(check(bare)).toBe('it has no region, and "region In eu" needs one');
  });

  it('says what the cluster has and what was wanted', () => {
    const labels = (key: string, operator: string, ...values: readonly string[]) =>
      affinityMismatch(
        { metadata: { name: 'm1', labels: { env: 'dev' } }, spec: { region: 'us', zones: ['a', 'b'] } },
        {
          labelSelector: {
            matchExpressions: [{ key, operator, ...(values.length > 0 ? { values: [...values] } : {}) }],
          },
        },
      );
    expect(labels('env', 'In', 'prod', 'test')).toBe('its label env is "dev", not prod or test');
    expect(labels('rack', 'In', '7')).toBe('it has no label rack, which should be 7');
    expect(labels('env', 'NotIn', 'dev')).toBe('its label env is "dev", which is ruled out');
    expect(labels('rack', 'Exists')).toBe('it has no label rack');
    expect(labels('env', 'DoesNotExist')).toBe('it has the label env');
    const zoned = { metadata: { name: 'm1' }, spec: { zones: ['a', 'b'] } };
    const zone = { fieldSelector: { matchExpressions: [{ key: 'zone', operator: 'In', values: ['c'] }] } };
    expect(affinityMismatch(zoned, zone)).toBe('its zone a and b does not satisfy "zone In c"');
  });
});
