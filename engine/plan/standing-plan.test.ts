import { describe, expect, it } from 'vitest';
import type { ResourceBinding } from '../api/binding.ts';
import type { Work } from '../api/work.ts';
import { comparePlans } from './compare-plans.ts';
import { comparable, standingPlan } from './standing-plan.ts';

const binding = (name: string, kind: string, spec: object): ResourceBinding => ({
  metadata: { name: `${name}-${kind.toLowerCase()}`, namespace: 'shop' },
  spec: { resource: { apiVersion: 'v1', kind, namespace: 'shop', name }, ...spec },
});

const work = (cluster: string, kind: string, name: string, content: object): Work => ({
  apiVersion: 'work.karmada.io/v1alpha1',
  kind: 'Work',
  metadata: { name, namespace: `karmada-es-${cluster}` },
  spec: {
    workload: {
      manifests: [
        {
          apiVersion: 'v1',
          kind,
          metadata: {
            name,
            namespace: 'shop',
            labels: { 'karmada.io/managed': 'true', 'propagationpolicy.karmada.io/permanent-id': 'x' },
          },
          ...content,
        },
      ],
    },
  },
});

const PLACED = { placement: {}, replicas: 2, clusters: [{ name: 'm1', replicas: 2 }] };
const NEEDED = { requiredBy: [{ namespace: 'shop', name: 'web-pod', clusters: [{ name: 'm1', replicas: 2 }] }] };

describe('what runs now', () => {
  const standing = standingPlan(
    [binding('web', 'Pod', PLACED), binding('settings', 'ConfigMap', NEEDED)],
    [work('m1', 'Pod', 'web', { spec: { a: 1 } }), work('m1', 'ConfigMap', 'settings', { data: { a: 'b' } })],
    'muster',
  );

  it('is what Works hold, without the marks of the hub', () => {
    expect(standing.workloads).toMatchObject([
      { name: 'web', outcome: 'placed', clusters: [{ name: 'm1', replicas: 2, manifest: { spec: { a: 1 } } }] },
      { name: 'settings', outcome: 'follows', before: [{ name: 'm1' }] },
    ]);
    expect(standing.workloads[1]!.clusters).toEqual([
      {
        name: 'm1',
        overrides: [],
        manifest: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'settings', namespace: 'shop' },
          data: { a: 'b' },
        },
      },
    ]);
  });

  it('differs from itself in nothing, and from what is nowhere only where that should be somewhere', () => {
    expect(comparePlans(comparable(standing), comparable(standing)).workloads).toEqual([]);
    const idle = { ...standing.workloads[1]!, name: 'idle', clusters: [], outcome: 'unselected' as const };
    const wider = {
      ...standing,
      workloads: [...standing.workloads, idle, { ...idle, name: 'lost', outcome: 'unplaced' as const }],
    };
    expect(comparePlans(comparable(standing), comparable(wider)).workloads.map(({ name }) => name)).toEqual(['lost']);
  });
});
