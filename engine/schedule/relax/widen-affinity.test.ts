import { describe, expect, it } from 'vitest';
import { makeCluster } from '../../../test/builders/cluster.ts';
import type { ClusterAffinity } from '../../api/placement.ts';
import { widenAffinity } from './widen-affinity.ts';

const cluster = makeCluster('m1', {
  labels: { env: 'dev', tier: 'gold' },
  spec: { provider: 'aws', region: 'eu', zones: ['eu-a', 'eu-b'] },
});

const changes = (affinity: ClusterAffinity): readonly string[] | null =>
  widenAffinity(affinity, cluster)?.changes ?? null;
const labels = (key: string, operator: string, ...values: readonly string[]): ClusterAffinity => ({
  labelSelector: { matchExpressions: [{ key, operator, ...(values.length > 0 ? { values: [...values] } : {}) }] },
});
const field = (key: string, operator: string, ...values: readonly string[]): ClusterAffinity => ({
  fieldSelector: { matchExpressions: [{ key, operator, ...(values.length > 0 ? { values: [...values] } : {}) }] },
});

describe('widening an affinity', () => {
  it('has nothing to do where the cluster belongs already', () => {
    expect(changes({})).toBeNull();
    expect(changes(labels('env', 'In', 'dev'))).toBeNull();
  });

  it('lets a name in', () => {
    expect(widenAffinity({ clusterNames: ['m2'], exclude: ['m1', 'm3'] }, cluster)).toEqual({
      value: { clusterNames: ['m2', 'm1'], exclude: ['m3'] },
      changes: ['drop cluster m1 from exclude', 'add cluster m1 to clusterNames'],
    });
  });

  it('accepts one more value where the cluster has another', () => {
    expect(widenAffinity({ labelSelector: { matchLabels: { env: 'prod', tier: 'gold' } } }, cluster)).toEqual({
      value: {
        labelSelector: {
          matchLabels: { tier: 'gold' },
          matchExpressions: [{ key: 'env', operator: 'In', values: ['prod', 'dev'] }],
        },
      },
      changes: ['accept label env dev beside prod'],
    });
    expect(changes(labels('env', 'In', 'prod', 'test'))).toEqual(['accept label env dev beside prod, test']);
    expect(changes(field('region', 'In', 'us'))).toEqual(['accept region eu beside us']);
    expect(changes(field('zone', 'In', 'us-a'))).toEqual(['accept zone eu-a beside us-a']);
  });

  it('takes values away where they exclude the cluster', () => {
    expect(changes(labels('env', 'NotIn', 'dev', 'test'))).toEqual(['drop dev from env NotIn of the label selector']);
    expect(changes(labels('env', 'NotIn', 'dev'))).toEqual(['drop "env NotIn (dev)" from the label selector']);
    expect(changes(field('zone', 'NotIn', 'eu-b', 'us-a'))).toEqual([
      'drop eu-b from zone NotIn of the field selector',
    ]);
  });

  it('drops what cannot be met otherwise', () => {
    expect(changes({ labelSelector: { matchLabels: { rack: '7' } } })).toEqual(['drop rack=7 from the label selector']);
    expect(changes(labels('rack', 'Exists'))).toEqual(['drop "rack Exists" from the label selector']);
    expect(changes(labels('env', 'DoesNotExist'))).toEqual(['drop "env DoesNotExist" from the label selector']);
    expect(changes(labels('rack', 'In', '7'))).toEqual(['drop "rack In (7)" from the label selector']);
    expect(changes(labels('env', 'In'))).toEqual(['drop "env In" from the label selector']);
    expect(changes(field('provider', 'Gt', '5'))).toEqual(['drop "provider Gt (5)" from the field selector']);
    expect(changes(field('altitude', 'Exists'))).toEqual(['drop "altitude Exists" from the field selector']);
  });

  it('changes only what stands in the way', () => {
    const mixed: ClusterAffinity = {
      labelSelector: {
        matchExpressions: [
          { key: 'tier', operator: 'Exists' },
          { key: 'env', operator: 'NotIn', values: ['dev'] },
        ],
      },
      fieldSelector: {
        matchExpressions: [
          { key: 'provider', operator: 'In', values: ['aws'] },
          { key: 'region', operator: 'In', values: ['us'] },
        ],
      },
    };
    expect(widenAffinity(mixed, cluster)?.value).toEqual({
      labelSelector: { matchLabels: {}, matchExpressions: [{ key: 'tier', operator: 'Exists' }] },
      fieldSelector: {
        matchExpressions: [
          { key: 'provider', operator: 'In', values: ['aws'] },
          { key: 'region', operator: 'In', values: ['us', 'eu'] },
        ],
      },
    });
  });
});
