import { describe, expect, it } from 'vitest';
import type { ResourceBindingSpec } from '../api/binding.ts';
import { clustersWithWork, orphanWorks, targetsOf } from './targets.ts';

const resource = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'c' };
const task = { reason: 'TaintUntolerated', producer: 'TaintManager' };
const spec: ResourceBindingSpec = {
  resource,
  clusters: [
    { name: 'm2', replicas: 2 },
    { name: 'm1', replicas: 1 },
  ],
  requiredBy: [
    {
      name: 'a',
      clusters: [
        { name: 'm1', replicas: 9 },
        { name: 'm3', replicas: 4 },
      ],
    },
    { name: 'b', clusters: [{ name: 'm3', replicas: 8 }] },
    { name: 'c' },
  ],
  gracefulEvictionTasks: [
    { fromCluster: 'm4', purgeMode: 'Gracefully', ...task },
    { fromCluster: 'm5', purgeMode: 'Directly', ...task },
    { fromCluster: 'm6', ...task },
    { fromCluster: 'm7', purgeMode: 'Never', ...task },
  ],
};
const work = (namespace: string) => ({ metadata: { name: 'w', namespace } });

describe('targets of a binding', () => {
  it('are its own clusters first, then those of the bindings that need it, each once', () => {
    expect(targetsOf(spec)).toEqual([
      { name: 'm2', replicas: 2 },
      { name: 'm1', replicas: 1 },
      { name: 'm3', replicas: 4 },
    ]);
    expect(targetsOf({ resource })).toEqual([]);
  });

  it('keep their Work, and so do clusters being left, but not those to be purged directly', () => {
    expect([...clustersWithWork(spec)].sort()).toEqual(['m1', 'm2', 'm3', 'm4', 'm6', 'm7']);
  });

  it('leave the Works elsewhere orphaned', () => {
    const works = ['karmada-es-m1', 'karmada-es-m5', 'karmada-es-m7', 'karmada-es-gone', 'other'].map(work);
    expect(orphanWorks(works, spec)).toEqual(['karmada-es-m5', 'karmada-es-gone', 'other'].map(work));
  });

  it('still need the Work in a cluster that is being purged and is a target again', () => {
    const back = { ...spec, clusters: [{ name: 'm5' }] };
    expect(orphanWorks([work('karmada-es-m5')], back)).toEqual([]);
  });
});
