import { describe, expect, it } from 'vitest';
import type { ResourceBinding } from '../../engine/index.ts';
import { whyNotWell } from './wellness.ts';

type Item = NonNullable<NonNullable<ResourceBinding['status']>['aggregatedStatus']>[number];

const why = (item: Partial<Item> | null, replicas?: number, generation?: number) =>
  whyNotWell(
    { status: { aggregatedStatus: item === null ? [] : [{ clusterName: 'm1', applied: true, ...item }] } },
    { name: 'm1', ...(replicas !== undefined && { replicas }) },
    generation === undefined
      ? null
      : { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', generation } },
  );

describe('a workload in a cluster', () => {
  it('is well when all of its replicas are ready', () => {
    expect(why({ health: 'Healthy', status: { replicas: 2, readyReplicas: 2 } }, 2)).toBeNull();
    expect(why({ health: 'Healthy', status: { replicas: 2, readyReplicas: 1 } }, 2)).toBe('m1: 1 of 2 ready');
    expect(why({ health: 'Unhealthy', status: { replicas: 2 } }, 2)).toBe('m1: 0 of 2 ready');
    expect(why({ health: 'Unhealthy' })).toBe('m1: not healthy yet');
  });

  it('is well once it is applied where it tells of no health', () => {
    expect(why({ health: 'Unknown' })).toBeNull();
    expect(why({})).toBeNull();
    expect(why(null)).toBe('m1 tells nothing yet');
    expect(why({ applied: false, appliedMessage: 'there already' })).toBe('m1: there already');
    expect(why({ applied: false })).toBe('m1: not applied yet');
  });

  it('is not well as long as it is of an earlier template', () => {
    const item: Partial<Item> = {
      health: 'Healthy',
      status: { resourceTemplateGeneration: 3, replicas: 1, readyReplicas: 1 },
    };
    expect(why(item, 1, 4)).toBe('m1: not updated yet');
    expect(why(item, 1, 3)).toBeNull();
  });
});
