import { describe, expect, it } from 'vitest';
import type { Work } from '../../engine/index.ts';
import { whyWorkIsNotWell } from './wellness.ts';

type Item = NonNullable<NonNullable<Work['status']>['manifestStatuses']>[number];

const work = (item: Partial<Item> | null, applied: 'True' | 'False' = 'True', message = ''): Work => ({
  apiVersion: 'work.karmada.io/v1alpha1',
  kind: 'Work',
  metadata: { name: 'web', namespace: 'karmada-es-m1' },
  spec: { workload: {} },
  status: {
    conditions: [
      { type: 'Applied', status: applied, reason: 'r', message, lastTransitionTime: '2026-01-01T00:00:00Z' },
    ],
    manifestStatuses:
      item === null ? [] : [{ identifier: { ordinal: 0, version: 'v1', kind: 'Deployment', name: 'web' }, ...item }],
  },
});

describe('a workload in a cluster', () => {
  it('is well when all of its replicas are ready', () => {
    const why = (item: Partial<Item> | null, replicas?: number) => whyWorkIsNotWell(work(item), replicas, undefined);
    expect(why({ health: 'Healthy', status: { replicas: 2, readyReplicas: 2 } }, 2)).toBeNull();
    expect(why({ health: 'Healthy', status: { replicas: 2, readyReplicas: 1 } }, 2)).toBe('1 of 2 ready');
    expect(why({ health: 'Unhealthy', status: { replicas: 2 } }, 2)).toBe('0 of 2 ready');
    expect(why({ health: 'Unhealthy' })).toBe('not healthy yet');
    expect(why(null, 2)).toBe('it tells nothing yet');
  });

  it('is well once it is applied where it tells of no health', () => {
    expect(whyWorkIsNotWell(work({ health: 'Unknown' }), undefined, undefined)).toBeNull();
    expect(whyWorkIsNotWell(work(null), undefined, undefined)).toBeNull();
    expect(whyWorkIsNotWell(null, undefined, undefined)).toBe('nothing is sent yet');
    expect(whyWorkIsNotWell(work(null, 'False', 'there already'), undefined, undefined)).toBe('there already');
    expect(whyWorkIsNotWell({ ...work(null), status: {} }, undefined, undefined)).toBe('not applied yet');
  });

  it('is not well as long as it is of an earlier template, or leaving', () => {
    const item = {
      health: 'Healthy',
      status: { resourceTemplateGeneration: 3, replicas: 1, readyReplicas: 1 },
    } as const;
    expect(whyWorkIsNotWell(work(item), 1, 4)).toBe('not updated yet');
    expect(whyWorkIsNotWell(work(item), 1, 3)).toBeNull();
    const leaving = work(item);
    leaving.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
    expect(whyWorkIsNotWell(leaving, 1, 3)).toBe('the earlier copy is still leaving');
  });
});
