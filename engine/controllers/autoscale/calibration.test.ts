import { describe, expect, it } from 'vitest';
import type { ResourceBinding } from '../../api/binding.ts';
import { calibrationOf } from './calibration.ts';

const binding = (type: 'Divided' | 'Duplicated', clusters: Readonly<Record<string, number>>): ResourceBinding => ({
  metadata: { name: 'web-deployment' },
  spec: {
    resource: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    clusters: Object.entries(clusters).map(([name, replicas]) => ({ name, replicas })),
    placement: { replicaScheduling: { replicaSchedulingType: type } },
  },
});

describe('the part of the template that clusters in sight stand for', () => {
  it.each<readonly [string, ResourceBinding, readonly string[], number, number, number, number]>([
    ['all of it', binding('Divided', { a: 2, b: 2 }), ['a', 'b'], 4, 4, 1, 1],
    ['half of it, where half is out of sight', binding('Divided', { a: 2, b: 2 }), ['a'], 2, 4, 0.5, 0.5],
    ['all that has a place', binding('Divided', { a: 2, b: 2 }), ['a', 'b'], 4, 16, 0.25, 1],
    ['all of it, before they follow', binding('Divided', { a: 4, b: 4 }), ['a', 'b'], 4, 8, 0.5, 1],
    ['it several times, where each has it whole', binding('Duplicated', { a: 3, b: 3 }), ['a', 'b'], 6, 3, 2, 2],
    ['it once, where one of them is out of sight', binding('Duplicated', { a: 3, b: 3 }), ['b'], 3, 3, 1, 1],
    ['more than it, where overrides say so', binding('Divided', { a: 2 }), ['a'], 10, 2, 5, 5],
    ['what they run, where nobody was given any', binding('Divided', {}), ['a'], 2, 4, 0.5, 0.5],
  ])('is %s', (_, placed, seen, running, current, inKarmada, byPlacement) => {
    expect(calibrationOf(placed, seen, running, current, false)).toBe(inKarmada);
    expect(calibrationOf(placed, seen, running, current, true)).toBe(byPlacement);
  });
});
