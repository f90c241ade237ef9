import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResourceBindingSpec } from '../binding.ts';
import type { FederatedResourceQuota } from '../quota.ts';
import { bindingRefusal, sumOfUses, usedOf, useOf } from './quota-use.ts';

const quota = (overall: Record<string, string>, name = 'team'): FederatedResourceQuota => ({
  metadata: { name, namespace: 'shop' },
  spec: { overall },
});
type Needs = Pick<ResourceBindingSpec, 'clusters' | 'components' | 'replicaRequirements'>;
const placed = (name: string, spec: Needs) => ({ metadata: { name }, spec });
const needs = (replicas: Record<string, number>, resourceRequest: Record<string, string> = { cpu: '500m' }): Needs => ({
  replicaRequirements: { resourceRequest },
  clusters: Object.entries(replicas).map(([cluster, count]) => ({ name: cluster, replicas: count })),
});
const cpuOf = (spec: Needs): unknown => usedOf({ cpu: '0' }, useOf(spec)).cpu;

describe('what a binding uses', () => {
  it('is what its replicas ask for, in all clusters together', () => {
    expect(
      usedOf({ memory: 0, cpu: 0, pods: 0 }, useOf(needs({ m1: 2, m2: 1 }, { cpu: '500m', memory: '1Gi' }))),
    ).toEqual({
      cpu: '1500m',
      memory: '3Gi',
    });
    expect(cpuOf(needs({}))).toBeUndefined();
    expect(cpuOf({ clusters: [{ name: 'm1' }] })).toBeUndefined();
  });

  it('is that of each sort of pods, as each cluster has it', () => {
    const components = [
      { name: 'head', replicas: 1, replicaRequirements: { resourceRequest: { cpu: '1' } } },
      { name: 'worker', replicas: 3, replicaRequirements: { resourceRequest: { cpu: '2' } } },
    ];
    expect(cpuOf({ components, clusters: [{ name: 'm1' }, { name: 'm2' }] })).toBe('14');
    const share = [{ name: 'worker', replicas: 1 }];
    expect(cpuOf({ components, clusters: [{ name: 'm1', components: share }] })).toBe('3');
  });
});

describe('a decision', () => {
  const others = [placed('a', needs({ m1: 4 })), placed('b', needs({ m1: 2, m2: 2 }))];
  const refusalOf = (next: Needs, previous: Needs | null, quotas: FederatedResourceQuota[]) =>
    bindingRefusal(placed('web', next), previous === null ? null : placed('web', previous), quotas, () => others);

  it('is refused beyond what there is, and not before', () => {
    expect(refusalOf(needs({ m1: 2 }), null, [quota({ cpu: '5' })])).toBeNull();
    expect(refusalOf(needs({ m1: 3 }), null, [quota({ cpu: '5' })])).toBe(
      'FederatedResourceQuota(shop/team) exceeded for resource cpu: requested sum 5500m, limit 5.',
    );
    expect(refusalOf(needs({ m1: 3 }), null, [quota({ cpu: '9' }), quota({ cpu: '5' }, 'strict')])).toContain('strict');
    expect(refusalOf(needs({ m1: 30 }), null, [quota({ memory: '1Gi' })])).toBeNull();
    expect(refusalOf(needs({ m1: 30 }), null, [])).toBeNull();
  });

  it('may always give back and move, however little there is', () => {
    const lowered = [quota({ cpu: '1', memory: '0' })];
    expect(refusalOf(needs({ m1: 3 }), needs({ m1: 5 }), lowered)).toBeNull();
    expect(refusalOf(needs({ m2: 5 }), needs({ m1: 5 }), lowered)).toBeNull();
    expect(refusalOf(needs({ m1: 6 }), needs({ m1: 5 }), lowered)).toContain('requested sum 7, limit 1');
  });

  it('counts itself once', () => {
    const there = [...others, placed('web', needs({ m1: 2 }))];
    const next = placed('web', needs({ m1: 3 }));
    expect(bindingRefusal(next, placed('web', needs({ m1: 2 })), [quota({ cpu: '5500m' })], () => there)).toBeNull();
  });

  it('leaves, one after the other in any order, never more in use than there is', () => {
    const step = fc.record({ name: fc.constantFrom('a', 'b', 'c'), replicas: fc.nat(8), milli: fc.nat(900) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.integer({ min: 0, max: 6000 }), (steps, limit) => {
        const there = new Map<string, ReturnType<typeof placed>>();
        for (const { name, replicas, milli } of steps) {
          const next = placed(name, needs({ m1: replicas }, { cpu: `${milli}m` }));
          const limits = [quota({ cpu: `${limit}m` })];
          if (bindingRefusal(next, there.get(name) ?? null, limits, () => [...there.values()]) === null)
            there.set(name, next);
          const used = sumOfUses([...there.values()].map(({ spec }) => useOf(spec))).get('cpu')?.nano ?? 0n;
          expect(used).toBeLessThanOrEqual(BigInt(limit) * 1_000_000n);
        }
      }),
    );
  });
});
